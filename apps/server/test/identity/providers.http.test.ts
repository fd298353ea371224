import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyReply } from 'fastify';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ProviderSettings } from '../../src/config/oidc-settings.ts';
import { loadSecrets } from '../../src/config/secrets.ts';
import { deriveKeys } from '../../src/features/identity/keys.ts';
import { inSlots } from '../../src/features/identity/login-limits.ts';
import { createCarrier } from '../../src/features/identity/providers/attempt.ts';
import { withUserInfo } from '../../src/features/identity/providers/claims.ts';
import {
  type Browser,
  cookieHeader,
  cookiesOf,
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestUser,
} from '../support/app.ts';
import { type Authenticator, createAuthenticator, type Deviation } from '../support/authenticator.ts';
import { CLIENT, type IdentityProvider, startIdentityProvider, throughProvider } from '../support/identity-provider.ts';

const PUBLIC = 'http://localhost:3000';
const EMERGENCY = 'emergency@hospital.example';
let server: TestApp;
let idp: IdentityProvider;
let admin: Browser;
const logLines: string[] = [];
/** Everything that nobody may find anywhere. */
const secrets: string[] = [];

/** Providers that have no sign-in page, or no end. */
let oddServer: Server;
const oddAsked = { bytes: 0, times: 0 };
async function startOdd(): Promise<string> {
  const address = () => `http://127.0.0.1:${(oddServer.address() as AddressInfo).port}`;
  oddServer = createServer(({ url = '' }, response) => {
    oddAsked.times += 1;
    response.setHeader('content-type', 'application/json');
    if (url.startsWith('/empty')) return void response.end(JSON.stringify({ issuer: `${address()}/empty` }));
    const more = (): void => {
      if (response.destroyed) return;
      oddAsked.bytes += 2 ** 16;
      response.write(' '.repeat(2 ** 16), () => setImmediate(more));
    };
    more();
  });
  await new Promise<void>((resolve) => oddServer.listen(0, '127.0.0.1', resolve));
  return address();
}

/** The settings of docs/operations.md for each, but for their addresses. */
const formsOf = (chu: ProviderSettings): ProviderSettings[] => {
  const { role: _none, ...plain } = chu;
  const domains = ['hospital.example', 'gmail.com'];
  const discovery = `${chu.issuer}/.well-known/openid-configuration`;
  return [
    {
      ...{ ...plain, id: 'google', name: 'Google', domains },
      vouchedBy: { claim: 'hd', values: domains, except: ['gmail.com'] },
    },
    {
      ...{ ...plain, id: 'entra', name: 'Entra', emailClaim: 'preferred_username' },
      role: { claim: 'roles', values: { 'Imaging.Doctor': 'PHYSICIAN' } },
      group: { claim: 'groups', values: { '0f6a5f5e-6e0f-4a43-9c4e-3f7c1f2b9a11': 'Radio d’Entra' } },
    },
    {
      ...{ ...plain, id: 'keycloak', name: 'Keycloak' },
      role: { claim: 'realm_access.roles', values: { radiologist: 'RADIOLOGIST' } },
      group: { claim: 'groups', values: { cardio: 'Cardio de Keycloak', neuro: 'Neuro de Keycloak' }, several: true },
    },
    {
      ...{ ...plain, id: 'psc', name: 'Pro Santé Connect', clientId: 'psc', domains: [] },
      ...{ discovery, scope: 'openid scope_all', acr: 'eidas1', withoutEmail: 'SubjectNameID' },
    },
    { ...plain, id: 'many', name: 'Many', issuer: `${chu.issuer}/{tenantid}`, discovery },
  ];
};

beforeAll(async () => {
  const ids = ['chu', 'google', 'entra', 'keycloak', 'psc'];
  idp = await startIdentityProvider(
    ids.map((id) => `${PUBLIC}/api/auth/oidc/${id}/callback`),
    `${PUBLIC}/login`,
  );
  const role = { claim: 'groups', values: { radiologues: 'RADIOLOGIST' } } as const;
  const chu = { ...CLIENT, id: 'chu', name: 'CHU', issuer: idp.issuer, domains: ['hospital.example'], role };
  const away = { ...chu, id: 'away', name: 'Ailleurs', issuer: 'http://127.0.0.1:1' };
  const odd = await startOdd();
  const [endless, empty] = ['endless', 'empty'].map((id) => ({ ...chu, id, name: id, issuer: `${odd}/${id}` }));
  const providers = [...formsOf(chu), chu, away, ...(endless ? [endless] : []), ...(empty ? [empty] : [])];
  server = await createTestApp({ logLines, settings: { signIn: { providers, onlyPasswordOf: EMERGENCY } } });
  admin = await server.login(await server.makeUser({ role: 'ADMIN', email: EMERGENCY }));
});
afterAll(async () => {
  await server.close();
  await idp.close();
  oddServer.closeAllConnections();
  oddServer.close();
});

