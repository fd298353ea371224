import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type DicomJsonObject, parsePart10, writeBareDataset } from '@negatoscope/dicom';
import type { CommandSet } from '@negatoscope/dimse';
import { chestXray, ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { isLong, itInLongRun } from '../support/sample.ts';
import { sha256, stopDestinations, storescp, takingOnly } from './destination.ts';
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
} from './support.ts';

const [IMPLICIT, JPEG2000] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.4.90'];
const STUDY_MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const PATIENT_MOVE = '1.2.840.10008.5.1.4.1.2.1.2';
const STUDY_GET = '1.2.840.10008.5.1.4.1.2.2.3';
const SLICES = 12;

let fixture: DimseFixture;
let groupId: string;
const person = {
  SpecificCharacterSet: 'ISO_IR 192',
  PatientName: 'Ramanantsoa^Été',
  PatientID: 'P1',
  PatientBirthDate: '19540708',
};
const [one, two, elsewhere] = [
  [...ctVolume({ seed: 'one', slices: SLICES, rows: 64, columns: 64, dataset: { ...person, StudyDate: '20240105' } })],
  [...chestXray({ seed: 'two', rows: 64, columns: 64, dataset: { ...person, StudyDate: '20240220' } })],
  [...ctVolume({ seed: 'elsewhere', slices: 2, rows: 16, columns: 16, dataset: { PatientID: 'P9' } })],
];
const hashesOf = (files: readonly { readonly bytes: Uint8Array }[]): string[] =>
  files.map(({ bytes }) => sha256(datasetOf(bytes))).sort();
const studyUid = one[0]?.studyInstanceUid ?? '';
const send = async (files: readonly { bytes: Uint8Array; fileName: string }[], target = {}) =>
  fixture.send(
    files.map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) })),
    { actor: await fixture.actor('ADMIN'), target },
  );

beforeAll(async () => {
  fixture = await createDimseFixture();
  groupId = await fixture.group();
  await fixture.addNode({ aeTitle: 'ASKS', groupId, mayRetrieve: true, mayStore: false });
  await fixture.addNode({ aeTitle: 'MUTE', groupId, mayQuery: true });
  await send([...one, ...two], { groupId });
  await send(elsewhere);
});
afterAll(() => fixture.close());
afterEach(async () => {
  closeRawPeers();
  await stopDestinations();
  await fixture.db.withSystem((tx) => tx.run("DELETE FROM dicom_nodes WHERE ae_title = 'DEST'"));
});

const text = (vr: string, ...Value: string[]) => (Value.length === 0 ? { vr } : { vr, Value });
const level = (value: string) => ({ '00080052': text('CS', value) });
const study = (uid = studyUid): DicomJsonObject => ({ ...level('STUDY'), '0020000D': text('UI', uid) });

interface Asked {
  readonly root?: string;
  readonly to?: string;
  readonly cancelAfter?: number;
  readonly aet?: string;
}

/** What a node is answered that has something moved: the last command, those before it, and the UIDs that failed. */
async function move(identifier: DicomJsonObject, { root = STUDY_MOVE, to = 'DEST', cancelAfter, aet = 'ASKS' }: Asked = {}) {
  const peer = new RawPeer(fixture.port);
  expect(await peer.associate(requestOf(aet, [[root, EXPLICIT]]))).toMatchObject({ contexts: [{ result: 0 }] });
  const command: CommandSet = {
    ...{ CommandField: 0x21, MessageID: 1, Priority: 0, CommandDataSetType: 1 },
    ...{ AffectedSOPClassUID: root, MoveDestination: to },
  };
  peer.command(1, command);
  peer.dataset(1, writeBareDataset(identifier, { isExplicit: true }));
  const answers = await peer.answers(1, cancelAfter);
  const last = answers.at(-1);
  await peer.release();
  return {
    last: last?.command ?? {},
    pending: answers.slice(0, -1).map((answer) => answer.command),
    failed: failedIn(last?.dataset),
  };
}
const failedIn = (dataset: Buffer | undefined): string[] => {
  if (dataset === undefined || dataset.length === 0) return [];
  expect(dataset.subarray(0, 6).toString('latin1')).toBe('\x08\0\x58\0UI');
  return dataset.subarray(8).toString('latin1').replace('\0', '').split('\\');
};
const counts = ({
  NumberOfRemainingSuboperations: remaining,
  NumberOfCompletedSuboperations: completed,
  NumberOfFailedSuboperations: failed,
  NumberOfWarningSuboperations: warning,
}: CommandSet) => [remaining, completed, failed, warning];

