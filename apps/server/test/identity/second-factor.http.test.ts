import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Browser,
  cookieHeader,
  cookiesOf,
  createFakeClock,
  createTestApp,
  TEST_PASSWORD,
  type TestApp,
  type TestUser,
} from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const clock = createFakeClock();
const logLines: string[] = [];
/** What nobody may find anywhere. */
const secrets: string[] = [];
let server: TestApp;
let other: TestApp;
let mail: MailServer;

beforeAll(async () => {
  mail = await startMailServer();
  const signIn = { providers: [], onlyPasswordOf: undefined, factorRoles: ['RADIOLOGIST'] as const };
  server = await createTestApp({ clock, logLines, settings: { signIn, mail: { url: mail.url, from: 'pacs@chu.example' } } });
  other = await server.another();
});
afterAll(async () => {
  await other.close();
  await server.close();
  await mail.close();
});

type Answer = Awaited<ReturnType<typeof post>>;
const post = (url: string, payload: object, cookies: Record<string, string> = {}, { app } = server) =>
  app.inject({ method: 'POST', url: `/api/auth/${url}`, payload, headers: { cookie: cookieHeader(cookies) } });
const signIn = ({ email }: Pick<TestUser, 'email'>, password = TEST_PASSWORD) => post('login', { email, password });
const codeOf = (secret: string, stepsLater = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now().getTime() + stepsLater * 30_000 });
const shown = (answer: Answer) => [answer.statusCode, answer.json().code, Object.keys(cookiesOf(answer))];
const as = ({ headers }: Browser, method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, payload: object = {}) =>
  server.app.inject({ method, url, headers, ...(method === 'GET' ? {} : { payload }) });
/** The second step, by whichever process. */
const prove = (half: Answer, code: string, more: object = {}, { app } = server) =>
  post('second', { code, ...more }, cookiesOf(half), { app } as TestApp);

/** Somebody with a factor, and how they sign in. */
async function withFactor(): Promise<{ user: TestUser; browser: Browser; secret: string; recoveryCodes: string[] }> {
  const browser = await server.login('PHYSICIAN');
  const { secret, uri, token } = (await as(browser, 'POST', '/api/auth/factor')).json();
  expect(uri).toMatch(/^otpauth:\/\/totp\/Negatoscope:/);
  const confirmed = await as(browser, 'POST', '/api/auth/factor/confirm', { token, code: codeOf(secret) });
  const { recoveryCodes } = confirmed.json();
  secrets.push(secret, token, ...recoveryCodes);
  clock.advance(60_000);
  return { user: browser.user, browser, secret, recoveryCodes };
}
const eventsOf = (id: string) =>
  server.db.withSystem((tx) =>
    tx.rows('SELECT action, details FROM audit_events WHERE entity_id = $1 OR actor_id::text = $1 ORDER BY occurred_at, id', [
      id,
    ]),
  );

