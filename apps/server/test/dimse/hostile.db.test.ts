import { connect, createServer, type Socket } from 'node:net';
import { ctVolume } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { listenForDicom } from '../../src/features/dimse/index.ts';
import { Failure } from '../../src/kernel/failure.ts';
import { itInLongRun } from '../support/sample.ts';
import {
  CT_STORAGE,
  closeRawPeers,
  createDimseFixture,
  type DimseFixture,
  datasetOf,
  EXPLICIT,
  portsOf,
  RawPeer,
  requestOf,
  VERIFICATION,
} from './support.ts';

const PLAIN = '1.2.840.10008.1.2';
const ECHO = { CommandField: 0x30, MessageID: 1, CommandDataSetType: 0x0101, AffectedSOPClassUID: VERIFICATION };
const store = (sopInstanceUid: string) => ({
  CommandField: 1,
  MessageID: 1,
  CommandDataSetType: 1,
  AffectedSOPClassUID: CT_STORAGE,
  AffectedSOPInstanceUID: sopInstanceUid,
});

let fixture: DimseFixture;
/** What the store fails with, where a test says so. */
let failure: Error | undefined;
const sockets: Socket[] = [];
beforeAll(async () => {
  fixture = await createDimseFixture({
    listen: {
      connections: 24,
      connectionsOfOne: 20,
      halfOpen: 8,
      associations: 3,
      artimMs: 700,
      idleMs: 1500,
      stalledMs: 900,
      refusedInRow: 4,
    },
    keeper: (keeper) => ({ keep: async (instance) => (failure === undefined ? keeper.keep(instance) : Promise.reject(failure)) }),
  });
  await fixture.addNode({ aeTitle: 'SCANNER' });
});
afterAll(() => fixture.close());
afterEach(async () => {
  failure = undefined;
  closeRawPeers();
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => fixture.listener.counts().connections).toBe(0);
});

function dial(port = fixture.port): Socket {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  sockets.push(socket);
  return socket;
}
const closed = (socket: Socket): Promise<void> =>
  new Promise((done) => (socket.destroyed ? done() : socket.resume().once('close', () => done())));

async function associated(): Promise<RawPeer> {
  const peer = new RawPeer(fixture.port);
  expect(
    await peer.associate(
      requestOf('SCANNER', [
        [VERIFICATION, PLAIN],
        [CT_STORAGE, EXPLICIT],
      ]),
    ),
  ).toBeTypeOf('object');
  return peer;
}
async function answersEcho(): Promise<void> {
  const peer = await associated();
  peer.command(1, ECHO);
  expect(await peer.response()).toMatchObject({ Status: 0 });
  expect(await peer.release()).toBe('released');
}

describe('connections that only take up room', () => {
  test('one that says nothing, and one that stops within its request, are closed by the timer (PS3.8 9.1.5)', async () => {
    const [silent, cut] = [dial(), dial()];
    cut.write(Uint8Array.of(1, 0, 0, 0, 3, 0, 0, 1, 0, 0, 0x41));
    const begun = Date.now();
    await Promise.all([closed(silent), closed(cut)]);
    expect(Date.now() - begun).toBeGreaterThan(500);
  });

  test('a flood of them never keeps a node out: the oldest goes first', async () => {
    const flood = setInterval(() => dial(), 10);
    try {
      await new Promise((done) => setTimeout(done, 300));
      for (let trial = 0; trial < 3; trial += 1) await answersEcho();
      expect(fixture.listener.counts().connections).toBeLessThanOrEqual(20);
    } finally {
      clearInterval(flood);
    }
  });

  test('more from one address than it may have are closed at once', async () => {
    const many = await Promise.all(Array.from({ length: 3 }, associated));
    const more = Array.from({ length: 30 }, () => dial());
    await Promise.all(more.map(closed));
    expect(many).toHaveLength(3);
  });

  test('an association too many is refused for now (PS3.8 table 9-21), and taken when there is room', async () => {
    const many = await Promise.all(Array.from({ length: 3 }, associated));
    expect(await new RawPeer(fixture.port).associate(requestOf('SCANNER', [[VERIFICATION, PLAIN]]))).toBe('2 3 2');
    expect(await many[0]?.release()).toBe('released');
    await expect.poll(() => fixture.listener.counts().associations).toBeLessThan(3);
    await answersEcho();
  });

  test('of many that are asked for at once no more are taken than there is room for', async () => {
    const peers = Array.from({ length: 12 }, () => new RawPeer(fixture.port));
    const answers = await Promise.all(peers.map((peer) => peer.associate(requestOf('SCANNER', [[VERIFICATION, PLAIN]]))));
    expect(answers.filter((answer) => answer === '2 3 2')).toHaveLength(9);
    expect(fixture.listener.counts().associations).toBe(3);
  });

  test('an association in which nothing is asked is aborted', async () => {
    const peer = await associated();
    expect(await peer.next()).toMatchObject({ kind: 'aborted' });
    expect(fixture.logLines.some((line) => line.includes('in which nothing comes'))).toBe(true);
  });

  test('a dataset that stops is given up sooner, and leaves nothing', async () => {
    const peer = await associated();
    peer.command(3, store('2.25.5'));
    peer.dataset(3, new Uint8Array(1000), false);
    const begun = Date.now();
    expect(await peer.next()).toMatchObject({ kind: 'aborted' });
    expect(Date.now() - begun).toBeLessThan(1500);
    expect(await fixture.outcomes()).toEqual([]);
  });
});

