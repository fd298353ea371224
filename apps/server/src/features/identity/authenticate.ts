import { createHash } from 'node:crypto';
import {
  askForPassword,
  beginPasskeySignIn,
  beginRequiredFactor,
  beginSecondPasskey,
  confirmRequiredFactor,
  endShared,
  linkProvider,
  login,
  logout,
  openShared,
  passkeySignIn,
  proveSecondFactor,
  readAccountLink,
  refresh,
  setPassword,
} from '@negatoscope/contract';
import type { FastifyRequest } from 'fastify';
import { type Person, person } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { IdentityContext } from './context.ts';
import type { SessionCookies } from './cookies.ts';
import { openedBy } from './emergency/standing.ts';
import { isOwnOrigin } from './origin.ts';
import { findBySession, findByTokenHash, type Principal, touch } from './principals.ts';

export const TOKEN_PREFIX = 'ngs_';
const TOKEN_SHAPE = /^ngs_[A-Za-z0-9_-]{43}$/;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Last uses are noted this often at most. */
const TOUCH_AFTER_MS = 5 * 60_000;

/** What these take tells by itself who sends it; whoever is signed in in this browser has no part in it. */
const WITHOUT_SESSION: ReadonlySet<string> = new Set(
  [
    ...[login, refresh, linkProvider, askForPassword, readAccountLink, setPassword],
    ...[proveSecondFactor, beginRequiredFactor, confirmRequiredFactor],
    ...[beginPasskeySignIn, passkeySignIn, beginSecondPasskey],
    ...[openShared, endShared],
  ].map(({ path }) => path),
);

export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

const single = (value: string | string[] | undefined): string | undefined => (Array.isArray(value) ? value.join(',') : value);

interface AuthenticateContext extends IdentityContext {
  readonly cookies: SessionCookies;
  readonly publicUrl: URL;
  /** When each session's or token's use was noted last, in milliseconds. */
  readonly notedAt: Map<string, number>;
}

/** Gives what finds out who sends a request. */
export function createAuthenticate(
  context: IdentityContext,
  cookies: SessionCookies,
  publicUrl: URL,
): (request: FastifyRequest) => Promise<Person | undefined> {
  const asked: AuthenticateContext = { ...context, cookies, publicUrl, notedAt: new Map() };
  return (request) => authenticate(asked, request);
}

/**
 * Who sends a request. Fails with ORIGIN_REFUSED for another site's, NOT_AUTHENTICATED for a bearer token that counts for
 * nothing, CSRF_REQUIRED for a change made by cookies alone; cookies that count for nothing make an anonymous request.
 */
async function authenticate(context: AuthenticateContext, request: FastifyRequest): Promise<Person | undefined> {
  const { headers, method } = request;
  const unsafe = !SAFE_METHODS.has(method);
  const fetchSite = single(headers['sec-fetch-site']);
  if (!isOwnOrigin({ origin: headers.origin, fetchSite, host: request.host, unsafe }, context.publicUrl))
    throw new Failure('ORIGIN_REFUSED');
  const bearer = /^Bearer(?: +(.*))?$/i.exec(headers.authorization ?? '');
  if (bearer !== null) return byBearer(context, bearer[1] ?? '', request);
  const route = request.routeOptions.url;
  if (route !== undefined && WITHOUT_SESSION.has(route)) return undefined;
  const sessionId = await sessionOf(context, request);
  if (sessionId === undefined) return undefined;
  const actor = actorOf(context, await bySession(context, sessionId), request);
  if (actor === undefined) return undefined;
  if (unsafe && !context.csrfTokens.matches(sessionId, headers['x-csrf-token'])) throw new Failure('CSRF_REQUIRED');
  return actor;
}

async function byBearer(context: AuthenticateContext, token: string, request: FastifyRequest): Promise<Person> {
  const { cache, db } = context;
  const hash = TOKEN_SHAPE.test(token) ? hashToken(token) : undefined;
  const principal =
    hash && (await cache.find(`token ${hash.toString('base64')}`, () => db.withSystem((tx) => findByTokenHash(tx, hash))));
  const actor = actorOf(context, principal, request);
  if (actor === undefined) throw new Failure('NOT_AUTHENTICATED');
  return actor;
}

async function sessionOf(context: AuthenticateContext, request: FastifyRequest): Promise<string | undefined> {
  const { accessTokens, cookies, log, refreshTokens } = context;
  const token = cookies.access(request);
  const claims = token === undefined ? 'EXPIRED' : await accessTokens.verify(token);
  if (claims === 'REFUSED') log.warn({ ip: request.ip }, 'access token refused');
  if (typeof claims === 'object') return claims.sessionId;
  // Signing out must work after the access token's end too; the refresh cookie travels to that route.
  if (request.routeOptions.url !== logout.path) return undefined;
  return refreshTokens.parse(cookies.refresh(request) ?? '')?.sessionId;
}

const bySession = ({ cache, db }: AuthenticateContext, sessionId: string): Promise<Principal | undefined> =>
  cache.find(`session ${sessionId}`, () => db.withSystem((tx) => findBySession(tx, sessionId)));

function actorOf(context: AuthenticateContext, principal: Principal | undefined, request: FastifyRequest): Person | undefined {
  if (principal === undefined || principal.expiresAt <= context.clock.now()) return undefined;
  noteUse(context, principal);
  const { userId, role, level, groupId, groupIds, permissions, sessionId, via, emergencies } = principal;
  const opened = openedBy(emergencies, context.clock);
  return person({ userId, role, level, groupId, groupIds, permissions, sessionId, via, ip: request.ip, ...opened });
}

function noteUse({ clock, db, log, notedAt }: AuthenticateContext, principal: Principal): void {
  const now = clock.now();
  const last = Math.max(principal.lastUsedAt?.getTime() ?? 0, notedAt.get(principal.sessionId) ?? 0);
  if (now.getTime() - last < TOUCH_AFTER_MS) return;
  if (notedAt.size > 10_000) notedAt.clear();
  notedAt.set(principal.sessionId, now.getTime());
  db.withSystem((tx) => touch(tx, principal.via, principal.sessionId, now)).catch((error: Error) =>
    log.warn({ error: error.message }, 'last use not noted'),
  );
}