const movescu = (root: '-S' | '-P', keys: readonly string[], to = 'DEST') =>
  run('movescu', [
    ...['-v', root, '-aet', 'ASKS', '-aec', 'NEGATOSCOPE', '-aem', to],
    ...keys.flatMap((key) => ['-k', key]),
    ...['127.0.0.1', String(fixture.port)],
  ]);
const addDestination = async (options?: readonly string[]) => {
  const destination = await storescp(fixture.files, options);
  await fixture.addNode({ aeTitle: 'DEST', groupId, port: destination.port });
  return destination;
};

describe.skipIf(!hasDcmtk)('movescu and storescp (PS3.4 C.4.2)', () => {
  test.each([
    ['-S', ['0008,0052=STUDY', `0020,000D=${studyUid}`], one],
    ['-P', ['0008,0052=PATIENT', '0010,0020=P1'], [...one, ...two]],
    ['-P', ['0008,0052=STUDY', '0010,0020=P1', `0020,000D=${studyUid}`], one],
    ['-S', ['0008,0052=SERIES', `0020,000D=${studyUid}`, `0020,000E=${one[0]?.seriesInstanceUid}`], one],
    [
      '-S',
      ['0008,0052=IMAGE', `0020,000D=${studyUid}`, `0008,0018=${one[3]?.sopInstanceUid}\\${one[5]?.sopInstanceUid}`],
      [one[3], one[5]],
    ],
  ] as const)('%s %o: the datasets come byte for byte, and are counted', async (root, keys, files) => {
    const destination = await addDestination();
    const { code, output } = await movescu(root, keys);
    expect([code, output]).toEqual([0, expect.stringContaining('Received Final Move Response (Success)')]);
    expect(destination.hashes()).toEqual(hashesOf(files.flatMap((file) => file ?? [])));
  });

  test('what an administrator corrected leaves corrected; nothing else of the dataset is another', async () => {
    const destination = await addDestination();
    const corrected = "UPDATE patients SET family_name = $1, person_name = '', updated_at = now() WHERE external_id = 'P1'";
    await fixture.db.withSystem((tx) => tx.run(corrected, ['Rakoto']));
    await movescu('-S', ['0008,0052=IMAGE', `0020,000D=${studyUid}`, `0008,0018=${one[0]?.sopInstanceUid}`]);
    await fixture.db.withSystem((tx) => tx.run(corrected, ['Ramanantsoa']));
    expect(destination.hashes()).toHaveLength(1);
    expect(destination.hashes()).not.toEqual(hashesOf(one.slice(0, 1)));
  });

  test('a destination that takes the other form of plain only is sent that; one that takes what is compressed only is sent nothing', async () => {
    const implicit = await addDestination(takingOnly(fixture.files, [CT_STORAGE], [IMPLICIT]));
    expect((await movescu('-S', ['0008,0052=STUDY', `0020,000D=${studyUid}`])).output).toContain('(Success)');
    expect(implicit.hashes()).toHaveLength(SLICES);
    expect(implicit.hashes()).not.toEqual(hashesOf(one));
    await fixture.db.withSystem((tx) => tx.run("DELETE FROM dicom_nodes WHERE ae_title = 'DEST'"));
    const compressed = await addDestination(takingOnly(fixture.files, [CT_STORAGE], [JPEG2000]));
    const { last, failed } = await move(study());
    expect([last.Status, counts(last)]).toEqual([0xa702, [undefined, 0, SLICES, 0]]);
    expect(last.ErrorComment).toContain('NOT_ACCEPTED');
    expect(failed.sort()).toEqual(one.map(({ sopInstanceUid }) => sopInstanceUid).sort());
    expect(compressed.hashes()).toEqual([]);
  });

  test('of classes of which the destination takes one, the other fails: B000H with the list (C.4.2.1.4.2)', async () => {
    const destination = await addDestination(takingOnly(fixture.files, [CT_STORAGE]));
    const { last, failed } = await move({ ...level('PATIENT'), '00100020': text('LO', 'P1') }, { root: PATIENT_MOVE });
    expect([last.Status, counts(last)]).toEqual([0xb000, [undefined, SLICES, two.length, 0]]);
    expect(failed).toEqual(two.map(({ sopInstanceUid }) => sopInstanceUid));
    expect(destination.hashes()).toEqual(hashesOf(one));
  });

  test('progress is told after each, in true numbers, and who asked is named to the destination (PS3.7 9.1.1.1.10)', async () => {
    const destination = await addDestination(['+xa', '-d']);
    const { last, pending } = await move(study());
    expect(pending.map(counts)).toEqual(one.map((_file, index) => [SLICES - index - 1, index + 1, 0, 0]));
    expect(pending.every(({ Status }) => Status === 0xff00)).toBe(true);
    expect([last.Status, counts(last)]).toEqual([0, [undefined, SLICES, 0, 0]]);
    expect(destination.said()).toMatch(/Move Originator AE Title\s*: ASKS/);
  });

  test('two at once are each whole', async () => {
    const destination = await addDestination();
    const answers = await Promise.all([move(study()), move(study(two[0]?.studyInstanceUid))]);
    expect(answers.map(({ last }) => last.Status)).toEqual([0, 0]);
    expect(destination.hashes()).toEqual(hashesOf([...one, ...two]));
  });

  itInLongRun('a cancel ends it before all are sent: FE00H, with what remains', async () => {
    const destination = await addDestination(['+xa', '--sleep-after', '1']);
    const { last } = await move(study(), { cancelAfter: 2 });
    expect(last.Status).toBe(0xfe00);
    const [remaining = 0, completed = 0] = counts(last);
    expect(remaining).toBeGreaterThan(0);
    expect(remaining + completed).toBe(SLICES);
    expect(destination.hashes()).toHaveLength(completed);
  });

  test.each(['--abort-after', '--abort-during'])('a destination that aborts (%s) is not tried for ever', async (option) => {
    await addDestination(['+xa', option]);
    const { last, failed } = await move(study());
    expect([last.Status, counts(last), failed.length]).toEqual([0xa702, [undefined, 0, SLICES, 0], SLICES]);
    expect(last.ErrorComment).toContain('NO_ASSOCIATION');
  });

  test('a destination that is killed leaves those that came, and the others are told', async () => {
    const destination = await addDestination(['+xa', '--sleep-after', '1']);
    const moved = move(study());
    await expect.poll(() => destination.hashes().length, { timeout: 10_000 }).toBeGreaterThan(1);
    await destination.stop();
    const { last, failed } = await moved;
    const [, completed = 0, failures = 0] = counts(last);
    expect(last.Status).toBe(0xb000);
    expect(completed).toBeGreaterThan(0);
    expect([completed + failures, failed.length]).toEqual([SLICES, failures]);
  });

  itInLongRun('who asked and is killed is sent nothing more', async () => {
    const destination = await addDestination(['+xa', '--sleep-after', '1']);
    const keys = ['-k', '0008,0052=STUDY', '-k', `0020,000D=${studyUid}`];
    const child = spawn('movescu', [
      '-S',
      '-aet',
      'ASKS',
      '-aec',
      'NEGATOSCOPE',
      '-aem',
      'DEST',
      ...keys,
      '127.0.0.1',
      String(fixture.port),
    ]);
    await expect.poll(() => destination.hashes().length, { timeout: 10_000 }).toBeGreaterThan(0);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect.poll(() => fixture.listener.counts().associations, { timeout: 10_000 }).toBe(0);
    expect(destination.hashes().length).toBeLessThan(SLICES);
  });

  test('the journal says before anything goes what went where, and of each study that it left', async () => {
    await addDestination();
    await move(study());
    const events = await fixture.db.withSystem((tx) =>
      tx.rows(
        "SELECT action, actor, group_id, entity_type, details FROM audit_events WHERE action IN ('dicom-node.retrieve', 'study.retrieve') ORDER BY occurred_at DESC, id DESC",
      ),
    );
    const actor = expect.stringMatching(/^service:dicom-node:/);
    expect(events.find(({ action }) => action === 'dicom-node.retrieve')).toEqual({
      ...{ action: 'dicom-node.retrieve', actor, group_id: groupId, entity_type: 'dicom-node' },
      details: { level: 'STUDY', instances: SLICES, destination: 'DEST' },
    });
    expect(events.find(({ action }) => action === 'study.retrieve')).toMatchObject({
      actor,
      entity_type: 'study',
      details: { sentTo: expect.any(String) },
    });
  });
});

