import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Consultation } from '@negatoscope/contract';
import { type DicomJsonObject, writeBareDataset } from '@negatoscope/dicom';
import { COMMAND, type CommandSet } from '@negatoscope/dimse';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { get } from '../../src/features/consultations/service.ts';
import { type Clinic, openClinic } from './clinic.ts';
import { text } from './find-as.ts';
import { closeRawPeers, createDimseFixture, type DimseFixture, EXPLICIT, RawPeer, requestOf, run } from './support.ts';

const STEP = '1.2.840.10008.3.1.2.3.3';
const IMPLICIT = '1.2.840.10008.1.2';
const ODIL = '/usr/bin/python3';
const hasOdil = spawnSync(ODIL, ['-c', 'import odil']).status === 0;

let fixture: DimseFixture;
let clinic: Clinic;
let groupId: string;
beforeAll(async () => {
  fixture = await createDimseFixture();
  clinic = await openClinic(fixture);
  groupId = await fixture.group();
  await fixture.addNode({ aeTitle: 'DX1', groupId, mayWorklist: true });
  await fixture.addNode({ aeTitle: 'DX2', groupId, mayWorklist: true });
  await fixture.addNode({ aeTitle: 'ELSEWHERE', mayWorklist: true });
  await fixture.addNode({ aeTitle: 'MUTE', groupId });
});
afterAll(() => fixture.close());
afterEach(closeRawPeers);

let people = 0;
async function ordered(): Promise<{ visit: Consultation; number: string; studyUid: string }> {
  people += 1;
  const visit = await clinic.order(await clinic.visit({ lastName: `Ndiaye ${people}`, firstName: 'Fatou', groupId }), {});
  const [row] = await clinic.rows('SELECT number, study_instance_uid FROM film_orders WHERE consultation_id = $1', [visit.id]);
  return { visit, number: `NG${row?.number}`, studyUid: String(row?.study_instance_uid) };
}
const beginning = (studyUid: string, number = '', more: DicomJsonObject = {}): DicomJsonObject => ({
  '00080060': text('CS', 'DX'),
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Somebody^Else' }] },
  '00400241': text('AE', 'DX1'),
  '00400244': text('DA', '20261127'),
  '00400245': text('TM', '093000'),
  '00400252': text('CS', 'IN PROGRESS'),
  '00400253': text('SH', 'P1'),
  '00400270': {
    vr: 'SQ',
    Value: [{ '0020000D': text('UI', studyUid), '00400009': number === '' ? text('SH') : text('SH', number) }],
  },
  ...more,
});
const ending = (status: string): DicomJsonObject => ({
  '00400250': text('DA', '20261127'),
  '00400251': text('TM', '094500'),
  '00400252': text('CS', status),
  '00400340': { vr: 'SQ' },
});

/** One request of a device, and its answer. */
async function ask(
  command: CommandSet,
  dataset: DicomJsonObject | Uint8Array | undefined,
  { aet = 'DX1', syntax = EXPLICIT } = {},
) {
  const peer = new RawPeer(fixture.port);
  expect(await peer.associate(requestOf(aet, [[STEP, syntax]]))).toMatchObject({ contexts: [{ result: 0 }] });
  peer.command(1, { MessageID: 1, CommandDataSetType: dataset === undefined ? 0x0101 : 1, ...command });
  const bytes = dataset instanceof Uint8Array ? dataset : writeBareDataset(dataset ?? {}, { isExplicit: syntax === EXPLICIT });
  if (dataset !== undefined) peer.dataset(1, bytes);
  const answer = await peer.response();
  expect(await peer.release()).toBe('released');
  return typeof answer === 'string' ? { Status: -1 } : answer;
}
const create = (uid: string | undefined, dataset: DicomJsonObject | Uint8Array | undefined, how = {}) =>
  ask(
    {
      ...{ CommandField: COMMAND.N_CREATE, AffectedSOPClassUID: STEP },
      ...(uid === undefined ? {} : { AffectedSOPInstanceUID: uid }),
    },
    dataset,
    how,
  );
const set = (uid: string, dataset: DicomJsonObject | Uint8Array | undefined, how = {}) =>
  ask({ CommandField: COMMAND.N_SET, RequestedSOPClassUID: STEP, RequestedSOPInstanceUID: uid }, dataset, how);
const shown = async ({ id }: Consultation) => {
  const { orders } = await get(clinic.deps, clinic.physician, id);
  return orders.map(({ status, step }) => [status, step]);
};
const stored = async (uid: string) =>
  (
    await clinic.rows('SELECT status, patient_id, group_id, attributes FROM performed_steps WHERE sop_instance_uid = $1', [uid])
  )[0];

