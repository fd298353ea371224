import type { ProviderRefusal } from '@negatoscope/contract';
import * as oidc from 'openid-client';
import type { Clock } from '../../../kernel/clock.ts';
import { withoutSlash } from '../managed-users.ts';
import type { Attempt } from './attempt.ts';
import { type Arrival, arrivalOf, asksMore, withUserInfo } from './claims.ts';
import type { ProviderSettings } from './settings.ts';

const SECONDS = 8;
/** Addresses of a provider are asked for again after this time; its keys are when one is unknown. */
const KEPT_MS = 3_600_000;
/** Nobody is sent to a provider that has not answered for so long: the browser would say of it what it likes, and show no way back. */
const HEARD_MS = 15_000;
/** That it is away is known for so long: who asks us without end does not ask it by that. */
const AWAY_MS = 5_000;
/** Far more than any list of keys or token has, as it is unpacked. */
const MOST_BYTES = 1024 * 1024;

/** Why somebody is not signed in, as the page says it. */
export class Refused extends Error {
  readonly code: ProviderRefusal;
  constructor(code: ProviderRefusal) {
    super(code);
    this.code = code;
  }
}

export interface ProviderClient {
  readonly settings: ProviderSettings;
  /** Where the browser is to go. Fails with Refused PROVIDER_UNAVAILABLE. */
  begin(): Promise<{ readonly address: URL; readonly secrets: Pick<Attempt, 'state' | 'nonce' | 'verifier'> }>;
  /** Who has come back, with every token checked and forgotten. Fails with Refused. */
  finish(query: string, attempt: Attempt): Promise<Arrival>;
  /** The provider's page for signing out, where it has one. */
  leave(after: URL): Promise<URL | undefined>;
}

export function createProviderClient(settings: ProviderSettings, publicUrl: URL, clock: Clock): ProviderClient {
  const redirect = new URL(`/api/auth/oidc/${settings.id}/callback`, publicUrl).href;
  const config = remembered(() => discover(settings), clock);
  return {
    settings,
    begin: async () => {
      const secrets = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const challenge = await oidc.calculatePKCECodeChallenge(secrets.verifier);
      const parameters = {
        redirect_uri: redirect,
        scope: settings.scope ?? 'openid email profile',
        ...(settings.acr === undefined ? {} : { acr_values: settings.acr }),
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: challenge,
        code_challenge_method: 'S256',
      };
      return { address: addressAt(await config(HEARD_MS), parameters), secrets };
    },
    finish: async (query, attempt) => {
      const known = await config();
      try {
        return await exchanged(known, new URL(`${redirect}?${query}`), attempt, settings);
      } catch (error) {
        throw new Refused(refusalOf(error));
      }
    },
    leave: async (after) => {
      const known = await config();
      if (known.serverMetadata().end_session_endpoint === undefined) return undefined;
      // Without `id_token_hint`: a token would stand in an address. The provider asks its person instead.
      return oidc.buildEndSessionUrl(known, { post_logout_redirect_uri: after.href });
    },
  };
}

/** The code for tokens, each of them checked; what they do not say of an address is asked for. */
async function exchanged(
  known: oidc.Configuration,
  address: URL,
  attempt: Attempt,
  settings: ProviderSettings,
): Promise<Arrival> {
  const tokens = await oidc.authorizationCodeGrant(known, address, {
    ...{ expectedState: attempt.state, expectedNonce: attempt.nonce, pkceCodeVerifier: attempt.verifier },
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Refused('PROVIDER_ANSWER_REFUSED');
  // How they have shown there who they are: a weaker way than the site asks for is none.
  if (settings.acr !== undefined && claims.acr !== settings.acr) throw new Refused('PROVIDER_ANSWER_REFUSED');
  const asked = asksMore(claims, settings) && known.serverMetadata().userinfo_endpoint !== undefined;
  return asked
    ? withUserInfo(claims, await oidc.fetchUserInfo(known, tokens.access_token, claims.sub), settings)
    : arrivalOf(claims, settings);
}

/** One whose metadata name no page of its own can't be gone to. */
function addressAt(config: oidc.Configuration, parameters: Record<string, string>): URL {
  try {
    return oidc.buildAuthorizationUrl(config, parameters);
  } catch {
    throw new Refused('PROVIDER_UNAVAILABLE');
  }
}

/** A provider is believed who somebody is, not that its answers come to an end. */
const short: oidc.CustomFetch = async (url, options) => {
  const answer = await fetch(url, options as RequestInit); // Of Node.js, whose body may be any of these.
  if (answer.body === null) return answer;
  let bytes = 0;
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform: (chunk, on) => {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new TypeError('The answer is too long.');
      on.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = answer;
  return new Response(answer.body.pipeThrough(counted), { status, statusText, headers });
};

async function discover({ issuer, clientId, clientSecret, discovery }: ProviderSettings): Promise<oidc.Configuration> {
  const address = new URL(discovery ?? issuer);
  const execute = [oidc.enableNonRepudiationChecks, ...(address.protocol === 'http:' ? [oidc.allowInsecureRequests] : [])];
  try {
    const found = await oidc.discovery(address, clientId, clientSecret, undefined, {
      execute,
      timeout: SECONDS,
      [oidc.customFetch]: short,
    });
    // Nor one that stands for many (an Entra of every tenant): anybody's administrator could say there who people are.
    if (withoutSlash(found.serverMetadata().issuer) !== withoutSlash(issuer)) throw new Refused('PROVIDER_UNAVAILABLE');
    return found;
  } catch {
    throw new Refused('PROVIDER_UNAVAILABLE');
  }
}

/** One answer for an hour, or for less where that is asked; a failure for a moment. */
function remembered<T>(ask: () => Promise<T>, clock: Clock): (maxAgeMs?: number) => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly since: number; readonly isGood: boolean } | undefined;
  return (maxAgeMs = KEPT_MS) => {
    const now = clock.now().getTime();
    if (kept !== undefined && now - kept.since < (kept.isGood ? maxAgeMs : AWAY_MS)) return kept.answer;
    const answer = ask();
    const mine = { answer, since: now, isGood: true };
    kept = mine;
    answer.catch(() => {
      if (kept === mine) kept = { answer, since: clock.now().getTime(), isGood: false };
    });
    return answer;
  };
}

function refusalOf(error: unknown): ProviderRefusal {
  if (error instanceof Refused) return error.code;
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === 'access_denied' ? 'PROVIDER_CANCELLED' : 'PROVIDER_ANSWER_REFUSED';
  const isAway = error instanceof oidc.ClientError && error.code === 'OAUTH_TIMEOUT';
  const isBroken = error instanceof TypeError && error.message === 'fetch failed';
  return isAway || isBroken ? 'PROVIDER_UNAVAILABLE' : 'PROVIDER_ANSWER_REFUSED';
}
