import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type DicomJsonObject, writeBareDataset } from '@negatoscope/dicom';
import { COMMAND, type CommandSet } from '@negatoscope/dimse';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Peer } from '../../../../packages/dimse/test/peer.ts';
import { certifying } from '../../src/dimse-commitment.ts';
import { createAudit } from '../../src/features/audit/index.ts';
import { commitmentJobs } from '../../src/features/dimse/index.ts';
import { systemClock } from '../../src/kernel/clock.ts';
import { composed } from '../../src/platform/db/statements.ts';
import { freePort, hasOrthanc, startOrthanc } from '../support/orthanc.ts';
import { isLong } from '../support/sample.ts';
import { readDataset, text } from './find-as.ts';
import { CT_STORAGE, closeRawPeers, createDimseFixture, type DimseFixture, EXPLICIT, RawPeer, requestOf } from './support.ts';

const PUSH = '1.2.840.10008.1.20.1';
const INSTANCE = '1.2.840.10008.1.20.1.1';
const MINUTE_MS = 60_000;

let fixture: DimseFixture;
let groupId: string;
let kept: string[];
const device = new Peer();
beforeAll(async () => {
  fixture = await createDimseFixture();
  groupId = await fixture.group();
  await fixture.addNode({ aeTitle: 'CT1', groupId, port: await device.listen() });
  await fixture.addNode({ aeTitle: 'OFF', groupId, port: await freePort() });
  await fixture.addNode({ aeTitle: 'ELSEWHERE' });
  await fixture.addNode({ aeTitle: 'MUTE', groupId, mayStore: false, mayQuery: true });
  const admin = await fixture.actor('ADMIN');
  const files = [...ctVolume({ seed: 'kept', slices: 6, rows: 8, columns: 8 })];
  await fixture.send(
    files.map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) })),
    { actor: admin, target: { groupId } },
  );
  kept = files.map(({ sopInstanceUid }) => sopInstanceUid);
});
afterAll(async () => {
  await device.close();
  await fixture.close();
});
afterEach(closeRawPeers);

const rows = (sql: string, values: (string | null)[] = []) =>
  fixture.db.withSystem((tx) => tx.rows(composed({ text: sql, values })) as Promise<Record<string, unknown>[]>);
const statusOf = async (transaction: string) =>
  (await rows('SELECT status FROM commitment_requests WHERE transaction_uid = $1', [transaction])).map(({ status }) => status);
const referring = (transaction: string, uids: readonly string[], sopClass = CT_STORAGE): DicomJsonObject => ({
  '00081195': text('UI', transaction),
  '00081199': {
    vr: 'SQ',
    Value: uids.map((uid) => ({ '00081150': text('UI', sopClass), '00081155': text('UI', uid) })),
  },
});
const ACTION: CommandSet = {
  ...{ CommandField: COMMAND.N_ACTION, MessageID: 5, CommandDataSetType: 1, ActionTypeID: 1 },
  ...{ RequestedSOPClassUID: PUSH, RequestedSOPInstanceUID: INSTANCE },
};

async function associated(aet = 'CT1'): Promise<RawPeer> {
  const peer = new RawPeer(fixture.port);
  expect(await peer.associate(requestOf(aet, [[PUSH, EXPLICIT]]))).toMatchObject({ contexts: [{ result: 0 }] });
  return peer;
}
function send(peer: RawPeer, dataset: DicomJsonObject | Uint8Array, command: CommandSet = ACTION): void {
  peer.command(1, command);
  peer.dataset(1, dataset instanceof Uint8Array ? dataset : writeBareDataset(dataset, { isExplicit: true }));
}
const uidsIn = (dataset: DicomJsonObject, tag: string): unknown[] =>
  (dataset[tag]?.Value ?? []).map((item) => (item as DicomJsonObject)['00081155']?.Value?.[0]);
const reasonsIn = (dataset: DicomJsonObject): unknown[] =>
  (dataset['00081198']?.Value ?? []).map((item) => (item as DicomJsonObject)['00081197']?.Value?.[0]);
function reportIn(message: Awaited<ReturnType<RawPeer['message']>>): { command: CommandSet; dataset: DicomJsonObject } {
  if (typeof message === 'string') throw new Error(message);
  return { command: message.command, dataset: readDataset(message.dataset, EXPLICIT) };
}
const answerReport = (peer: RawPeer, command: CommandSet): void =>
  peer.command(1, {
    ...{ CommandField: 0x8100, MessageIDBeingRespondedTo: command.MessageID ?? 0, CommandDataSetType: 0x0101, Status: 0 },
    ...{ AffectedSOPClassUID: PUSH, AffectedSOPInstanceUID: INSTANCE, EventTypeID: command.EventTypeID ?? 1 },
  });