describe('performed procedure steps (PS3.4 F.7)', () => {
  test.each([
    ['COMPLETED', EXPLICIT],
    ['DISCONTINUED', IMPLICIT],
  ])('begin and end %s, are kept, and stand at the order, which waits for its film, in %s', async (status, syntax) => {
    const { visit, number, studyUid } = await ordered();
    const uid = `2.25.1${people}`;
    expect(await shown(visit)).toEqual([['REQUESTED', null]]);
    expect(await create(uid, beginning(studyUid, number), { syntax })).toMatchObject({
      ...{ CommandField: 0x8140, Status: 0, AffectedSOPClassUID: STEP, AffectedSOPInstanceUID: uid },
    });
    expect(await shown(visit)).toEqual([['REQUESTED', 'IN_PROGRESS']]);
    expect(await set(uid, { '00400254': text('LO', 'Thorax de face') }, { syntax })).toMatchObject({ Status: 0 });
    expect(await set(uid, ending(status), { syntax })).toMatchObject({ CommandField: 0x8120, Status: 0 });
    expect(await shown(visit)).toEqual([['REQUESTED', status]]);
    const { attributes, ...row } = (await stored(uid)) ?? {};
    expect(row).toEqual({ status, patient_id: visit.patientId, group_id: groupId });
    expect(attributes).toMatchObject({ '00400254': { Value: ['Thorax de face'] }, '00400253': { Value: ['P1'] } });
    // Whose it is the order says: what the device calls the patient is not kept.
    expect(attributes).not.toHaveProperty('00100010');
    expect(
      await clinic.rows(
        "SELECT actor, details FROM audit_events WHERE action = 'dicom-node.step' AND patient_id = $1 ORDER BY occurred_at",
        [visit.patientId],
      ),
    ).toEqual(
      ['IN_PROGRESS', 'IN_PROGRESS', status].map((told) => ({
        actor: expect.stringMatching(/^service:dicom-node:/),
        details: { nodeId: expect.any(String), status: told, orderIds: [visit.orders[0]?.id] },
      })),
    );
  });

  test('find their order by its study alone, and none by what is nobody’s or another group’s', async () => {
    const { visit, number, studyUid } = await ordered();
    await create('2.25.21', beginning('2.25.999', 'NG999999999999'));
    await create('2.25.22', beginning(studyUid, number), { aet: 'ELSEWHERE' });
    await create('2.25.23', beginning('2.25.999', `${number}x`));
    expect([await shown(visit), (await stored('2.25.22'))?.patient_id]).toEqual([[['REQUESTED', null]], null]);
    await create('2.25.24', beginning(studyUid));
    expect(await shown(visit)).toEqual([['REQUESTED', 'IN_PROGRESS']]);
  });

  test('that have ended stay as they are (0110H with A506H)', async () => {
    await create('2.25.31', beginning('2.25.9'));
    await set('2.25.31', ending('COMPLETED'));
    for (const change of [ending('IN PROGRESS'), ending('DISCONTINUED'), { '00400254': text('LO', 'x') }])
      expect(await set('2.25.31', change)).toMatchObject({ Status: 0x0110, ErrorID: 0xa506 });
    expect((await stored('2.25.31'))?.status).toBe('COMPLETED');
  });

  test('are one by their UID (0111H), and there is none that was not begun (0112H), nor another device’s', async () => {
    expect(await create('2.25.41', beginning('2.25.9'))).toMatchObject({ Status: 0 });
    expect(await create('2.25.41', beginning('2.25.10'))).toMatchObject({ Status: 0x0111 });
    expect(await set('2.25.42', ending('COMPLETED'))).toMatchObject({ Status: 0x0112 });
    expect(await set('2.25.41', ending('COMPLETED'), { aet: 'DX2' })).toMatchObject({ Status: 0x0112 });
  });

  test('two that begin at once under one UID are one', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => create('2.25.43', beginning('2.25.9'))));
    expect(answers.map(({ Status }) => Status).sort()).toEqual([0, 0x0111, 0x0111, 0x0111]);
  });

  test('without a UID are given one (PS3.7 10.1.5.1.3)', async () => {
    const { Status, AffectedSOPInstanceUID: uid = '' } = (await create(undefined, beginning('2.25.9'))) as CommandSet;
    expect([Status, uid]).toEqual([0, expect.stringMatching(/^2\.25\.\d+$/)]);
    expect(await set(uid, ending('COMPLETED'))).toMatchObject({ Status: 0 });
  });

  test.each<[string, DicomJsonObject | Uint8Array | undefined, number]>([
    ['no dataset', undefined, 0x0120],
    ['an empty dataset', {}, 0x0120],
    ['no sequence', { ...beginning('2.25.9'), '00400270': { vr: 'SQ' } }, 0x0121],
    ['an end', beginning('2.25.9', '', ending('COMPLETED')), 0x0106],
    ['bytes that are no dataset', Uint8Array.from({ length: 64 }, () => 255), 0x0110],
    ['5 MiB', { ...beginning('2.25.9'), '00400280': text('UT', 'x'.repeat(5 * 1024 * 1024)) }, 0x0213],
  ])('%s is refused, and nothing is kept', async (what, dataset, status) => {
    const uid = `2.25.5${what.length}`;
    expect(await create(uid, dataset)).toMatchObject({ Status: status });
    expect(await stored(uid)).toBeUndefined();
  });

  test('what PostgreSQL can’t hold is replaced', async () => {
    expect(await create('2.25.61', beginning('2.25.9', '', { '00400254': text('LO', 'a\u0000b') }))).toMatchObject({ Status: 0 });
  });

  test.each<[string, CommandSet, number]>([
    [
      'another class',
      { CommandField: COMMAND.N_CREATE, AffectedSOPClassUID: '1.2.3', AffectedSOPInstanceUID: '2.25.71' },
      0x0118,
    ],
    ['a UID that is none', { CommandField: COMMAND.N_CREATE, AffectedSOPClassUID: STEP, AffectedSOPInstanceUID: '1..x' }, 0x0117],
    ['a change of nothing named', { CommandField: COMMAND.N_SET, RequestedSOPClassUID: STEP }, 0x0115],
    ['N-DELETE', { CommandField: COMMAND.N_DELETE, RequestedSOPClassUID: STEP, RequestedSOPInstanceUID: '2.25.41' }, 0x0211],
    [
      'N-ACTION',
      { CommandField: COMMAND.N_ACTION, RequestedSOPClassUID: STEP, RequestedSOPInstanceUID: '2.25.41', ActionTypeID: 1 },
      0x0211,
    ],
  ])('%s is refused', async (_what, command, status) => {
    expect(await ask(command, beginning('2.25.9'))).toMatchObject({ Status: status });
  });

  test('of no order go after a season; those of an order stay', async () => {
    const { number, studyUid } = await ordered();
    await create('2.25.80', beginning('2.25.9'));
    await create('2.25.81', beginning(studyUid, number));
    await create('2.25.82', beginning('2.25.9'));
    await clinic.rows(
      "UPDATE performed_steps SET told_at = now() - interval '91 days' WHERE sop_instance_uid IN ('2.25.80', '2.25.81')",
    );
    await clinic.attachMade();
    expect(await stored('2.25.80')).toBeUndefined();
    for (const uid of ['2.25.81', '2.25.82']) expect(await stored(uid)).toBeDefined();
  });

  test('who is given no orders tells nothing of them', async () => {
    const accept = await new RawPeer(fixture.port).associate(requestOf('MUTE', [[STEP, EXPLICIT]]));
    expect(accept).toMatchObject({ contexts: [{ result: 3 }] });
  });
});