describe('what is no DICOM', () => {
  test.each([
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['TLS', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
    ['an announcement of 4 GiB', Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xff, 0, 1])],
    ['zeros', Buffer.alloc(70_000)],
  ])('%s is aborted, and told in the log once', async (_what, bytes) => {
    const socket = dial();
    const told: Buffer[] = [];
    socket.on('data', (data) => told.push(data));
    socket.write(bytes);
    await closed(socket);
    expect(Buffer.concat(told)[0]).toBe(7);
    await answersEcho();
  });
});

describe('when this side fails', () => {
  test.each([
    [new Failure('STORAGE_FULL'), 0xa700],
    [new Failure('UNAVAILABLE'), 0xa700],
    [new Error('a bug'), 0x0110],
  ])('%s: the sender is told, and the next instance is tried', async (error, status) => {
    const [file] = [...ctVolume({ seed: `fails with ${status} ${error.message}`, slices: 1, rows: 8, columns: 8 })];
    const dataset = datasetOf(file?.bytes ?? new Uint8Array(0));
    const peer = await associated();
    const send = async () => {
      peer.command(3, store(file?.sopInstanceUid ?? ''));
      peer.dataset(3, dataset);
      return peer.response();
    };
    failure = error;
    expect(await send()).toMatchObject({ Status: status });
    failure = undefined;
    expect(await send()).toMatchObject({ Status: 0 });
  });

  test('a fault of ours ends its association, and is told in the log', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const openKeeper = () => {
      throw new Error('a bug of ours');
    };
    const listener = listenForDicom(
      { ...portsOf(fixture.db, log), openKeeper },
      { aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port: 0 },
    );
    await expect.poll(() => listener.port()).toBeTypeOf('number');
    const peer = new RawPeer(listener.port() ?? 0);
    expect(await peer.associate(requestOf('SCANNER', [[VERIFICATION, PLAIN]]))).toBe('broken');
    await expect.poll(() => listener.counts().connections).toBe(0);
    expect(lines.filter((line) => line.includes('a bug of ours'))).toHaveLength(1);
    await listener.close(100);
  });

  itInLongRun('a port that somebody else has is tried again until it is free', async () => {
    const other = createServer();
    await new Promise<void>((done) => other.listen(0, '127.0.0.1', done));
    const address = other.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const ports = { ...portsOf(fixture.db, log), openKeeper: () => ({ keep: async () => ({ outcome: 'stored' as const }) }) };
    const listener = listenForDicom(ports, { aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port });
    await expect.poll(() => lines.join('')).toContain('EADDRINUSE');
    expect(listener.port()).toBeUndefined();
    await new Promise((done) => other.close(done));
    await expect.poll(() => listener.port(), { timeout: 9000 }).toBe(port);
    await listener.close(100);
    expect(lines.filter((line) => line.includes('EADDRINUSE'))).toHaveLength(1);
  });

  test('an end of the server answers what is being kept, then aborts, though somebody is connected who says nothing', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((done) => {
      release = done;
    });
    const lines: string[] = [];
    const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) });
    const keep = async () => {
      await held;
      return { outcome: 'stored' as const };
    };
    const listener = listenForDicom(
      { ...portsOf(fixture.db, log), openKeeper: () => ({ keep }) },
      { aeTitle: 'NEGATOSCOPE', host: '127.0.0.1', port: 0 },
    );
    await expect.poll(() => listener.port()).toBeTypeOf('number');
    const silent = dial(listener.port());
    await expect.poll(() => listener.counts().connections).toBe(1);
    const [busy, idle] = [new RawPeer(listener.port() ?? 0), new RawPeer(listener.port() ?? 0)];
    for (const peer of [busy, idle]) await peer.associate(requestOf('SCANNER', [[CT_STORAGE, EXPLICIT]]));
    busy.command(1, store('2.25.6'));
    busy.dataset(1, new Uint8Array(100).fill(8));
    await new Promise((done) => setTimeout(done, 100));
    const closing = listener.close(5000);
    await closed(silent);
    expect(await idle.next()).toMatchObject({ kind: 'aborted' });
    release();
    expect(await busy.response()).toMatchObject({ Status: 0 });
    expect(await busy.next()).toMatchObject({ kind: 'aborted' });
    await closing;
  });
});

describe('instances that nobody takes', () => {
  test('who goes on sending what is refused is aborted, and said to be; one that is taken in between begins anew', async () => {
    const peer = await associated();
    const send = async (uid: string, status: number): Promise<void> => {
      peer.command(3, store(uid));
      peer.dataset(3, new Uint8Array(40).fill(9));
      expect(await peer.response()).toMatchObject({ Status: status });
    };
    for (const uid of ['2.25.90', '2.25.91', '2.25.92']) await send(uid, 0xc000);
    const [file] = [...ctVolume({ seed: 'in between', slices: 1, rows: 8, columns: 8 })];
    peer.command(3, store(file?.sopInstanceUid ?? ''));
    peer.dataset(3, datasetOf(file?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ Status: 0 });
    for (const uid of ['2.25.93', '2.25.94', '2.25.95', '2.25.96']) await send(uid, 0xc000);
    expect(await peer.next()).toMatchObject({ kind: 'aborted' });
    const told = () =>
      fixture.db.withSystem((tx) =>
        tx.rows("SELECT times FROM dicom_node_log WHERE code = 'ALL_REFUSED' AND kind = 'ASSOCIATION'"),
      );
    await expect.poll(told).toEqual([{ times: 1 }]);
  });
});
