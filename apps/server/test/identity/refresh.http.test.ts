import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Browser,
  cookieHeader,
  cookiesOf,
  createFakeClock,
  createTestApp,
  type FakeClock,
  type TestApp,
} from '../support/app.ts';

const DAY_MS = 86_400_000;
let server: TestApp;
let clock: FakeClock;
beforeAll(async () => {
  clock = createFakeClock();
  server = await createTestApp({ clock });
});
afterAll(() => server.close());

const refreshWith = (token: string | undefined) =>
  server.app.inject({
    method: 'POST',
    url: '/api/auth/refresh',
    headers: token === undefined ? {} : { cookie: `negatoscope_refresh=${token}` },
  });
const refreshTokenOf = (response: Awaited<ReturnType<typeof refreshWith>>): string =>
  cookiesOf(response).negatoscope_refresh ?? '';
const meStatus = async (cookies: Readonly<Record<string, string>>): Promise<number> =>
  (await server.app.inject({ url: '/api/auth/me', headers: { cookie: cookieHeader(cookies) } })).statusCode;
const tokenOf = (browser: Browser): string => browser.cookies.negatoscope_refresh ?? '';
const events = (action: string, sessionId: string) =>
  server.db.withSystem((tx) =>
    tx.rows('SELECT outcome, actor_id FROM audit_events WHERE action = $1 AND session_id = $2', [action, sessionId]),
  );
const sessionIdOf = (token: string): string => token.split('.')[0] ?? '';

describe('renewing a session (RFC 9700 4.14)', () => {
  test('gives the next token, a new access token and the same CSRF value', async () => {
    const browser = await server.login('STAFF');
    clock.advance(60_000);
    const response = await refreshWith(tokenOf(browser));
    expect(response.statusCode).toBe(200);
    const cookies = cookiesOf(response);
    expect(cookies.negatoscope_refresh).not.toBe(tokenOf(browser));
    expect(cookies.negatoscope_access).not.toBe(browser.cookies.negatoscope_access);
    expect(cookies.negatoscope_csrf).toBe(browser.csrf);
    expect(response.json()).toMatchObject({ user: { id: browser.user.id }, csrfToken: browser.csrf });
    expect(await meStatus(cookies)).toBe(200);
  });

  test('twenty requests at once give one and the same successor', async () => {
    const browser = await server.login('STAFF');
    const responses = await Promise.all(Array.from({ length: 20 }, () => refreshWith(tokenOf(browser))));
    expect(responses.map(({ statusCode }) => statusCode)).toEqual(Array(20).fill(200));
    expect(new Set(responses.map(refreshTokenOf)).size).toBe(1);
    const [session] = await server.db.withSystem((tx) =>
      tx.rows('SELECT generation FROM user_sessions WHERE id = $1', [sessionIdOf(tokenOf(browser))]),
    );
    expect(session).toEqual({ generation: 1 });
  });

  test('after a lost answer the old token gives the same successor for 10 seconds', async () => {
    const browser = await server.login('STAFF');
    const first = refreshTokenOf(await refreshWith(tokenOf(browser)));
    clock.advance(10_000);
    const again = await refreshWith(tokenOf(browser));
    expect(again.statusCode).toBe(200);
    expect(refreshTokenOf(again)).toBe(first);
    expect((await refreshWith(first)).statusCode).toBe(200);
  });

  test('a replay after 10 seconds ends the session with all its tokens at once and is audited', async () => {
    const browser = await server.login('STAFF');
    const stolen = tokenOf(browser);
    const renewed = cookiesOf(await refreshWith(stolen));
    expect(await meStatus(renewed)).toBe(200);
    clock.advance(10_001);
    const replay = await refreshWith(stolen);
    expect([replay.statusCode, replay.json()]).toMatchObject([401, { code: 'REFRESH_REUSED' }]);
    expect(cookiesOf(replay)).toEqual({ negatoscope_access: '', negatoscope_refresh: '', negatoscope_csrf: '' });
    expect(await meStatus(renewed)).toBe(401);
    expect((await refreshWith(renewed.negatoscope_refresh)).json()).toMatchObject({ code: 'SESSION_EXPIRED' });
    expect(await events('auth.refresh-reused', sessionIdOf(stolen))).toEqual([{ outcome: 'FAILURE', actor_id: browser.user.id }]);
  });

  test('a token two generations old is a replay even within 10 seconds', async () => {
    const browser = await server.login('STAFF');
    const second = refreshTokenOf(await refreshWith(tokenOf(browser)));
    expect((await refreshWith(second)).statusCode).toBe(200);
    expect((await refreshWith(tokenOf(browser))).json()).toMatchObject({ code: 'REFRESH_REUSED' });
  });

  test('a replay leaves the other sessions of the person alone', async () => {
    const user = await server.makeUser();
    const one = await server.login(user);
    const other = await server.login(user);
    await refreshWith(tokenOf(one));
    clock.advance(11_000);
    expect((await refreshWith(tokenOf(one))).json()).toMatchObject({ code: 'REFRESH_REUSED' });
    expect(await meStatus(other.cookies)).toBe(200);
  });

  test('7 days without use end a session; each use starts them again', async () => {
    const browser = await server.login('STAFF');
    clock.advance(7 * DAY_MS - 1000);
    const renewed = await refreshWith(tokenOf(browser));
    expect(renewed.statusCode).toBe(200);
    clock.advance(7 * DAY_MS - 1000);
    const again = await refreshWith(refreshTokenOf(renewed));
    expect(again.statusCode).toBe(200);
    clock.advance(7 * DAY_MS + 1000);
    expect((await refreshWith(refreshTokenOf(again))).json()).toMatchObject({ code: 'SESSION_EXPIRED' });
  });

  test('30 days after signing in a session ends, however it is used', async () => {
    const browser = await server.login('STAFF');
    let token = tokenOf(browser);
    for (let day = 0; day < 29; day += 1) {
      clock.advance(DAY_MS);
      const response = await refreshWith(token);
      expect(response.statusCode).toBe(200);
      token = refreshTokenOf(response);
    }
    const last = await refreshWith(token);
    const { maxAge } = last.cookies.find(({ name }) => name === 'negatoscope_refresh') ?? {};
    expect(maxAge).toBe(DAY_MS / 1000);
    clock.advance(DAY_MS + 1000);
    expect((await refreshWith(refreshTokenOf(last))).json()).toMatchObject({ code: 'SESSION_EXPIRED' });
  });

  test.each([
    ['none', undefined],
    ['empty', ''],
    ['of another shape', 'abc'],
    ['with a forged generation', '00000000-0000-7000-8000-000000000000.1.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['huge', 'x'.repeat(8_000)],
  ])('a refresh token that is %s gives SESSION_EXPIRED', async (_, token) => {
    const response = await refreshWith(token);
    expect([response.statusCode, response.json()]).toMatchObject([401, { code: 'SESSION_EXPIRED' }]);
  });

  test('the generation of a right token cannot be changed', async () => {
    const browser = await server.login('STAFF');
    const [id = '', , mac = ''] = tokenOf(browser).split('.');
    expect((await refreshWith(`${id}.1.${mac}`)).json()).toMatchObject({ code: 'SESSION_EXPIRED' });
    expect((await refreshWith(tokenOf(browser))).statusCode).toBe(200);
  });

  test('nothing in the database can be used as a token', async () => {
    const rows = await server.db.withSystem((tx) => tx.rows('SELECT * FROM user_sessions'));
    expect(Object.keys(rows[0] ?? {}).filter((column) => /token|hash|secret/.test(column))).toEqual([]);
  });
});
