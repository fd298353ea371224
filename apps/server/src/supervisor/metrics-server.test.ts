import { afterEach, expect, test } from 'vitest';
import { validateSettings } from '../config/settings.ts';
import { serveMetrics } from './metrics-server.ts';

let close: (() => void) | undefined;
afterEach(() => close?.());

async function open(
  token: string | undefined,
  text: () => Promise<string>,
): Promise<(path: string, init?: RequestInit) => Promise<Response>> {
  const server = await serveMetrics({ host: '127.0.0.1', port: 0, token }, text);
  close = server.close;
  return (path, init) => fetch(`http://127.0.0.1:${server.port}${path}`, init);
}

test('figures are for who shows the token, whatever else is asked for', async () => {
  const ask = await open('a-token-of-24-characters', async () => 'a 1\n');
  const as = (authorization: string) => ({ headers: { authorization } });
  for (const init of [
    {},
    as('Bearer '),
    as('Bearer a-token-of-24-character'),
    as('Basic a-token-of-24-characters'),
    as('a-token-of-24-characters'),
  ])
    for (const path of ['/metrics', '/', '/x']) {
      const answer = await ask(path, init);
      expect([answer.status, answer.headers.get('www-authenticate'), await answer.text()]).toEqual([401, 'Bearer', '']);
    }
  const told = await ask('/metrics?x=1', as('bearer a-token-of-24-characters'));
  expect([told.status, told.headers.get('content-type'), await told.text()]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
    'a 1\n',
  ]);
  expect((await ask('/other', as('Bearer a-token-of-24-characters'))).status).toBe(404);
  expect((await ask('/metrics', { method: 'POST', ...as('Bearer a-token-of-24-characters') })).status).toBe(405);
});

test('who asks while others do gets the same answer, and figures that fail are 503', async () => {
  let asked = 0;
  const ask = await open(undefined, async () => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (asked > 1) throw new Error('not now');
    return 'a 1\n';
  });
  const answers = await Promise.all([ask('/metrics'), ask('/metrics'), ask('/metrics')]);
  expect([asked, answers.map(({ status }) => status)]).toEqual([1, [200, 200, 200]]);
  expect((await ask('/metrics')).status).toBe(503);
});

test('other machines are answered with a token only, and nobody unless it was asked for', () => {
  expect(validateSettings({}).metrics).toBeUndefined();
  expect(validateSettings({ METRICS_PORT: '9464' }).metrics).toEqual({ host: '127.0.0.1', port: 9464, token: undefined });
  expect(() => validateSettings({ METRICS_PORT: '9464', METRICS_HOST: '0.0.0.0' })).toThrow(/^METRICS_TOKEN is missing/);
  expect(() => validateSettings({ METRICS_PORT: '9464', METRICS_TOKEN: 'short' })).toThrow(/^METRICS_TOKEN must be at least 24/);
  expect(() => validateSettings({ METRICS_PORT: '3000' })).toThrow(/^METRICS_PORT must differ/);
});
