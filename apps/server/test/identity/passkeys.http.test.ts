import { generateKeyPairSync } from 'node:crypto';
import type { PasskeyCreation, PasskeyRequest } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Browser,
  cookieHeader,
  cookiesOf,
  createFakeClock,
  createTestApp,
  openTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestUser,
} from '../support/app.ts';
import { type Authenticator, createAuthenticator, type Deviation } from '../support/authenticator.ts';
import type { TestDatabase } from '../support/database.ts';

const clock = createFakeClock();
let server: TestApp;
/** The same, at an address where no passkey counts. */
let nameless: TestApp;

beforeAll(async () => {
  const signIn = { providers: [], onlyPasswordOf: undefined, factorRoles: ['RADIOLOGIST'] as const };
  server = await createTestApp({ clock, settings: { signIn } });
  const at = { clock, settings: { signIn, publicUrl: 'http://10.0.0.5:3000' } };
  // The rest of a database is for whoever drops it.
  const database = { appConfig: server.database } as TestDatabase;
  nameless = await openTestApp(at, database, server.settings.dataDir, async () => undefined);
});
afterAll(async () => {
  await nameless.close();
  await server.close();
});

type Answer = Awaited<ReturnType<typeof post>>;
type Cookies = Readonly<Record<string, string>>;
const post = (url: string, payload: object, cookies: Cookies = {}, { app } = server) =>
  app.inject({ method: 'POST', url: `/api/auth/${url}`, payload, headers: { cookie: cookieHeader(cookies) } });
/** As somebody who is signed in; what the answer sets is sent from then on, as a browser would. */
async function as({ headers }: Browser, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload?: object, more = '') {
  const cookie = more === '' ? headers.cookie : `${headers.cookie}; ${more}`;
  return server.app.inject({
    method,
    url: `/api${url}`,
    headers: { ...headers, cookie },
    ...(payload === undefined ? {} : { payload }),
  });
}
const codeOf = (answer: Answer): string => answer.json().code ?? String(answer.statusCode);
const eventsOf = (id: string) =>
  server.db.withSystem((tx) =>
    tx.rows('SELECT action, details FROM audit_events WHERE entity_id = $1 OR actor_id::text = $1 ORDER BY occurred_at, id', [
      id,
    ]),
  );
/** Why the journal says that the last passkey was refused. */
const lastReason = async (): Promise<unknown> => {
  const row = await server.db.withSystem((tx) =>
    tx.first("SELECT details FROM audit_events WHERE action = 'auth.passkey-refused' ORDER BY occurred_at DESC, id DESC LIMIT 1"),
  );
  clock.advance(1);
  return (row?.details as { reason?: string } | undefined)?.reason;
};

async function register(browser: Browser, authenticator: Authenticator, told: Deviation = {}, name = 'Clé bleue') {
  const begun = await as(browser, 'POST', '/auth/passkeys/start');
  const passkey = authenticator.create(begun.json<PasskeyCreation>(), told);
  return as(browser, 'POST', '/auth/passkeys', { name, passkey }, cookieHeader(cookiesOf(begun)));
}
/** Somebody with a passkey. */
async function withPasskey(who: Partial<TestUser> = {}) {
  const user = await server.makeUser(who);
  // Signed in before their role asked for a factor, as its first administrator was.
  const browser = await signedIn(user);
  const authenticator = createAuthenticator(server.settings.publicUrl);
  const added = await register(browser, authenticator);
  expect(added.statusCode).toBe(201);
  const { passkey, recoveryCodes } = added.json();
  return { user, browser, authenticator, passkey, recoveryCodes };
}
async function signedIn(user: TestUser): Promise<Browser> {
  if (user.role !== 'RADIOLOGIST') return server.login(user);
  await server.db.withSystem((tx) => tx.run("UPDATE users SET role = 'PHYSICIAN' WHERE id = $1", [user.id]));
  const browser = await server.login(user);
  await server.db.withSystem((tx) => tx.run("UPDATE users SET role = 'RADIOLOGIST' WHERE id = $1", [user.id]));
  return browser;
}
async function signIn(authenticator: Authenticator, told: Deviation = {}, credential = authenticator.credentials.at(-1)) {
  const begun = await post('passkey/start', {});
  return post('passkey', { passkey: authenticator.get(begun.json<PasskeyRequest>(), told, credential) }, cookiesOf(begun));
}
const passwordOf = ({ email }: TestUser) => post('login', { email, password: TEST_PASSWORD });
async function second(half: Answer, authenticator: Authenticator, told: Deviation = {}) {
  const begun = await post('second/passkey', {}, cookiesOf(half));
  const passkey = authenticator.get(begun.json<PasskeyRequest>(), told);
  return post('second', { passkey }, { ...cookiesOf(half), ...cookiesOf(begun) });
}

