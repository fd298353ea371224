import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTraces, traced } from '../../src/platform/traces/index.ts';
import { createTestApp, TEST_PASSWORD, type TestApp } from '../support/app.ts';

interface SentSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status?: { readonly code?: number };
}

let server: TestApp;
let collector: Server;
const bodies: string[] = [];

beforeAll(async () => {
  collector = createServer((request, response) => {
    const parts: Buffer[] = [];
    request
      .on('data', (part: Buffer) => parts.push(part))
      .on('end', () => {
        bodies.push(`${request.url} ${Buffer.concat(parts).toString('utf8')}`);
        response.end('{}');
      });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  server = await createTestApp();
});
afterAll(async () => {
  await server.close();
  collector.close();
});

const spansOf = (body: string): SentSpan[] =>
  JSON.parse(body.slice(body.indexOf(' '))).resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: SentSpan[] }[] }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  );

test('requests, their transactions and jobs are told to a collector that was asked for, by pattern and figure: nothing of a patient or a person', async () => {
  const address = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  await traced('before it is asked for', {}, async () => undefined);
  const traces = await openTraces(address, 'web', '0.0.0');
  const { headers, user } = await server.login('PHYSICIAN');
  const ask = (url: string) => server.app.inject({ url, headers });
  expect((await ask('/api/patients?q=Zabulon')).statusCode).toBe(200);
  expect((await ask('/api/patients/Zabulon')).statusCode).toBe(404);
  await expect(
    traced('job test', {}, async () => {
      throw Object.assign(new Error('Zabulon is ill'), { code: 'X_CODE' });
    }),
  ).rejects.toThrow('Zabulon');
  await traces.close();
  await traced('after it has ended', {}, async () => undefined);
  const sent = bodies.join('\n');
  const spans = bodies.flatMap(spansOf);
  const list = spans.find(({ name }) => name === 'GET /api/patients');
  expect(bodies[0]).toMatch(/^\/v1\/traces /);
  expect(spans.filter(({ parentSpanId }) => parentSpanId === list?.spanId).map(({ name }) => name)).toContainEqual(
    expect.stringMatching(/^transaction/),
  );
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['POST /api/auth/login', 'GET /api/patients/:id', 'job test']),
  );
  expect(spans.some(({ name }) => /before|after/.test(name))).toBe(false);
  expect(sent).toContain('X_CODE');
  for (const secret of ['Zabulon', user.email, user.id, TEST_PASSWORD, 'cookie', 'is ill']) expect(sent).not.toContain(secret);
});
