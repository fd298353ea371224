import type { Level, Role } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LISTENER_NAME } from '../../src/platform/shared-state/listener-line.ts';
import { type Browser, cookieHeader, createTestApp, TEST_PASSWORD, type TestApp } from '../support/app.ts';
import { itInLongRun } from '../support/sample.ts';

let server: TestApp;
let admin: Browser;
beforeAll(async () => {
  server = await createTestApp();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

const call = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, browser: Browser, payload?: object) =>
  server.app.inject({ method, url, headers: { ...browser.headers }, ...(payload === undefined ? {} : { payload }) });
const status = async (browser: Browser, url = '/api/auth/me'): Promise<number> => (await call('GET', url, browser)).statusCode;
const bearerStatus = async (secret: string): Promise<number> =>
  (await server.app.inject({ url: '/api/auth/me', headers: { authorization: `Bearer ${secret}` } })).statusCode;
async function tokenOf(browser: Browser): Promise<string> {
  const response = await call('POST', '/api/tokens', browser, { name: 'script', permissions: ['patients.read'] });
  return response.json<{ secret: string }>().secret;
}
async function signedIn(role: Role = 'PHYSICIAN', level?: Level) {
  const user = await server.makeUser(level === undefined ? { role } : { role, level });
  const browser = await server.login(user);
  const secret = await tokenOf(browser);
  // Both are in this process's memory now.
  expect([await status(browser), await bearerStatus(secret)]).toEqual([200, 200]);
  return { user, browser, secret };
}

describe('the very next request feels', () => {
  test('signing out, and another device stays signed in', async () => {
    const { user, browser } = await signedIn();
    const other = await server.login(user);
    const response = await call('POST', '/api/auth/logout', browser);
    expect(response.statusCode).toBe(204);
    expect(response.cookies.map(({ name, value }) => `${name}=${value}`)).toEqual([
      'negatoscope_access=',
      'negatoscope_refresh=',
      'negatoscope_csrf=',
    ]);
    expect([await status(browser), await status(other)]).toEqual([401, 200]);
    const { cookie } = browser;
    const refresh = await server.app.inject({ method: 'POST', url: '/api/auth/refresh', headers: { cookie } });
    expect(refresh.json()).toMatchObject({ code: 'SESSION_EXPIRED' });
  });

  test('signing another device out', async () => {
    const { user, browser } = await signedIn();
    const other = await server.login(user);
    const { items } = (await call('GET', '/api/auth/sessions', browser)).json<{ items: { id: string; current: boolean }[] }>();
    expect(items).toHaveLength(2);
    const id = items.find(({ current }) => !current)?.id;
    expect((await call('DELETE', `/api/auth/sessions/${id}`, browser)).statusCode).toBe(204);
    expect([await status(browser), await status(other)]).toEqual([200, 401]);
    expect((await call('DELETE', `/api/auth/sessions/${id}`, browser)).statusCode).toBe(404);
  });

  test('the end of a personal token', async () => {
    const { browser, secret } = await signedIn();
    const { items } = (await call('GET', '/api/tokens', browser)).json<{ items: { id: string }[] }>();
    expect((await call('DELETE', `/api/tokens/${items[0]?.id}`, browser)).statusCode).toBe(204);
    expect([await status(browser), await bearerStatus(secret)]).toEqual([200, 401]);
  });

  test.each(['SUSPENDED', 'INACTIVE'])('status %s, for good: activating again revives no session and no token', async (state) => {
    const { user, browser, secret } = await signedIn();
    expect((await call('PATCH', `/api/users/${user.id}`, admin, { status: state })).statusCode).toBe(200);
    expect([await status(browser), await bearerStatus(secret)]).toEqual([401, 401]);
    await call('PATCH', `/api/users/${user.id}`, admin, { status: 'ACTIVE' });
    expect([await status(browser), await bearerStatus(secret)]).toEqual([401, 401]);
    expect(await status(await server.login(user))).toBe(200);
  });

  test('a deleted account', async () => {
    const { user, browser, secret } = await signedIn();
    expect((await call('DELETE', `/api/users/${user.id}`, admin)).statusCode).toBe(204);
    expect([await status(browser), await bearerStatus(secret)]).toEqual([401, 401]);
    const kept = await server.db.withSystem((tx) => tx.rows('SELECT id FROM audit_events WHERE actor_id = $1', [user.id]));
    expect(kept.length).toBeGreaterThan(0);
  });

  test('a lowered role, level and group, in the session that goes on', async () => {
    const group = await server.makeGroup();
    const { user, browser } = await signedIn('ADMIN');
    expect(await status(browser, '/api/users')).toBe(200);
    expect((await call('PATCH', `/api/users/${user.id}`, admin, { level: 'WRITE' })).statusCode).toBe(200);
    expect(await status(browser, '/api/users')).toBe(403);
    await call('PATCH', `/api/users/${user.id}`, admin, { role: 'RESEARCHER', groupId: group });
    expect(await status(browser, '/api/conflicts')).toBe(403);
    const groupsOf = async (): Promise<number> =>
      (await call('GET', '/api/groups', browser)).json<{ items: object[] }>().items.length;
    expect(await groupsOf()).toBe(1);
    await call('PATCH', `/api/users/${user.id}`, admin, { groupId: null });
    expect(await groupsOf()).toBe(0);
  });

  test('a password set by an administrator: sessions and tokens end', async () => {
    const { user, browser, secret } = await signedIn();
    expect((await call('PATCH', `/api/users/${user.id}`, admin, { password: 'Cuivre-Falaise-77-Tambour' })).statusCode).toBe(200);
    expect([await status(browser), await bearerStatus(secret)]).toEqual([401, 401]);
  });

  test('one’s own new password: every other session and all tokens end, this one goes on', async () => {
    const { user, browser, secret } = await signedIn();
    const other = await server.login(user);
    const payload = { currentPassword: TEST_PASSWORD, newPassword: 'Cuivre-Falaise-77-Tambour' };
    expect((await call('PUT', '/api/users/me/profile', browser, payload)).statusCode).toBe(200);
    expect([await status(browser), await status(other), await bearerStatus(secret)]).toEqual([200, 401, 401]);
  });

  test('what another process or a person at psql changes, within a second', async () => {
    const { user, browser, secret } = await signedIn();
    await server.db.withSystem((tx) => tx.run('UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1', [user.id]));
    await expect.poll(() => status(browser), { timeout: 1000, interval: 20 }).toBe(401);
    await server.db.withSystem((tx) => tx.run('UPDATE api_tokens SET revoked_at = now() WHERE user_id = $1', [user.id]));
    await expect.poll(() => bearerStatus(secret), { timeout: 1000, interval: 20 }).toBe(401);
  });
});

itInLongRun('while this process can’t hear of changes nothing comes from its memory, and it hears again by itself', async () => {
  const cut = () =>
    server.db.withSystem((tx) =>
      tx.run(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
        [LISTENER_NAME],
      ),
    );
  for (let round = 0; round < 2; round += 1) {
    const { user, browser } = await signedIn();
    expect(await cut()).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await server.db.withSystem((tx) => tx.run("UPDATE users SET status = 'SUSPENDED' WHERE id = $1", [user.id]));
    expect(await status(browser)).toBe(401);
    // Listens anew after half a second.
    await new Promise((resolve) => setTimeout(resolve, 800));
  }
});

describe('sessions', () => {
  test('end all at once but the one that asks, and nobody else’s', async () => {
    const [stranger, first] = [await server.login('STAFF'), await server.login('STAFF')];
    const [second, asking] = [await server.login(first.user), await server.login(first.user)];
    expect((await call('DELETE', '/api/auth/sessions', asking)).statusCode).toBe(204);
    const seen = await Promise.all([first, second, asking, stranger].map((browser) => call('GET', '/api/auth/me', browser)));
    expect(seen.map(({ statusCode }) => statusCode)).toEqual([401, 401, 200, 200]);
  });

  test('signing in makes a new session and ends the one that the browser had (no fixation)', async () => {
    const user = await server.makeUser();
    const first = await server.login(user);
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { cookie: first.cookie },
      payload: { email: user.email, password: TEST_PASSWORD },
    });
    const cookies = Object.fromEntries(response.cookies.map(({ name, value }) => [name, value]));
    expect(cookies.negatoscope_refresh?.split('.')[0]).not.toBe(first.cookies.negatoscope_refresh?.split('.')[0]);
    expect(await status(first)).toBe(401);
    const me = await server.app.inject({ url: '/api/auth/me', headers: { cookie: cookieHeader(cookies) } });
    expect(me.statusCode).toBe(200);
  });

  test('of other people are unknown', async () => {
    const { browser } = await signedIn();
    const { items } = (await call('GET', '/api/auth/sessions', admin)).json<{ items: { id: string }[] }>();
    expect((await call('DELETE', `/api/auth/sessions/${items[0]?.id}`, browser)).json()).toMatchObject({ code: 'NOT_FOUND' });
    expect(await status(admin)).toBe(200);
  });

  test('can be ended by the refresh cookie when the access token is over', async () => {
    const { browser } = await signedIn();
    const cookie = `negatoscope_refresh=${browser.cookies.negatoscope_refresh}`;
    const logout = (headers: Record<string, string>) => server.app.inject({ method: 'POST', url: '/api/auth/logout', headers });
    expect((await logout({ cookie })).json()).toMatchObject({ code: 'CSRF_REQUIRED' });
    expect((await logout({ cookie, 'x-csrf-token': browser.csrf })).statusCode).toBe(204);
    expect(await status(browser)).toBe(401);
  });
});