/** Asks, is told in the same association, and answers. */
async function told(dataset: DicomJsonObject, aet = 'CT1') {
  const peer = await associated(aet);
  send(peer, dataset);
  expect(await peer.response()).toMatchObject({ CommandField: 0x8130, Status: 0, AffectedSOPInstanceUID: INSTANCE });
  const report = reportIn(await peer.message());
  answerReport(peer, report.command);
  expect(await peer.release()).toBe('released');
  return report;
}

describe('storage commitment (PS3.4 Annex J)', () => {
  test('what is kept is told in the association in which it was asked, once, with its event', async () => {
    const { command, dataset } = await told(referring('2.25.100', kept.slice(0, 2)));
    expect(command).toMatchObject({
      CommandField: 0x0100,
      EventTypeID: 1,
      AffectedSOPClassUID: PUSH,
      AffectedSOPInstanceUID: INSTANCE,
    });
    expect(dataset).toMatchObject({ '00081195': { Value: ['2.25.100'] }, '00080054': { Value: ['NEGATOSCOPE'] } });
    expect([uidsIn(dataset, '00081199'), dataset['00081198']]).toEqual([kept.slice(0, 2), undefined]);
    await expect.poll(() => statusOf('2.25.100')).toEqual(['TOLD']);
    expect(
      await rows(
        "SELECT actor, details FROM audit_events WHERE action = 'dicom-node.commitment' ORDER BY occurred_at DESC LIMIT 1",
      ),
    ).toEqual([{ actor: expect.stringMatching(/^service:dicom-node:/), details: { committed: 2, failed: 0 } }]);
  });

  test('what is not there, or is of another class, is told with its reason (event 2)', async () => {
    const [gone = '', trashed = ''] = kept.slice(3);
    const [row] = await rows('SELECT i.id FROM instances i WHERE i.sop_instance_uid = $1', [gone]);
    await fixture.objects.delete([String(row?.id)]);
    const mixed = referring('2.25.101', [kept[0] ?? '', '2.25.9999', gone]);
    const other = referring('2.25.101', [kept[1] ?? ''], '1.2.840.10008.5.1.4.1.1.4');
    const items = [...(mixed['00081199']?.Value ?? []), ...(other['00081199']?.Value ?? [])];
    const { command, dataset } = await told({ ...mixed, '00081199': { vr: 'SQ', Value: items } });
    expect(command).toMatchObject({ EventTypeID: 2 });
    expect(uidsIn(dataset, '00081199')).toEqual([kept[0]]);
    expect(uidsIn(dataset, '00081198')).toEqual(['2.25.9999', gone, kept[1]]);
    expect(reasonsIn(dataset)).toEqual([0x0112, 0x0112, 0x0119]);
    await rows('UPDATE studies SET deleted_at = now()');
    expect(reasonsIn((await told(referring('2.25.102', [trashed]))).dataset)).toEqual([0x0112]);
    await rows('UPDATE studies SET deleted_at = NULL');
  });

  test('of which other content is kept aside is not told as kept before a person has decided', async () => {
    const [uid = ''] = kept;
    const [, second] = [...ctVolume({ seed: 'kept', slices: 6, rows: 8, columns: 8, dataset: { PatientComments: 'other' } })];
    const [first] = [...ctVolume({ seed: 'kept', slices: 6, rows: 8, columns: 8, dataset: { PatientComments: 'other' } })];
    expect([first?.sopInstanceUid, second?.sopInstanceUid]).toEqual(kept.slice(0, 2));
    await fixture.send([{ name: 'other.dcm', bytes: Buffer.from(first?.bytes ?? new Uint8Array(0)) }], {
      actor: await fixture.actor('ADMIN'),
      target: { groupId },
    });
    expect(await rows("SELECT sop_instance_uid FROM conflicts WHERE status = 'OPEN'")).toEqual([{ sop_instance_uid: uid }]);
    const { dataset } = await told(referring('2.25.199', kept.slice(0, 2)));
    expect([uidsIn(dataset, '00081199'), uidsIn(dataset, '00081198')]).toEqual([[kept[1]], [uid]]);
    await rows("UPDATE conflicts SET status = 'KEPT'");
    expect(uidsIn((await told(referring('2.25.198', [uid]))).dataset, '00081199')).toEqual([uid]);
  });

  test('another group’s is none', async () => {
    expect(reasonsIn((await told(referring('2.25.103', kept.slice(0, 1)), 'ELSEWHERE')).dataset)).toEqual([0x0112]);
  });

  test('a transaction is one: asked again it is told again, of other instances it is refused', async () => {
    await told(referring('2.25.104', kept.slice(0, 1)));
    await told(referring('2.25.104', kept.slice(0, 1)));
    await expect.poll(() => statusOf('2.25.104')).toEqual(['TOLD']);
    const peer = await associated();
    send(peer, referring('2.25.104', kept.slice(0, 2)));
    expect(await peer.response()).toMatchObject({ Status: 0x0115 });
  });

  test('a device goes on asking while a report is on its way', async () => {
    const peer = await associated();
    send(peer, referring('2.25.105', kept.slice(0, 1)));
    expect(await peer.response()).toMatchObject({ Status: 0 });
    const first = reportIn(await peer.message());
    send(peer, referring('2.25.106', kept.slice(1, 2)));
    expect(await peer.response()).toMatchObject({ CommandField: 0x8130, Status: 0 });
    answerReport(peer, first.command);
    const second = reportIn(await peer.message());
    answerReport(peer, second.command);
    expect([first.dataset['00081195']?.Value, second.dataset['00081195']?.Value]).toEqual([['2.25.105'], ['2.25.106']]);
    await expect.poll(() => statusOf('2.25.106')).toEqual(['TOLD']);
  });

  test.each<[string, DicomJsonObject | Uint8Array, CommandSet, number]>([
    ['no dataset', {}, {}, 0x0115],
    ['no transaction', { '00081199': referring('1', ['2.25.1'])['00081199'] ?? { vr: 'SQ' } }, {}, 0x0115],
    ['a transaction that is no UID', referring('1..x', ['2.25.1']), {}, 0x0115],
    [
      'two transactions (PS3.6: VM 1)',
      { ...referring('', ['2.25.1']), '00081195': text('UI', '2.25.116', '2.25.117') },
      {},
      0x0115,
    ],
    ['an item of two instances', referring('2.25.118', ['2.25.1\\2.25.2']), {}, 0x0115],
    ['no instances', referring('2.25.110', []), {}, 0x0115],
    ['an instance that is no UID', referring('2.25.111', ['x']), {}, 0x0115],
    ['bytes that are no dataset', Uint8Array.from({ length: 64 }, () => 255), {}, 0x0110],
    ['5 MiB', new Uint8Array(5 * 1024 * 1024), {}, 0x0213],
    ['another action', referring('2.25.112', ['2.25.1']), { ActionTypeID: 2 }, 0x0123],
    ['another instance', referring('2.25.113', ['2.25.1']), { RequestedSOPInstanceUID: '1.2.3' }, 0x0112],
    ['another class', referring('2.25.114', ['2.25.1']), { RequestedSOPClassUID: '1.2.3' }, 0x0118],
    ['N-GET', referring('2.25.115', ['2.25.1']), { CommandField: COMMAND.N_GET }, 0x0211],
  ])('%s is refused, and nothing is told', async (_what, dataset, command, status) => {
    const before = await rows('SELECT count(*)::int AS n FROM commitment_requests');
    const peer = await associated();
    send(peer, dataset, { ...ACTION, ...command });
    expect(await peer.response()).toMatchObject({ Status: status });
    expect(await peer.release()).toBe('released');
    expect(await rows('SELECT count(*)::int AS n FROM commitment_requests')).toEqual(before);
  });

  test('a node waits for so much and no more: then it is refused (0213H), told in its log, and asks again when it was told', async () => {
    const [{ id = '' } = {}] = await rows("SELECT id FROM dicom_nodes WHERE ae_title = 'CT1'");
    const waits = (count: number, instances: number, prefix: string) =>
      rows(
        `INSERT INTO commitment_requests (id, node_id, group_id, transaction_uid, instances, status, next_at, asked_at)
         SELECT gen_random_uuid(), $1::uuid, $2::uuid, '${prefix}.' || n, (SELECT jsonb_agg(jsonb_build_array('1.2', '1.2.' || i)) FROM generate_series(1, ${instances}) i), 'WAITING', now() + interval '1 day', now()
         FROM generate_series(1, ${count}) n`,
        [String(id), groupId],
      );
    const asked = async (transaction: string): Promise<unknown> => {
      const peer = await associated();
      send(peer, referring(transaction, kept.slice(0, 1)));
      const answer = await peer.response();
      peer.socket.destroy();
      return typeof answer === 'string' ? answer : answer.Status;
    };
    await waits(500, 1, '2.25.300');
    expect(await asked('2.25.301')).toBe(0x0213);
    // One that waits already is the same one.
    expect(await asked('2.25.300.1')).toBe(0x0115);
    await rows("DELETE FROM commitment_requests WHERE transaction_uid LIKE '2.25.300.%'");
    await waits(1, 100_000, '2.25.302');
    expect(await asked('2.25.303')).toBe(0x0213);
    await expect
      .poll(() => rows('SELECT outcome, code FROM dicom_node_log WHERE node_id = $1 AND status = 531', [String(id)]))
      .toEqual([{ outcome: 'FAILED', code: 'OUT_OF_RESOURCES' }]);
    await rows("DELETE FROM commitment_requests WHERE transaction_uid LIKE '2.25.302.%'");
    // Those that ended are not kept for ever either.
    await waits(2_000, 1, '2.25.304');
    await rows("UPDATE commitment_requests SET status = 'TOLD' WHERE transaction_uid LIKE '2.25.304.%'");
    expect(await asked('2.25.305')).toBe(0);
    expect(
      await rows("SELECT count(*)::int AS n FROM commitment_requests WHERE node_id = $1 AND status = 'TOLD'", [String(id)]),
    ).toEqual([{ n: 1_000 }]);
    await rows("DELETE FROM commitment_requests WHERE transaction_uid LIKE '2.25.30%'");
  });

  test('who may not send is not offered it', async () => {
    const accept = await new RawPeer(fixture.port).associate(requestOf('MUTE', [[PUSH, EXPLICIT]]));
    expect(accept).toMatchObject({ contexts: [{ result: 3 }] });
  });
});