const get = (url: string, cookies: Record<string, string> = {}) =>
  server.app.inject({ method: 'GET', url, headers: { cookie: cookieHeader(cookies) } });

/** As far as the way back, which is not gone yet. */
async function begin(who: string | undefined, next = '', device: Record<string, string> = {}) {
  idp.who = who;
  const started = await get(`/api/auth/oidc/chu/start${next}`, device);
  const back = await throughProvider(String(started.headers.location), idp.issuer);
  secrets.push(...['code', 'state'].flatMap((name) => back.searchParams.get(name) ?? []));
  return { back: `${back.pathname}${back.search}`, cookies: cookiesOf(started) };
}
async function arrive(who: string | undefined, next = '', device: Record<string, string> = {}) {
  const { back, cookies } = await begin(who, next, device);
  return get(back, cookies);
}
const joinBy = (password: string, cookies: Record<string, string>) =>
  server.app.inject({
    method: 'POST',
    url: '/api/auth/oidc/link',
    payload: { password },
    headers: { cookie: cookieHeader(cookies) },
  });
const rename = (from: string, to: string) =>
  server.db.withSystem((tx) => tx.run('UPDATE users SET email = $2 WHERE email = $1', [from, to]));
/** Cookies of who came from the provider while passwords were on. */
async function carrying(who: { subject: string; email: string }): Promise<Record<string, string>> {
  const { clock } = server.parts;
  const carrier = createCarrier(deriveKeys(Buffer.from(loadSecrets(server.settings).sessionSecret)).attempts, clock, false);
  const cookies: Record<string, string> = {};
  const reply = { setCookie: (name: string, value: string) => Object.assign(cookies, { [name]: value }) };
  await carrier.put(reply as unknown as FastifyReply, { kind: 'link', provider: 'chu', issuer: idp.issuer, ...who }); // All of a reply that it asks for.
  return cookies;
}
const refusedWith = (code: string) => ({ statusCode: 302, location: `/login?refused=${code}`, hasSession: false });
const ended = (response: Awaited<ReturnType<typeof get>>) => ({
  statusCode: response.statusCode,
  location: response.headers.location,
  hasSession: Boolean(cookiesOf(response).negatoscope_access),
});
const lastRefusal = () =>
  server.db.withSystem((tx) =>
    tx.first(
      "SELECT details FROM audit_events WHERE action = 'auth.provider-refused' ORDER BY occurred_at DESC, id DESC LIMIT 1",
    ),
  );
const userOf = (email: string) =>
  server.db.withSystem((tx) => tx.first('SELECT id, status, role, email FROM users WHERE email = $1', [email]));
const person = (email: string, more: object = {}) => ({
  ...{ email, email_verified: true, given_name: 'Awa', family_name: 'Sarr', ...more },
});
async function activate(email: string): Promise<void> {
  const id = (await userOf(email))?.id;
  const payload = { status: 'ACTIVE' };
  expect(
    (await server.app.inject({ method: 'PATCH', url: `/api/users/${id}`, payload, headers: admin.headers })).statusCode,
  ).toBe(200);
}

