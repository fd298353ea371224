import { OPERATIONS, type Operation } from '@negatoscope/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Browser, createTestApp, TEST_PASSWORD, type TestApp } from '../support/app.ts';

const UNKNOWN_ID = '00000000-0000-7000-8000-000000000000';
const operations: readonly Operation[] = OPERATIONS;
const changing = operations.filter(({ method, permission }) => method !== 'GET' && permission !== 'public');
const urlOf = ({ path }: Operation): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => (name.endsWith('Uid') ? '1.2.3' : UNKNOWN_ID));

let server: TestApp;
let browser: Browser;
let other: Browser;
beforeAll(async () => {
  server = await createTestApp();
  browser = await server.login('ADMIN');
  other = await server.login('ADMIN');
});
afterAll(() => server.close());

const codeOf = async (operation: Operation, headers: Record<string, string>, payload?: string): Promise<string> => {
  const request = { method: operation.method, url: urlOf(operation), headers };
  const response = await server.app.inject(payload === undefined ? request : { ...request, payload });
  return response.headers['content-type']?.toString().includes('problem') ? response.json<{ code: string }>().code : 'none';
};

describe('every request that changes data', () => {
  test.each(changing.map((operation) => ({ id: operation.id, operation })))(
    '$id needs the CSRF value of its own session',
    async ({ operation }) => {
      const { cookie } = browser;
      expect(await codeOf(operation, { cookie })).toBe('CSRF_REQUIRED');
      expect(await codeOf(operation, { cookie, 'x-csrf-token': '' })).toBe('CSRF_REQUIRED');
      expect(await codeOf(operation, { cookie, 'x-csrf-token': other.csrf })).toBe('CSRF_REQUIRED');
      expect(await codeOf(operation, { cookie, 'x-csrf-token': `${browser.csrf}x` })).toBe('CSRF_REQUIRED');
    },
  );

  test.each(changing.map((operation) => ({ id: operation.id, operation })))(
    '$id is refused from another origin, CSRF value or not',
    async ({ operation }) => {
      for (const origin of [
        'https://evil.example',
        'null',
        'http://localhost:3001',
        'http://sub.localhost:80',
        'http://localhost.evil.example',
      ]) {
        expect(await codeOf(operation, { ...browser.headers, host: 'localhost:80', origin })).toBe('ORIGIN_REFUSED');
      }
      expect(await codeOf(operation, { ...browser.headers, 'sec-fetch-site': 'cross-site' })).toBe('ORIGIN_REFUSED');
      expect(await codeOf(operation, { ...browser.headers, 'sec-fetch-site': 'same-site' })).toBe('ORIGIN_REFUSED');
    },
  );

  test.each([
    ['a form', 'application/x-www-form-urlencoded', 'name=x'],
    ['JSON as text/plain', 'text/plain', '{"name":"x"}'],
    ['multipart', 'multipart/form-data; boundary=x', '--x--'],
  ])('%s from a page without the CSRF value is refused', async (_, type, payload) => {
    const group = operations.find(({ id }) => id === 'createGroup');
    if (group === undefined) throw new Error('The contract has no createGroup.');
    expect(await codeOf(group, { cookie: browser.cookie, 'content-type': type }, payload)).toBe('CSRF_REQUIRED');
    expect(await codeOf(group, { ...browser.headers, 'content-type': type }, payload)).toBe('UNSUPPORTED_MEDIA_TYPE');
  });

  test('DICOMweb is held to the same rules', async () => {
    const store = (headers: Record<string, string>) =>
      server.app.inject({
        method: 'POST',
        url: '/dicom-web/studies',
        headers: { ...headers, 'content-type': 'multipart/related; type="application/dicom"; boundary=x' },
        payload: '--x--',
      });
    expect((await store({})).json()).toMatchObject({ code: 'NOT_AUTHENTICATED' });
    expect((await store({ cookie: browser.cookie })).json()).toMatchObject({ code: 'CSRF_REQUIRED' });
    expect((await store({ ...browser.headers, origin: 'https://evil.example' })).json()).toMatchObject({
      code: 'ORIGIN_REFUSED',
    });
  });

  test('no header or parameter turns a GET into a change', async () => {
    const headers = { cookie: browser.cookie, 'x-http-method-override': 'DELETE', 'x-method-override': 'POST' };
    expect((await server.app.inject({ url: '/api/groups', headers })).json()).toMatchObject({ items: [] });
    expect((await server.app.inject({ url: '/api/groups?_method=POST', headers })).json()).toMatchObject({
      code: 'VALIDATION_FAILED',
    });
  });
});

