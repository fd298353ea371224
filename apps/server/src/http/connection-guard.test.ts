import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type ConnectionGuard, guardConnections } from './connection-guard.ts';
import type { ConnectionLimits } from './connection-room.ts';

const LIMITS: ConnectionLimits = {
  most: 4,
  mostSlow: 4,
  silentMs: 60_000,
  lookMs: 100,
  slowBytesPerSecond: 1_000,
  leastBytesPerSecond: 32_000,
};
const GET = 'GET /answered HTTP/1.1\r\nHost: a\r\n\r\n';
const BODY = 'POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000\r\n\r\n';
/** Longer than any pace is measured over. */
const A_WHILE = 400;

let server: Server;
let guard: ConnectionGuard;
let clients: net.Socket[] = [];
/** Answers that the server works on. */
let working: ServerResponse[] = [];
afterEach(() => {
  for (const client of clients) client.destroy();
  clients = [];
  working = [];
  server.close();
});

/** What a server does with a request, by its path. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  if (request.url === '/answered') response.end('answered');
  if (request.url === '/read') request.resume().once('end', () => response.end('read'));
  // An event stream, or a download: its headers are out.
  if (request.url === '/stream') response.write('begun');
  if (request.url === '/worked') working.push(response);
  // `/unread` is left as it is: the server has not come to it.
}

async function start(limits: Partial<ConnectionLimits> = {}): Promise<void> {
  server = createServer(answer);
  server.on('clientError', (_error, socket) => socket.destroy());
  guard = guardConnections(server, { warn: () => undefined }, { ...LIMITS, ...limits });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** A client that has sent `text`, with what it is given. */
async function open(text = ''): Promise<net.Socket & { received: string }> {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const accepted = once(server, 'connection');
  const client = Object.assign(net.connect(port, '127.0.0.1'), { received: '' });
  client.on('error', () => undefined);
  client.on('data', (bytes: Buffer) => {
    client.received += bytes.toString('latin1');
  });
  clients.push(client);
  await accepted;
  const heard = text.includes('\r\n\r\n') ? once(server, 'request') : undefined;
  client.write(text);
  await heard;
  return client;
}

/** Sends `bytes` each 50 ms. */
function trickle(client: net.Socket, bytes: number): void {
  const timer = setInterval(() => client.write('x'.repeat(bytes)), 50);
  client.once('close', () => clearInterval(timer));
}

const isClosed = (client: net.Socket): Promise<void> =>
  vi.waitFor(() => expect(client.closed).toBe(true), { timeout: 10_000, interval: 20 });
const areOpen = (...list: net.Socket[]): void => expect(list.map(({ closed }) => closed)).toEqual(list.map(() => false));

describe('a full process', () => {
  test('gives up those without a byte first, then begun headers, then those between two requests', async () => {
    await start();
    const idle = await open(GET);
    await vi.waitFor(() => expect(idle.received).toContain('answered'));
    const worked = await open('GET /worked HTTP/1.1\r\nHost: a\r\n\r\n');
    const begun = await open('GET /answ');
    const silent = await open();
    for (const [index, victim] of [silent, begun, idle].entries()) {
      const newcomer = await open(GET.replace('answered', 'worked'));
      await isClosed(victim);
      areOpen(...[begun, idle].slice(index), worked, newcomer);
    }
    expect(guard.count).toBe(4);
  });

  test('gives up the slowest body, also one that brings some hundred bytes a second, and never a quick one', async () => {
    await start({ most: 3 });
    const [stalled, slow, quick] = [await open(BODY), await open(BODY), await open(BODY)];
    trickle(slow, 20);
    trickle(quick, 20_000);
    await sleep(A_WHILE);
    await open(GET);
    await isClosed(stalled);
    await sleep(A_WHILE);
    await open(BODY);
    await open(BODY);
    await isClosed(slow);
    areOpen(quick);
  });

  test('refuses the newcomer when nobody is in the way: a server that does not read blames no client', async () => {
    await start({ most: 2 });
    const unread = await open(BODY.replace('read', 'unread'));
    unread.write('x'.repeat(100_000));
    const worked = await open('GET /worked HTTP/1.1\r\nHost: a\r\n\r\n');
    await sleep(A_WHILE);
    await isClosed(await open());
    areOpen(unread, worked);
  });
});

describe('clients that hold what they do not use', () => {
  test('one without a byte is closed', async () => {
    await start({ silentMs: 200 });
    const begun = await open('GET /answ');
    await isClosed(await open());
    areOpen(begun);
  });

  test('slow bodies may be some at a time, however much room there is; the slowest go', async () => {
    await start({ most: 100, mostSlow: 2 });
    const slow = [await open(BODY), await open(BODY), await open(BODY), await open(BODY)];
    const quick = await open(BODY);
    for (const [index, client] of slow.entries()) if (index >= 2) trickle(client, 10);
    trickle(quick, 20_000);
    await vi.waitFor(() => expect(slow.map(({ closed }) => closed)).toEqual([true, true, false, false]), { timeout: 10_000 });
    await sleep(A_WHILE);
    areOpen(...slow.slice(2), quick);
  });
});

describe('clients whose pace is measured at different looks', () => {
  test('are counted together', async () => {
    await start({ most: 100, mostSlow: 2 });
    const slow: net.Socket[] = [];
    // A pace is measured at every other look: one pair at these, one at those between.
    for (const pair of [0, 1]) {
      slow.push(await open(BODY), await open(BODY));
      if (pair === 0) await sleep(LIMITS.lookMs);
    }
    await vi.waitFor(() => expect(slow.filter(({ closed }) => closed)).toHaveLength(2), { timeout: 5_000 });
    await sleep(A_WHILE);
    expect(slow.filter(({ closed }) => closed)).toHaveLength(2);
  });
});

describe('the end of the server', () => {
  test('closes who has no request, waits for answers, and ends streams and bodies whose client takes its time', async () => {
    await start();
    const idle = await open(GET);
    await vi.waitFor(() => expect(idle.received).toContain('answered'));
    const stream = await open('GET /stream HTTP/1.1\r\nHost: a\r\n\r\n');
    const body = await open(BODY);
    const worked = await open('GET /worked HTTP/1.1\r\nHost: a\r\n\r\n');
    const drained = vi.fn();
    const draining = guard.drain({ clientsMs: 300, workMs: 60_000 }).then(drained);
    await isClosed(idle);
    await Promise.all([stream, body].map(isClosed));
    areOpen(worked);
    expect(drained).not.toHaveBeenCalled();
    working[0]?.end('worked');
    await draining;
    await isClosed(worked);
    expect(worked.received).toContain('worked');
    await isClosed(await open());
  });

  test('waits for its own work only so long', async () => {
    await start();
    const worked = await open('GET /worked HTTP/1.1\r\nHost: a\r\n\r\n');
    await guard.drain({ clientsMs: 100, workMs: 300 });
    await isClosed(worked);
  });
});
