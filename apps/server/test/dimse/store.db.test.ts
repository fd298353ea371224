import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { service } from '../../src/access/index.ts';
import { dimseKeeper } from '../../src/dimse-ingest.ts';
import { oneChunk } from '../../src/features/ingest/ingest-fixture.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Tx } from '../../src/platform/db/database.ts';
import {
  CT_STORAGE,
  closeRawPeers,
  createDimseFixture,
  type DimseFixture,
  datasetOf,
  EXPLICIT,
  RawPeer,
  requestOf,
  run,
  storescu,
  VERIFICATION,
} from './support.ts';

const PLAIN = '1.2.840.10008.1.2';
const volume = (seed: string, slices = 2) => [...ctVolume({ seed, slices, rows: 32, columns: 32 })];
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let fixture: DimseFixture;
let groupId: string;
let scanner: string;
beforeAll(async () => {
  fixture = await createDimseFixture();
  groupId = await fixture.group();
  scanner = await fixture.addNode({ aeTitle: 'SCANNER', groupId });
  await fixture.addNode({ aeTitle: 'ELSEWHERE', host: '10.0.0.1' });
  await fixture.addNode({ aeTitle: 'READER', mayStore: false });
  await fixture.addNode({ aeTitle: 'ORPHAN', groupId: newId() });
});
afterAll(() => fixture.close());
afterEach(async () => {
  closeRawPeers();
  await expect.poll(() => fixture.listener.counts().connections).toBe(0);
});

const storedOf = (sopInstanceUid: string) =>
  fixture.db.withSystem((tx) =>
    tx.first('SELECT id, group_id, size_bytes FROM instances WHERE sop_instance_uid = $1', [sopInstanceUid]),
  );

async function objectOf(id: string, sizeBytes: number): Promise<Buffer> {
  return Buffer.from(await fixture.guarded.read(id, 0, sizeBytes));
}

/** A request to store an instance, as a peer of its own would send it. */
const store = (sopInstanceUid: string, more = {}) => ({
  CommandField: 1,
  MessageID: 1,
  Priority: 0,
  CommandDataSetType: 1,
  AffectedSOPClassUID: CT_STORAGE,
  AffectedSOPInstanceUID: sopInstanceUid,
  ...more,
});

async function peerAs(aet: string, contexts: [string, ...string[]][] = [[CT_STORAGE, EXPLICIT]]): Promise<RawPeer> {
  const peer = new RawPeer(fixture.port);
  expect(await peer.associate(requestOf(aet, contexts))).toMatchObject({ contexts: expect.any(Array) });
  return peer;
}

