import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Browser, createFakeClock, createTestApp, TEST_PASSWORD, type TestApp, type TestUser } from '../support/app.ts';
import { type MailServer, startMailServer } from '../support/mail-server.ts';

const NEW_PASSWORD = 'Cuivre-Falaise-77-Tambour';
const HOUR_MS = 3_600_000;
const clock = createFakeClock();
const logLines: string[] = [];
let server: TestApp;
let mail: MailServer;
let admin: Browser;

beforeAll(async () => {
  mail = await startMailServer();
  server = await createTestApp({ clock, logLines, settings: { mail: { url: mail.url, from: 'Radiologie <pacs@chu.example>' } } });
  admin = await server.login('ADMIN');
});
afterAll(async () => {
  await server.close();
  await mail.close();
});
beforeEach(() => {
  // The counters of each test begin anew; sessions last for days.
  clock.advance(2 * HOUR_MS);
  mail.mails.length = 0;
});

const post = (url: string, payload: object, from = '127.0.0.1') =>
  server.app.inject({ method: 'POST', url: `/api/auth/${url}`, payload, remoteAddress: from });
const signIn = (email: string, password: string, more: object = {}) => post('login', { email, password, ...more });
const use = (token: string, password = NEW_PASSWORD) => post('password', { token, password });
async function asAdmin(method: 'POST' | 'PATCH', url: string, payload: object) {
  admin = await server.login(admin.user);
  return server.app.inject({ method, url, payload, headers: admin.headers });
}
const tokenIn = (text: string | null | undefined): string => /\/login#password=([\w-]{43})/.exec(text ?? '')?.[1] ?? '';
async function invite({ id }: Pick<TestUser, 'id'>, by = 'LINK'): Promise<string> {
  return tokenIn((await asAdmin('POST', `/api/users/${id}/invitation`, { by })).json().link);
}
async function forgetfulToken({ email }: TestUser): Promise<string> {
  const before = mail.mails.length;
  expect((await post('password/forgotten', { email })).statusCode).toBe(204);
  await vi.waitFor(() => expect(mail.mails.length).toBe(before + 1));
  return tokenIn(mail.mails.at(-1)?.text);
}
const over = async (token: string) => {
  const [read, set] = [await post('password/link', { token }), await use(token)];
  return [read, set].every((answer) => answer.statusCode === 409 && answer.json().code === 'LINK_OVER');
};
const eventsOf = (id: string) =>
  server.db.withSystem((tx) =>
    tx.rows('SELECT action, details FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at, id', [id]),
  );

describe('an invitation', () => {
  test('is a link that is used once: who has it sets a password and then signs in; only its hash is kept, and the journal has both', async () => {
    const payload = { email: 'new@chu.example', firstName: 'Awa', lastName: 'Sarr', role: 'PHYSICIAN' };
    const { id } = (await asAdmin('POST', '/api/users', payload)).json();
    const token = await invite({ id });
    expect((await post('password/link', { token })).json()).toEqual({
      kind: 'INVITATION',
      email: 'new@chu.example',
      locale: 'fr',
    });
    expect((await use(token, 'short')).json()).toMatchObject({ code: 'WEAK_PASSWORD' });
    expect((await use(token)).statusCode).toBe(204);
    expect((await signIn('new@chu.example', NEW_PASSWORD)).statusCode).toBe(200);
    expect(await over(token)).toBe(true);
    const events = await eventsOf(id);
    expect(events.slice(1, 3)).toEqual([
      { action: 'user.invited', details: { by: 'LINK', endsPassword: false } },
      { action: 'user.password-set', details: { by: 'INVITATION' } },
    ]);
    const kept = await server.db.withSystem((tx) => tx.rows("SELECT encode(token_hash, 'escape') AS hash FROM account_links"));
    expect(JSON.stringify([kept, events, logLines])).not.toContain(token);
  });

  test('counts for one of two that use it at the same moment', async () => {
    const token = await invite(await server.makeUser());
    const answers = await Promise.all([use(token), use(token), use(token)]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 409, 409]);
  });

  test('ends after 72 hours, with another invitation, with a suspension, a new address, a new password, and with the account', async () => {
    const late = await invite(await server.makeUser());
    clock.advance(72 * HOUR_MS);
    expect(await over(late)).toBe(true);
    const user = await server.makeUser();
    const first = await invite(user);
    const second = await invite(user);
    expect([await over(first), await over(second)]).toEqual([true, false]);
    for (const change of [{ status: 'SUSPENDED' }, { email: 'moved@chu.example' }, { password: NEW_PASSWORD }]) {
      const person = await server.makeUser();
      const token = await invite(person);
      expect((await asAdmin('PATCH', `/api/users/${person.id}`, change)).statusCode).toBe(200);
      expect(await over(token), JSON.stringify(change)).toBe(true);
    }
  });

  test('goes by mail in the language of its person; where the mail server does not take it the administrator has the link', async () => {
    const user = await server.makeUser({ email: 'mailed@chu.example' });
    expect(await invite(user, 'MAIL')).toBe('');
    expect(mail.mails).toMatchObject([{ to: ['mailed@chu.example'], text: expect.stringContaining('dans les 72 heures') }]);
    expect(await over(tokenIn(mail.mails[0]?.text))).toBe(false);
    expect(await invite(await server.makeUser({ email: 'refused@chu.example' }), 'MAIL')).toMatch(/^[\w-]{43}$/);
  });

  test('is for people who may sign in, and for others than oneself', async () => {
    const suspended = await server.makeUser({ status: 'SUSPENDED' });
    const codes = [suspended.id, admin.user.id, '019a7f3c-1d2e-7abc-8def-0123456789ab'].map(async (id) => {
      const answer = await asAdmin('POST', `/api/users/${id}/invitation`, { by: 'LINK' });
      return answer.json().code;
    });
    expect(await Promise.all(codes)).toEqual(['CONFLICT', 'FORBIDDEN', 'NOT_FOUND']);
  });
});

