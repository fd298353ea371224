import {
  beginLinkPasskey,
  leaveProvider,
  linkProvider,
  type ProviderRefusal,
  returnFromProvider,
  type SignedIn,
  startAtProvider,
  waysIn,
} from '@negatoscope/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Router } from '../../../access/router.ts';
import { Failure } from '../../../kernel/failure.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { Counter } from '../../../platform/shared-state/index.ts';
import type { IdentityContext } from '../context.ts';
import type { SessionCookies } from '../cookies.ts';
import { deviceOf, signInDeviceOf } from '../device.ts';
import { networkOf } from '../network.ts';
import { endPrevious, type OpenSession } from '../opened-session.ts';
import type { Challenges } from '../passkeys/challenges.ts';
import { type Tries, takeTry } from '../tries.ts';
import { arrive, noteRefusal } from './arrive.ts';
import { type Attempt, type Carrier, isFirstReturn, type Link, ownAddress } from './attempt.ts';
import { type ProviderClient, Refused } from './client.ts';
import { beginLink, link, linkByPasskey } from './link.ts';

export interface Providers {
  readonly clients: ReadonlyMap<string, ProviderClient>;
  readonly carrier: Carrier;
  readonly publicUrl: URL;
  /** Returns that were no good: by network; by browser in which somebody has signed in before. */
  readonly returns: Tries;
  /** Events of one network's refusals. */
  readonly events: Counter;
  /** False where one emergency account alone has a password. */
  readonly passwords: boolean;
}

