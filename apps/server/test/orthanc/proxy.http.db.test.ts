import { EventEmitter } from 'node:events';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrthancStatus, Problem } from '@negatoscope/contract';
import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RawHandler } from '../../src/access/router.ts';
import { xray } from '../../src/features/ingest/ingest-fixture.ts';
import { registerProxy } from '../../src/features/orthanc/proxy/proxy.ts';
import type { Failure } from '../../src/kernel/failure.ts';
import { type Browser, createTestApp, type TestApp } from '../support/app.ts';
import { freePort, hasOrthanc, type Orthanc, startOrthanc } from '../support/orthanc.ts';

const PASSWORD = 'Lanterne-Marbre-42';
const orthancAt = (url: string) => ({
  url,
  username: 'server',
  password: PASSWORD,
  group: undefined,
  send: false,
  deletions: 'ignore' as const,
});

/** Something behind the proxy that says what a test wants, and notes what it was asked. */
async function startUpstream() {
  const seen: { method: string; url: string; headers: IncomingHttpHeaders; body: string }[] = [];
  const answer = { status: 200, headers: {} as Record<string, string>, body: 'said' };
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('latin1');
    });
    request.on('end', () => {
      seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  const port = await freePort();
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${port}/orthanc`, seen, answer, close: () => new Promise((done) => server.close(done)) };
}

const connectionsOf = (listening: http.Server): Promise<number> =>
  new Promise((done) => listening.getConnections((_error, count) => done(count)));

describe('an Orthanc’s interface behind this server', () => {
  let upstream: Awaited<ReturnType<typeof startUpstream>>;
  let server: TestApp;
  let admin: Browser;
  let address = '';

  const ask = (url: string, more: InjectOptions = {}) => server.app.inject({ url, headers: admin.headers, ...more });
  /** As it stands on the wire: other clients put a path in order before they send it. */
  const askRaw = (path: string, method = 'GET'): Promise<{ statusCode: number; type: string }> =>
    new Promise((resolve, reject) => {
      const { hostname, port } = new URL(address);
      const asked = http.request(
        { hostname, port, path, method, headers: { ...admin.headers, connection: 'close' } },
        (answer) => {
          answer.resume();
          answer.on('end', () => resolve({ statusCode: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '' }));
        },
      );
      asked.on('error', reject);
      asked.end();
    });
  const say = (headers: Record<string, string>, body: string, status = 200): void => {
    Object.assign(upstream.answer, { status, headers, body });
  };

  beforeAll(async () => {
    upstream = await startUpstream();
    server = await createTestApp({ settings: { orthanc: orthancAt(upstream.url) } });
    admin = await server.login('ADMIN');
    address = await server.app.listen({ host: '127.0.0.1', port: 0 });
  });
  afterAll(async () => {
    await server.close();
    await upstream.close();
  });

  test('is for administrators, and changes need the page’s own token', async () => {
    for (const role of ['RADIOLOGIST', 'PHYSICIAN', 'STAFF', 'RESEARCHER'] as const) {
      const { headers } = await server.login(role);
      expect((await ask('/orthanc-proxy/system', { headers })).statusCode).toBe(403);
    }
    expect((await ask('/orthanc-proxy/system', { headers: {} })).statusCode).toBe(401);
    const { cookie } = admin;
    for (const method of ['POST', 'PUT', 'DELETE'] as const)
      expect((await ask('/orthanc-proxy/instances', { method, headers: { cookie } })).statusCode).toBe(403);
    const elsewhere = { ...admin.headers, origin: 'https://elsewhere.example' };
    expect((await ask('/orthanc-proxy/instances', { method: 'POST', headers: elsewhere })).statusCode).toBe(403);
    expect((await ask('/orthanc-proxy/system', { method: 'PATCH' })).statusCode).toBe(404);
    const payload = { name: 'script', permissions: ['system.manage'] };
    const made = await ask('/api/tokens', { method: 'POST', payload });
    const headers = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    expect((await ask('/orthanc-proxy/system', { headers })).statusCode).toBe(403);
    expect(upstream.seen).toEqual([]);
  });

  test('is asked with the server’s name and password, and with nothing of who asks but what they ask for', async () => {
    say(
      {
        'set-cookie': 'a=b',
        'www-authenticate': 'Basic',
        'x-powered-by': 'x',
        connection: 'close',
        'content-type': 'application/json',
      },
      '{}',
    );
    const headers = {
      ...admin.headers,
      accept: 'application/json',
      'x-forwarded-for': '1.2.3.4',
      te: 'trailers',
      referer: 'http://x',
    };
    const answer = await ask('/orthanc-proxy/system?expand=1', { headers });
    expect([answer.statusCode, answer.body]).toEqual([200, '{}']);
    const [request] = upstream.seen.splice(0);
    expect(request).toMatchObject({ method: 'GET', url: '/orthanc/system?expand=1' });
    expect(request?.headers).toEqual({
      ...{ accept: 'application/json', connection: 'close', host: new URL(upstream.url).host },
      authorization: `Basic ${Buffer.from(`server:${PASSWORD}`).toString('base64')}`,
    });
    for (const name of ['set-cookie', 'www-authenticate', 'x-powered-by']) expect(answer.headers[name]).toBeUndefined();
  });

  test('takes bodies as they are', async () => {
    say({ 'content-type': 'application/json' }, '{}');
    const bytes = Buffer.from(xray('passed on').bytes);
    await ask('/orthanc-proxy/instances', {
      method: 'POST',
      payload: bytes,
      headers: { ...admin.headers, 'content-type': 'application/dicom' },
    });
    await ask('/orthanc-proxy/tools/find', { method: 'POST', payload: { Level: 'Study', Query: {} } });
    await ask('/orthanc-proxy/modalities/ct', {
      method: 'PUT',
      payload: 'text',
      headers: { ...admin.headers, 'content-type': 'text/plain' },
    });
    await ask('/orthanc-proxy/patients/8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52', { method: 'DELETE' });
    const [stored, found, put, removed] = upstream.seen.splice(0);
    expect(Buffer.from(stored?.body ?? '', 'latin1').equals(bytes)).toBe(true);
    expect(JSON.parse(found?.body ?? '')).toEqual({ Level: 'Study', Query: {} });
    expect(put).toMatchObject({ method: 'PUT', body: 'text' });
    expect(removed).toMatchObject({ method: 'DELETE', body: '' });
  });

  test.each(['null', 'false', '0', '""', '', '[]', '{"a":12345678901234567890,"a":1.0}'])(
    'passes a JSON body on as its very bytes, and waits for nothing: %j',
    async (payload) => {
      say({ 'content-type': 'application/json' }, '{}');
      const headers = { ...admin.headers, 'content-type': 'application/json' };
      const answer = await Promise.race([
        ask('/orthanc-proxy/tools/find', { method: 'POST', payload, headers }),
        sleep(2_000, { statusCode: 'none' }),
      ]);
      const [request] = upstream.seen.splice(0);
      expect([answer.statusCode, request?.body]).toEqual([200, payload]);
      expect(request?.headers['content-length']).toBe(String(payload.length));
    },
  );

  test.each([
    '/orthanc-proxy/../secret',
    '/orthanc-proxy/a/../../secret',
    '/orthanc-proxy/tools/../tools/execute-script',
    '/orthanc-proxy/%2e%2e/secret',
    '/orthanc-proxy/..%2fsecret',
    '/orthanc-proxy/a/..%5c..%5csecret',
    '/orthanc-proxy/%252e%252e/secret',
    '/orthanc-proxy//evil.example/',
    '/orthanc-proxy/a/./b',
    '/orthanc-proxy/a%00b',
    '/orthanc-proxy/a%0d%0aHost:%20evil',
    '/orthanc-proxy/%zz',
    '/orthanc-proxy@evil.example/',
  ])('never leads out of Orthanc: %s', async (url) => {
    const answer = await askRaw(url);
    expect([400, 404]).toContain(answer.statusCode);
    expect(answer.type).toContain('application/problem+json');
    expect(upstream.seen).toEqual([]);
  });

  test.each([
    '/orthanc-proxy/tools/execute-script',
    '/orthanc-proxy/tools/Execute-Script/',
    '/orthanc-proxy/tools/execute%2dscript',
  ])('runs no scripts there: %s', async (url) => {
    expect((await ask(url, { method: 'POST', payload: Buffer.from('print(1)') })).statusCode).toBe(403);
    expect(upstream.seen).toEqual([]);
  });

  test.each([
    '/orthanc-proxy/patients/8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52?_method=DELETE',
    '/orthanc-proxy/patients/8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52?a=b&_Method=delete',
    '/orthanc-proxy/modalities/far?%5Fm%65thod=put',
    '/orthanc-proxy/patients?%zz&_method=delete',
    '/orthanc-proxy?_method=delete',
  ])('a reading request is no other one, which Orthanc would make of it: %s', async (url) => {
    const { cookie } = admin;
    expect((await ask(url, { headers: { cookie } })).statusCode).toBe(400);
    expect(upstream.seen).toEqual([]);
  });

  test.each([
    'text/plain, text/html',
    'application/json;a=b,text/html',
    'text/html',
    'application/javascript',
    'text/javascript',
    'text/css',
    'image/svg+xml',
    'application/xml',
    'application/pdf',
    '',
  ])('nothing of it runs on this origin: %s', async (type) => {
    say(
      { ...(type === '' ? {} : { 'content-type': type }), 'content-security-policy': "script-src 'unsafe-inline'" },
      '<script>alert(1)</script>',
    );
    const answer = await ask('/orthanc-proxy/app/explorer.html');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment',
      'content-security-policy': "sandbox; default-src 'none'; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, no-store',
    });
  });

  test('sends nobody elsewhere, and signs nobody out', async () => {
    for (const [location, expected] of [
      ['app/explorer.html', 'app/explorer.html'],
      ['/app/explorer.html', '/orthanc-proxy/app/explorer.html'],
      ['//evil.example', undefined],
      ['https://evil.example', undefined],
      ['../../secret', undefined],
      ['/app/%2e%2e/%2e%2e/secret', undefined],
    ] as const) {
      say({ location }, '', 302);
      expect((await ask('/orthanc-proxy/')).headers.location).toBe(expected);
    }
    say({ 'www-authenticate': 'Basic' }, '', 401);
    const refused = await ask('/orthanc-proxy/system');
    expect([refused.statusCode, Problem.parse(refused.json()).code]).toEqual([503, 'UNAVAILABLE']);
    expect(refused.headers['www-authenticate']).toBeUndefined();
  });

  test('who leaves before their turn keeps no place, and who leaves meanwhile is not worked for', async () => {
    say({ 'content-type': 'application/json' }, '{}');
    const handlers: RawHandler[] = [];
    const left = { ended: 0 };
    const silent = http.createServer((request) => request.on('close', () => (left.ended += 1)));
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
    const { port } = silent.address() as AddressInfo;
    registerProxy(
      { handle: () => undefined, raw: (_route, handler) => void handlers.push(handler), shown: () => undefined },
      {
        ...{ audit: server.parts.audit, access: { url: `http://127.0.0.1:${port}`, username: undefined, password: undefined } },
        ...{ maxBodyBytes: 1, idleMs: 60_000 },
      },
    );
    const [handler] = handlers;
    const actor = await server.parts.identity.personOf(admin.user.id);
    const turn = (isGone: boolean) => {
      const raw = Object.assign(new EventEmitter(), { destroyed: isGone });
      const request = { method: 'GET', headers: {}, raw: { url: '/orthanc-proxy/system' } };
      const asked = handler?.({ actor, request, reply: { raw } } as unknown as Parameters<RawHandler>[0]);
      return {
        raw,
        asked: asked?.then(
          () => 'answered',
          (error: Failure) => error.code,
        ),
      };
    };
    for (let n = 0; n < 20; n += 1) expect(await turn(true).asked).toBe('UNAVAILABLE');
    const { raw, asked } = turn(false);
    await expect.poll(() => connectionsOf(silent)).toBe(1);
    raw.destroyed = true;
    raw.emit('close');
    expect(await asked).toBe('UNAVAILABLE');
    await expect.poll(() => left.ended).toBe(1);
    await new Promise((done) => silent.close(done));
  });

  test('leaves an event for each request, with what was asked and nobody’s name', async () => {
    say({}, '{}');
    await ask('/orthanc-proxy/patients/8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52/studies?name=DUPONT');
    await ask('/orthanc-proxy/modalities/DUPONT%20Jean/echo', { method: 'POST' });
    const events = await server.db.withSystem((tx) =>
      tx.rows(
        "SELECT actor_id, details FROM audit_events WHERE action = 'orthanc.request' ORDER BY occurred_at DESC, id DESC LIMIT 2",
      ),
    );
    expect(events.map(({ details }) => details)).toEqual([
      { method: 'POST', path: '/modalities/*/echo' },
      { method: 'GET', path: '/patients/8aec8a06-a2c444a0-ca67174c-9a61af1d-1e8e5e52/studies' },
    ]);
    expect(events[0]?.actor_id).toBe(admin.user.id);
    upstream.seen.length = 0;
  });

  test('a body where none belongs, a status or a protocol of nobody’s are no request that hangs, and no fault of ours', async () => {
    say({ 'content-type': 'application/json' }, '{}');
    const answer = await ask('/orthanc-proxy/system', { headers: { ...admin.headers, 'content-length': '9' } });
    const [request] = upstream.seen.splice(0);
    expect([answer.statusCode, request?.headers['content-length']]).toEqual([200, undefined]);
    for (const status of [101, 600, 999]) {
      say(status === 101 ? { upgrade: 'websocket', connection: 'upgrade' } : {}, '', status);
      expect((await ask('/orthanc-proxy/system')).json()).toMatchObject({ code: 'UNAVAILABLE' });
    }
    say({}, '{}');
    upstream.seen.length = 0;
  });

  test('is away with a problem, in both languages, and what is missing there is decided all the same', async () => {
    const port = await freePort();
    const other = await createTestApp({
      settings: { orthanc: { ...orthancAt(`http://127.0.0.1:${port}`), deletions: 'trash' } },
    });
    const { headers } = await other.login('ADMIN');
    const answer = await other.app.inject({ url: '/orthanc-proxy/system', headers: { ...headers, 'accept-language': 'fr' } });
    expect(answer.statusCode).toBe(503);
    expect(Problem.parse(answer.json())).toMatchObject({ code: 'UNAVAILABLE', detail: 'Orthanc does not answer.' });
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.body).not.toContain(PASSWORD);
    const status = await other.app.inject({ url: '/api/system/orthanc', headers });
    expect(OrthancStatus.parse(status.json())).toEqual({
      url: `http://127.0.0.1:${port}`,
      deletions: 'trash',
      feed: null,
      sending: null,
    });
    await decides(other, `http://127.0.0.1:${port}`);
    await other.close();
  });

  /** What is held because of a doubt is decided by an administrator, of what they saw, in the journal. */
  async function decides({ app, db, login }: TestApp, url: string): Promise<void> {
    const { headers } = await login('ADMIN');
    const at = new Date('2026-11-01T08:00:00Z');
    await db.withSystem(async (tx) => {
      await tx.run(
        "INSERT INTO orthanc_feeds (url, epoch, doubt, compared_at, known_there) VALUES ($1, gen_random_uuid(), 'TOO_MANY', $2, 9)",
        [url, at],
      );
      // The last of them was found after that.
      await tx.run(
        `INSERT INTO orthanc_instances (feed_id, orthanc_id, epoch, md5, outcome, attempts, seen_at, missing, missing_since)
         SELECT f.id, n::text, epoch, '\\x00', 'stored', 0, $1, 'held', $1::timestamptz + CASE n WHEN 3 THEN interval '1 hour' ELSE interval '0' END
         FROM orthanc_feeds f, generate_series(1, 3) n`,
        [at],
      );
    });
    const body = { decision: 'release', doubt: 'TOO_MANY', comparedAt: at.toISOString() };
    const decide = async (more: object, as = headers) => {
      const answer = await app.inject({
        url: '/api/system/orthanc/missing',
        method: 'POST',
        headers: as,
        payload: { ...body, ...more },
      });
      return answer.statusCode === 200 ? OrthancStatus.parse(answer.json()).feed?.compared : answer.json<{ code: string }>().code;
    };
    expect(await decide({}, (await login('RADIOLOGIST')).headers)).toBe('FORBIDDEN');
    expect(await decide({ decision: 'purge' })).toBe('VALIDATION_FAILED');
    expect(await decide({ doubt: 'EMPTIED' })).toBe('CONFLICT');
    expect(await decide({ comparedAt: '2026-11-01T07:00:00.000Z' })).toBe('CONFLICT');
    const payload = { name: 'script', permissions: ['system.manage'] };
    const made = await app.inject({ url: '/api/tokens', method: 'POST', headers, payload });
    const bearer = { authorization: `Bearer ${made.json<{ secret: string }>().secret}` };
    expect(await decide({}, bearer)).toBe('FORBIDDEN');
    // Something happened there since what they saw was found: more is held by now.
    const isNewDoubt = (is: boolean) => db.withSystem((tx) => tx.run('UPDATE orthanc_feeds SET doubts_next = $1', [is]));
    await isNewDoubt(true);
    expect(await decide({})).toBe('CONFLICT');
    await isNewDoubt(false);
    expect(await decide({})).toEqual({ at: body.comparedAt, there: 9, missing: 3, held: 1, doubt: 'TOO_MANY' });
    await db.withSystem((tx) => tx.run('UPDATE orthanc_feeds SET compared_at = compared_at + interval $$1 hour$$'));
    const later = '2026-11-01T09:00:00.000Z';
    expect(await decide({ decision: 'dismiss', comparedAt: later })).toEqual({
      at: later,
      there: 9,
      missing: 2,
      held: 0,
      doubt: null,
    });
    const events = await db.withSystem((tx) =>
      tx.rows("SELECT action, details FROM audit_events WHERE action IN ('orthanc.released', 'orthanc.dismissed') ORDER BY id"),
    );
    expect(events).toEqual([
      { action: 'orthanc.released', details: { doubt: 'TOO_MANY', deletions: 'trash', instances: 2 } },
      { action: 'orthanc.dismissed', details: { doubt: 'TOO_MANY', deletions: 'trash', instances: 1 } },
    ]);
  }
});

