import { connect, type Socket } from 'node:net';
import { writeBareDataset } from '@negatoscope/dicom';
import { ctVolume } from '@negatoscope/testkit';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Recorder } from '../../src/features/dimse/log/recorder.ts';
import { pruneLog } from '../../src/features/dimse/log/repository.ts';
import { newId } from '../../src/kernel/ids.ts';
import {
  CT_STORAGE,
  closeRawPeers,
  createDimseFixture,
  type DimseFixture,
  datasetOf,
  EXPLICIT,
  RawPeer,
  requestOf,
  VERIFICATION,
} from './support.ts';

const PLAIN = '1.2.840.10008.1.2';
const STUDY_ROOT = '1.2.840.10008.5.1.4.1.2.2.1';
let fixture: DimseFixture;
let scanner: string;
const sockets: Socket[] = [];
beforeAll(async () => {
  fixture = await createDimseFixture({ listen: { connectionsOfOne: 3, halfOpen: 3 } });
  scanner = await fixture.addNode({ aeTitle: 'SCANNER', mayQuery: true });
});
afterAll(() => fixture.close());
afterEach(async () => {
  closeRawPeers();
  for (const socket of sockets.splice(0)) socket.destroy();
  await expect.poll(() => fixture.listener.counts().connections).toBe(0);
});

const logOf = (id: string) =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      'SELECT kind, is_ours, outcome, code, status, times, done, warned, failed, bytes, instance_uids FROM dicom_node_log WHERE node_id = $1 ORDER BY first_at, kind, outcome',
      [id],
    ),
  );
const callers = () =>
  fixture.db.withSystem((tx) =>
    tx.rows('SELECT address, calling_aet, called_aet, code, times FROM dicom_callers ORDER BY calling_aet, called_aet'),
  );
const store = (sopInstanceUid: string) => ({
  CommandField: 1,
  MessageID: 1,
  CommandDataSetType: 1,
  AffectedSOPClassUID: CT_STORAGE,
  AffectedSOPInstanceUID: sopInstanceUid,
});
const soon = { timeout: 5_000 };

