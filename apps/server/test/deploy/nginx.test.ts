import { createServer, type IncomingMessage, type Server } from 'node:http';
import { connect } from 'node:http2';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasNginx, type Nginx, startNginx } from '../support/nginx.ts';

interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

let upstream: Server;
let nginx: Nginx;
const seen: Seen[] = [];
/** What has come of bodies until now. */
let received = 0;
let finishEvents: (() => void) | undefined;

function answer(incoming: IncomingMessage, reply: import('node:http').ServerResponse): void {
  const { method = '', url = '', headers } = incoming;
  seen.push({ method, url, headers });
  if (url === '/api/events') {
    reply.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.write('data: first\n\n');
    finishEvents = () => void reply.end();
    return;
  }
  incoming.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  incoming.on('end', () => {
    reply.writeHead(200, { 'strict-transport-security': 'max-age=31536000', 'content-type': 'application/json' });
    reply.end(JSON.stringify({ received }));
  });
}

interface Got {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A request by TLS whose path goes out as it is written. */
const ask = (path: string, options: { method?: string; headers?: Record<string, string>; body?: Buffer } = {}): Promise<Got> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const asked = request({ host: '127.0.0.1', port: nginx.https, path, method, headers, rejectUnauthorized: false }, (got) => {
      let text = '';
      got.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      got.on('end', () => resolve({ status: got.statusCode ?? 0, headers: got.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });

describe.skipIf(!hasNginx)('deploy/nginx/negatoscope.conf, in the real nginx', () => {
  beforeAll(async () => {
    upstream = createServer(answer);
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const address = upstream.address();
    nginx = await startNginx(typeof address === 'object' ? (address?.port ?? 0) : 0);
  });
  afterAll(async () => {
    await nginx?.stop();
    upstream?.closeAllConnections();
    upstream?.close();
  });

  test.each(['/', '/api/studies?limit=5', '/dicom-web/studies'])('http of %s is told its address with https', async (path) => {
    const { port, status, location } = await fetch(`http://127.0.0.1:${nginx.http}${path}`, {
      method: 'POST',
      headers: { host: 'images.hospital.example' },
      redirect: 'manual',
    }).then(({ status, headers }) => ({ port: nginx.http, status, location: headers.get('location') }));
    expect({ status, location }).toEqual({ status: 308, location: `https://127.0.0.1${path}` });
    expect(port).toBe(nginx.http);
  });

  test.each([
    '/',
    '/app/patients/1',
    '/api/studies?query=a%2Fb%20c',
    '/viewer/assets/a.js',
    '/dicom-web/studies/1.2/series/1.3/instances/1.4/frames/1,2',
    '/orthanc-proxy/instances/..%2F..%2Ftools//shutdown',
  ])('%s reaches the server as it was written, by the address that nginx sees and no other', async (path) => {
    const claimed = { 'x-forwarded-for': '10.9.8.7', 'x-real-ip': '10.9.8.7', forwarded: 'for=10.9.8.7', proxy: 'http://evil' };
    const { status, headers } = await ask(path, { headers: { host: 'images.hospital.example', ...claimed } });
    const got = seen.at(-1);
    expect({ status, url: got?.url }).toEqual({ status: 200, url: path });
    expect(got?.headers).toMatchObject({
      host: 'images.hospital.example',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'https',
    });
    expect(JSON.stringify(got?.headers)).not.toMatch(/10\.9\.8\.7|evil/);
    // Once, by the server: a second one would be another rule.
    expect(headers['strict-transport-security']).toBe('max-age=31536000');
    expect(headers.server).toBe('nginx');
  });

  test('browsers speak HTTP/2, so that a hundred frames need one connection', async () => {
    const session = connect(`https://127.0.0.1:${nginx.https}`, { rejectUnauthorized: false });
    const status = await new Promise((resolve, reject) => {
      session.on('error', reject);
      session.request({ ':path': '/api/health' }).on('response', (headers) => resolve(headers[':status']));
    });
    session.destroy();
    expect(status).toBe(200);
  });

  test('TLS 1.1 is refused', async () => {
    const old = {
      host: '127.0.0.1',
      port: nginx.https,
      rejectUnauthorized: false,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    } as const;
    const failed = new Promise<Error>((resolve) => request(old).on('error', resolve).end());
    expect((await failed).message).toMatch(/protocol|alert/i);
  });

  test('what is stored reaches the server while it is still sent, whatever its size', async () => {
    received = 0;
    const options = {
      host: '127.0.0.1',
      port: nginx.https,
      path: '/dicom-web/studies',
      method: 'POST',
      rejectUnauthorized: false,
    };
    const asked = request({ ...options, headers: { 'content-length': `${2 ** 33}` } });
    asked.on('error', () => undefined);
    asked.write(Buffer.alloc(3_000_000));
    await expect.poll(() => received, { timeout: 5_000 }).toBe(3_000_000);
    asked.destroy();
  });

  test('an event goes out as soon as the server says it', async () => {
    const first = await new Promise<string>((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: nginx.https, path: '/api/events', rejectUnauthorized: false }, (got) =>
        got.setEncoding('utf8').once('data', resolve).resume(),
      );
      asked.on('error', reject);
      asked.end();
    });
    expect(first).toBe('data: first\n\n');
    finishEvents?.();
  });

  test('while the server is away programs get a problem and people a page, both to come again', async () => {
    upstream.closeAllConnections();
    const address = upstream.address();
    await new Promise((resolve) => upstream.close(resolve));
    await sleep(20);
    const problem = await ask('/api/studies');
    expect({ status: problem.status, type: problem.headers['content-type'], again: problem.headers['retry-after'] }).toEqual({
      status: 503,
      type: 'application/problem+json',
      again: '5',
    });
    expect(JSON.parse(problem.text)).toMatchObject({ status: 503, code: 'UNAVAILABLE' });
    const page = await ask('/app/patients', { headers: { accept: 'text/html,application/xhtml+xml' } });
    expect({ status: page.status, type: page.headers['content-type'] }).toEqual({
      status: 503,
      type: 'text/html; charset=utf-8',
    });
    expect(page.text).toContain('ne répond pas');
    // Of that page's own address nobody is told anything.
    expect((await ask('/.away')).status).toBe(404);
    upstream.listen(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
    await expect.poll(async () => (await ask('/api/health')).status).toBe(200);
  });
});