describe.skipIf(!hasOrthanc)('the real one', () => {
  let orthanc: Orthanc;
  let server: TestApp;
  beforeAll(async () => {
    orthanc = await startOrthanc({}, { users: { server: PASSWORD } });
    server = await createTestApp({ settings: { orthanc: orthancAt(orthanc.url) } });
  });
  afterAll(async () => {
    await server.close();
    await orthanc.stop();
  });

  test('answers through the proxy: stored, searched, read and removed', async () => {
    const { headers } = await server.login('ADMIN');
    const ask = (url: string, method: 'GET' | 'POST' | 'DELETE' = 'GET', payload?: Buffer | object) =>
      server.app.inject({ url: `/orthanc-proxy${url}`, method, headers, ...(payload === undefined ? {} : { payload }) });
    const { bytes } = xray('through');
    const { ID } = (await ask('/instances', 'POST', Buffer.from(bytes))).json<{ ID: string }>();
    const file = await ask(`/instances/${ID}/file`);
    expect(file.rawPayload.equals(bytes)).toBe(true);
    expect(file.headers['content-type']).toBe('application/dicom');
    const found = await ask('/tools/find', 'POST', { Level: 'Instance', Query: { PatientID: '*' } });
    expect(found.json()).toEqual([ID]);
    expect((await ask(`/instances/${ID}/preview`)).headers['content-type']).toBe('image/png');
    // Orthanc itself would have deleted it.
    expect((await ask(`/instances/${ID}?_method=DELETE`)).statusCode).toBe(400);
    expect((await ask(`/instances/${ID}/file`)).statusCode).toBe(200);
    expect((await ask(`/instances/${ID}`, 'DELETE')).statusCode).toBe(200);
    expect((await ask(`/instances/${ID}/file`)).statusCode).toBe(404);
    expect((await ask('/app/explorer.html')).headers['content-disposition']).toBe('attachment');
  });
});