describe('coming by an identity provider (OpenID Connect Core 3.1)', () => {
  test('the sign-in page is told of the providers, and that passwords are off', async () => {
    expect((await get('/api/auth/ways')).json()).toEqual({
      passwords: false,
      providers: [
        { id: 'google', name: 'Google' },
        { id: 'entra', name: 'Entra' },
        { id: 'keycloak', name: 'Keycloak' },
        { id: 'psc', name: 'Pro Santé Connect' },
        { id: 'many', name: 'Many' },
        { id: 'chu', name: 'CHU' },
        { id: 'away', name: 'Ailleurs' },
        { id: 'endless', name: 'endless' },
        { id: 'empty', name: 'empty' },
      ],
      mail: false,
      passkeys: true,
    });
  });

  test('first sign-in makes an inactive account, an administrator activates it, the next opens a session that ends at the provider too', async () => {
    idp.people.set('awa', person('awa@hospital.example', { groups: ['x', 'radiologues'] }));
    expect(ended(await arrive('awa'))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(ended(await arrive('awa'))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await userOf('awa@hospital.example')).toMatchObject({ status: 'INACTIVE', role: 'RADIOLOGIST' });
    await activate('awa@hospital.example');
    const response = await arrive('awa', '?next=%2Fapp%2Fworklist%3Fq%3D1');
    expect(ended(response)).toEqual({ statusCode: 302, location: '/app/worklist?q=1', hasSession: true });
    const me = (await get('/api/auth/me', cookiesOf(response))).json();
    expect(me).toMatchObject({ user: { email: 'awa@hospital.example' }, provider: 'chu' });
    const events = await server.db.withSystem((tx) =>
      tx.rows("SELECT details FROM audit_events WHERE action = 'auth.login' AND actor_id = $1", [me.user.id]),
    );
    expect(events).toEqual([{ details: { by: 'provider', provider: 'chu' } }]);
    const leaving = new URL(String((await get('/api/auth/oidc/chu/sign-out')).headers.location));
    expect(leaving.origin).toBe(idp.issuer);
    expect([...leaving.searchParams.keys()].sort()).toEqual(['client_id', 'post_logout_redirect_uri']);
    expect((await fetch(leaving)).status).toBe(200);
  });

  test('a changed address stays with issuer and subject, and opens nobody else’s account', async () => {
    const victim = await server.makeUser({ email: 'victim@hospital.example' });
    idp.people.set('moved', person('before@hospital.example'));
    await arrive('moved');
    await activate('before@hospital.example');
    idp.people.set('moved', person(victim.email, { email_verified: true }));
    const me = (await get('/api/auth/me', cookiesOf(await arrive('moved')))).json();
    expect(me.user.email).toBe('before@hospital.example');
  });

  test('the emergency account is joined by its password alone, counted as signing in is, and the session of before ends', async () => {
    idp.people.set('mine', person('Emergency@Hospital.example'));
    const arrived = await arrive('mine');
    expect(ended(arrived)).toEqual({ statusCode: 302, location: '/login?link=chu', hasSession: false });
    const old = (await server.login(admin.user)).cookies;
    const join = (password: string, cookies = cookiesOf(arrived)) => joinBy(password, { ...old, ...cookies });
    expect((await join('not the password')).json()).toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect((await join(TEST_PASSWORD, {})).json()).toMatchObject({ code: 'PROVIDER_LINK_OVER' });
    expect((await get('/api/auth/me', old)).statusCode).toBe(200);
    // A first password is somebody else's as well.
    const known = (isFirst: boolean) =>
      server.db.withSystem((tx) => tx.run('UPDATE users SET password_is_first = $2 WHERE email = $1', [EMERGENCY, isFirst]));
    await known(true);
    expect((await join(TEST_PASSWORD)).json()).toMatchObject({ code: 'PASSWORD_CHANGE_REQUIRED' });
    await known(false);
    expect((await join(TEST_PASSWORD)).json()).toMatchObject({ user: { email: EMERGENCY } });
    expect((await get('/api/auth/me', old)).statusCode).toBe(401);
    expect((await join(TEST_PASSWORD)).json()).toMatchObject({ code: 'PROVIDER_LINK_OVER' });
    expect(ended(await arrive('mine'))).toMatchObject({ location: '/app', hasSession: true });
  });

  test('where passwords are off nobody else joins an account by one, with a page of before neither, nor takes the address of who may', async () => {
    const other = await server.makeUser({ email: 'other@hospital.example' });
    idp.people.set('other', person(other.email));
    expect(ended(await arrive('other'))).toEqual(refusedWith('ACCOUNT_NOT_LINKED'));
    expect(await lastRefusal()).toMatchObject({ details: { code: 'ACCOUNT_NOT_LINKED' } });
    const early = await server.makeUser({ email: 'early@hospital.example' });
    expect((await joinBy(TEST_PASSWORD, await carrying({ subject: 'early', email: early.email }))).json()).toMatchObject({
      code: 'INVALID_CREDENTIALS',
    });
    await server.db.withSystem((tx) =>
      tx.run("UPDATE user_identities SET user_id = $2 WHERE issuer = $1 AND subject = 'other'", [idp.issuer, other.id]),
    );
    const session = cookiesOf(await arrive('other'));
    const { csrfToken } = (await get('/api/auth/me', session)).json();
    await rename(EMERGENCY, 'emergency2@hospital.example');
    const taken = await server.app.inject({
      method: 'PUT',
      url: '/api/users/me/profile',
      payload: { email: EMERGENCY.toUpperCase(), currentPassword: TEST_PASSWORD },
      headers: { cookie: cookieHeader(session), 'x-csrf-token': csrfToken },
    });
    await rename('emergency2@hospital.example', EMERGENCY);
    expect(taken.json()).toMatchObject({ code: 'EMAIL_TAKEN' });
  });
});

/** Of somebody whose password does not count here: signed in by the emergency account's address for a moment. */
async function withPasskey(user: TestUser): Promise<Authenticator> {
  await rename(EMERGENCY, 'aside@hospital.example');
  await rename(user.email, EMERGENCY);
  const { headers } = await server.login({ ...user, email: EMERGENCY });
  const begun = await server.app.inject({ method: 'POST', url: '/api/auth/passkeys/start', headers });
  const authenticator = createAuthenticator(PUBLIC);
  const passkey = authenticator.create(begun.json());
  const cookie = `${headers.cookie}; ${cookieHeader(cookiesOf(begun))}`;
  const payload = { name: 'x', passkey };
  const added = await server.app.inject({
    ...{ method: 'POST', url: '/api/auth/passkeys', payload, headers: { ...headers, cookie } },
  });
  expect(added.statusCode).toBe(201);
  await rename(EMERGENCY, user.email);
  await rename('aside@hospital.example', EMERGENCY);
  return authenticator;
}
async function joinByPasskey(authenticator: Authenticator, cookies: Record<string, string>, told: Deviation = {}) {
  const ask = (url: string, sent: Record<string, string>, payload: object) =>
    server.app.inject({ method: 'POST', url: `/api/auth/oidc/${url}`, payload, headers: { cookie: cookieHeader(sent) } });
  const begun = await ask('link/passkey', cookies, {});
  if (begun.statusCode !== 200) return begun;
  const passkey = authenticator.get(begun.json(), told, authenticator.credentials.at(-1));
  return ask('link', { ...cookies, ...cookiesOf(begun) }, { passkey });
}

describe('an account that has the address of who comes, where passwords are off', () => {
  test('is joined by its passkey, verified, once; by no other’s', async () => {
    const [owner, stranger] = [await server.makeUser({ email: 'keyed@hospital.example' }), await server.makeUser()];
    const [own, others] = [await withPasskey(owner), await withPasskey(stranger)];
    idp.people.set('keyed', person('Keyed@hospital.example'));
    const arrived = await arrive('keyed');
    expect(ended(arrived)).toEqual({ statusCode: 302, location: '/login?link=chu', hasSession: false });
    const cookies = cookiesOf(arrived);
    expect((await joinByPasskey(own, {})).json()).toMatchObject({ code: 'PROVIDER_LINK_OVER' });
    expect((await joinByPasskey(others, cookies)).json()).toMatchObject({ code: 'PASSKEY_REFUSED' });
    expect((await joinByPasskey(own, cookies, { isUnverified: true })).json()).toMatchObject({ code: 'PASSKEY_REFUSED' });
    expect((await joinByPasskey(own, cookies)).json()).toMatchObject({ user: { id: owner.id } });
    expect((await get('/api/auth/me', cookiesOf(await arrive('keyed')))).json()).toMatchObject({ user: { id: owner.id } });
    // From now on the account ends where the provider ends it.
    expect((await joinByPasskey(own, cookies)).json()).toMatchObject({ code: 'PASSKEY_REFUSED' });
  });

  test('without one is joined by an administrator: its person waits, under an address that no mail reaches, once', async () => {
    const owner = await server.makeUser({ email: 'nothing@hospital.example' });
    idp.people.set('nothing', person(owner.email));
    idp.people.set('another', person(owner.email));
    for (const who of ['nothing', 'another']) expect(ended(await arrive(who))).toEqual(refusedWith('ACCOUNT_NOT_LINKED'));
    expect(ended(await arrive('nothing'))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    const waits = await userOf('nothing=hospital.example@chu.invalid');
    const payload = { issuer: idp.issuer, subject: 'nothing', into: owner.id };
    const joined = await server.app.inject({
      ...{ method: 'POST', url: `/api/users/${waits?.id}/join`, payload, headers: admin.headers },
    });
    expect(joined.statusCode).toBe(200);
    expect((await get('/api/auth/me', cookiesOf(await arrive('nothing')))).json()).toMatchObject({ user: { id: owner.id } });
    expect(await userOf('nothing=hospital.example@chu.invalid')).toBeUndefined();
  });
});

describe('who waits and has an account already', () => {
  test('opens it once an administrator has joined them, and by nothing of their own before', async () => {
    const owner = await server.makeUser({ email: 'owner@hospital.example', role: 'RADIOLOGIST' });
    idp.people.set('joiner', person('joiner@hospital.example'));
    await arrive('joiner');
    const waits = await userOf('joiner@hospital.example');
    // Whoever sits at the waiting account says there that they are somebody else.
    idp.people.set('joiner', person(owner.email));
    const again = await arrive('joiner');
    expect(ended(again)).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect((await joinBy(TEST_PASSWORD, cookiesOf(again))).json()).toMatchObject({ code: 'PROVIDER_LINK_OVER' });
    const payload = { issuer: idp.issuer, subject: 'joiner', into: owner.id };
    const ask = (headers: Record<string, string>) =>
      server.app.inject({ method: 'POST', url: `/api/users/${waits?.id}/join`, payload, headers });
    expect((await ask({ cookie: cookieHeader(cookiesOf(again)) })).statusCode).toBe(401);
    const { back, cookies } = await begin('joiner');
    expect((await ask(admin.headers)).json()).toMatchObject({
      id: owner.id,
      identities: [{ subject: 'joiner', provider: 'CHU' }],
    });
    const arrived = await get(back, cookies);
    expect(ended(arrived)).toMatchObject({ location: '/app', hasSession: true });
    expect((await get('/api/auth/me', cookiesOf(arrived))).json()).toMatchObject({ user: { id: owner.id }, provider: 'chu' });
    expect(await userOf('joiner@hospital.example')).toBeUndefined();
    await server.db.withSystem((tx) => tx.run("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", [owner.id]));
    expect(ended(await arrive('joiner'))).toEqual(refusedWith('ACCOUNT_SUSPENDED'));
  });
});

describe('a provider’s own form', () => {
  const at = async (
    id: string,
    claims: Record<string, unknown>,
    tamper?: typeof idp.tamper,
    who = `${id} ${idp.people.size}`,
  ) => {
    idp.people.set(who, claims);
    Object.assign(idp, { who, tamper });
    try {
      const started = await get(`/api/auth/oidc/${id}/start`);
      const back = await throughProvider(String(started.headers.location), idp.issuer);
      return ended(await get(`${back.pathname}${back.search}`, cookiesOf(started)));
    } finally {
      idp.tamper = undefined;
    }
  };
  const who = (email: string) =>
    server.db.withSystem((tx) =>
      tx.first('SELECT first_name, last_name, role, status, group_id FROM users WHERE email = $1', [email]),
    );

  test('Google’s: an organisation’s account (hd), or an address of its own; nobody’s private account in another domain', async () => {
    const { email_verified: _said, ...unsaid } = person('g4@hospital.example', { hd: 'hospital.example' });
    expect(await at('google', person('g1@hospital.example', { hd: 'hospital.example' }))).toEqual(
      refusedWith('ACCOUNT_INACTIVE'),
    );
    expect(await at('google', person('g2@gmail.com'))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await at('google', person('g3@hospital.example'))).toEqual(refusedWith('PROVIDER_DOMAIN_REFUSED'));
    expect(await at('google', person('g3@hospital.example', { hd: 'evil.example' }))).toEqual(
      refusedWith('PROVIDER_DOMAIN_REFUSED'),
    );
    expect(await at('google', unsaid)).toEqual(refusedWith('PROVIDER_EMAIL_UNVERIFIED'));
    expect(await who('g3@hospital.example')).toBeUndefined();
  });

  test('Entra’s: the tenant’s word for an address that it verifies nowhere, roles and groups by their ids; no issuer of many tenants', async () => {
    const groupId = await server.makeGroup('Radio d’Entra');
    const said = { name: 'Eva van Noor', roles: ['Imaging.Doctor'], groups: ['0f6a5f5e-6e0f-4a43-9c4e-3f7c1f2b9a11'] };
    const as = (preferred: string, more: object = {}) => at('entra', { ...said, preferred_username: preferred, ...more });
    expect(await as('eva@hospital.example')).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await who('eva@hospital.example')).toEqual({
      ...{ first_name: 'Eva van', last_name: 'Noor', role: 'PHYSICIAN', status: 'INACTIVE', group_id: groupId },
    });
    expect(await as('eva@outlook.example')).toEqual(refusedWith('PROVIDER_DOMAIN_REFUSED'));
    expect(await as('no address')).toEqual(refusedWith('PROVIDER_EMAIL_UNVERIFIED'));
    expect(await as('ivo@hospital.example', { email: 'x', email_verified: false })).toEqual(
      refusedWith('PROVIDER_EMAIL_UNVERIFIED'),
    );
    expect(ended(await get('/api/auth/oidc/many/start'))).toEqual(refusedWith('PROVIDER_UNAVAILABLE'));
  });

  test('Keycloak’s: roles within an object, at the userinfo endpoint where the token has none', async () => {
    const claims = person('kim@hospital.example', { realm_access: { roles: ['offline_access', 'radiologist'] } });
    const bare = ({ realm_access: _roles, ...token }: JWTPayload) => token;
    expect(await at('keycloak', claims, bare)).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await who('kim@hospital.example')).toMatchObject({ role: 'RADIOLOGIST' });
  });

  test('one that tells several groups gives all of them, the first of the site’s list as the main one, and takes away what it tells no more', async () => {
    const [cardio, neuro] = [await server.makeGroup('Cardio de Keycloak'), await server.makeGroup('Neuro de Keycloak')];
    const by = await server.makeGroup('Donné à la main');
    const email = 'pia@hospital.example';
    const groupsOf = async () => {
      const row = await server.db.withSystem((tx) =>
        tx.first(
          'SELECT group_id, ARRAY(SELECT m.group_id FROM user_groups m WHERE m.user_id = u.id) AS further FROM users u WHERE email = $1',
          [email],
        ),
      );
      return [row?.group_id, row?.further];
    };
    const comes = (...groups: string[]) => at('keycloak', person(email, { groups }), undefined, 'pia');
    expect(await comes('neuro', 'other', 'cardio')).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await groupsOf()).toEqual([cardio, [neuro]]);
    const { id } = (await userOf(email)) ?? { id: '' };
    await server.db.withSystem((tx) => tx.run('INSERT INTO user_groups (user_id, group_id) VALUES ($1, $2)', [id, by]));
    await comes('neuro');
    expect(await groupsOf()).toEqual([neuro, []]);
    await comes();
    expect(await groupsOf()).toEqual([neuro, []]);
  });

  test('ProSanté Connect’s: no address, a name in a signed userinfo; who comes waits under it, and by no weaker way', async () => {
    const claims = { given_name: 'Awa', family_name: 'Sarr', SubjectNameID: '899700218896' };
    const token =
      (acr: string) =>
      ({ iss, sub, aud, exp, iat, nonce }: JWTPayload): JWTPayload =>
        Object.fromEntries(Object.entries({ iss, sub, aud, exp, iat, nonce, acr }).filter(([, value]) => value !== undefined));
    expect(await at('psc', claims, token('eidas0'))).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
    idp.forgedUserInfo = true;
    expect(await at('psc', claims, token('eidas1'))).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
    idp.forgedUserInfo = false;
    expect(await who('899700218896@psc.invalid')).toBeUndefined();
    expect(await at('psc', claims, token('eidas1'))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await who('899700218896@psc.invalid')).toMatchObject({ first_name: 'Awa', last_name: 'Sarr', status: 'INACTIVE' });
    expect(await at('psc', { ...claims, SubjectNameID: 'a b@c' }, token('eidas1'))).toEqual(
      refusedWith('PROVIDER_EMAIL_UNVERIFIED'),
    );
  });
});