describe('what happened with a node', () => {
  test('instances that are kept are counted together with their bytes; one that is not says which and why', async () => {
    const peer = new RawPeer(fixture.port);
    await peer.associate(requestOf('SCANNER', [[CT_STORAGE, EXPLICIT]]));
    const files = [...ctVolume({ seed: 'log', slices: 3, rows: 16, columns: 16 })];
    for (const { sopInstanceUid, bytes } of files) {
      peer.command(1, store(sopInstanceUid));
      peer.dataset(1, datasetOf(bytes));
      expect(await peer.response()).toMatchObject({ Status: 0 });
    }
    peer.command(1, store('1.2.3'));
    peer.dataset(1, datasetOf(files[0]?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ Status: 0xa900 });
    await peer.release();
    await expect.poll(() => logOf(scanner), soon).toHaveLength(2);
    const bytes = files.reduce((sum, file) => sum + datasetOf(file.bytes).length, 0);
    const base = { kind: 'STORE', is_ours: false, warned: 0 };
    expect(await logOf(scanner)).toEqual([
      { ...base, outcome: 'OK', code: null, status: 0, times: 3, done: 3, failed: 0, bytes, instance_uids: [] },
      {
        ...{ ...base, outcome: 'FAILED', code: 'OTHER_INSTANCE', status: 0xa900, times: 1, done: 0, failed: 1 },
        ...{ bytes: datasetOf(files[0]?.bytes ?? new Uint8Array(0)).length, instance_uids: ['1.2.3'] },
      },
    ]);
  });

  test('a query with its matches, an echo, an association that is refused or breaks off', async () => {
    const id = await fixture.addNode({ aeTitle: 'ASKS', mayQuery: true });
    const peer = new RawPeer(fixture.port);
    await peer.associate(
      requestOf('ASKS', [
        [STUDY_ROOT, EXPLICIT],
        [VERIFICATION, PLAIN],
      ]),
    );
    peer.command(1, { CommandField: 0x20, MessageID: 1, CommandDataSetType: 1, AffectedSOPClassUID: STUDY_ROOT });
    const identifier = { '00080052': { vr: 'CS', Value: ['STUDY'] }, '0020000D': { vr: 'UI' } };
    peer.dataset(1, writeBareDataset(identifier, { isExplicit: true }));
    const answers = await peer.answers(1);
    expect(answers.at(-1)?.command.Status).toBe(0);
    peer.command(3, { CommandField: 0x30, MessageID: 9, CommandDataSetType: 0x0101, AffectedSOPClassUID: VERIFICATION });
    expect(await peer.response()).toMatchObject({ Status: 0 });
    peer.socket.destroy();
    const other = new RawPeer(fixture.port);
    expect(await other.associate(requestOf('ASKS', [[VERIFICATION, PLAIN]], 'OTHER'))).toBe('1 1 7');
    await expect
      .poll(async () => (await logOf(id)).map(({ kind, outcome, code, done }) => [kind, outcome, code, done]).sort(), soon)
      .toEqual([
        ['ASSOCIATION', 'FAILED', 'LOST', 0],
        ['ASSOCIATION', 'REFUSED', 'CALLED_AET', 0],
        ['ECHO', 'OK', null, 1],
        ['QUERY', 'OK', null, answers.length - 1],
      ]);
    const days = await fixture.db.withSystem((tx) =>
      tx.rows(`SELECT kind, times, done, failed FROM dicom_node_days WHERE node_id = $1 AND kind = 'ASSOCIATION'`, [id]),
    );
    // The one that was accepted is counted, and no line of the log.
    expect(days).toEqual([{ kind: 'ASSOCIATION', times: 3, done: 1, failed: 2 }]);
  });

  test('it is bounded: rows of one node by their number, all by their age', async () => {
    const [one, other] = [newId(), newId()];
    const recorder = new Recorder({
      db: fixture.db,
      log: pino({ level: 'silent' }),
      clock: { now: () => at },
      nodeIdOf: async () => undefined,
    });
    let at = new Date('2026-01-01T00:00:00Z');
    const echo = (nodeId: string): void =>
      recorder.event({ nodeId, kind: 'ECHO', isOurs: false, outcome: 'OK', code: null, done: 1 });
    for (let hour = 0; hour < 30; hour += 1) {
      at = new Date(Date.UTC(2026, 0, 1, hour));
      echo(one);
      echo(one);
    }
    echo(other);
    await recorder.flush();
    expect((await logOf(one)).map(({ times }) => times)).toEqual(Array.from({ length: 30 }, () => 2));
    const prune = (before: string, most: number) =>
      fixture.db.withSystem((tx) => pruneLog(tx, { before: new Date(before), daysBefore: '2026-01-02', most }));
    await prune('2026-01-01T00:00:00Z', 12);
    expect([(await logOf(one)).length, (await logOf(other)).length]).toEqual([12, 1]);
    await prune('2026-01-02T00:00:00Z', 1000);
    expect([(await logOf(one)).length, (await logOf(other)).length]).toEqual([6, 1]);
    const days = await fixture.db.withSystem((tx) => tx.rows('SELECT day, times FROM dicom_node_days WHERE node_id = $1', [one]));
    expect(days).toEqual([{ day: '2026-01-02', times: 12 }]);
  });

  test('what a database that is away would have got is written when it is back, and counted once', async () => {
    const id = newId();
    let isAway = true;
    const recorder = new Recorder({
      db: {
        withScope: (scope, work) => (isAway ? Promise.reject(new Error('away')) : fixture.db.withScope(scope, work)),
      },
      log: pino({ level: 'silent' }),
      clock: { now: () => new Date('2026-02-01T00:00:00Z') },
      nodeIdOf: async () => undefined,
    });
    const stored = { nodeId: id, kind: 'STORE', isOurs: false, outcome: 'OK', code: null, done: 1, bytes: 7 } as const;
    recorder.event(stored);
    await recorder.flush();
    recorder.event(stored);
    isAway = false;
    await recorder.flush();
    await recorder.flush();
    expect(await logOf(id)).toMatchObject([{ times: 2, done: 2, bytes: 14 }]);
  });
});