describe('who may speak', () => {
  test.each([
    ['somebody unknown', 'NOBODY', 'NEGATOSCOPE', '1 1 3'],
    ['a known title from another address', 'ELSEWHERE', 'NEGATOSCOPE', '1 1 3'],
    ['a known node that calls somebody else', 'SCANNER', 'OTHER', '1 1 7'],
    ['a title that only begins like a known one', 'SCANNER2', 'NEGATOSCOPE', '1 1 3'],
  ])('%s is refused (PS3.8 9.3.4)', async (_who, calling, called, refusal) => {
    const peer = new RawPeer(fixture.port);
    expect(await peer.associate(requestOf(calling, [[VERIFICATION, PLAIN]], called))).toBe(refusal);
  });

  test('a node that was taken away is unknown', async () => {
    const id = await fixture.addNode({ aeTitle: 'REMOVED' });
    await fixture.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET removed_at = now() WHERE id = $1', [id]));
    expect(await new RawPeer(fixture.port).associate(requestOf('REMOVED', [[VERIFICATION, PLAIN]]))).toBe('1 1 3');
  });

  test('of several with one title the one of the nearest address is meant, however long the others are known', async () => {
    const wide = await fixture.addNode({ aeTitle: 'TWICE', host: '127.0.0.0/8' });
    const itsGroup = await fixture.group();
    const narrow = await fixture.addNode({ aeTitle: 'TWICE', groupId: itsGroup });
    const [file] = volume('nearest', 1);
    const peer = await peerAs('TWICE');
    const seen = await fixture.db.withSystem((tx) =>
      tx.rows('SELECT id FROM dicom_nodes WHERE id IN ($1, $2) AND last_seen_at IS NOT NULL', [wide, narrow]),
    );
    expect(seen).toEqual([{ id: narrow }]);
    peer.command(1, store(file?.sopInstanceUid ?? ''));
    peer.dataset(1, datasetOf(file?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ Status: 0 });
    expect((await storedOf(file?.sopInstanceUid ?? ''))?.group_id).toBe(itsGroup);
  });

  test('a known node is answered, and when it was seen is kept', async () => {
    const peer = await peerAs('SCANNER', [[VERIFICATION, PLAIN]]);
    peer.command(1, { CommandField: 0x30, MessageID: 9, CommandDataSetType: 0x0101, AffectedSOPClassUID: VERIFICATION });
    expect(await peer.response()).toMatchObject({ CommandField: 0x8030, MessageIDBeingRespondedTo: 9, Status: 0 });
    expect(await peer.release()).toBe('released');
    const seen = await fixture.db.withSystem((tx) => tx.first('SELECT last_seen_at FROM dicom_nodes WHERE id = $1', [scanner]));
    expect(seen?.last_seen_at).toBeInstanceOf(Date);
  });

  test('who may not send is offered no storage, and an echo all the same', async () => {
    const peer = new RawPeer(fixture.port);
    const accept = await peer.associate(
      requestOf('READER', [
        [CT_STORAGE, EXPLICIT],
        [VERIFICATION, PLAIN],
      ]),
    );
    expect(accept).toMatchObject({
      contexts: [
        { id: 1, result: 3 },
        { id: 3, result: 0 },
      ],
    });
  });

  test('services that are not spoken are offered by nobody (PS3.8 table 9-18)', async () => {
    const peer = new RawPeer(fixture.port);
    const services = [
      '1.2.840.10008.5.1.4.1.2.1.1',
      '1.2.840.10008.5.1.4.1.2.2.2',
      '1.2.840.10008.3.1.2.3.3',
      '1.2.840.10008.5.1.4.31',
      '1.2.840.10008.1.3.10',
    ];
    const accept = await peer.associate(
      requestOf(
        'SCANNER',
        services.map((uid) => [uid, PLAIN]),
      ),
    );
    expect(accept).toMatchObject({ contexts: services.map(() => ({ result: 3 })) });
  });

  test('a node whose group is gone stores nothing, and is told that it may not', async () => {
    const [file] = volume('orphan', 1);
    const peer = await peerAs('ORPHAN');
    peer.command(1, store(file?.sopInstanceUid ?? ''));
    peer.dataset(1, datasetOf(file?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ CommandField: 0x8001, Status: 0x0124 });
    expect(await storedOf(file?.sopInstanceUid ?? '')).toBeUndefined();
  });
});