describe('what is not sent', () => {
  test.each([
    ['an unknown destination', study(), { to: 'NOBODY' }, 0xa801],
    ['a study that there is not', study('1.2.3.4'), { to: 'ASKS' }, 0],
    ['a study of another group', study(elsewhere[0]?.studyInstanceUid), { to: 'ASKS' }, 0],
    ['a level without its key', level('STUDY'), { to: 'ASKS' }, 0xa900],
    ['patients below the study root', { ...level('PATIENT'), '00100020': text('LO', 'P1') }, { to: 'ASKS' }, 0xa900],
    ['a wildcard', { ...level('PATIENT'), '00100020': text('LO', 'P*') }, { to: 'ASKS', root: PATIENT_MOVE }, 0],
  ] as const)('%s', async (_what, identifier, asked, status) => {
    const { last, pending } = await move(identifier, asked);
    expect([last.Status, pending]).toEqual([status, []]);
    if (status === 0) expect(counts(last)).toEqual([undefined, 0, 0, 0]);
  });

  test('a destination of another group, one with a title that two have, and one that is known as a network', async () => {
    await fixture.addNode({ aeTitle: 'DEST', port: 1 });
    expect((await move(study())).last.Status).toBe(0xa801);
    for (const host of ['10.0.0.1', '10.0.0.2']) await fixture.addNode({ aeTitle: 'DEST', groupId, host });
    expect((await move(study())).last.Status).toBe(0xa801);
    await fixture.addNode({ aeTitle: 'NET', groupId, host: '10.0.0.0/8' });
    expect((await move(study(), { to: 'NET' })).last.Status).toBe(0xa801);
  });

  test('to a destination that is not there: all fail', async () => {
    await fixture.addNode({ aeTitle: 'DEST', groupId, port: 1 });
    const { last } = await move(study());
    expect([last.Status, counts(last)]).toEqual([0xa702, [undefined, 0, SLICES, 0]]);
  });

  test('who may not retrieve is offered nothing, and is not stored at', async () => {
    const request = requestOf('MUTE', [
      [STUDY_MOVE, EXPLICIT],
      [STUDY_GET, EXPLICIT],
      [CT_STORAGE, EXPLICIT],
    ]);
    const roles = [{ sopClassUid: CT_STORAGE, scu: true, scp: true }];
    const accept = await new RawPeer(fixture.port).associate({ ...request, user: { ...request.user, roles } });
    expect(accept).toMatchObject({
      contexts: [{ result: 3 }, { result: 3 }, { result: 0 }],
      user: { roles: [{ sopClassUid: CT_STORAGE, scu: true, scp: false }] },
    });
  });

  test('who may retrieve and not send is stored at, and does not store (PS3.7 D.3.3.4)', async () => {
    const request = requestOf('ASKS', [[CT_STORAGE, EXPLICIT]]);
    expect(await new RawPeer(fixture.port).associate(request)).toMatchObject({ contexts: [{ result: 3 }] });
    const roles = [{ sopClassUid: CT_STORAGE, scu: true, scp: true }];
    const peer = new RawPeer(fixture.port);
    expect(await peer.associate({ ...request, user: { ...request.user, roles } })).toMatchObject({
      contexts: [{ result: 0 }],
      user: { roles: [{ sopClassUid: CT_STORAGE, scu: false, scp: true }] },
    });
    const named = { AffectedSOPClassUID: CT_STORAGE, AffectedSOPInstanceUID: '1.2.3' };
    peer.command(1, { CommandField: 1, MessageID: 1, CommandDataSetType: 1, ...named });
    peer.dataset(1, Buffer.alloc(8));
    expect(await peer.response()).toMatchObject({ Status: 0x0124 });
  });

  if (isLong)
    test.skipIf(!hasDcmtk)('a destination that is taken away in the middle gets no more (A801H)', async () => {
      const destination = await storescp(fixture.files, ['+xa', '--sleep-after', '1']);
      const id = await fixture.addNode({ aeTitle: 'DEST', groupId, port: destination.port });
      const moving = move(study());
      await expect.poll(() => destination.hashes().length, { timeout: 5_000 }).toBeGreaterThan(0);
      await fixture.db.withSystem((tx) => tx.run('UPDATE dicom_nodes SET removed_at = now() WHERE id = $1', [id]));
      const { last } = await moving;
      expect(last.Status).toBe(0xa801);
      expect(destination.hashes().length).toBeLessThan(6);
    });

  test('what is in the trash', async () => {
    const trash = 'UPDATE studies SET deleted_at = $2::timestamptz WHERE study_instance_uid = $1';
    await fixture.db.withSystem((tx) => tx.run(trash, [studyUid, new Date()]));
    const { last } = await move(study(), { to: 'ASKS' });
    await fixture.db.withSystem((tx) => tx.run(trash, [studyUid, null]));
    expect([last.Status, counts(last)]).toEqual([0, [undefined, 0, 0, 0]]);
  });
});

