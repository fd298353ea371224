import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApp } from '../../src/http/app.ts';
import { isDeeperThan } from '../../src/http/json-body.ts';
import { failureOf } from '../../src/http/problem.ts';
import { registerStatic } from '../../src/http/static.ts';
import { Failure } from '../../src/kernel/failure.ts';

let app: FastifyInstance;
let port: number;
let webFolder: string;
const logLines: string[] = [];
const WINDOW_MS = 300;

beforeAll(async () => {
  webFolder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-web-'));
  const { mkdir } = await import('node:fs/promises');
  await mkdir(path.join(webFolder, 'assets'));
  await writeFile(path.join(webFolder, 'index.html'), '<!doctype html><title>Negatoscope</title>');
  await writeFile(path.join(webFolder, 'login.html'), '<!doctype html><title>Sign-in form</title>');
  await writeFile(path.join(webFolder, 'landing.html'), '<!doctype html><title>Light box</title>');
  await writeFile(path.join(webFolder, 'share.html'), '<!doctype html><title>Shared</title>');
  await writeFile(path.join(webFolder, 'favicon.svg'), '<svg/>');
  await writeFile(path.join(webFolder, 'assets', 'app-1a2b3c.js'), 'plain');
  await writeFile(path.join(webFolder, 'assets', 'app-1a2b3c.js.br'), 'brotli');
  await writeFile(path.join(webFolder, 'assets', 'app-1a2b3c.js.gz'), 'gzip');
  app = await createApp({
    log: pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) }),
    trustProxy: [],
    publicUrl: new URL('http://localhost:3000'),
    authenticate: async () => {
      throw new Failure('UNAVAILABLE', { retryAfterSeconds: 5 });
    },
    bodyPace: { windowMs: WINDOW_MS, leastBytes: 1_000 },
  });
  app.post('/echo', async (request) => ({ body: request.body ?? null }));
  app.post('/upload', { config: { rawBody: true } }, async ({ raw }) => {
    let bytes = 0;
    for await (const chunk of raw) bytes += (chunk as Buffer).length;
    return { bytes };
  });
  app.post('/slow-reader', { config: { rawBody: true } }, async ({ raw }) => {
    await new Promise((resolve) => setTimeout(resolve, WINDOW_MS * 3));
    let bytes = 0;
    for await (const chunk of raw) bytes += (chunk as Buffer).length;
    return { bytes };
  });
  app.get('/person', { config: { operation: 'x' } }, async () => ({}));
  app.get<{ Querystring: { as?: string } }>('/api/health', async ({ query }, reply) =>
    reply.code(Number(query.as ?? 200)).send({}),
  );
  app.get('/broken/:name', async () => {
    throw new Error('column "secret" of Jean Dupont');
  });
  await registerStatic(app, webFolder);
  await app.listen({ port: 3251, host: '127.0.0.1' });
  port = 3251;
});
afterAll(async () => {
  await app.close();
  await rm(webFolder, { recursive: true, force: true });
});

const postJson = (payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/echo', payload, headers: { 'content-type': type } });
/** Sends the pieces, one each `pauseMs`, and gives what the server says until it closes. */
async function speak(pieces: readonly string[], pauseMs = 0): Promise<{ answer: string; ms: number }> {
  const start = performance.now();
  const socket: Socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    answer += text;
  });
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) {
    if (socket.destroyed) break;
    socket.write(piece);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  await closed;
  return { answer, ms: performance.now() - start };
}
const headers = (url: string, more: string): string => `POST ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${more}\r\n\r\n`;