describe('what is decided of a node while it is associated', () => {
  test.each([
    ['is taken away', 'GONE', (tx: Tx, id: string) => tx.run('UPDATE dicom_nodes SET removed_at = now() WHERE id = $1', [id])],
    [
      'may no longer send',
      'MUTED',
      (tx: Tx, id: string) => tx.run('UPDATE dicom_nodes SET may_store = false WHERE id = $1', [id]),
    ],
    [
      'is known by another address',
      'MOVED',
      (tx: Tx, id: string) => tx.run("UPDATE dicom_nodes SET host = '10.0.0.9' WHERE id = $1", [id]),
    ],
    [
      'sends into another group',
      'REGROUPED',
      (tx: Tx, id: string) => tx.run('UPDATE dicom_nodes SET group_id = NULL WHERE id = $1', [id]),
    ],
  ])('one that %s stores nothing more in the association that it has (0124H)', async (_what, aeTitle, change) => {
    const id = await fixture.addNode({ aeTitle, groupId: await fixture.group() });
    const [before, after] = volume(`decided of ${aeTitle}`);
    const peer = await peerAs(aeTitle);
    const send = async (file = before) => {
      peer.command(1, store(file?.sopInstanceUid ?? ''));
      peer.dataset(1, datasetOf(file?.bytes ?? new Uint8Array(0)));
      return peer.response();
    };
    expect(await send(before)).toMatchObject({ Status: 0 });
    await fixture.db.withSystem((tx) => change(tx, id));
    expect(await send(after)).toMatchObject({ CommandField: 0x8001, Status: 0x0124 });
    expect(await storedOf(after?.sopInstanceUid ?? '')).toBeUndefined();
  });

  test.each([
    ['it may not', () => Promise.resolve(false)],
    ['nobody knows whether it may', () => Promise.reject(new Error('The database is away.'))],
  ])('its dataset has come when it is asked: nothing is kept of it when %s', async (_what, asked) => {
    const [file] = volume('meanwhile', 1);
    const by = service('dicom-node:test', ['imports.create', 'patients.identity']);
    const sopInstanceUid = file?.sopInstanceUid ?? '';
    const before = await fixture.outcomes();
    const keeping = dimseKeeper(fixture.ingest, by, null).keep({
      ...{ sopClassUid: CT_STORAGE, sopInstanceUid, mayBeKept: asked },
      stream: oneChunk(file?.bytes ?? new Uint8Array(0)),
    });
    expect(await keeping.catch(() => 'failed')).toEqual(
      await asked().then(
        () => ({ outcome: 'rejected', reason: 'NOT_ALLOWED' }),
        () => 'failed',
      ),
    );
    expect(await storedOf(sopInstanceUid)).toBeUndefined();
    expect(await fixture.outcomes()).toEqual(before);
    expect(readdirSync(path.join(fixture.folder, 'objects', 'tmp'))).toEqual([]);
  });

  test('one that is called otherwise now goes on', async () => {
    const id = await fixture.addNode({ aeTitle: 'RENAMED' });
    const [file] = volume('goes on', 1);
    const peer = await peerAs('RENAMED');
    await fixture.db.withSystem((tx) => tx.run("UPDATE dicom_nodes SET name = 'Other', version = 2 WHERE id = $1", [id]));
    peer.command(1, store(file?.sopInstanceUid ?? ''));
    peer.dataset(1, datasetOf(file?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ Status: 0 });
  });
});

