import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { itInLongRun } from '../../test/support/sample.ts';
import { type FrontDoor, openFrontDoor } from './front-door.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
/** Takes connections as a web process does and answers each with its own number and what it received. */
const ANSWERING = `
  process.on('message', ({ type, id, head }, socket) => {
    if (type !== 'connection') return;
    process.send({ type: 'taken', id });
    socket.write('from ' + process.pid + ': ' + Buffer.from(head, 'base64'));
    socket.on('data', (more) => socket.write(more));
    socket.on('end', () => socket.end());
    setTimeout(() => socket.end(), 500);
  });
  process.send({ type: 'ready' });`;

/** Takes a connection now and then only, as a process on a busy machine does. */
const SLOW = `
  process.on('message', ({ type, id }, socket) => {
    if (type !== 'connection') return;
    setTimeout(() => {
      process.send({ type: 'taken', id });
      socket.end('taken');
    }, 200);
  });
  process.send({ type: 'ready' });`;

let folder: string;
let door: FrontDoor;
let port: number;
let children: ChildProcess[];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-door-'));
  children = [];
  port = await freePort();
  door = await openFrontDoor({ host: '127.0.0.1', port, mostWaiting: 20, silentMs: 1_500, log: { warn: () => undefined } });
});
afterEach(() => {
  door.close();
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function start(code: string): ChildProcess {
  const file = path.join(folder, `child-${children.length}.mjs`);
  writeFileSync(file, code);
  const child = fork(file, [], { stdio: 'ignore' });
  children.push(child);
  door.serve(child);
  return child;
}

const connect = (): net.Socket => net.connect({ port, host: '127.0.0.1' }).on('error', () => undefined);

function ask(request = GET): Promise<string> {
  const socket = connect();
  socket.write(request);
  return text(socket);
}

test('processes take connections in turn, with every byte that came before and after', async () => {
  const both = [start(ANSWERING), start(ANSWERING)];
  await Promise.all(both.map((child) => new Promise((resolve) => child.once('message', resolve))));
  const pids = both.map(({ pid }) => String(pid));
  const body = 'x'.repeat(200_000);
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(`${GET}${body}`)));
  for (const answer of answers) expect(answer.replace(/^from \d+: /, '')).toBe(`${GET}${body}`);
  expect([...new Set(answers.map((answer) => /\d+/.exec(answer)?.[0]))].sort()).toEqual(pids.sort());
});

test('headers that come in pieces are handed over whole', async () => {
  start(ANSWERING);
  const socket = connect();
  for (const piece of ['GET / HT', 'TP/1.1\r\nHo', 'st: a\r\n\r', '\n']) {
    socket.write(piece);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect(await text(socket)).toContain('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
});

test('what a process did not take before it died goes to another', async () => {
  const dying = start("process.on('message', () => process.kill(process.pid, 'SIGKILL')); process.send({ type: 'ready' });");
  await new Promise((resolve) => dying.once('message', resolve));
  const answer = ask();
  await new Promise((resolve) => dying.once('exit', resolve));
  start(ANSWERING);
  expect(await answer).toContain(GET);
});

itInLongRun('those that send nothing make room, the oldest first, and none stays longer than it may', async () => {
  start(ANSWERING);
  const closed = vi.fn();
  const silent = Array.from({ length: 200 }, () => connect().on('close', closed));
  await vi.waitFor(() => expect(closed.mock.calls.length).toBeGreaterThanOrEqual(180), { timeout: 10_000 });
  expect(await ask()).toContain(GET);
  await vi.waitFor(() => expect(silent.every((socket) => socket.closed)).toBe(true), { timeout: 10_000 });
  expect(await ask()).toContain(GET);
});

test('who announces a body and does not send it stays here: a process is handed those that it can answer', async () => {
  start(ANSWERING);
  const received = vi.fn();
  const begun = Array.from({ length: 10 }, () => connect().on('data', received));
  for (const socket of begun) socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
  expect(await ask()).toContain(GET);
  expect(received).not.toHaveBeenCalled();
  const [first] = begun;
  first?.write('def');
  first?.write('ghi');
  await vi.waitFor(() => expect(received).toHaveBeenCalledOnce(), { timeout: 10_000 });
  expect(received.mock.calls.flat().join('')).toContain('\r\n\r\nabcdefghi');
});

itInLongRun(
  'who waits too long is overtaken: a flood does not keep a newcomer waiting until all of it is taken',
  {
    timeout: 30_000,
  },
  async () => {
    start(SLOW);
    const order: string[] = [];
    const asked = (name: string): Promise<unknown> => ask().then(() => order.push(name));
    const flood = Array.from({ length: 15 }, () => asked('flood'));
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await Promise.all([...flood, asked('newcomer')]);
    expect(order).toHaveLength(16);
    expect(order.at(-1)).toBe('flood');
  },
);

test('who has just come and not sent anything yet stays longer than those that began and stopped', async () => {
  start(ANSWERING);
  const begun = (): net.Socket => {
    const socket = connect();
    socket.write('GET / HT');
    return socket;
  };
  const stopped = Array.from({ length: 20 }, begun);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const newcomer = connect();
  await new Promise((resolve) => newcomer.once('connect', resolve));
  const more = Array.from({ length: 3 }, begun);
  await vi.waitFor(() => expect(stopped.filter(({ closed }) => closed).length).toBeGreaterThan(0), { timeout: 10_000 });
  expect(more.some(({ closed }) => closed)).toBe(false);
  newcomer.write(GET);
  expect(await text(newcomer)).toContain(GET);
});
