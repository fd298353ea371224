import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';

let server: TestApp;
let admin: Browser;
beforeAll(async () => {
  server = await createTestApp();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

const view = (name: string, filters: object) => ({
  level: 'OWN',
  siteId: null,
  name,
  content: { columns: null, sort: null, filters },
});

test.each([
  ['half a character within JSON', 'PUT', '/api/list-views', view('a', { q: 'a\ud800' })],
  ['half a character as a key within JSON', 'PUT', '/api/list-views', view('b', { 'a\udc00': 'q' })],
  ['a NUL within JSON', 'PUT', '/api/list-views', view('c', { q: 'a\0' })],
  ['a NUL as a text', 'PUT', '/api/list-views', view('d\0', {})],
  ['a label with half a character', 'POST', '/api/labels', { groupId: null, name: 'a\ud800', color: 'RED' }],
  ['a label with a NUL', 'POST', '/api/labels', { groupId: null, name: 'a\0', color: 'RED' }],
  ['a number beyond an integer', 'PATCH', `/api/studies/${newId()}`, { version: 5_000_000_000, status: 'VALIDATED' }],
  ['a NUL in the filter of a file', 'GET', '/api/audit/export?action=a%00', undefined],
] as const)('%s is told to whoever sent it, or kept as it can be', async (_what, method, url, payload) => {
  const answer = await server.app.inject({ method, url, headers: admin.headers, ...(payload && { payload }) });
  expect(answer.statusCode, answer.body).toBeLessThan(500);
  if (answer.statusCode >= 400) expect(answer.json<{ code: string }>().code).toMatch(/^[A-Z_]+$/);
});