describe('JSON bodies', () => {
  test.each([
    { what: 'no JSON', payload: '{"a":', code: 'BAD_REQUEST' },
    { what: 'nested a hundred thousand deep', payload: '['.repeat(100_000), code: 'BAD_REQUEST' },
    { what: 'nested deep inside objects', payload: `${'{"a":'.repeat(33)}1${'}'.repeat(33)}`, code: 'BAD_REQUEST' },
    { what: 'with a prototype', payload: '{"__proto__":{"admin":true}}', code: 'BAD_REQUEST' },
    { what: 'with a prototype inside', payload: '{"a":[{"__proto__":null}]}', code: 'BAD_REQUEST' },
    { what: 'over a mebibyte', payload: `"${'x'.repeat(1024 * 1024)}"`, code: 'TOO_LARGE' },
  ])('$what: refused with $code', async ({ payload, code }) => {
    const response = await postJson(payload);
    expect(response.statusCode).toBe(code === 'TOO_LARGE' ? 413 : 400);
    expect(response.json()).toMatchObject({ status: response.statusCode, code, type: `/errors/${code}` });
    expect({}).not.toHaveProperty('admin');
  });

  test.each(['gzip', 'deflate', 'br', 'xyz'])('of the coding %s: 415, not read as what they are not', async (coding) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/auth/login',
      headers: { 'content-type': 'application/json', 'content-encoding': coding },
      payload: '{}',
    });
    expect(response.statusCode).toBe(415);
    expect(response.json()).toMatchObject({
      code: 'UNSUPPORTED_MEDIA_TYPE',
      detail: expect.stringContaining('Content-Encoding'),
    });
  });

  test('bytes that are no UTF-8 are refused', async () => {
    const response = await app.inject({
      method: 'POST',
      url: '/echo',
      payload: Buffer.from([0x22, 0xff, 0x22]),
      headers: { 'content-type': 'application/json' },
    });
    expect(response.json()).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('depth is counted outside of text only', () => {
    const deep = (json: string): boolean => isDeeperThan(2, Buffer.from(json));
    expect([deep('[[1]]'), deep('[[[1]]]'), deep('["[[[[\\"[[["]'), deep('[[],[],[]]')]).toEqual([false, true, false, false]);
  });

  test('of another type are refused', async () => {
    for (const type of [
      'text/plain',
      'application/xml',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
    ]) {
      expect((await postJson('{}', type)).json()).toMatchObject({ status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' });
    }
  });
});

describe('hostile clients', () => {
  const json = 'Content-Type: application/json\r\n';
  test.each([
    {
      what: '4 GiB announced and one byte sent',
      request: `${headers('/echo', `${json}Content-Length: 4294967296`)}{`,
      status: 413,
    },
    { what: 'a negative length', request: headers('/echo', `${json}Content-Length: -1`), status: 400 },
    { what: 'two lengths', request: `${headers('/echo', `${json}Content-Length: 2\r\nContent-Length: 3`)}{}`, status: 400 },
    {
      what: 'a length beside chunks',
      request: `${headers('/echo', 'Content-Length: 2\r\nTransfer-Encoding: chunked')}0\r\n\r\n`,
      status: 400,
    },
    { what: '8 MB of headers', request: headers('/echo', `X: ${'x'.repeat(8_000_000)}`), status: 431 },
  ])('$what: answered with $status within a second', async ({ request, status }) => {
    const { answer, ms } = await speak([request]);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(ms).toBeLessThan(1_000);
  });

  test('a JSON body that drips is cut off after one window', async () => {
    const head = headers('/echo', 'Content-Type: application/json\r\nContent-Length: 1000');
    const { answer, ms } = await speak([head, ...Array<string>(40).fill(' ')], 50);
    expect(answer).not.toMatch(/ 200 /);
    expect(ms).toBeLessThan(WINDOW_MS * 4);
  });

  test('an upload that drips is cut off, one that keeps its pace is not', async () => {
    const head = headers('/upload', 'Content-Type: application/octet-stream\r\nContent-Length: 40000');
    expect((await speak([head, ...Array<string>(40).fill('x')], 50)).answer).toBe('');
    const paced = await speak([head, ...Array<string>(20).fill('x'.repeat(2_000))], 50);
    expect(paced.answer).toMatch(/\{"bytes":40000\}/);
  });

  test('a server that reads late blames nobody', async () => {
    const head = headers('/slow-reader', 'Content-Type: application/octet-stream\r\nContent-Length: 5000');
    expect((await speak([head, 'x'.repeat(5_000)])).answer).toMatch(/\{"bytes":5000\}/);
  });
});

describe('errors', () => {
  test('nobody sees what is inside one', async () => {
    const response = await app.inject({ url: '/broken/Dupont?name=Dupont' });
    expect(response.json()).toEqual({
      type: '/errors/INTERNAL',
      title: 'An internal error happened; nothing was changed.',
      status: 500,
      code: 'INTERNAL',
    });
    expect(response.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
    });
  });

  test('the log holds routes, never addresses as typed', async () => {
    await app.inject({ url: '/nowhere/Dupont?name=Dupont' });
    const requests = logLines.filter((line) => line.includes('"msg":"request"'));
    expect(requests.join('')).not.toContain('Dupont');
    expect(requests.join('')).toContain('"route":"/broken/:name"');
  });

  test('the log is not drowned by who asks every few seconds whether all is well; that it is not stands there', async () => {
    await app.inject({ url: '/api/health' });
    await app.inject({ url: '/api/health?as=503' });
    const told = logLines.map((line) => JSON.parse(line) as { level: number; route?: string; status?: number });
    const levels = told.filter(({ route }) => route === '/api/health').map(({ level, status }) => [level, status]);
    expect(levels).toEqual([
      [pino.levels.values.debug, 200],
      [pino.levels.values.info, 503],
    ]);
  });

  test('speak the first of French and English that the client names', async () => {
    const titleOf = async (language: string): Promise<string> =>
      (await app.inject({ url: '/nowhere', headers: { 'accept-language': language } })).json<{ title: string }>().title;
    expect([await titleOf('fr-CA'), await titleOf('de, en;q=0.8, fr;q=0.5'), await titleOf('ja')]).toEqual([
      'Introuvable.',
      'Not found.',
      'Not found.',
    ]);
  });

  test.each([
    [Object.assign(new Error('connect'), { code: 'ECONNREFUSED', syscall: 'connect' }), 'UNAVAILABLE'],
    [Object.assign(new Error('connect'), { code: 'ENOENT', syscall: 'connect' }), 'UNAVAILABLE'],
    [Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' }), 'INTERNAL'],
    [Object.assign(new Error('starting up'), { code: '57P03' }), 'UNAVAILABLE'],
    [Object.assign(new Error('too many'), { code: '53300' }), 'UNAVAILABLE'],
    [new Error('Connection terminated unexpectedly'), 'UNAVAILABLE'],
    [Object.assign(new Error('invalid byte sequence'), { code: '22021' }), 'BAD_REQUEST'],
    [Object.assign(new Error('unique'), { code: '23505' }), 'INTERNAL'],
    [new TypeError('x is undefined'), 'INTERNAL'],
    ['thrown text', 'INTERNAL'],
    [undefined, 'INTERNAL'],
  ])('%s is %s', (error, code) => {
    expect(failureOf(error).code).toBe(code);
  });
});

describe('the web app', () => {
  test.each(['/', '/login', '/s', '/app', '/app/', '/app/patients', '/app/studies/1.2.3?x=1'])(
    '%s gives its page, revalidated each time',
    async (url) => {
      const response = await app.inject({ url, headers: { cookie: 'negatoscope_csrf=x' } });
      expect(response.statusCode).toBe(200);
      expect(response.body).toContain(
        new Map([
          ['/', 'Light box'],
          ['/login', 'Sign-in form'],
          ['/s', 'Shared'],
        ]).get(url) ?? 'Negatoscope',
      );
      expect(response.headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' });
      expect(response.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(response.headers['x-content-type-options']).toBe('nosniff');
      // An address may hold a secret in its fragment, or a person's filters: it is told to nobody.
      expect(response.headers['referrer-policy']).toBe('no-referrer');
    },
  );

  test.each([
    ['/app', '/login'],
    ['/app/', '/login'],
    ['/app/patients', '/login?next=%2Fapp%2Fpatients'],
    ['/app/studies/1.2.3?series=4&x=%2F', '/login?next=%2Fapp%2Fstudies%2F1.2.3%3Fseries%3D4%26x%3D%252F'],
  ])('%s without any session is the sign-in form at once, and not kept', async (url, location) => {
    for (const cookie of ['', 'other=1', 'negatoscope_device=1']) {
      const response = await app.inject({ url, headers: { cookie } });
      expect([response.statusCode, response.headers.location, response.headers['cache-control']]).toEqual([
        302,
        location,
        'no-store',
      ]);
    }
    for (const headers of [{ cookie: '__Host-negatoscope_csrf=1' }, { authorization: 'Bearer x' }])
      expect((await app.inject({ url, headers })).statusCode).toBe(200);
  });

  test('answers although nobody can be authenticated (the database is away)', async () => {
    expect((await app.inject({ url: '/login' })).statusCode).toBe(200);
    const person = await app.inject({ url: '/person' });
    expect([person.statusCode, person.headers['retry-after']]).toEqual([503, '5']);
  });

  test('files with a hash in their name are kept for a year, compressed as the client takes them', async () => {
    const get = (encoding: string) => app.inject({ url: '/assets/app-1a2b3c.js', headers: { 'accept-encoding': encoding } });
    const bodies = [await get('br, gzip'), await get('gzip'), await get('identity')].map(({ body }) => body);
    expect(bodies).toEqual(['brotli', 'gzip', 'plain']);
    const { headers: sent } = await get('br');
    expect(sent).toMatchObject({ 'cache-control': 'public, max-age=31536000, immutable', 'content-encoding': 'br' });
    expect(sent.vary).toMatch(/accept-encoding/i);
    expect(sent['content-type']).toMatch(/javascript/);
  });

  test('other files are revalidated', async () => {
    const first = await app.inject({ url: '/favicon.svg' });
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await app.inject({ url: '/favicon.svg', headers: { 'if-none-match': String(first.headers.etag) } });
    expect(again.statusCode).toBe(304);
  });

  test.each([
    '/assets/',
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/..%2fpackage.json',
    '/.env',
    '/unknown.js',
  ])('%s is not found', async (url) => {
    expect((await app.inject({ url })).json()).toMatchObject({ code: 'NOT_FOUND' });
  });
});