describe('wrong ways through the provider', () => {
  const tampered: Record<string, (claims: JWTPayload) => JWTPayload> = {
    expired: (claims) => ({ ...claims, exp: Number(claims.iat) - 3600, iat: Number(claims.iat) - 7200 }),
    'of another issuer': (claims) => ({ ...claims, iss: 'https://evil.example' }),
    'for another audience': (claims) => ({ ...claims, aud: 'somebody else' }),
    'with another nonce': (claims) => ({ ...claims, nonce: 'another' }),
    'issued to somebody else': (claims) => ({ ...claims, aud: [CLIENT.clientId, 'another'], azp: 'another' }),
    'without an end': ({ exp: _exp, ...claims }) => claims,
    'without a nonce': ({ nonce: _nonce, ...claims }) => claims,
  };
  test.each([...Object.keys(tampered), 'signed by another key', 'signed by nobody'])('a token %s opens nothing', async (name) => {
    idp.people.set('awa', person('awa@hospital.example'));
    idp.tamper = tampered[name];
    idp.forged = name === 'signed by another key';
    idp.unsigned = name === 'signed by nobody';
    try {
      expect(ended(await arrive('awa'))).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
    } finally {
      Object.assign(idp, { tamper: undefined, forged: false, unsigned: false });
    }
    expect(await lastRefusal()).toMatchObject({ details: { code: 'PROVIDER_ANSWER_REFUSED', provider: 'chu' } });
  });

  test('an answer counts once, in the browser that asked, with its state', async () => {
    idp.people.set('twice', person('twice@hospital.example'));
    const { back, cookies } = await begin('twice');
    expect(ended(await get(back))).toEqual(refusedWith('PROVIDER_ATTEMPT_OVER'));
    expect(ended(await get(back.replace(/state=./, 'state=~'), cookies))).toEqual(refusedWith('PROVIDER_ATTEMPT_OVER'));
    expect(ended(await get(back.replace('/chu/', '/away/'), cookies))).toEqual(refusedWith('PROVIDER_ATTEMPT_OVER'));
    expect(ended(await get(back, (await begin('twice')).cookies))).toEqual(refusedWith('PROVIDER_ATTEMPT_OVER'));
    expect(ended(await get(back, cookies))).toEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(ended(await get(back, cookies))).toEqual(refusedWith('PROVIDER_ATTEMPT_OVER'));
  });

  test('who is new and comes twice at once has one account, and is told so by both pages', async () => {
    idp.people.set('both', person('both@hospital.example'));
    const pages = [await begin('both'), await begin('both'), await begin('both')];
    const answers = (await Promise.all(pages.map(({ back, cookies }) => get(back, cookies)))).map(ended);
    expect(answers.every(({ statusCode, hasSession }) => statusCode === 302 && !hasSession)).toBe(true);
    expect(answers).toContainEqual(refusedWith('ACCOUNT_INACTIVE'));
    expect(await userOf('both@hospital.example')).toMatchObject({ status: 'INACTIVE' });
  });

  test('who is not verified, not vouched for, suspended or says no is told so', async () => {
    idp.people.set('a', person('a@hospital.example', { email_verified: false }));
    idp.people.set('b', person('b@hospital.example.evil.example'));
    idp.people.set('c', person('c@hospital.example'));
    idp.people.set('words', person('words@hospital.example', { email_verified: 'true' }));
    idp.people.set('unproven', person(EMERGENCY, { email_verified: false }));
    for (const who of ['a', 'words', 'unproven'])
      expect(ended(await arrive(who))).toEqual(refusedWith('PROVIDER_EMAIL_UNVERIFIED'));
    expect(ended(await arrive('b'))).toEqual(refusedWith('PROVIDER_DOMAIN_REFUSED'));
    expect(ended(await arrive(undefined))).toEqual(refusedWith('PROVIDER_CANCELLED'));
    await arrive('c');
    await server.db.withSystem((tx) => tx.run("UPDATE users SET status = 'SUSPENDED' WHERE email = $1", ['c@hospital.example']));
    expect(ended(await arrive('c'))).toEqual(refusedWith('ACCOUNT_SUSPENDED'));
    for (const email of ['a@hospital.example', 'b@hospital.example.evil.example']) expect(await userOf(email)).toBeUndefined();
  });

  test('a provider that is away or unknown is told of; the emergency account alone still gets in by password', async () => {
    expect(ended(await get('/api/auth/oidc/away/start'))).toEqual(refusedWith('PROVIDER_UNAVAILABLE'));
    expect(ended(await get('/api/auth/oidc/nobody/start'))).toEqual(refusedWith('PROVIDER_UNKNOWN'));
    expect(ended(await get('/api/auth/oidc/away/sign-out'))).toMatchObject({ location: '/login' });
    const other = await server.makeUser();
    const signIn = (email: string) =>
      server.app.inject({ method: 'POST', url: '/api/auth/login', payload: { email, password: TEST_PASSWORD } });
    expect((await signIn(EMERGENCY.toUpperCase())).statusCode).toBe(200);
    expect((await signIn(other.email)).json()).toMatchObject({ code: 'INVALID_CREDENTIALS' });
  });

  test('an answer without an end or without a page is a provider that is away, which is not asked again at once', async () => {
    const begun = performance.now();
    expect(ended(await get('/api/auth/oidc/endless/start'))).toEqual(refusedWith('PROVIDER_UNAVAILABLE'));
    expect([performance.now() - begun < 4_000, oddAsked.bytes < 64 * 2 ** 20]).toEqual([true, true]);
    const asked = oddAsked.times;
    expect(ended(await get('/api/auth/oidc/endless/sign-out'))).toMatchObject({ location: '/login' });
    expect(oddAsked.times).toBe(asked);
    expect(ended(await get('/api/auth/oidc/empty/start'))).toEqual(refusedWith('PROVIDER_UNAVAILABLE'));
  });

  test.each([
    ['a name', { given_name: 'A\u0000wa', family_name: '\ud800' }, 'ACCOUNT_INACTIVE'],
    ['an address', { email: 'a\u0000b@hospital.example' }, 'PROVIDER_EMAIL_UNVERIFIED'],
  ])('characters that no database keeps are refused or left out: %s', async (name, claims, code) => {
    idp.people.set(`odd ${name}`, person(`odd.${name.length}@hospital.example`, claims));
    expect(ended(await arrive(`odd ${name}`))).toEqual(refusedWith(code));
  });

  test.each([['x'.repeat(9_000)], ['a\u0000b'], ['']])('nobody is known by a subject that is none', async (sub) => {
    idp.people.set('awa', person('awa@hospital.example'));
    idp.tamper = (claims) => ({ ...claims, sub, email: 'none@hospital.example', email_verified: true });
    const answer = ended(await arrive('awa'));
    idp.tamper = undefined;
    expect(answer).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
  });

  test('what is verified is said of the address beside it', () => {
    const settings = { ...CLIENT, id: 'x', name: 'x', issuer: 'x', domains: ['hospital.example'] };
    const told = { iss: 'x', sub: 'x', email_verified: true };
    expect(withUserInfo(told, { sub: 'x', email: 'a@hospital.example' }, settings).email).toBeUndefined();
    expect(withUserInfo(told, { sub: 'x', email: 'a@hospital.example', email_verified: true }, settings).email).toBe(
      'a@hospital.example',
    );
  });

  test('what any page can make browsers of one network ask for keeps nobody behind the same address out', async () => {
    for (let n = 0; n < 650; n += 50)
      await Promise.all(
        Array.from({ length: 50 }, () =>
          get(n % 100 === 0 ? '/api/auth/oidc/chu/start' : '/api/auth/oidc/chu/callback?code=1&state=1'),
        ),
      );
    expect(ended(await arrive('mine'))).toMatchObject({ location: '/app', hasSession: true });
  });

  test('no sibling site can plant an attempt: the cookie is the host’s own (RFC 6265bis 4.1.3.2)', () => {
    const told: unknown[] = [];
    const carrier = createCarrier(deriveKeys(Buffer.alloc(32)).attempts, server.parts.clock, true);
    carrier.drop({ clearCookie: (...given: unknown[]) => told.push(...given) } as unknown as FastifyReply); // All of a reply that it asks for.
    expect(told).toEqual(['__Host-negatoscope_oidc', expect.objectContaining({ path: '/', secure: true })]);
  });

  test.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/app/../api/auth/me',
    'javascript:alert(1)',
    '/app\n//evil.example',
  ])('goes on to no other address: %j', async (next) => {
    const response = await arrive('mine', `?next=${encodeURIComponent(next)}`);
    expect(ended(response)).toEqual({ statusCode: 302, location: '/app', hasSession: true });
  });

  test('a neighbour who fails without end keeps no browser out that is known here; what is no try at all is not counted', async () => {
    const { places } = deriveKeys(Buffer.from(loadSecrets(server.settings).sessionSecret));
    const returns = inSlots(server.parts.state.counters('provider', 600, 900), places);
    const used = async () => (await returns.look('127.0.0.1')).count;
    const known = { negatoscope_device: cookiesOf(await arrive('mine')).negatoscope_device ?? '' };
    const kept = () => server.db.withSystem((tx) => tx.rows('SELECT hash FROM used_once'));
    const [before, keptBefore] = [await used(), (await kept()).length];
    await arrive(undefined);
    expect(await kept()).toHaveLength(keptBefore);
    const { back, cookies } = await begin('mine');
    for (let time = 0; time < 3; time += 1) await get(back, cookies);
    expect(await used()).toBe(before);
    const forged = async (device: Record<string, string> = {}) => {
      idp.who = 'mine';
      const started = await get('/api/auth/oidc/chu/start', device);
      const { state } = Object.fromEntries(new URL(String(started.headers.location)).searchParams);
      return ended(await get(`/api/auth/oidc/chu/callback?code=x&state=${state}`, { ...device, ...cookiesOf(started) }));
    };
    expect(await forged()).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
    expect(await used()).toBe(before + 1);
    for (let n = before + 1; n < 600; n += 50) await Promise.all(Array.from({ length: 50 }, () => returns.take('127.0.0.1')));
    const keptThen = (await kept()).length;
    expect(ended(await arrive('mine'))).toEqual(refusedWith('PROVIDER_RATE_LIMITED'));
    expect(await kept()).toHaveLength(keptThen);
    expect(ended(await arrive('mine', '', known))).toMatchObject({ location: '/app', hasSession: true });
    // Nor is such a browser one to try without end.
    for (let time = 0; time < 20; time += 1) expect(await forged(known)).toEqual(refusedWith('PROVIDER_ANSWER_REFUSED'));
    expect(await forged(known)).toEqual(refusedWith('PROVIDER_RATE_LIMITED'));
    const invented = { negatoscope_device: 'x'.repeat(43) };
    expect(ended(await arrive('mine', '', invented))).toEqual(refusedWith('PROVIDER_RATE_LIMITED'));
  });

  test('neither log nor journal holds a code, a state or a token', async () => {
    const journal = await server.db.withSystem((tx) => tx.rows("SELECT details FROM audit_events WHERE action LIKE '%auth%'"));
    const told = logLines.join('\n') + JSON.stringify(journal);
    expect(secrets.length).toBeGreaterThan(20);
    expect(secrets.filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toMatch(/eyJ[\w-]+\.[\w-]+\./);
  });
});