describe('signing in with a second factor (RFC 6238)', () => {
  test('takes two steps; what stands between them opens nothing, and counts for five minutes', async () => {
    const { user, secret } = await withFactor();
    const half = await signIn(user);
    expect(shown(half)).toEqual([403, 'SECOND_FACTOR_REQUIRED', ['negatoscope_half']]);
    const [cookie] = half.cookies;
    expect(cookie).toMatchObject({ path: '/api/auth/second', httpOnly: true, sameSite: 'Strict', maxAge: 300 });
    for (const url of ['/api/auth/me', '/api/patients', '/api/auth/second'])
      expect((await server.app.inject({ url, headers: { cookie: cookieHeader(cookiesOf(half)) } })).statusCode).toBeGreaterThan(
        400,
      );
    expect((await post('refresh', {}, { negatoscope_refresh: cookie?.value ?? '' })).statusCode).toBe(401);
    expect(shown(await post('second', { code: codeOf(secret) }))).toEqual([409, 'SECOND_FACTOR_OVER', []]);
    expect((await prove(half, codeOf(secret))).json()).toMatchObject({ user: { id: user.id } });
    const late = await signIn(user);
    clock.advance(301_000);
    expect((await prove(late, codeOf(secret))).json().code).toBe('SECOND_FACTOR_OVER');
    const events = await eventsOf(user.id);
    expect(events.at(-1)).toEqual({ action: 'auth.login', details: { by: 'password', factor: 'TOTP' } });
  });

  test('a code counts once, whichever process is asked, and none before it; a clock may be half a minute off', async () => {
    const { user, secret } = await withFactor();
    const half = await signIn(user);
    const now = codeOf(secret);
    const answers = await Promise.all([
      prove(half, now),
      prove(half, now, {}, other),
      prove(half, now),
      prove(half, now, {}, other),
    ]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([200, 403, 403, 403]);
    expect((await prove(half, codeOf(secret, -1))).json().code).toBe('SECOND_FACTOR_WRONG');
    const { user: late, secret: lateSecret } = await withFactor();
    const again = await signIn(late);
    expect((await prove(again, codeOf(lateSecret, 2))).statusCode).toBe(403);
    expect((await prove(again, codeOf(lateSecret, 1))).statusCode).toBe(200);
    expect((await prove(again, codeOf(lateSecret))).statusCode).toBe(403);
  });

  test('codes are tried five times in a quarter of an hour by all processes together; a recovery code still opens, once', async () => {
    const { user, secret, recoveryCodes } = await withFactor();
    const half = await signIn(user);
    const answers = [];
    for (let tries = 0; tries < 6; tries += 1) answers.push(await prove(half, '000000', {}, tries % 2 === 0 ? server : other));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([403, 403, 403, 403, 403, 429]);
    expect((await prove(half, codeOf(secret))).statusCode).toBe(429);
    const [first = '', second = ''] = recoveryCodes;
    expect((await prove(half, first.toUpperCase().replaceAll('-', ' '))).statusCode).toBe(200);
    expect((await prove(half, first)).statusCode).toBe(403);
    expect((await prove(half, second)).statusCode).toBe(200);
    expect((await eventsOf(user.id)).filter(({ action }) => action === 'auth.factor-failed')).toHaveLength(6);
  });

  test('a key of the server that is lost is said, is no error of the server, and leaves the recovery codes to open', async () => {
    const { user, secret, recoveryCodes } = await withFactor();
    // A server with another key does the same: the seal does not open.
    await server.db.withSystem((tx) =>
      tx.run('UPDATE second_factors SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1) WHERE user_id = $1', [user.id]),
    );
    const half = await signIn(user);
    expect(shown(await prove(half, codeOf(secret)))).toEqual([409, 'SECOND_FACTOR_LOST', []]);
    const [first = '', second = ''] = recoveryCodes;
    const entered = await prove(half, first);
    expect(entered.statusCode).toBe(200);
    const cookies = cookiesOf(entered);
    const headers = { cookie: cookieHeader(cookies), 'x-csrf-token': entered.json().csrfToken };
    const proof = (code: string) => server.app.inject({ method: 'POST', url: '/api/auth/proof', headers, payload: { code } });
    expect((await proof(codeOf(secret))).json().code).toBe('SECOND_FACTOR_LOST');
    expect((await proof(second)).statusCode).toBe(204);
    // Another application in its place is sealed with the key that there is now.
    const begun = await server.app.inject({ method: 'POST', url: '/api/auth/factor', headers, payload: {} });
    const payload = { token: begun.json().token, code: codeOf(begun.json().secret) };
    expect((await server.app.inject({ method: 'POST', url: '/api/auth/factor/confirm', headers, payload })).statusCode).toBe(200);
    clock.advance(60_000);
    expect((await prove(await signIn(user), codeOf(begun.json().secret))).statusCode).toBe(200);
    expect((await eventsOf(user.id)).filter(({ action }) => action === 'auth.factor-failed')).toHaveLength(2);
  });

  test('wrong passwords answer the same with and without a factor, and a new password ends what stands between the steps', async () => {
    const { user, secret, browser } = await withFactor();
    const without = await server.makeUser();
    const seen = await Promise.all([user, without, { email: 'nobody@chu.example' }].map((who) => signIn(who, 'wrong password')));
    for (const answer of seen) expect([shown(answer), answer.json()]).toEqual([shown(seen[0] as Answer), seen[0]?.json()]);
    const half = await signIn(user);
    const change = { currentPassword: TEST_PASSWORD, newPassword: 'Cuivre-Falaise-77-Tambour' };
    const changed = await server.app.inject({
      ...{ method: 'PUT', url: '/api/users/me/profile', payload: change, headers: browser.headers },
    });
    expect(changed.statusCode).toBe(200);
    expect((await prove(half, codeOf(secret))).json().code).toBe('SECOND_FACTOR_OVER');
  });

  test('a first password is changed in the second step, which is asked for the code first', async () => {
    const { user, secret } = await withFactor();
    await server.db.withSystem((tx) => tx.run('UPDATE users SET password_is_first = true WHERE id = $1', [user.id]));
    const half = await signIn(user);
    expect(half.json().code).toBe('SECOND_FACTOR_REQUIRED');
    const code = codeOf(secret);
    expect((await prove(half, code)).json().code).toBe('PASSWORD_CHANGE_REQUIRED');
    expect((await prove(half, '000000', { newPassword: 'Cuivre-Falaise-77-Tambour' })).json().code).toBe('SECOND_FACTOR_WRONG');
    expect((await signIn(user, 'Cuivre-Falaise-77-Tambour')).statusCode).toBe(401);
    expect((await prove(half, code, { newPassword: 'Cuivre-Falaise-77-Tambour' })).statusCode).toBe(200);
  });
});

describe('a role that asks for a second factor', () => {
  test('leads who has none to set it up before anything is opened; it is not taken off again', async () => {
    const user = await server.makeUser({ role: 'RADIOLOGIST' });
    const half = await signIn(user);
    expect(shown(half)).toEqual([403, 'SECOND_FACTOR_SETUP_REQUIRED', ['negatoscope_half']]);
    expect((await prove(half, '000000')).json().code).toBe('SECOND_FACTOR_OVER');
    const { secret, token } = (await post('second/setup', {}, cookiesOf(half))).json();
    const confirm = (code: string, given = token) => post('second/confirm', { token: given, code }, cookiesOf(half));
    expect((await confirm('000000')).json().code).toBe('SECOND_FACTOR_WRONG');
    expect((await confirm(codeOf(secret), 'forged')).json().code).toBe('SECOND_FACTOR_OVER');
    const done = await confirm(codeOf(secret));
    expect(done.json().recoveryCodes).toHaveLength(10);
    expect((await confirm(codeOf(secret, 1))).json().code).toBe('SECOND_FACTOR_OVER');
    const headers = { cookie: cookieHeader(cookiesOf(done)), 'x-csrf-token': done.json().csrfToken };
    const own = await server.app.inject({ url: '/api/auth/factor', headers });
    expect(own.json()).toMatchObject({ recoveryCodesLeft: 10, isRequired: true, proofs: ['CODE'] });
    expect((await server.app.inject({ method: 'DELETE', url: '/api/auth/factor', headers })).statusCode).toBe(409);
    expect((await signIn(user)).json().code).toBe('SECOND_FACTOR_REQUIRED');
  });
});

describe('what is grave', () => {
  test('asks again who one is after a quarter of an hour: tokens, roles, invitations, factors; by code, or by password without one', async () => {
    const admin = await server.login('ADMIN');
    const { id } = await server.makeUser();
    const grave = [
      ['POST', '/api/tokens', { name: 'x', permissions: ['patients.read'] }],
      ['PATCH', `/api/users/${id}`, { role: 'STAFF' }],
      ['POST', `/api/users/${id}/invitation`, { by: 'LINK' }],
      ['POST', '/api/users', { email: 'grave@chu.example', firstName: 'A', lastName: 'B', role: 'STAFF' }],
      ['DELETE', `/api/users/${id}/factor`, {}],
      ['POST', '/api/auth/factor', {}],
    ] as const;
    const statuses = async () => {
      const all = [];
      for (const [method, url, payload] of grave) all.push((await as(admin, method, url, payload)).json()?.code ?? 'done');
      return all;
    };
    clock.advance(14 * 60_000);
    expect((await as(admin, 'POST', grave[0][1], grave[0][2])).statusCode).toBe(201);
    clock.advance(61_000);
    // The access token has ended with that time as well.
    const { csrfToken, ...rest } = await renewed(admin);
    Object.assign(admin.headers, { cookie: rest.cookie, 'x-csrf-token': csrfToken });
    expect(await statuses()).toEqual(grave.map(() => 'PROOF_REQUIRED'));
    expect((await as(admin, 'PATCH', `/api/users/${id}`, { firstName: 'Zoé' })).statusCode).toBe(200);
    expect((await as(admin, 'POST', '/api/auth/proof', { password: 'wrong' })).json().code).toBe('WRONG_CURRENT_PASSWORD');
    expect((await as(admin, 'POST', '/api/auth/proof', { password: TEST_PASSWORD })).statusCode).toBe(204);
    expect((await as(admin, 'POST', grave[0][1], grave[0][2])).statusCode).toBe(201);
  });

  test('with a factor a password is no proof, and a code that was used neither', async () => {
    const { browser, secret } = await withFactor();
    const prove = (payload: object) => as(browser, 'POST', '/api/auth/proof', payload);
    expect((await prove({ password: TEST_PASSWORD })).json().code).toBe('SECOND_FACTOR_WRONG');
    expect((await prove({ code: codeOf(secret) })).statusCode).toBe(204);
    expect((await prove({ code: codeOf(secret) })).json().code).toBe('SECOND_FACTOR_WRONG');
    const renewedCodes = await as(browser, 'POST', '/api/auth/factor/recovery-codes');
    expect(renewedCodes.json().recoveryCodes).toHaveLength(10);
    expect((await as(browser, 'DELETE', '/api/auth/factor')).statusCode).toBe(204);
    expect((await signIn(browser.user)).statusCode).toBe(200);
  });
});

describe('a factor that an administrator takes off', () => {
  test('ends sessions, is in the journal, and its owner is told by mail and in the profile until they set up another', async () => {
    const { user, browser } = await withFactor();
    const admin = await server.login('ADMIN');
    expect((await as(admin, 'DELETE', `/api/users/${admin.user.id}/factor`)).statusCode).toBe(403);
    expect((await as(admin, 'DELETE', `/api/users/${user.id}/factor`)).statusCode).toBe(204);
    expect((await as(browser, 'GET', '/api/auth/me')).statusCode).toBe(401);
    expect((await eventsOf(user.id)).map(({ action }) => action)).toContain('user.factor-reset');
    await expect.poll(() => mail.mails.map(({ to }) => to)).toEqual([[user.email]]);
    const again = await server.login(user);
    expect((await as(again, 'GET', '/api/auth/factor')).json()).toMatchObject({ since: null, resetAt: expect.any(String) });
    await server.parts.identity.resetFactor(user.email);
    await expect(server.parts.identity.resetFactor('nobody@chu.example')).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('nothing of secrets and codes stands in the database, the journal or the log', async () => {
  const { secret } = await withFactor();
  const rows = await server.db.withSystem((tx) =>
    tx.rows(
      "SELECT encode(secret, 'hex') AS a, encode(r.code_hash, 'hex') AS b FROM second_factors f JOIN recovery_codes r USING (user_id)",
    ),
  );
  const events = await server.db.withSystem((tx) => tx.rows('SELECT action, details FROM audit_events'));
  const all = JSON.stringify([rows, events, logLines]);
  expect(all).toContain('user.factor-set');
  for (const text of secrets) expect(all).not.toContain(text);
  expect(all).not.toContain(Buffer.from(Secret.fromBase32(secret).buffer).toString('hex'));
});

async function renewed({ cookies }: Browser) {
  const answer = await post('refresh', {}, { ...cookies });
  return { csrfToken: answer.json().csrfToken, cookie: cookieHeader({ ...cookies, ...cookiesOf(answer) }) };
}