interface Parts extends Providers {
  readonly context: IdentityContext;
  readonly cookies: SessionCookies;
  readonly challenges: Challenges;
}
interface Asked {
  readonly provider: string;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

const to = (reply: FastifyReply, address: string): FastifyReply =>
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(address, 302);
const queryOf = ({ url }: FastifyRequest): string => (url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');

export function registerProviders(
  router: Router,
  parts: Parts,
  answer: (reply: FastifyReply, session: OpenSession) => SignedIn,
): void {
  const { carrier, challenges, clients, context, cookies } = parts;
  router.handle(waysIn, async () => ({
    passwords: parts.passwords,
    mail: context.mailer !== undefined,
    passkeys: context.party !== undefined,
    providers: [...clients.values()].map(({ settings: { id, name } }) => ({ id, name })),
  }));
  router.handle(startAtProvider, ({ params, query, request, reply }) =>
    orRefusal(parts, { provider: params.provider, request, reply }, (asked) => start(parts, asked, query.next)),
  );
  router.handle(returnFromProvider, ({ params, request, reply }) =>
    orRefusal(parts, { provider: params.provider, request, reply }, (asked) => comeBack(parts, asked, answer)),
  );
  router.handle(leaveProvider, async ({ params, reply }) => {
    const away = await clients
      .get(params.provider)
      ?.leave(new URL('/login', parts.publicUrl))
      .catch(() => undefined);
    return to(reply, away?.href ?? '/login');
  });
  router.handle(beginLinkPasskey, async ({ request, reply }) =>
    beginLink(context, challenges, await linkOf(parts, request), reply),
  );
  router.handle(linkProvider, async ({ body, request, reply }) => {
    const joining = { carried: await linkOf(parts, request), previous: cookies.refresh(request) };
    const device = signInDeviceOf(request, cookies);
    const session =
      'passkey' in body
        ? await linkByPasskey(context, { ...joining, ...body, challenge: await challenges.take(request) }, device)
        : await link(context, { ...joining, password: body.password, code: body.code }, device);
    carrier.drop(reply);
    cookies.setDevice(reply, session.device);
    return answer(reply, session);
  });
}

/** Who has come from a provider, and has an account here to be joined. */
async function linkOf({ carrier }: Parts, request: FastifyRequest): Promise<Link> {
  const carried = await carrier.take(request);
  if (carried?.kind !== 'link') throw new Failure('PROVIDER_LINK_OVER');
  return carried;
}

/** Every wrong way ends at one page, with the code of what went wrong, and leaves an event. */
async function orRefusal(parts: Parts, asked: Asked, work: (asked: Asked) => Promise<FastifyReply>): Promise<FastifyReply> {
  try {
    return await work(asked);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(parts, asked, error.code);
  }
}

async function refuse(
  parts: Parts,
  { provider, request, reply }: Asked,
  code: ProviderRefusal,
  userId?: string,
): Promise<FastifyReply> {
  const isKnown = parts.clients.has(provider);
  // A flood leaves its codes and no more events.
  if (code !== 'PROVIDER_RATE_LIMITED' && (await parts.events.take(networkOf(request.ip))) === 0)
    await noteRefusal(parts.context, { code, provider: isKnown ? provider : 'unknown', userId }, deviceOf(request));
  parts.carrier.drop(reply);
  return to(reply, `/login?refused=${code}`);
}

function clientOf({ clients }: Parts, provider: string): ProviderClient {
  const client = clients.get(provider);
  if (client === undefined) throw new Refused('PROVIDER_UNKNOWN');
  return client;
}

const HARMLESS: ReadonlySet<ProviderRefusal> = new Set(['PROVIDER_UNAVAILABLE', 'PROVIDER_CANCELLED', 'PROVIDER_ATTEMPT_OVER']);
/** Nobody has tried anything: a provider that is away, somebody who said no there, or a page that is loaded again keeps nobody out afterwards. */
const isHarmless = (error: unknown): boolean => error instanceof Refused && HARMLESS.has(error.code);

/**
 * Who comes back with an attempt of their own is counted until it comes to something: only they make this server ask the provider. Others (any page can make a
 * hospital's browsers ask for these addresses) would use up what belongs to all behind one address. Fails with PROVIDER_RATE_LIMITED.
 */
async function brake<T>({ context, returns }: Parts, asked: Asked, { device }: Attempt, work: () => Promise<T>): Promise<T> {
  const taken = await takeTry(returns, networkOf(asked.request.ip), () => context.places.knownBrowser(device));
  if ('waitMs' in taken) throw new Refused('PROVIDER_RATE_LIMITED');
  const { giveBack } = taken;
  try {
    const result = await work();
    await giveBack();
    return result;
  } catch (error) {
    if (isHarmless(error)) await giveBack();
    throw error;
  }
}

async function start(parts: Parts, asked: Asked, next: string | undefined): Promise<FastifyReply> {
  const { carrier, cookies, publicUrl } = parts;
  const { provider, request, reply } = asked;
  const { address, secrets } = await clientOf(parts, provider).begin();
  await carrier.put(reply, {
    ...{ kind: 'attempt', provider, next: ownAddress(next, publicUrl), ...secrets },
    ...{ device: cookies.device(request), previous: cookies.refresh(request) },
  });
  return to(reply, address.href);
}

async function comeBack(
  parts: Parts,
  asked: Asked,
  answer: (reply: FastifyReply, session: OpenSession) => SignedIn,
): Promise<FastifyReply> {
  const { carrier, context, cookies } = parts;
  const { provider, request, reply } = asked;
  const client = clientOf(parts, provider);
  const attempt = await attemptOf(parts, asked);
  const arrival = await brake(parts, asked, attempt, async () => {
    // Who says no has nothing that could be used again, and is not counted: nothing is kept of them, however often they come.
    if (!new URLSearchParams(queryOf(request)).has('error')) await requireFirst(parts, attempt);
    return client.finish(queryOf(request), attempt);
  });
  const device = { ...deviceOf(request), device: attempt.device };
  const outcome = await context.db
    .withSystem((tx) => arrive(context, tx, arrival, { provider, device }))
    .catch((error: unknown) => {
      // The same person, new here, by another page at the same moment: that one has made the account.
      throw isUniqueViolation(error) ? new Refused('PROVIDER_ATTEMPT_OVER') : error;
    });
  if ('refused' in outcome) return refuse(parts, asked, outcome.refused, outcome.userId);
  if ('link' in outcome) {
    await carrier.put(reply, outcome.link);
    return to(reply, `/login?link=${encodeURIComponent(provider)}`);
  }
  await endPrevious(context, attempt.previous);
  carrier.drop(reply);
  answer(reply, outcome.session);
  cookies.setDevice(reply, outcome.session.device);
  return to(reply, attempt.next);
}

/** What this browser began. */
async function attemptOf({ carrier }: Parts, { provider, request }: Asked): Promise<Attempt> {
  const attempt = await carrier.take(request);
  const state = new URLSearchParams(queryOf(request)).get('state');
  const isOurs = attempt?.kind === 'attempt' && attempt.provider === provider && attempt.state === state;
  if (!isOurs) throw new Refused('PROVIDER_ATTEMPT_OVER');
  return attempt;
}

async function requireFirst({ context }: Parts, { state }: Attempt): Promise<void> {
  const isFirst = await context.db.withSystem((tx) => isFirstReturn(tx, state, context.clock.now()));
  if (!isFirst) throw new Refused('PROVIDER_ATTEMPT_OVER');
}