describe('a passkey (W3C Web Authentication)', () => {
  test('is registered under a name; recovery codes come with the first factor, and its owner may have several', async () => {
    const { browser, authenticator, passkey, recoveryCodes } = await withPasskey();
    expect(recoveryCodes).toHaveLength(10);
    expect(passkey).toMatchObject({ name: 'Clé bleue', isSynced: false, lastUsedAt: null });
    const begun = (await as(browser, 'POST', '/auth/passkeys/start')).json<PasskeyCreation>();
    expect(begun.excludeCredentials.map(({ id }) => id)).toEqual(
      authenticator.credentials.map(({ id }) => id.toString('base64url')),
    );
    expect(begun.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' });
    expect((await register(browser, authenticator, {}, 'Téléphone')).json().recoveryCodes).toBeNull();
    const renamed = await as(browser, 'PATCH', `/auth/passkeys/${passkey.id}`, { name: ' Clé verte ' });
    expect(renamed.json().name).toBe('Clé verte');
    const { items, unavailable } = (await as(browser, 'GET', '/auth/passkeys')).json();
    expect([items.map(({ name }: { name: string }) => name), unavailable]).toEqual([['Clé verte', 'Téléphone'], null]);
    const own = (await as(browser, 'GET', '/auth/factor')).json();
    expect(own).toMatchObject({ since: null, passkeys: 2, recoveryCodesLeft: 10, proofs: ['PASSKEY', 'CODE'] });
  });

  test('is not registered twice, from elsewhere, unverified, without a fresh challenge or a fresh proof', async () => {
    const browser = await server.login('PHYSICIAN');
    const authenticator = createAuthenticator(server.settings.publicUrl);
    const refused = async (told: Deviation) => codeOf(await register(browser, authenticator, told));
    for (const [told, reason] of [
      [{ origin: 'https://pacs.evil.example' }, 'ORIGIN'],
      [{ crossOrigin: true }, 'ORIGIN'],
      [{ rpId: 'evil.example' }, 'INVALID'],
      [{ challenge: 'AAAA' }, 'INVALID'],
      [{ type: 'webauthn.get' }, 'INVALID'],
      [{ isUnverified: true }, 'UNVERIFIED'],
    ] as const)
      expect([await refused(told), await lastReason()]).toEqual(['PASSKEY_REFUSED', reason]);
    const begun = await as(browser, 'POST', '/auth/passkeys/start');
    const passkey = authenticator.create(begun.json<PasskeyCreation>());
    const add = (cookies: string) => as(browser, 'POST', '/auth/passkeys', { name: 'x', passkey }, cookies);
    expect(codeOf(await add(''))).toBe('PASSKEY_OVER');
    expect(codeOf(await add(cookieHeader(cookiesOf(await post('passkey/start', {})))))).toBe('PASSKEY_OVER');
    expect(codeOf(await add(cookieHeader(cookiesOf(begun))))).toBe('201');
    expect(codeOf(await add(cookieHeader(cookiesOf(begun))))).toBe('PASSKEY_OVER');
    const again = await as(browser, 'POST', '/auth/passkeys/start');
    const { challenge } = again.json<PasskeyCreation>();
    const clientDataJSON = Buffer.from(
      JSON.stringify({ type: 'webauthn.create', challenge, origin: server.settings.publicUrl }),
    ).toString('base64url');
    const same = { name: 'x', passkey: { ...passkey, clientDataJSON } };
    expect(codeOf(await as(browser, 'POST', '/auth/passkeys', same, cookieHeader(cookiesOf(again))))).toBe('PASSKEY_KNOWN');
    await server.db.withSystem((tx) => tx.run('UPDATE user_sessions SET proven_at = NULL WHERE user_id = $1', [browser.user.id]));
    expect(codeOf(await as(browser, 'POST', '/auth/passkeys/start'))).toBe('PROOF_REQUIRED');
  });

  test('is taken whatever it says of its maker: nothing of that is looked at, and no address in it is asked', async () => {
    const browser = await server.login('PHYSICIAN');
    const authenticator = createAuthenticator(server.settings.publicUrl);
    // { "alg": -7, "sig": h'00', "x5c": [h'30'] }, no certificate of anybody.
    const statement = Buffer.from('a363616c672663736967410063783563814130', 'hex');
    for (const format of ['packed', 'android-key', 'fido-u2f', 'tpm', 'invented'])
      expect((await register(browser, authenticator, { maker: { format, statement } }, format)).statusCode).toBe(201);
    expect(codeOf(await signIn(authenticator))).toBe('200');
  });

  test('is not registered by a request that was on its way while every factor was taken off: its session has ended', async () => {
    const { user, browser, authenticator } = await withPasskey();
    const begun = await as(browser, 'POST', '/auth/passkeys/start');
    const passkey = authenticator.create(begun.json<PasskeyCreation>());
    const token = { name: 'x', permissions: ['patients.read'], expiresInDays: 30 };
    const { answers } = await server.db.withSystem(async (tx) => {
      await tx.run('SELECT id FROM users WHERE id = $1 FOR UPDATE', [user.id]);
      const waiting = Promise.all([
        as(browser, 'POST', '/auth/passkeys', { name: 'x', passkey }, cookieHeader(cookiesOf(begun))),
        as(browser, 'POST', '/tokens', token),
      ]);
      await expect
        .poll(() =>
          server.db.withSystem((other) =>
            other.first(
              "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            ),
          ),
        )
        .toEqual({ waiting: 2 });
      await tx.run('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', [user.id]);
      return { answers: waiting };
    });
    expect((await answers).map(codeOf)).toEqual(['PROOF_REQUIRED', 'PROOF_REQUIRED']);
  });

  test('has bad input refused and nothing else: no part of it makes the server fail', async () => {
    const begun = await post('passkey/start', {});
    const passkey = createAuthenticator(server.settings.publicUrl);
    passkey.create({ rp: { id: 'localhost' }, user: { id: 'AAAA' }, challenge: 'AAAA' } as PasskeyCreation);
    const good = passkey.get(begun.json<PasskeyRequest>());
    for (const wrong of [
      ...['clientDataJSON', 'authenticatorData', 'signature', 'id', 'userHandle'].flatMap((field) => [
        { ...good, [field]: 'AA' },
        { ...good, [field]: '%' },
        { ...good, [field]: 'A'.repeat(9000) },
      ]),
      { ...good, clientDataJSON: Buffer.from('null').toString('base64url') },
      {},
    ]) {
      const fresh = await post('passkey/start', {});
      expect((await post('passkey', { passkey: wrong }, cookiesOf(fresh))).statusCode).toBeOneOf([400, 403]);
    }
    clock.advance(16 * 60_000);
  });
});

describe('signing in with a passkey alone', () => {
  test('opens a session, which its device list and the journal name; it stands for both factors where a role asks for two', async () => {
    const { user, authenticator, passkey } = await withPasskey({ role: 'RADIOLOGIST' });
    const begun = await post('passkey/start', {});
    expect(begun.json()).toMatchObject({ rpId: 'localhost', allowCredentials: [], userVerification: 'required' });
    expect(begun.cookies[0]).toMatchObject({ path: '/api/auth', httpOnly: true, sameSite: 'Strict', maxAge: 300 });
    const answer = await post('passkey', { passkey: authenticator.get(begun.json()) }, cookiesOf(begun));
    expect(answer.json()).toMatchObject({ user: { id: user.id } });
    const cookie = cookieHeader(cookiesOf(answer));
    const sessions = (await server.app.inject({ url: '/api/auth/sessions', headers: { cookie } })).json().items;
    expect(sessions.find(({ current }: { current: boolean }) => current)).toMatchObject({ wayIn: 'PASSKEY', name: null });
    expect((await eventsOf(user.id)).at(-1)).toEqual({ action: 'auth.login', details: { by: 'passkey' } });
    const keys = (await server.app.inject({ url: '/api/auth/passkeys', headers: { cookie } })).json().items;
    expect(keys).toEqual([{ ...passkey, lastUsedAt: clock.now().toISOString() }]);
  });

  test('answers every passkey that is not right alike, and the journal knows why', async () => {
    const { user, authenticator } = await withPasskey();
    const { user: neighbour } = await withPasskey();
    const neighbourHandle = Buffer.from(neighbour.id.replaceAll('-', ''), 'hex').toString('base64url');
    const { privateKey: stranger } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const seen: object[] = [];
    for (const [told, reason] of [
      [{ origin: 'https://localhost' }, 'ORIGIN'],
      [{ crossOrigin: true }, 'ORIGIN'],
      [{ rpId: 'evil.example' }, 'INVALID'],
      [{ challenge: 'AAAA' }, 'INVALID'],
      [{ type: 'webauthn.create' }, 'INVALID'],
      [{ signWith: stranger }, 'INVALID'],
      [{ isUnverified: true }, 'UNVERIFIED'],
      [{ userHandle: neighbourHandle }, 'OTHER_ACCOUNT'],
      [{ userHandle: 'AAAA' }, 'OTHER_ACCOUNT'],
    ] as const) {
      const answer = await signIn(authenticator, told);
      expect([answer.statusCode, await lastReason()]).toEqual([403, reason]);
      seen.push(answer.json());
    }
    const unknown = createAuthenticator(server.settings.publicUrl);
    unknown.create({ rp: { id: 'localhost' }, user: { id: neighbourHandle }, challenge: 'AAAA' } as PasskeyCreation);
    seen.push((await signIn(unknown)).json());
    expect(await lastReason()).toBe('UNKNOWN');
    for (const status of ['SUSPENDED', 'INACTIVE'] as const) {
      await server.db.withSystem((tx) => tx.run('UPDATE users SET status = $2 WHERE id = $1', [user.id, status]));
      seen.push((await signIn(authenticator)).json());
      expect(await lastReason()).toBe('SUSPENDED');
    }
    await server.db.withSystem((tx) => tx.run('DELETE FROM users WHERE id = $1', [user.id]));
    seen.push((await signIn(authenticator)).json());
    expect(await lastReason()).toBe('UNKNOWN');
    for (const problem of seen) expect(problem).toEqual({ ...seen[0], code: 'PASSKEY_REFUSED' });
  });

  test('takes a challenge once, within five minutes, from the browser that was given it', async () => {
    const { authenticator } = await withPasskey();
    const begun = await post('passkey/start', {});
    const passkey = authenticator.get(begun.json<PasskeyRequest>());
    expect(codeOf(await post('passkey', { passkey }))).toBe('PASSKEY_OVER');
    const answers = await Promise.all([1, 2, 3].map(() => post('passkey', { passkey }, cookiesOf(begun))));
    expect(answers.map(codeOf).sort()).toEqual(['200', 'PASSKEY_OVER', 'PASSKEY_OVER']);
    expect(await lastReason()).toBe('REPLAYED');
    const late = await post('passkey/start', {});
    clock.advance(301_000);
    expect(codeOf(await post('passkey', { passkey: authenticator.get(late.json()) }, cookiesOf(late)))).toBe('PASSKEY_OVER');
  });

  test('refuses an authenticator whose counter goes back or stands still; one that never counts is taken (6.1.1)', async () => {
    const { authenticator, browser, passkey, user } = await withPasskey();
    expect(codeOf(await signIn(authenticator, { counter: 40 }))).toBe('200');
    for (const counter of [40, 12, 0]) {
      expect(codeOf(await signIn(authenticator, { counter }))).toBe('PASSKEY_REFUSED');
      expect(await lastReason()).toBe('COUNTER');
    }
    // Which one was copied is what its owner has to know.
    expect((await eventsOf(user.id)).at(-1)?.details).toMatchObject({ reason: 'COUNTER', passkeyId: passkey.id });
    expect(codeOf(await signIn(authenticator, { counter: 41 }))).toBe('200');
    await register(browser, authenticator, { counter: 0 });
    for (const counter of [0, 0]) expect(codeOf(await signIn(authenticator, { counter }))).toBe('200');
  });

  test('is braked by network, what comes in is not counted, and a known browser has some of its own', async () => {
    const { authenticator } = await withPasskey();
    const from = async (told: Deviation = {}, device: Cookies = {}) => {
      const begun = await post('passkey/start', {});
      return server.app.inject({
        ...{ method: 'POST', url: '/api/auth/passkey', remoteAddress: '203.0.113.9' },
        payload: { passkey: authenticator.get(begun.json(), told) },
        headers: { cookie: cookieHeader({ ...cookiesOf(begun), ...device }) },
      });
    };
    const known = { negatoscope_device: cookiesOf(await signIn(authenticator)).negatoscope_device ?? '' };
    for (let times = 0; times < 60; times += 1) expect((await from({ isUnverified: true })).statusCode).toBe(403);
    expect(codeOf(await from())).toBe('RATE_LIMITED');
    expect(codeOf(await signIn(authenticator))).toBe('200');
    // A neighbour keeps nobody out who is known here; nor is such a browser one to try without end.
    expect(codeOf(await from({}, known))).toBe('200');
    for (let times = 0; times < 10; times += 1) expect((await from({ isUnverified: true }, known)).statusCode).toBe(403);
    expect(codeOf(await from({}, known))).toBe('RATE_LIMITED');
    expect(codeOf(await from({}, { negatoscope_device: 'x'.repeat(43) }))).toBe('RATE_LIMITED');
  });
});

describe('a passkey as the second factor', () => {
  test('is asked for after the right password, without a PIN; a recovery code stands in', async () => {
    const { user, authenticator, recoveryCodes } = await withPasskey();
    const half = await passwordOf(user);
    expect(codeOf(half)).toBe('SECOND_FACTOR_REQUIRED');
    const begun = (await post('second/passkey', {}, cookiesOf(half))).json();
    expect(begun).toMatchObject({
      hasApplication: false,
      userVerification: 'discouraged',
      allowCredentials: [{ transports: ['internal'] }],
    });
    const answer = await second(half, authenticator, { isUnverified: true });
    expect(answer.json()).toMatchObject({ user: { id: user.id } });
    expect((await eventsOf(user.id)).at(-1)).toEqual({ action: 'auth.login', details: { by: 'password', factor: 'PASSKEY' } });
    expect(codeOf(await post('second', { code: recoveryCodes[0] }, cookiesOf(await passwordOf(user))))).toBe('200');
    expect(codeOf(await post('second', {}, cookiesOf(await passwordOf(user))))).toBe('VALIDATION_FAILED');
  });

  test('of somebody else, of another attempt or without a password does not count', async () => {
    const { user, authenticator } = await withPasskey();
    const { user: other, authenticator: others } = await withPasskey();
    const half = await passwordOf(user);
    expect([codeOf(await second(half, others)), await lastReason()]).toEqual(['PASSKEY_REFUSED', 'OTHER_ACCOUNT']);
    const begun = await post('second/passkey', {}, cookiesOf(await passwordOf(other)));
    const passkey = authenticator.get(begun.json<PasskeyRequest>());
    expect(codeOf(await post('second', { passkey }, { ...cookiesOf(half), ...cookiesOf(begun) }))).toBe('PASSKEY_OVER');
    expect(codeOf(await post('second/passkey', {}))).toBe('SECOND_FACTOR_OVER');
    expect(codeOf(await post('second', { passkey }, cookiesOf(begun)))).toBe('SECOND_FACTOR_OVER');
    // What was begun to sign in alone is not the second step's.
    const alone = await post('passkey/start', {});
    const shown = { passkey: authenticator.get(alone.json<PasskeyRequest>()) };
    expect(codeOf(await post('second', shown, { ...cookiesOf(half), ...cookiesOf(alone) }))).toBe('PASSKEY_OVER');
  });
});

describe('a passkey as a proof', () => {
  test('opens what is grave for a quarter of an hour, verified and by this session alone', async () => {
    const { browser, authenticator, user } = await withPasskey();
    const { authenticator: others } = await withPasskey();
    await server.db.withSystem((tx) => tx.run('UPDATE user_sessions SET proven_at = NULL WHERE user_id = $1', [user.id]));
    const prove = async (by: Authenticator, told: Deviation = {}, from = browser) => {
      const begun = await as(from, 'POST', '/auth/proof/passkey');
      const passkey = by.get(begun.json<PasskeyRequest>(), told);
      return as(browser, 'POST', '/auth/proof', { passkey }, cookieHeader(cookiesOf(begun)));
    };
    const other = await server.login('STAFF');
    expect([codeOf(await prove(authenticator, { isUnverified: true })), await lastReason()]).toEqual([
      'PASSKEY_REFUSED',
      'UNVERIFIED',
    ]);
    expect([codeOf(await prove(others)), await lastReason()]).toEqual(['PASSKEY_REFUSED', 'OTHER_ACCOUNT']);
    expect(codeOf(await prove(authenticator, {}, other))).toBe('PASSKEY_OVER');
    expect(codeOf(await as(browser, 'POST', '/auth/proof', { password: TEST_PASSWORD }))).toBe('SECOND_FACTOR_WRONG');
    expect(codeOf(await as(browser, 'POST', '/auth/passkeys/start'))).toBe('PROOF_REQUIRED');
    expect((await prove(authenticator)).statusCode).toBe(204);
    expect((await as(browser, 'POST', '/auth/passkeys/start')).statusCode).toBe(200);
  });
});

describe('a passkey that is removed', () => {
  test('opens nothing any more; recovery codes go with the last factor; another’s is unknown', async () => {
    const { user, browser, authenticator, passkey } = await withPasskey();
    const stranger = await server.login('PHYSICIAN');
    expect((await as(stranger, 'DELETE', `/auth/passkeys/${passkey.id}`)).statusCode).toBe(404);
    expect((await as(stranger, 'PATCH', `/auth/passkeys/${passkey.id}`, { name: 'x' })).statusCode).toBe(404);
    expect((await as(browser, 'DELETE', `/auth/passkeys/${passkey.id}`)).statusCode).toBe(204);
    expect(codeOf(await signIn(authenticator))).toBe('PASSKEY_REFUSED');
    expect((await as(browser, 'GET', '/auth/factor')).json()).toMatchObject({
      passkeys: 0,
      recoveryCodesLeft: 0,
      proofs: ['PASSWORD'],
    });
    expect((await passwordOf(user)).statusCode).toBe(200);
    expect((await eventsOf(user.id)).map(({ action }) => action)).toContain('user.passkey-removed');
  });

  test('is never the last way in, nor the last factor that a role asks for', async () => {
    const { user, browser, passkey } = await withPasskey();
    await server.db.withSystem((tx) => tx.run('UPDATE users SET password_hash = NULL WHERE id = $1', [user.id]));
    expect(codeOf(await as(browser, 'DELETE', `/auth/passkeys/${passkey.id}`))).toBe('LAST_WAY_IN');
    const radiologist = await withPasskey({ role: 'RADIOLOGIST' });
    const remove = () => as(radiologist.browser, 'DELETE', `/auth/passkeys/${radiologist.passkey.id}`);
    expect(codeOf(await remove())).toBe('LAST_FACTOR');
    expect(codeOf(await signIn(radiologist.authenticator))).toBe('200');
    await register(radiologist.browser, radiologist.authenticator);
    expect((await remove()).statusCode).toBe(204);
  });

  test('by an administrator goes with every other factor, and every session', async () => {
    const { user, browser, authenticator } = await withPasskey();
    const admin = await server.login('ADMIN');
    expect((await as(admin, 'DELETE', `/users/${user.id}/factor`)).statusCode).toBe(204);
    expect((await as(browser, 'GET', '/auth/me')).statusCode).toBe(401);
    expect(codeOf(await signIn(authenticator))).toBe('PASSKEY_REFUSED');
    const again = await server.login(user);
    expect((await as(again, 'GET', '/auth/factor')).json()).toMatchObject({ passkeys: 0, resetAt: expect.any(String) });
  });
});

describe('a password that is replaced', () => {
  test('by an administrator ends passkeys and their recovery codes too, and its owner reads of it', async () => {
    const admin = await server.login('ADMIN');
    for (const replace of [
      (id: string) => as(admin, 'POST', `/users/${id}/invitation`, { by: 'LINK', endsPassword: true }),
      (id: string) => as(admin, 'PATCH', `/users/${id}`, { password: 'another long one, 2036' }),
    ]) {
      const { user, browser, authenticator } = await withPasskey();
      expect((await replace(user.id)).statusCode).toBe(200);
      expect((await as(browser, 'GET', '/auth/me')).statusCode).toBe(401);
      expect([codeOf(await signIn(authenticator)), await lastReason()]).toEqual(['PASSKEY_REFUSED', 'UNKNOWN']);
      const left = await server.db.withSystem((tx) =>
        tx.first(
          `SELECT factor_reset_at IS NOT NULL AS told, (SELECT count(*)::int FROM recovery_codes r WHERE r.user_id = u.id) AS codes
           FROM users u WHERE id = $1`,
          [user.id],
        ),
      );
      expect(left).toEqual({ told: true, codes: 0 });
    }
  });

  test('by a link that invites without ending it, or by its owner, leaves passkeys; other sessions end', async () => {
    const { user, browser, authenticator } = await withPasskey();
    const admin = await server.login('ADMIN');
    expect((await as(admin, 'POST', `/users/${user.id}/invitation`, { by: 'LINK' })).statusCode).toBe(200);
    const other = cookiesOf(await signIn(authenticator));
    const body = { currentPassword: TEST_PASSWORD, newPassword: 'another long one, 2036' };
    const { headers } = browser;
    const changed = await server.app.inject({ method: 'PUT', url: '/api/users/me/profile', payload: body, headers });
    expect(changed.statusCode).toBe(200);
    const me = (cookie: string) => server.app.inject({ url: '/api/auth/me', headers: { cookie } });
    expect([(await me(String(headers.cookie))).statusCode, (await me(cookieHeader(other))).statusCode]).toEqual([200, 401]);
    expect(codeOf(await signIn(authenticator))).toBe('200');
  });
});

describe('where no passkey counts', () => {
  test('an address without a name or https says so, and passwords and codes stay', async () => {
    const { user } = await withPasskey();
    expect((await nameless.app.inject({ url: '/api/auth/ways' })).json()).toMatchObject({ passwords: true, passkeys: false });
    for (const url of ['passkey/start']) expect(codeOf(await post(url, {}, {}, nameless))).toBe('PASSKEYS_UNAVAILABLE');
    const half = await post('login', { email: user.email, password: TEST_PASSWORD }, {}, nameless);
    expect(codeOf(half)).toBe('SECOND_FACTOR_REQUIRED');
    expect(codeOf(await post('second/passkey', {}, cookiesOf(half), nameless))).toBe('PASSKEYS_UNAVAILABLE');
  });

  test('who comes by an identity provider alone registers none here, and one from before opens nothing: it would outlast the provider’s', async () => {
    const { user, browser, authenticator } = await withPasskey();
    await server.db.withSystem(async (tx) => {
      await tx.run('UPDATE users SET password_hash = NULL WHERE id = $1', [user.id]);
      await tx.run(
        "INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ('https://idp.example', $1, $2, now())",
        [user.email, user.id],
      );
    });
    expect((await as(browser, 'GET', '/auth/passkeys')).json().unavailable).toBe('PASSKEYS_AT_PROVIDER');
    expect(codeOf(await as(browser, 'POST', '/auth/passkeys/start'))).toBe('PASSKEYS_AT_PROVIDER');
    expect([codeOf(await signIn(authenticator)), await lastReason()]).toEqual(['PASSKEY_REFUSED', 'AT_PROVIDER']);
    // Nor does it say again who one is, or stand for a factor.
    expect((await as(browser, 'GET', '/auth/factor')).json()).toMatchObject({ passkeys: 0, proofs: [] });
    const begun = await as(browser, 'POST', '/auth/proof/passkey');
    const passkey = authenticator.get(begun.json<PasskeyRequest>(), {}, authenticator.credentials.at(-1));
    expect(codeOf(await as(browser, 'POST', '/auth/proof', { passkey }, cookieHeader(cookiesOf(begun))))).toBe('PASSKEY_REFUSED');
    expect(await lastReason()).toBe('AT_PROVIDER');
  });

  test('one that was made for another address of this server is no factor, and its owner is told; recovery codes stand in for none', async () => {
    const { user, browser, authenticator, recoveryCodes } = await withPasskey();
    await server.db.withSystem((tx) =>
      tx.run("UPDATE passkeys SET rp_id = 'old.hospital.example' WHERE user_id = $1", [user.id]),
    );
    expect((await as(browser, 'GET', '/auth/passkeys')).json().items).toMatchObject([{ elsewhere: 'old.hospital.example' }]);
    expect((await as(browser, 'GET', '/auth/factor')).json()).toMatchObject({ passkeys: 0, proofs: ['PASSWORD'] });
    expect(codeOf(await passwordOf(user))).toBe('200');
    // Nor does it count on the page of people, as a factor or as a way in.
    const admin = await server.login('ADMIN');
    const people = async (query: string) =>
      (await as(admin, 'GET', `/users?limit=200&${query}`)).json<{ items: { id: string }[] }>().items.map(({ id }) => id);
    expect((await as(admin, 'GET', `/users/${user.id}`)).json()).toMatchObject({ hasSecondFactor: false, passkeys: 0 });
    expect(await people('way=PASSKEY')).not.toContain(user.id);
    await server.db.withSystem((tx) => tx.run('UPDATE user_sessions SET proven_at = NULL WHERE user_id = $1', [user.id]));
    const prove = (given: object) => as(browser, 'POST', '/auth/proof', given);
    expect(codeOf(await prove({ code: recoveryCodes[0] }))).toBe('WRONG_CURRENT_PASSWORD');
    expect((await prove({ password: TEST_PASSWORD })).statusCode).toBe(204);
    // The next one is the first, with codes of its own.
    expect((await register(browser, authenticator)).json().recoveryCodes).toHaveLength(10);
    expect(codeOf(await passwordOf(user))).toBe('SECOND_FACTOR_REQUIRED');
    // A role that asks for one has it set up anew.
    const radiologist = await withPasskey({ role: 'RADIOLOGIST' });
    await server.db.withSystem((tx) =>
      tx.run("UPDATE passkeys SET rp_id = 'x.example' WHERE user_id = $1", [radiologist.user.id]),
    );
    expect(codeOf(await passwordOf(radiologist.user))).toBe('SECOND_FACTOR_SETUP_REQUIRED');
  });

  test('one of an earlier version is of whatever address it signs for', async () => {
    const { user, browser, authenticator } = await withPasskey();
    await server.db.withSystem((tx) => tx.run('UPDATE passkeys SET rp_id = NULL WHERE user_id = $1', [user.id]));
    expect((await as(browser, 'GET', '/auth/factor')).json()).toMatchObject({ passkeys: 1 });
    expect(codeOf(await signIn(authenticator))).toBe('200');
    const admin = await server.login('ADMIN');
    expect((await as(admin, 'GET', `/users/${user.id}`)).json()).toMatchObject({ hasSecondFactor: true, passkeys: 1 });
    const { items } = (await as(admin, 'GET', '/users?limit=200&way=PASSKEY')).json<{ items: { id: string }[] }>();
    expect(items.map(({ id }) => id)).toContain(user.id);
    const row = await server.db.withSystem((tx) => tx.first('SELECT rp_id FROM passkeys WHERE user_id = $1', [user.id]));
    expect(row).toEqual({ rp_id: 'localhost' });
  });
});

test('a device has the name that its owner gives it, at the next session of its browser too', async () => {
  const browser = await server.login('PHYSICIAN');
  const sessionsOf = async ({ headers }: Pick<Browser, 'headers'>) =>
    (await server.app.inject({ url: '/api/auth/sessions', headers })).json().items as {
      id: string;
      name: string;
      current: boolean;
    }[];
  const [{ id } = { id: '' }] = await sessionsOf(browser);
  const name = (given: string | null, by = browser) => as(by, 'PATCH', `/auth/sessions/${id}`, { name: given });
  expect((await name('Portable du bureau')).statusCode).toBe(204);
  expect((await name('x', await server.login('PHYSICIAN'))).statusCode).toBe(404);
  const again = await post('login', { email: browser.user.email, password: TEST_PASSWORD }, browser.cookies);
  const elsewhere = await post('login', { email: browser.user.email, password: TEST_PASSWORD });
  const namesOf = async (answer: Answer) => {
    const own = await sessionsOf({ headers: { cookie: cookieHeader(cookiesOf(answer)) } });
    return own.find(({ current }) => current)?.name;
  };
  expect([await namesOf(again), await namesOf(elsewhere)]).toEqual(['Portable du bureau', null]);
});