describe('a forgotten password', () => {
  test('has a link of one hour by mail, which ends every session and asks for the new password', async () => {
    const user = await server.makeUser();
    const { cookie } = await server.login(user);
    const token = await forgetfulToken(user);
    expect((await use(token)).statusCode).toBe(204);
    const me = await server.app.inject({ url: '/api/auth/me', headers: { cookie } });
    expect(me.statusCode).toBe(401);
    expect((await signIn(user.email, TEST_PASSWORD)).statusCode).toBe(401);
    expect((await signIn(user.email, NEW_PASSWORD)).statusCode).toBe(200);
    const late = await forgetfulToken(user);
    clock.advance(HOUR_MS);
    expect(await over(late)).toBe(true);
  });

  test('answers the same for unknown, suspended and provider-only accounts, and sends them nothing', async () => {
    const [known, suspended, provided] = [
      await server.makeUser(),
      await server.makeUser({ status: 'SUSPENDED' }),
      await server.makeUser(),
    ];
    await server.db.withSystem((tx) => tx.run('UPDATE users SET password_hash = NULL WHERE id = $1', [provided.id]));
    await server.db.withSystem((tx) =>
      tx.run('INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, now())', [
        'i',
        's',
        provided.id,
      ]),
    );
    const emails = ['nobody@chu.example', suspended.email, provided.email, known.email];
    const answers = [];
    for (const email of emails) answers.push(await post('password/forgotten', { email }));
    const seen = answers.map(({ statusCode, body }) => ({ statusCode, body }));
    for (const answer of seen) expect(answer).toEqual({ statusCode: 204, body: '' });
    await vi.waitFor(() => expect(mail.mails.map(({ to }) => to)).toEqual([[known.email]]));
  });

  test('sends three mails an hour to one address, whichever process is asked; a network asks sixty times in a quarter of one', async () => {
    const user = await server.makeUser();
    const other = await server.another();
    for (const { app } of [server, other, server, other, server])
      await app.inject({ method: 'POST', url: '/api/auth/password/forgotten', payload: { email: user.email } });
    await vi.waitFor(() => expect(mail.mails).toHaveLength(3));
    let last = await post('password/link', { token: 'x' }, '192.0.2.9');
    for (let tries = 0; tries < 60; tries += 1) last = await post('password/link', { token: 'x' }, '192.0.2.9');
    expect(last.json()).toMatchObject({ code: 'RATE_LIMITED' });
    await other.close();
    expect(mail.mails).toHaveLength(3);
  });
});

describe('a first password', () => {
  test('opens nothing until it is changed, and is told of only to who knows it', async () => {
    const payload = { firstName: 'A', lastName: 'B', role: 'STAFF', email: 'first@chu.example', password: TEST_PASSWORD };
    expect((await asAdmin('POST', '/api/users', { ...payload, mustChangePassword: true })).statusCode).toBe(201);
    expect((await signIn(payload.email, 'wrong password', { newPassword: NEW_PASSWORD })).json().code).toBe(
      'INVALID_CREDENTIALS',
    );
    const asked = await signIn(payload.email, TEST_PASSWORD);
    expect([asked.json().code, asked.cookies]).toEqual(['PASSWORD_CHANGE_REQUIRED', []]);
    for (const newPassword of [TEST_PASSWORD, 'short'])
      expect((await signIn(payload.email, TEST_PASSWORD, { newPassword })).json().code).toBe('WEAK_PASSWORD');
    expect((await signIn(payload.email, TEST_PASSWORD, { newPassword: NEW_PASSWORD })).statusCode).toBe(200);
    expect((await signIn(payload.email, TEST_PASSWORD)).statusCode).toBe(401);
    expect((await signIn(payload.email, NEW_PASSWORD)).statusCode).toBe(200);
  });
});