describe('C-STORE (PS3.4 B)', () => {
  test('what is answered with success is stored: the very dataset, in the node’s group, by the node', async () => {
    const files = volume('sent');
    const peer = await peerAs('SCANNER');
    for (const { bytes, sopInstanceUid } of files) {
      peer.command(1, store(sopInstanceUid));
      peer.dataset(1, datasetOf(bytes));
      expect(await peer.response()).toMatchObject({ Status: 0, AffectedSOPInstanceUID: sopInstanceUid });
      const row = await storedOf(sopInstanceUid);
      expect(row?.group_id).toBe(groupId);
      const kept = await objectOf(row?.id ?? '', row?.size_bytes ?? 0);
      expect(sha256(datasetOf(kept))).toBe(sha256(datasetOf(bytes)));
      expect(kept.subarray(0, 400).includes('SCANNER')).toBe(true);
    }
    expect(await peer.release()).toBe('released');
    const events = await fixture.db.withSystem((tx) =>
      tx.rows(
        `SELECT e.actor, e.group_id FROM audit_events e JOIN studies s ON s.id::text = e.entity_id
         WHERE e.action = 'study.import' AND s.study_instance_uid = $1`,
        [files[0]?.studyInstanceUid ?? ''],
      ),
    );
    expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set([`service:dicom-node:${scanner}`]));
    expect(events[0]?.group_id).toBe(groupId);
    const imports = await fixture.db.withSystem((tx) =>
      tx.rows("SELECT status, stored FROM imports WHERE entrance = 'DIMSE' AND group_id = $1", [groupId]),
    );
    expect(imports).toEqual([{ status: 'DONE', stored: 2 }]);
  });

  test('the same again is success and changes nothing; other content under the same UID is kept aside with a warning', async () => {
    const [file] = volume('again', 1);
    const { bytes = new Uint8Array(0), sopInstanceUid = '' } = file ?? {};
    const changed = datasetOf(bytes).slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    const peer = await peerAs('SCANNER');
    const send = async (dataset: Uint8Array) => {
      peer.command(1, store(sopInstanceUid));
      peer.dataset(1, dataset);
      return peer.response();
    };
    expect(await send(datasetOf(bytes))).toMatchObject({ Status: 0 });
    expect(await send(datasetOf(bytes))).toMatchObject({ Status: 0 });
    expect(await send(changed)).toMatchObject({
      Status: 0xb000,
      ErrorComment: expect.stringContaining('SAME_UID_OTHER_CONTENT'),
    });
    expect((await fixture.outcomes()).slice(-3).map(({ outcome }) => outcome)).toEqual(['stored', 'duplicate', 'conflict']);
  });

  test.each([
    ['a dataset of another instance than the command says', (file: Uint8Array) => datasetOf(file), '2.25.1', 0xa900],
    ['a dataset that is none', () => new Uint8Array(5000).fill(0x41), '2.25.2', 0xc000],
    ['a dataset behind file meta information', (file: Uint8Array) => file.subarray(132), '2.25.10', 0xc000],
    ['a dataset behind a command', () => new Uint8Array([0, 0, 0, 1, 0x55, 0x4c, 4, 0, 0x30, 0, 0, 0]), '2.25.11', 0xc000],
    ['an empty dataset', () => new Uint8Array(0), '2.25.3', 0xa900],
    ['a dataset without its UIDs', () => new Uint8Array([0x08, 0, 0x60, 0, 0x43, 0x53, 2, 0, 0x43, 0x54]), '2.25.4', 0xa900],
  ])('%s costs only itself', async (_what, dataset, sopInstanceUid, status) => {
    const [bad, good] = volume(`neighbour of ${sopInstanceUid}`);
    const peer = await peerAs('SCANNER');
    peer.command(1, store(sopInstanceUid));
    peer.dataset(1, dataset(bad?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ CommandField: 0x8001, Status: status });
    peer.command(1, store(good?.sopInstanceUid ?? '', { MessageID: 2 }));
    peer.dataset(1, datasetOf(good?.bytes ?? new Uint8Array(0)));
    expect(await peer.response()).toMatchObject({ Status: 0, MessageIDBeingRespondedTo: 2 });
    expect(await storedOf(sopInstanceUid)).toBeUndefined();
    expect(await storedOf(bad?.sopInstanceUid ?? '')).toBeUndefined();
  });

  test.each([
    ['a command without an instance', { AffectedSOPInstanceUID: undefined }, 0xa900],
    ['a class that the context is not for', { AffectedSOPClassUID: '1.2.840.10008.5.1.4.1.1.4' }, 0x0122],
    ['a C-FIND of who may not query', { CommandField: 0x0020 }, 0x0124],
    ['an N-CREATE', { CommandField: 0x0140 }, 0x0211],
    ['a command that there is not', { CommandField: 0x0666 }, 0x0211],
  ])('%s is refused, and the association goes on', async (_what, more, status) => {
    const peer = await peerAs('SCANNER');
    const command = Object.fromEntries(Object.entries(store('2.25.9', more)).filter(([, value]) => value !== undefined));
    peer.command(1, command);
    peer.dataset(1, new Uint8Array(70_000));
    expect(await peer.response()).toMatchObject({ Status: status });
    peer.command(1, { CommandField: 0x30, MessageID: 2, CommandDataSetType: 0x0101 });
    expect(await peer.response()).toMatchObject({ CommandField: 0x8030, Status: 0 });
  });

  test('a C-STORE without a dataset is told so (PS3.7 9.1.1.1.11), and the association goes on', async () => {
    const peer = await peerAs('SCANNER');
    peer.command(1, store('2.25.9', { CommandDataSetType: 0x0101 }));
    expect(await peer.response()).toMatchObject({ Status: 0xa900, ErrorComment: 'The command has no dataset' });
    peer.command(1, { CommandField: 0x30, MessageID: 2, CommandDataSetType: 0x0101 });
    expect(await peer.response()).toMatchObject({ CommandField: 0x8030, Status: 0 });
  });

  test.each([
    ['breaks the connection', (peer: RawPeer) => peer.socket.resetAndDestroy()],
    ['ends the connection', (peer: RawPeer) => peer.socket.end()],
    ['aborts', (peer: RawPeer) => peer.socket.write(Uint8Array.of(7, 0, 0, 0, 0, 4, 0, 0, 0, 0))],
    ['sends a PDU of 4 GiB', (peer: RawPeer) => peer.socket.write(Uint8Array.of(4, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0))],
    ['begins another command', (peer: RawPeer) => peer.command(1, store('2.25.8'))],
  ])('who %s within a dataset leaves nothing', async (_how, end) => {
    const [file] = volume(`broken off ${_how}`, 1);
    const before = await fixture.outcomes();
    const peer = await peerAs('SCANNER');
    peer.command(1, store(file?.sopInstanceUid ?? ''));
    const dataset = datasetOf(file?.bytes ?? new Uint8Array(0));
    peer.dataset(1, dataset.subarray(0, Math.floor(dataset.length / 4) * 2), false);
    await new Promise((done) => setTimeout(done, 30));
    end(peer);
    await expect.poll(() => fixture.listener.counts().associations).toBe(0);
    expect(await storedOf(file?.sopInstanceUid ?? '')).toBeUndefined();
    expect(await fixture.outcomes()).toEqual(before);
  });

  test('many associations at the same time: each is answered when its own is stored', async () => {
    const files = volume('at once', 24);
    const peers = await Promise.all(Array.from({ length: 8 }, () => peerAs('SCANNER')));
    await Promise.all(
      peers.map(async (peer, index) => {
        for (const { bytes, sopInstanceUid } of files.slice(index * 3, index * 3 + 3)) {
          peer.command(1, store(sopInstanceUid));
          peer.dataset(1, datasetOf(bytes));
          expect(await peer.response()).toMatchObject({ Status: 0, AffectedSOPInstanceUID: sopInstanceUid });
          expect(await storedOf(sopInstanceUid)).toBeDefined();
        }
        expect(await peer.release()).toBe('released');
      }),
    );
  });
});

describe.skipIf(!hasDcmtk)('DCMTK sends', () => {
  test('echoscu: success, and a refusal that it understands', async () => {
    const args = ['-v', '-aec', 'NEGATOSCOPE', '127.0.0.1', String(fixture.port)];
    expect(await run('echoscu', ['-aet', 'SCANNER', ...args])).toMatchObject({ code: 0 });
    expect((await run('echoscu', ['-aet', 'NOBODY', ...args])).output).toContain('Calling AE Title Not Recognized');
  });

  test('storescu: every instance is answered and stored', async () => {
    const files = volume('by storescu', 5);
    const { code, output } = await storescu(
      fixture,
      {},
      files.map(({ bytes }) => bytes),
    );
    expect([code, output.match(/Received Store Response \(Success\)/g)]).toEqual([0, expect.objectContaining({ length: 5 })]);
    for (const { sopInstanceUid } of files) expect(await storedOf(sopInstanceUid)).toBeDefined();
  });
});
