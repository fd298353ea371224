import { createHash } from 'node:crypto';
import { type Permission, permissionsOf } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, createFakeClock, createTestApp, type FakeClock, type TestApp } from '../support/app.ts';

let server: TestApp;
let clock: FakeClock;
let admin: Browser;
beforeAll(async () => {
  clock = createFakeClock();
  server = await createTestApp({ clock });
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

const make = (browser: Browser, permissions: readonly Permission[], expiresInDays = 90) =>
  server.app.inject({
    method: 'POST',
    url: '/api/tokens',
    headers: { ...browser.headers },
    payload: { name: 'script', permissions, expiresInDays },
  });
const secretOf = async (browser: Browser, permissions: readonly Permission[], expiresInDays = 90): Promise<string> =>
  (await make(browser, permissions, expiresInDays)).json<{ secret: string }>().secret;
const withToken = (secret: string, method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, payload?: object) =>
  server.app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${secret}` },
    ...(payload === undefined ? {} : { payload }),
  });

describe('personal tokens', () => {
  test('are shown once, kept as a hash only, and need no CSRF value', async () => {
    const response = await make(admin, ['groups.manage']);
    const { secret, id, ...token } = response.json<{ secret: string; id: string }>();
    expect(response.statusCode).toBe(201);
    expect(secret).toMatch(/^ngs_[A-Za-z0-9_-]{43}$/);
    const listed = await server.app.inject({ url: '/api/tokens', headers: admin.headers });
    expect(listed.json()).toEqual({ items: [{ id, ...token }] });
    const [row] = await server.db.withSystem((tx) => tx.rows('SELECT * FROM api_tokens WHERE id = $1', [id]));
    expect(row?.token_hash.equals(createHash('sha256').update(secret).digest())).toBe(true);
    expect(JSON.stringify(row)).not.toContain(secret.slice(4));
    expect((await withToken(secret, 'POST', '/api/groups', { name: 'Made by a token' })).statusCode).toBe(201);
  });

  test('have the permissions that both they and their person have', async () => {
    const user = await server.makeUser({ role: 'STAFF' });
    const browser = await server.login(user);
    const secret = await secretOf(browser, ['patients.read', 'patients.write']);
    const permissions = async () =>
      (await withToken(secret, 'GET', '/api/auth/me')).json<{ permissions: string[] }>().permissions;
    expect(await permissions()).toEqual(['patients.read', 'patients.write']);
    expect((await withToken(secret, 'GET', '/api/studies')).json()).toMatchObject({ code: 'FORBIDDEN' });
    await server.app.inject({
      method: 'PATCH',
      url: `/api/users/${user.id}`,
      headers: { ...admin.headers },
      payload: { level: 'READ' },
    });
    expect(await permissions()).toEqual(['patients.read']);
  });

  test('can’t be given a permission that the person lacks', async () => {
    const browser = await server.login('STAFF');
    expect((await make(browser, ['patients.read', 'users.manage'])).json()).toMatchObject({ code: 'FORBIDDEN' });
    expect((await make(browser, ['everything' as Permission])).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
    expect((await make(browser, [])).json()).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  test('end on their day', async () => {
    const secret = await secretOf(await server.login('STAFF'), ['patients.read'], 1);
    clock.advance(86_400_000 - 1_000);
    expect((await withToken(secret, 'GET', '/api/auth/me')).statusCode).toBe(200);
    clock.advance(1_000);
    expect((await withToken(secret, 'GET', '/api/auth/me')).json()).toMatchObject({ code: 'NOT_AUTHENTICATED' });
    admin = await server.login('ADMIN');
  });

  test('note their last use, every five minutes at most', async () => {
    const secret = await secretOf(await server.login('STAFF'), ['patients.read']);
    const lastUse = async (): Promise<Date | null | undefined> => {
      const hash = createHash('sha256').update(secret).digest();
      const row = await server.db.withSystem((tx) =>
        tx.first('SELECT last_used_at FROM api_tokens WHERE token_hash = $1', [hash]),
      );
      return row?.last_used_at;
    };
    expect(await lastUse()).toBeNull();
    const first = clock.now();
    await withToken(secret, 'GET', '/api/auth/me');
    await expect.poll(lastUse).toEqual(first);
    clock.advance(60_000);
    await withToken(secret, 'GET', '/api/auth/me');
    clock.advance(300_000);
    const later = clock.now();
    await withToken(secret, 'GET', '/api/auth/me');
    await expect.poll(lastUse).toEqual(later);
  });

  test.each(['', 'ngs_', 'ngs_short', `ngs_${'A'.repeat(43)}`, `ngs_${'A'.repeat(9_000)}`, "ngs_' OR 1=1 --", 'x'])(
    'a bearer token that is not one answers 401 even beside good cookies: %s',
    async (token) => {
      const headers = { ...admin.headers, authorization: `Bearer ${token}` };
      const { statusCode } = await server.app.inject({ url: '/api/auth/me', headers });
      expect(statusCode).toBe(401);
    },
  );

  test('of other people are unknown', async () => {
    const { id } = (await make(admin, ['patients.read'])).json<{ id: string }>();
    const browser = await server.login('STAFF');
    const response = await server.app.inject({ method: 'DELETE', url: `/api/tokens/${id}`, headers: { ...browser.headers } });
    expect(response.json()).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('a person has 50 at most', async () => {
    const browser = await server.login('STAFF');
    const statuses: number[] = [];
    for (let made = 0; made < 51; made += 1) statuses.push((await make(browser, ['patients.read'])).statusCode);
    expect(statuses.filter((status) => status === 201)).toHaveLength(50);
    expect(statuses.at(-1)).toBe(409);
  });
});

describe('a personal token manages neither devices nor tokens nor the profile', () => {
  test.each([
    ['POST', '/api/tokens', { name: 'more', permissions: ['patients.read'] }],
    ['GET', '/api/tokens'],
    ['DELETE', '/api/tokens/00000000-0000-7000-8000-000000000000'],
    ['GET', '/api/auth/sessions'],
    ['DELETE', '/api/auth/sessions/00000000-0000-7000-8000-000000000000'],
    ['POST', '/api/auth/logout'],
    ['PUT', '/api/users/me/profile', { firstName: 'Mallory' }],
  ] as const)('%s %s', async (method, url, payload?: object) => {
    const secret = await secretOf(admin, [...permissionsOf('ADMIN', 'ADMIN')]);
    expect((await withToken(secret, method, url, payload)).json()).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('a narrow token is no key to a wide account', () => {
  const person = { password: 'Cuivre-Falaise-77-Tambour', firstName: 'A', lastName: 'B' };
  test('with users.manage alone it can neither make nor change a person with more', async () => {
    const secret = await secretOf(admin, ['users.manage']);
    const physician = await server.makeUser({ role: 'PHYSICIAN' });
    expect((await withToken(secret, 'GET', `/api/users/${physician.id}`)).statusCode).toBe(200);
    for (const role of ['ADMIN', 'PHYSICIAN', 'STAFF', 'RESEARCHER']) {
      const email = `by-token-${role.toLowerCase()}@example.org`;
      expect((await withToken(secret, 'POST', '/api/users', { ...person, email, role })).json()).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    for (const payload of [
      { password: person.password },
      { role: 'ADMIN' },
      { status: 'SUSPENDED' },
      { email: 'm@example.org' },
    ]) {
      expect((await withToken(secret, 'PATCH', `/api/users/${physician.id}`, payload)).json()).toMatchObject({
        code: 'FORBIDDEN',
      });
    }
    expect((await withToken(secret, 'DELETE', `/api/users/${physician.id}`)).json()).toMatchObject({ code: 'FORBIDDEN' });
  });

  test('with all of an administrator’s permissions it can', async () => {
    const secret = await secretOf(admin, [...permissionsOf('ADMIN', 'ADMIN')]);
    const made = await withToken(secret, 'POST', '/api/users', { ...person, email: 'wide@example.org', role: 'PHYSICIAN' });
    expect(made.statusCode).toBe(201);
  });
});