describe('who has left is told by an association of ours', () => {
  /** A job process, which knows nothing but the database and the store. */
  const run = () => {
    const audit = createAudit({ db: fixture.db, clock: systemClock });
    const certify = certifying(fixture.db, fixture.guarded);
    const [job] = commitmentJobs({ db: fixture.db, audit, clock: systemClock, certify, dicom: { aeTitle: 'NEGATOSCOPE' } });
    return job?.run({}, { attempt: 1, isLast: true, signal: new AbortController().signal });
  };
  const due = (transaction: string) =>
    rows("UPDATE commitment_requests SET next_at = '2000-01-01' WHERE transaction_uid = $1 RETURNING tries", [transaction]);
  async function leaves(transaction: string, aet = 'CT1'): Promise<void> {
    const peer = await associated(aet);
    send(peer, referring(transaction, kept.slice(0, 2)));
    expect(await peer.response()).toMatchObject({ Status: 0 });
    peer.socket.destroy();
  }

  test('by a process that was started since, in the role of who performs (PS3.7 D.3.3.4)', async () => {
    await leaves('2.25.120');
    expect(await run()).toEqual({ told: 0 });
    await due('2.25.120');
    expect(await run()).toEqual({ told: 1 });
    const [{ command, dataset } = { command: {}, dataset: Buffer.alloc(0) }] = device.received;
    expect(command).toMatchObject({ CommandField: 0x0100, EventTypeID: 1, AffectedSOPInstanceUID: INSTANCE });
    expect(uidsIn(readDataset(dataset, EXPLICIT), '00081199')).toEqual(kept.slice(0, 2));
    expect(device.requests.at(-1)).toMatchObject({
      ...{ callingAet: 'NEGATOSCOPE', calledAet: 'CT1' },
      user: { roles: [{ sopClassUid: PUSH, scu: false, scp: true }] },
    });
    expect([await statusOf('2.25.120'), await run()]).toEqual([['TOLD'], { told: 0 }]);
    expect(
      await rows(
        "SELECT kind, outcome, done FROM dicom_node_log WHERE kind = 'COMMITMENT' AND together LIKE '%-%' ORDER BY last_at DESC LIMIT 1",
      ),
    ).toMatchObject([{ kind: 'COMMITMENT', outcome: 'OK' }]);
  });

  test('again and again while it is off, later each time, and given up at last', async () => {
    await leaves('2.25.121', 'OFF');
    for (const pause of [1, 2, 4, 8]) {
      await due('2.25.121');
      const begun = Date.now();
      expect(await run()).toEqual({ told: 0 });
      const [row] = await rows('SELECT next_at FROM commitment_requests WHERE transaction_uid = $1', ['2.25.121']);
      const later = new Date(String(row?.next_at)).getTime() - begun;
      expect(Math.abs(later - pause * MINUTE_MS)).toBeLessThan(20_000);
    }
    await rows("UPDATE commitment_requests SET tries = 19 WHERE transaction_uid = '2.25.121'");
    await due('2.25.121');
    await run();
    expect(await statusOf('2.25.121')).toEqual(['GIVEN_UP']);
  });

  test('one that is silent delays no other', async () => {
    const held = new Set<Socket>();
    const silent = createServer((socket) => void held.add(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    await fixture.addNode({ aeTitle: 'SILENT', groupId, port: (silent.address() as AddressInfo).port });
    for (const transaction of ['2.25.130', '2.25.131']) await leaves(transaction, 'SILENT');
    await leaves('2.25.132');
    for (const transaction of ['2.25.130', '2.25.131', '2.25.132']) await due(transaction);
    const running = run();
    await expect.poll(() => held.size).toBe(1);
    await expect.poll(() => statusOf('2.25.132'), { timeout: 3_000 }).toEqual(['TOLD']);
    expect(await statusOf('2.25.130')).toEqual(['WAITING']);
    for (const socket of held) socket.destroy();
    silent.close();
    // It hung up: the next try is refused, and then both are left for a minute.
    expect(await running).toEqual({ told: 1 });
    const later = await rows(
      "SELECT next_at > now() + interval '50 seconds' AS later FROM commitment_requests WHERE transaction_uid IN ('2.25.130', '2.25.131')",
    );
    expect(later).toEqual([{ later: true }, { later: true }]);
    await rows("DELETE FROM commitment_requests WHERE transaction_uid LIKE '2.25.13%'");
  });

  test('though the process that was at it was killed: when its time is over another takes it', async () => {
    await leaves('2.25.122');
    // Taken, and nothing heard of it since.
    await rows(
      "UPDATE commitment_requests SET tries = 1, next_at = now() + interval '5 minutes' WHERE transaction_uid = '2.25.122'",
    );
    expect(await run()).toEqual({ told: 0 });
    await due('2.25.122');
    expect(await run()).toEqual({ told: 1 });
  });

  test('not by a node that may not send any more', async () => {
    await leaves('2.25.123');
    await rows("UPDATE dicom_nodes SET may_store = false WHERE ae_title = 'CT1'");
    await due('2.25.123');
    expect([await run(), await statusOf('2.25.123')]).toEqual([{ told: 0 }, ['GIVEN_UP']]);
    await rows("UPDATE dicom_nodes SET may_store = true WHERE ae_title = 'CT1'");
  });

  if (isLong)
    test.skipIf(!hasOrthanc)(
      'Orthanc sends, asks, and is told what is kept and what is not',
      async () => {
        const port = await freePort();
        await fixture.addNode({ aeTitle: 'ORTHANC', groupId, port });
        const modality = { AET: 'NEGATOSCOPE', Host: '127.0.0.1', Port: fixture.port, AllowStorageCommitment: true };
        const settings = { DicomServerEnabled: true, DicomPort: port, DicomAet: 'ORTHANC', DicomModalities: { here: modality } };
        const orthanc = await startOrthanc({}, { settings });
        try {
          const [file] = [...ctVolume({ seed: 'of orthanc', slices: 1, rows: 8, columns: 8 })];
          const stored = await orthanc.post<{ ID: string }>('/instances', Buffer.from(file?.bytes ?? new Uint8Array(0)));
          await orthanc.post('/modalities/here/store', { Resources: [stored.ID] });
          const ask = async (body: object): Promise<string> => {
            const { ID } = await orthanc.post<{ ID: string }>('/modalities/here/storage-commitment', body);
            await expect.poll(() => statusOf(ID)).toHaveLength(1);
            await expect
              .poll(
                async () => {
                  await rows("UPDATE commitment_requests SET next_at = '2000-01-01' WHERE transaction_uid = $1", [ID]);
                  await run();
                  return (await orthanc.get<{ Status: string }>(`/storage-commitment/${ID}`)).Status;
                },
                { timeout: 15_000 },
              )
              .not.toBe('Pending');
            return (await orthanc.get<{ Status: string }>(`/storage-commitment/${ID}`)).Status;
          };
          expect(await ask({ Resources: [stored.ID] })).toBe('Success');
          expect(await ask({ DicomInstances: [{ SOPClassUID: CT_STORAGE, SOPInstanceUID: '2.25.4242' }] })).toBe('Failure');
        } finally {
          await orthanc.stop();
        }
      },
      60_000,
    );
});
