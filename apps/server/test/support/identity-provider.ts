/// <reference path="./oidc-provider.d.ts" />
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Provider } from 'oidc-provider';

export const CLIENT = { clientId: 'negatoscope', clientSecret: 'a secret of tests that nobody guesses' };

export interface IdentityProvider {
  readonly issuer: string;
  /** What it says of people, by their subjects. */
  readonly people: Map<string, Readonly<Record<string, unknown>>>;
  /** Who is at its page next; undefined refuses. */
  who: string | undefined;
  /** Asks by a button first, as for a person in a browser. */
  asks: boolean;
  /** Changes each ID token before it leaves; `forged` signs it with a key of nobody's, `unsigned` not at all. */
  tamper: ((claims: JWTPayload) => JWTPayload) | undefined;
  forged: boolean;
  unsigned: boolean;
  /** Signs what it says at its userinfo endpoint with a key of nobody's. */
  forgedUserInfo: boolean;
  close(): Promise<void>;
}

const newKey = () => generateKeyPair('RS256', { extractable: true });
type Key = Awaited<ReturnType<typeof newKey>>['privateKey'];

/** A real provider (oidc-provider) on a port of its own, with a page of its own instead of its forms. */
export async function startIdentityProvider(redirects: readonly string[], after: string): Promise<IdentityProvider> {
  const [own, other] = [await newKey(), await newKey()];
  let listener: RequestListener = (_request, response) => void response.end();
  const server: Server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const people: IdentityProvider['people'] = new Map();
  const jwk = { ...(await exportJWK(own.privateKey)), kid: 'own', use: 'sig', alg: 'RS256' };
  const provider = new Provider(issuer, configurationOf(people, jwk, redirects, after));
  const answer = provider.callback();
  const self: IdentityProvider = {
    ...{ issuer, people, who: undefined, asks: false, tamper: undefined, forged: false, unsigned: false, forgedUserInfo: false },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  listener = (request, response) => {
    const { url = '' } = request;
    if (url.startsWith('/interaction/')) {
      if (self.asks && !url.endsWith('/go')) return askPage(response, url);
      const result = self.who === undefined ? { error: 'access_denied' } : { login: { accountId: self.who } };
      request.url = url.replace(/\/go$/, '');
      return void provider.interactionFinished(request, response, result);
    }
    if (url === '/me' && self.forgedUserInfo) rewriteWhole(response, other.privateKey);
    if (url === '/token' && (self.tamper !== undefined || self.forged || self.unsigned))
      rewrite(response, self, self.forged ? other.privateKey : own.privateKey);
    return answer(request, response);
  };
  return self;
}

const askPage = (response: ServerResponse, url: string): void =>
  void response
    .setHeader('content-type', 'text/html; charset=utf-8')
    .end(`<!doctype html><html lang="fr"><title>CHU</title><h1>CHU</h1><a href="${url}/go">Continuer</a></html>`);

const NAMES = ['name', 'given_name', 'family_name'];

function configurationOf(people: IdentityProvider['people'], jwk: object, redirects: readonly string[], after: string): object {
  return {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: redirects,
        post_logout_redirect_uris: [after],
        token_endpoint_auth_method: 'client_secret_post',
      },
      // One whose userinfo is signed, as ProSanté Connect's is.
      {
        ...{ client_id: 'psc', client_secret: CLIENT.clientSecret, redirect_uris: redirects },
        ...{ token_endpoint_auth_method: 'client_secret_post', userinfo_signed_response_alg: 'RS256' },
      },
    ],
    jwks: { keys: [jwk] },
    cookies: { keys: ['of the tests'] },
    claims: {
      openid: ['sub'],
      email: ['email', 'email_verified'],
      profile: [...NAMES, 'hd', 'preferred_username', 'groups', 'roles', 'realm_access'],
      scope_all: [...NAMES, 'SubjectNameID'],
    },
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true } },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    findAccount: (_ctx: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people.get(id) }) }),
    loadExistingGrant: async ({
      oidc,
    }: {
      oidc: { provider: Provider; client: { clientId: string }; session: { accountId: string } };
    }) => {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
      grant.addOIDCScope('openid email profile scope_all');
      await grant.save();
      return grant;
    },
  };
}

/** Puts another ID token into the answer of the token endpoint. */
function rewrite(response: ServerResponse, { tamper, unsigned }: IdentityProvider, key: Key): void {
  const end = response.end.bind(response);
  const changed = async (text: string): Promise<void> => {
    const body: { id_token?: string } = JSON.parse(text);
    const claims = decodeJwt(body.id_token ?? '');
    const told = tamper?.(claims) ?? claims;
    const token = unsigned
      ? new UnsecuredJWT(told).encode()
      : await new SignJWT(told).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key);
    const out = JSON.stringify({ ...body, id_token: token });
    response.setHeader('content-length', Buffer.byteLength(out));
    end(out);
  };
  response.end = ((chunk: unknown) => {
    void changed(String(chunk));
    return response;
  }) as typeof response.end;
}

/** Signs an answer that is a token anew. */
function rewriteWhole(response: ServerResponse, key: Key): void {
  const end = response.end.bind(response);
  const changed = async (text: string): Promise<void> => {
    const out = await new SignJWT(decodeJwt(text)).setProtectedHeader({ alg: 'RS256', kid: 'own' }).sign(key);
    response.setHeader('content-length', Buffer.byteLength(out));
    end(out);
  };
  response.end = ((chunk: unknown) => {
    void changed(String(chunk));
    return response;
  }) as typeof response.end;
}

/** Follows a provider's own pages as a browser would; the address of ours to which it sends back. */
export async function throughProvider(address: string, issuer: string): Promise<URL> {
  const jar = new Map<string, string>();
  let at = new URL(address);
  for (let step = 0; step < 8 && at.origin === issuer; step += 1) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(at, { redirect: 'manual', headers: { cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split(/=(.*)/s);
      jar.set(name, value);
    }
    const location = response.headers.get('location');
    if (location === null)
      throw new Error(`The provider stopped with ${response.status}: ${(await response.text()).slice(0, 500)}`);
    at = new URL(location, at);
  }
  return at;
}