describe.skipIf(!hasDcmtk)('getscu (PS3.4 C.4.3)', () => {
  const getscu = async (keys: readonly string[], options: readonly string[] = ['-S']) => {
    const folder = mkdtempSync(path.join(fixture.files, 'get-'));
    const { code, output } = await run('getscu', [
      ...['-v', '+B', '-od', folder, ...options, '-aet', 'ASKS', '-aec', 'NEGATOSCOPE'],
      ...keys.flatMap((key) => ['-k', key]),
      ...['127.0.0.1', String(fixture.port)],
    ]);
    const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name)));
    return { code, output, hashes: files.map((file) => sha256(file.subarray(parsePart10(file).datasetOffset))).sort() };
  };

  test.each([
    [['-S'], ['0008,0052=STUDY', `0020,000D=${studyUid}`], one],
    [['-P'], ['0008,0052=PATIENT', '0010,0020=P1'], [...one, ...two]],
  ] as const)('%o: what is there comes by the same association, byte for byte', async (root, keys, files) => {
    const { code, output, hashes } = await getscu(keys, root);
    expect([code, output]).toEqual([0, expect.stringContaining('Success')]);
    expect(hashes).toEqual(hashesOf(files));
  });

  test('where no context takes the instances all fail, and none is sent', async () => {
    const { output, hashes } = await getscu(['0008,0052=STUDY', `0020,000D=${studyUid}`], ['-S', '+xv', '-xd']);
    expect(hashes).toEqual([]);
    expect(output).not.toContain('(Success)');
  });

  const get = async (roles: readonly string[] = [CT_STORAGE]) => {
    const peer = new RawPeer(fixture.port);
    const request = requestOf('ASKS', [
      [STUDY_GET, EXPLICIT],
      [CT_STORAGE, EXPLICIT],
    ]);
    const asked = roles.map((sopClassUid) => ({ sopClassUid, scu: false, scp: true }));
    await peer.associate({ ...request, user: { ...request.user, roles: asked } });
    peer.command(1, { CommandField: 0x10, MessageID: 5, CommandDataSetType: 1, AffectedSOPClassUID: STUDY_GET });
    peer.dataset(1, writeBareDataset(study(), { isExplicit: true }));
    return peer;
  };

  test('without the role nothing is sent, and all fail (PS3.7 D.3.3.4)', async () => {
    const last = (await (await get([])).answers(1)).at(-1);
    expect([last?.command.Status, counts(last?.command ?? {})]).toEqual([0xa702, [undefined, 0, SLICES, 0]]);
    expect(failedIn(last?.dataset)).toHaveLength(SLICES);
  });

  test('a request to store is awaited, and an answer to something else ends the association', async () => {
    const peer = await get();
    expect(await peer.response()).toMatchObject({
      CommandField: 1,
      AffectedSOPInstanceUID: one[0]?.sopInstanceUid,
      MessageID: 1,
    });
    peer.command(3, { CommandField: 0x8001, MessageIDBeingRespondedTo: 99, CommandDataSetType: 0x0101, Status: 0 });
    for (let outcome = await peer.next(); outcome.kind !== 'aborted'; outcome = await peer.next())
      expect(outcome.kind).toBe('data');
    await expect.poll(() => fixture.listener.counts().associations).toBe(0);
  });

  test('an answer to another service is none to a request to store (PS3.7 9.1.1.2)', async () => {
    const peer = await get();
    expect(await peer.response()).toMatchObject({ CommandField: 1, MessageID: 1 });
    peer.command(3, { CommandField: 0x8020, MessageIDBeingRespondedTo: 1, CommandDataSetType: 0x0101, Status: 0 });
    for (let outcome = await peer.next(); outcome.kind !== 'aborted'; outcome = await peer.next())
      expect(outcome.kind).toBe('data');
    await expect.poll(() => fixture.listener.counts().associations).toBe(0);
  });

  test('a node whose system keeps the rest of an answer until its head is acknowledged is not waited for', async () => {
    const peer = await get();
    const heard: string[] = [];
    const told: (readonly (number | undefined)[])[] = [];
    for (let index = 0; index < SLICES; index += 1) {
      const request = await peer.message();
      const { MessageID: messageId = 0 } = typeof request === 'string' ? {} : request.command;
      const Status = index === 3 ? 0xa700 : 0;
      heard.push(
        await peer.held(3, { CommandField: 0x8001, MessageIDBeingRespondedTo: messageId, CommandDataSetType: 0x0101, Status }),
      );
      const pending = await peer.response();
      if (typeof pending === 'object') told.push(counts(pending));
    }
    expect(heard).toEqual(one.map(() => 'bytes'));
    const failures = (index: number): number => (index >= 3 ? 1 : 0);
    expect(told).toEqual(one.map((_file, at) => [SLICES - at - 1, at + 1 - failures(at), failures(at), 0]));
    expect(await peer.message()).toMatchObject({ command: { CommandField: 0x8010, Status: 0xb000 } });
    expect(await peer.release()).toBe('released');
  });

  test('who begins to release instead of answering is not answered within what was begun', async () => {
    const peer = await get();
    await peer.message();
    expect(await peer.inTwo(Uint8Array.of(5, 0, 0, 0, 0, 4, 0, 0, 0, 0))).toBe('bytes');
    expect((await peer.next()).kind).toBe('broken');
    await expect.poll(() => fixture.listener.counts().associations).toBe(0);
  });

  test('a cancel within it ends it, and who leaves leaves nothing behind', async () => {
    const peer = await get();
    await peer.response();
    peer.command(1, { CommandField: 0x0fff, MessageIDBeingRespondedTo: 5, CommandDataSetType: 0x0101 });
    peer.command(3, { CommandField: 0x8001, MessageIDBeingRespondedTo: 1, CommandDataSetType: 0x0101, Status: 0 });
    let last = await peer.response();
    // How far it is comes first: it may be on its way since the answer began to come.
    for (; typeof last === 'object' && last.Status !== 0xfe00; last = await peer.response());
    expect(last).toMatchObject({ Status: 0xfe00, NumberOfRemainingSuboperations: SLICES - 1, NumberOfCompletedSuboperations: 1 });
    const other = await get();
    await other.response();
    other.socket.destroy();
    peer.socket.destroy();
    await expect.poll(() => fixture.listener.counts().associations).toBe(0);
  });
});