describe.skipIf(!hasOdil)('odil, of others, tells of a step', () => {
  test('that begins and ends, and may not change any more', async () => {
    const { visit, number, studyUid } = await ordered();
    const script = path.join(fixture.files, 'step.py');
    writeFileSync(script, ODIL_STEP);
    const { code, output } = await run(ODIL, [script, String(fixture.port), studyUid, number]);
    expect([code, output.trim().split('\n')]).toEqual([0, ['0000', '0111', '0000', '0110']]);
    expect(await shown(visit)).toEqual([['REQUESTED', 'COMPLETED']]);
  }, 30_000);
});

const ODIL_STEP = `
import sys, odil
port, study, number = int(sys.argv[1]), sys.argv[2], sys.argv[3]
STEP = odil.registry.ModalityPerformedProcedureStep
association = odil.Association()
association.set_peer_host('127.0.0.1'); association.set_peer_port(port)
association.update_parameters() \\
  .set_calling_ae_title('DX1').set_called_ae_title('NEGATOSCOPE') \\
  .set_presentation_contexts([odil.AssociationParameters.PresentationContext(
    STEP, [odil.registry.ExplicitVRLittleEndian], odil.AssociationParameters.PresentationContext.Role.SCU)])
association.associate()
def dataset(values):
    made = odil.DataSet()
    for name, value in values: made.add(getattr(odil.registry, name), value)
    return made
item = dataset([('StudyInstanceUID', [study]), ('ScheduledProcedureStepID', [number])])
def said(message):
    association.send_message(message, STEP)
    print('%04x' % association.receive_message().get_command_set().as_int(odil.registry.Status)[0])
def begin():
    request = odil.messages.NCreateRequest(association.next_message_id(), STEP, dataset([
      ('Modality', ['DX']), ('PerformedStationAETitle', ['DX1']), ('PerformedProcedureStepStartDate', ['20261127']),
      ('PerformedProcedureStepStartTime', ['0930']), ('PerformedProcedureStepStatus', ['IN PROGRESS']),
      ('PerformedProcedureStepID', ['P1']), ('ScheduledStepAttributesSequence', [item])]))
    request.set_affected_sop_instance_uid('2.25.777')
    said(request)
def end():
    said(odil.messages.NSetRequest(association.next_message_id(), STEP, '2.25.777', dataset([
      ('PerformedProcedureStepEndDate', ['20261127']), ('PerformedProcedureStepEndTime', ['0945']),
      ('PerformedProcedureStepStatus', ['COMPLETED'])])))
begin(); begin(); end(); end()
association.release()
`;