describe('who is not known', () => {
  afterEach(() => fixture.db.withSystem((tx) => tx.run('DELETE FROM dicom_callers')));

  test('is kept with address, titles and how often', async () => {
    for (const called of ['NEGATOSCOPE', 'NEGATOSCOPE', 'OTHER']) {
      const peer = new RawPeer(fixture.port);
      await peer.associate(requestOf('STRANGER', [[VERIFICATION, PLAIN]], called));
    }
    const who = { address: '127.0.0.1', calling_aet: 'STRANGER' };
    await expect.poll(callers, soon).toEqual([
      { ...who, called_aet: 'NEGATOSCOPE', code: 'CALLING_AET', times: 2 },
      { ...who, called_aet: 'OTHER', code: 'CALLED_AET', times: 1 },
    ]);
  });

  test('a connection that is one too many is closed, counted and told', async () => {
    const before = fixture.listener.turnedAway();
    const lines = fixture.logLines.length;
    const dialled = Array.from({ length: 5 }, () => {
      const socket = connect(fixture.port, '127.0.0.1');
      socket.on('error', () => undefined);
      sockets.push(socket);
      return socket;
    });
    await expect.poll(() => dialled.filter(({ destroyed }) => destroyed).length, soon).toBe(2);
    expect(fixture.listener.turnedAway() - before).toBe(2);
    await expect
      .poll(callers, soon)
      .toEqual([{ address: '127.0.0.1', calling_aet: '', called_aet: '', code: 'TOO_MANY_CONNECTIONS', times: 2 }]);
    // By a line of its own, or counted in the next one where another came in the same second.
    const told = () => fixture.logLines.slice(lines).filter((line) => /TOO_MANY_CONNECTIONS|untold/.test(line)).length;
    await expect.poll(told, soon).toBeGreaterThan(0);
  });

  test('one address that makes up titles pushes out none but its own', async () => {
    const recorder = new Recorder({
      db: fixture.db,
      log: pino({ level: 'silent' }),
      clock: { now: () => at },
      nodeIdOf: async () => undefined,
    });
    let at = new Date('2026-01-01T00:00:00Z');
    recorder.caller({ address: '10.0.0.3', callingAet: 'É\u0001ABC', calledAet: 'NEGATOSCOPE', code: 'CALLING_AET' });
    recorder.caller({ address: '10.0.0.1', callingAet: 'REAL', calledAet: 'NEGATOSCOPE', code: 'CALLING_AET' });
    for (let count = 0; count < 200; count += 1) {
      at = new Date(at.getTime() + 1000);
      recorder.caller({ address: '10.0.0.2', callingAet: `T${count}`, calledAet: 'X', code: 'CALLING_AET' });
      if (count % 40 === 0) await recorder.flush();
    }
    await recorder.flush();
    const kept = await callers();
    expect(kept.filter(({ address }) => address === '10.0.0.2')).toHaveLength(5);
    expect(kept.filter(({ address }) => address === '10.0.0.1')).toMatchObject([{ calling_aet: 'REAL' }]);
    // What no title can be is not repeated.
    expect(kept.filter(({ address }) => address === '10.0.0.3')).toMatchObject([{ calling_aet: '??ABC' }]);
  });
});

test('the process that listens gives a sign of life', async () => {
  const report = () => fixture.db.withSystem((tx) => tx.rows('SELECT is_listening, trouble, turned_away FROM dicom_listeners'));
  await expect.poll(report, { timeout: 10_000 }).toMatchObject([{ is_listening: true, trouble: null }]);
});