describe('signing in and renewing', () => {
  const login = (headers: Record<string, string>) =>
    server.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers,
      payload: { email: browser.user.email, password: TEST_PASSWORD },
    });

  test('need no CSRF value, but the own origin', async () => {
    expect((await login({})).statusCode).toBe(200);
    expect((await login({ host: 'pacs.local:8080', origin: 'http://pacs.local:8080' })).statusCode).toBe(200);
    expect((await login({ origin: 'https://evil.example' })).json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
    const refresh = await server.app.inject({
      method: 'POST',
      url: '/api/auth/refresh',
      headers: { cookie: browser.cookie, origin: 'https://evil.example' },
    });
    expect(refresh.json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
  });

  test('the address of PUBLIC_URL is an own origin behind a proxy that changes Host', async () => {
    expect((await login({ host: 'internal:3000', origin: server.settings.publicUrl })).statusCode).toBe(200);
  });

  test('X-Forwarded-Host counts for nothing unless TRUST_PROXY names the sender', async () => {
    const headers = { host: 'localhost', 'x-forwarded-host': 'evil.example', origin: 'http://evil.example' };
    expect((await login(headers)).json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
    const proxied = await createTestApp({ settings: { trustProxy: ['127.0.0.1'] } });
    const user = await proxied.makeUser();
    const response = await proxied.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: {
        host: 'internal',
        'x-forwarded-host': 'pacs.example',
        'x-forwarded-for': '203.0.113.9',
        origin: 'http://pacs.example',
      },
      payload: { email: user.email, password: TEST_PASSWORD },
    });
    expect(response.statusCode).toBe(200);
    const [session] = await proxied.db.withSystem((tx) => tx.rows('SELECT ip FROM user_sessions'));
    expect(session).toEqual({ ip: '203.0.113.9' });
    await proxied.close();
  });
});

describe('cookies', () => {
  test('over plain http: HttpOnly but for the CSRF value, SameSite, refresh under /api/auth only', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/auth/login',
      payload: { email: browser.user.email, password: TEST_PASSWORD },
    });
    expect(response.cookies.map(({ value: _value, maxAge: _age, ...cookie }) => cookie)).toEqual([
      { name: 'negatoscope_access', path: '/', httpOnly: true, sameSite: 'Lax' },
      { name: 'negatoscope_refresh', path: '/api/auth', httpOnly: true, sameSite: 'Strict' },
      { name: 'negatoscope_csrf', path: '/', sameSite: 'Lax' },
      { name: 'negatoscope_device', path: '/', httpOnly: true, sameSite: 'Strict' },
    ]);
    expect(response.cookies.map(({ maxAge }) => maxAge)).toEqual([900, 604_800, 604_800, 34_560_000]);
  });

  test('over https: Secure, prefixed, and the plain names count for nothing', async () => {
    const https = await createTestApp({ settings: { publicUrl: 'https://pacs.example' } });
    const user = await https.makeUser({ role: 'ADMIN' });
    const signedIn = await https.login(user);
    expect(Object.keys(signedIn.cookies)).toEqual([
      '__Host-negatoscope_access',
      '__Secure-negatoscope_refresh',
      '__Host-negatoscope_csrf',
      '__Host-negatoscope_device',
    ]);
    const me = await https.app.inject({ url: '/api/auth/me', headers: { cookie: signedIn.cookie } });
    expect(me.statusCode).toBe(200);
    expect(me.headers['strict-transport-security']).toBe('max-age=31536000');
    const planted = signedIn.cookie.replace('__Host-', '');
    expect((await https.app.inject({ url: '/api/auth/me', headers: { cookie: planted } })).statusCode).toBe(401);
    const downgraded = {
      cookie: signedIn.cookie,
      'x-csrf-token': signedIn.csrf,
      host: 'pacs.example',
      origin: 'http://pacs.example',
    };
    const logout = await https.app.inject({ method: 'POST', url: '/api/auth/logout', headers: downgraded });
    expect(logout.json()).toMatchObject({ code: 'ORIGIN_REFUSED' });
    await https.close();
  });
});
