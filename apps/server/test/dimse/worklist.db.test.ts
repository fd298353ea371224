import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Consultation } from '@negatoscope/contract';
import { type DicomJsonElement, type DicomJsonObject, fileStart, parsePart10, writeBareDataset } from '@negatoscope/dicom';
import { chestXray } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { detach, setOrder } from '../../src/features/consultations/films.ts';
import { consultationActs } from '../../src/features/consultations/index.ts';
import { type Clinic, openClinic, TODAY } from './clinic.ts';
import { type Asked, findAs, text } from './find-as.ts';
import { closeRawPeers, createDimseFixture, type DimseFixture, EXPLICIT, RawPeer, requestOf, run, storescu } from './support.ts';

const WORKLIST = '1.2.840.10008.5.1.4.31';
const IMPLICIT = '1.2.840.10008.1.2';
const STEP = '00400100';
const DAY = TODAY.replaceAll('-', '');
const compact = (day: string): string => day.replaceAll('-', '');
const EARLIER = new Date(Date.now() - 40 * 86_400_000).toISOString().slice(0, 10);

let fixture: DimseFixture;
let clinic: Clinic;
let groupId: string;
let chest: Consultation;
beforeAll(async () => {
  fixture = await createDimseFixture();
  clinic = await openClinic(fixture);
  groupId = await fixture.group();
  await fixture.addNode({ aeTitle: 'DX1', groupId, mayWorklist: true });
  await fixture.addNode({ aeTitle: 'CT1', groupId, mayWorklist: true, mayStore: false });
  await fixture.addNode({ aeTitle: 'UNGROUPED', mayWorklist: true });
  await fixture.addNode({ aeTitle: 'MUTE', groupId, mayQuery: true });
  chest = await clinic.visit({ lastName: 'Ramanantsoa', firstName: 'Été', groupId, birthDate: '1954-07-08' });
  chest = await clinic.order(chest, { reason: 'Tuberculose ? Toux depuis trois semaines' });
  const scan = await clinic.visit({ lastName: 'Sow', firstName: 'Aminata', groupId, day: EARLIER });
  await clinic.order(scan, { modality: 'CT', bodyPart: 'ABDOMEN' });
  await clinic.order(await clinic.visit({ lastName: 'Elsewhere', firstName: 'Odile' }), {});
});
afterAll(() => fixture.close());
afterEach(closeRawPeers);

const find = (identifier: DicomJsonObject | Uint8Array, { aet = 'DX1', ...more }: Partial<Asked> = {}) =>
  findAs(fixture, identifier, { aet, root: WORKLIST, ...more });
const step = (keys: DicomJsonObject) => ({ [STEP]: { vr: 'SQ', Value: [keys] } });
const NAME = { '00100010': text('PN') };
const name = (Alphabetic: string) => ({ '00100010': { vr: 'PN', Value: [{ Alphabetic }] } });
const namesOf = (found: readonly DicomJsonObject[]): unknown[] =>
  found.map((json) => (json['00100010']?.Value?.[0] as { Alphabetic?: string } | undefined)?.Alphabetic);
const stepOf = (json: DicomJsonObject | undefined) => (json?.[STEP]?.Value?.[0] ?? {}) as DicomJsonObject;
const firstOf = (json: DicomJsonObject | undefined, tag: string) => json?.[tag]?.Value?.[0];

/** Keys of table K.6-1 that are of type 1 or 2, for whoever asks for them. */
const STEP_KEYS = '00400001 00400002 00400003 00080060 00400006 00400007 00400010 00400011 00400008 00400012 00400009 00321070';
const KEYS =
  '00401001 00321060 00321064 0020000D 00081110 00401003 00401004 00080050 00321032 00080090 00380010 00380300 00081120 00100010 00100020 00100030 00100040 00101030 00403001 00380500 001021C0 00102000 00102110 00380050';
const SEQUENCES = new Set(['00400008', '00321064', '00081110', '00081120']);
const asking = (tags: string): DicomJsonObject =>
  Object.fromEntries(tags.split(' ').map((tag) => [tag, { vr: SEQUENCES.has(tag) ? 'SQ' : (VRS[tag.slice(0, 8)] ?? 'LO') }]));
const VRS: Record<string, string> = {
  ...{
    '00400001': 'AE',
    '00400002': 'DA',
    '00400003': 'TM',
    '00080060': 'CS',
    '00400006': 'PN',
    '00400010': 'SH',
    '00400011': 'SH',
  },
  ...{
    '00400009': 'SH',
    '00401001': 'SH',
    '0020000D': 'UI',
    '00401003': 'SH',
    '00080050': 'SH',
    '00321032': 'PN',
    '00080090': 'PN',
  },
  ...{ '00100010': 'PN', '00100030': 'DA', '00100040': 'CS', '00101030': 'DS', '001021C0': 'US' },
};

describe('the modality worklist (PS3.4 Annex K)', () => {
  test.each([EXPLICIT, IMPLICIT])(
    'tells every attribute of table K.6-1 that is asked for, and no other, in %s',
    async (syntax) => {
      const keys = { ...asking(KEYS), ...name('Raman*'), ...step(asking(STEP_KEYS)) };
      const { status, pending, found } = await find(keys, { syntax });
      expect([status, pending, found.length]).toEqual([0, [0xff00], 1]);
      const [item] = found;
      expect(Object.keys(item ?? {}).sort()).toEqual(['00080005', ...Object.keys(keys)].sort());
      expect(Object.keys(stepOf(item)).sort()).toEqual(STEP_KEYS.split(' ').sort());
      const [{ number, study_instance_uid: uid, record_number: record } = {}] = await clinic.rows(
        'SELECT o.number, o.study_instance_uid, p.record_number FROM film_orders o JOIN patients p ON p.id = o.patient_id WHERE o.consultation_id = $1',
        [chest.id],
      );
      expect(item).toMatchObject({
        '00080005': { Value: ['ISO_IR 192'] },
        '00080050': { Value: [`NG${number}`] },
        '00080090': { Value: [{ Alphabetic: 'Person^Test' }] },
        '00100010': { Value: [{ Alphabetic: 'Ramanantsoa^Été' }] },
        '00100020': { Value: [record] },
        '00100030': { Value: ['19540708'] },
        '00100040': { Value: ['F'] },
        '0020000D': { Value: [uid] },
        '00321060': { Value: ['DX CHEST'] },
        '00401001': { Value: [`NG${number}`] },
      });
      expect(stepOf(item)).toMatchObject({
        '00400001': { Value: ['DX1'] },
        '00400002': { Value: [DAY] },
        '00400003': { Value: [expect.stringMatching(/^\d{6}$/)] },
        '00080060': { Value: ['DX'] },
        '00400007': { Value: ['DX CHEST'] },
        '00400009': { Value: [`NG${number}`] },
      });
    },
  );

  test.each<[string, DicomJsonObject, number]>([
    ['nothing', {}, 2],
    ['a sequence without an item', { [STEP]: { vr: 'SQ' } }, 2],
    ['its own title', step({ '00400001': text('AE', 'DX1') }), 2],
    ['the title of another device of the group', step({ '00400001': text('AE', 'CT1') }), 2],
    ['a title that nobody has', step({ '00400001': text('AE', 'OTHER') }), 0],
    ['a title of another group', step({ '00400001': text('AE', 'UNGROUPED') }), 0],
    ['its modality', step({ '00080060': text('CS', 'CT') }), 1],
    ['a modality by which a radiograph can be made', step({ '00080060': text('CS', 'CR') }), 1],
    ['another modality', step({ '00080060': text('CS', 'MR') }), 0],
    ['today', step({ '00400002': text('DA', DAY) }), 1],
    ['a range of days', step({ '00400002': text('DA', `${compact(EARLIER)}-${compact(EARLIER)}`) }), 1],
    [
      'days and times together',
      step({ '00400002': text('DA', `${compact(EARLIER)}-${DAY}`), '00400003': text('TM', '000000-235959') }),
      2,
    ],
    ['a time that has gone', step({ '00400002': text('DA', `${DAY}-`), '00400003': text('TM', '-0000') }), 1],
    ['the beginning of a name', name('RAMAN*'), 1],
    ['a name without its accents', name('ramanantsoa^ete'), 1],
    ['a Patient ID that there is not', { '00100020': text('LO', 'P77') }, 0],
    ['an accession number that there is not', { '00080050': text('SH', 'NG99999') }, 0],
  ])('by %s', async (_what, keys, count) => {
    const { status, found } = await find({ ...NAME, ...keys });
    expect([status, found.length]).toEqual([0, count]);
  });

  test('by Patient ID, accession number, requested procedure and study, as they were told', async () => {
    const [told] = (await find({ ...asking(KEYS), ...name('Sow*') })).found;
    for (const tag of ['00100020', '00080050', '00401001', '0020000D'])
      expect(namesOf((await find({ ...NAME, [tag]: told?.[tag] as DicomJsonElement })).found)).toEqual(['Sow^Aminata']);
  });

  test('a modality and a title that are asked for are told as they were asked for', async () => {
    const { found } = await find(step({ '00080060': text('CS', 'CR'), '00400001': text('AE', 'CT1') }));
    expect([firstOf(stepOf(found[0]), '00080060'), firstOf(stepOf(found[0]), '00400001')]).toEqual(['CR', 'CT1']);
  });

  test('a sequence without an item comes whole', async () => {
    const [item] = (await find({ ...name('Raman*'), [STEP]: { vr: 'SQ' } })).found;
    for (const tag of STEP_KEYS.split(' ')) if (!SEQUENCES.has(tag)) expect(stepOf(item)).toHaveProperty(tag);
  });

  test('keys that are not matched are told by the status (FF01), and come back empty', async () => {
    const { pending, found } = await find({ ...name('Raman*'), '00321060': text('LO', 'DX*'), '00181030': text('LO', 'x') });
    expect([pending, found[0]?.['00181030']]).toEqual([[0xff01], { vr: 'LO' }]);
  });

  test('a node is told of its own group, one without a group of none, and who may not is offered nothing', async () => {
    expect(namesOf((await find(NAME, { aet: 'CT1' })).found)).toEqual(['Ramanantsoa^Été', 'Sow^Aminata']);
    expect(namesOf((await find(NAME, { aet: 'UNGROUPED' })).found)).toEqual(['Elsewhere^Odile']);
    const accept = await new RawPeer(fixture.port).associate(requestOf('MUTE', [[WORKLIST, EXPLICIT]]));
    expect(accept).toMatchObject({ contexts: [{ result: 3 }] });
  });

  test('a right that is taken away counts at once (0124H)', async () => {
    const id = await fixture.addNode({ aeTitle: 'BRIEF', groupId, mayWorklist: true });
    const peer = new RawPeer(fixture.port);
    await peer.associate(requestOf('BRIEF', [[WORKLIST, IMPLICIT]]));
    await clinic.rows('UPDATE dicom_nodes SET may_worklist = false WHERE id = $1', [id]);
    peer.command(1, { CommandField: 0x20, MessageID: 1, Priority: 0, CommandDataSetType: 1, AffectedSOPClassUID: WORKLIST });
    peer.dataset(1, new Uint8Array(0));
    expect((await peer.answers(1)).map(({ command }) => command.Status)).toEqual([0x0124]);
  });

  test('the journal says how many were told, and nothing of the keys', async () => {
    await find(name('Raman*'));
    await expect
      .poll(() =>
        clinic.rows(
          "SELECT actor, group_id, details FROM audit_events WHERE action = 'dicom-node.worklist' ORDER BY occurred_at DESC LIMIT 1",
        ),
      )
      .toEqual([{ actor: expect.stringMatching(/^service:dicom-node:/), group_id: groupId, details: { results: 1 } }]);
  });

  test.each<[string, DicomJsonObject | Uint8Array, number]>([
    ['bytes that are no dataset', Uint8Array.from({ length: 64 }, () => 255), 0xc000],
    ['an identifier of 70,000 bytes', { ...NAME, '00401400': text('UT', 'x'.repeat(70_000)) }, 0xa700],
    ['a sequence of two items', { [STEP]: { vr: 'SQ', Value: [{}, {}] } }, 0xa900],
    ['text in place of the sequence', { [STEP]: text('LO', 'x') }, 0xa900],
    ['a day that is none', step({ '00400002': text('DA', '20261345') }), 0xa900],
    ['a time that is none', step({ '00400003': text('TM', '99') }), 0xa900],
  ])('%s is refused', async (_what, identifier, status) => {
    expect(await find(identifier)).toMatchObject({ status, found: [] });
  });

  test('a pattern that is made to take long does not', async () => {
    const begun = performance.now();
    expect(await find(name(`${'*a'.repeat(30_000)}`))).toMatchObject({ status: 0, found: [] });
    expect(performance.now() - begun).toBeLessThan(3000);
  });

  test('a cancel ends it (PS3.7 9.3.2.3)', async () => {
    const { status, found } = await find(NAME, { cancelAfter: 1 });
    expect([0xfe00, 0]).toContain(status);
    expect(found.length).toBeGreaterThanOrEqual(1);
  });
});

describe('an order', () => {
  const isOffered = async (lastName: string): Promise<boolean> => (await find(name(`${lastName}*`))).found.length === 1;

  test('is offered while it is asked for, and not when it or its consultation was cancelled', async () => {
    let visit = await clinic.visit({ lastName: 'Ndiaye', firstName: 'Fatou', groupId });
    visit = await clinic.order(visit, {});
    const path = { id: visit.id, orderId: visit.orders[0]?.id ?? '' };
    expect(await isOffered('Ndiaye')).toBe(true);
    await setOrder(clinic.deps, clinic.physician, path, { status: 'CANCELLED' });
    expect(await isOffered('Ndiaye')).toBe(false);
    await setOrder(clinic.deps, clinic.physician, path, { status: 'REQUESTED' });
    expect(await isOffered('Ndiaye')).toBe(true);
    await consultationActs.move(clinic.deps, clinic.physician, visit.id, { status: 'CANCELLED' });
    expect(await isOffered('Ndiaye')).toBe(false);
    await consultationActs.move(clinic.deps, clinic.physician, visit.id, { status: 'IN_PROGRESS' });
    expect(await isOffered('Ndiaye')).toBe(true);
  });

  test('that nobody has made for a season is offered to who asks for its day, and to nobody else', async () => {
    await clinic.order(await clinic.visit({ lastName: 'Longtemps', firstName: 'Ada', groupId, day: '2020-02-03' }), {});
    expect(await isOffered('Longtemps')).toBe(false);
    const asked = (days: string) => find({ ...name('Longtemps*'), ...step({ '00400002': text('DA', days) }) });
    expect((await asked('20200203')).found).toHaveLength(1);
    expect((await asked('-20200301')).found).toHaveLength(1);
    expect((await asked('-20200801')).found).toHaveLength(0);
  });

  test('is found past the first run of them', async () => {
    for (let count = 0; count < 3; count += 1) {
      let visit = await clinic.visit({ lastName: `Many ${count}`, firstName: 'Ada', groupId });
      for (let film = 0; film < 45; film += 1) visit = await clinic.order(visit, { reason: `${film}` });
    }
    const { found } = await find({ ...name('Many*'), '00080050': text('SH') });
    expect(new Set(found.map((json) => firstOf(json, '00080050'))).size).toBe(135);
  }, 60_000);
});

/** A film as a device makes it of an item of its worklist. */
function filmOf(item: DicomJsonObject | undefined, seed: string, more: Record<string, string> = {}) {
  const dataset = {
    SpecificCharacterSet: 'ISO_IR 192',
    PatientName: (firstOf(item, '00100010') as { Alphabetic: string }).Alphabetic,
    PatientID: String(firstOf(item, '00100020')),
    PatientBirthDate: String(firstOf(item, '00100030')),
    PatientSex: String(firstOf(item, '00100040')),
    StudyInstanceUID: String(firstOf(item, '0020000D')),
    AccessionNumber: String(firstOf(item, '00080050')),
    StudyDate: DAY,
    ...more,
  };
  return [...chestXray({ seed, rows: 32, columns: 32, dataset })].map(({ bytes }) => bytes);
}

describe.skipIf(!hasDcmtk)('a film that a device makes of its worklist', () => {
  const itemOf = async (lastName: string) => (await find({ ...asking(KEYS), ...name(`${lastName}*`) })).found[0];
  const shownOf = async ({ id }: Consultation): Promise<Record<string, unknown>> => {
    const [order] = await clinic.rows('SELECT status, study_id, study_instance_uid FROM film_orders WHERE consultation_id = $1', [
      id,
    ]);
    const studies = await clinic.rows('SELECT study_id FROM consultation_studies WHERE consultation_id = $1', [id]);
    return { ...order, studies: studies.map(({ study_id }) => study_id) };
  };

  test('is its patient’s, is attached to the consultation, and does the order', async () => {
    const visit = await clinic.order(await clinic.visit({ lastName: 'Diop', firstName: 'Awa', groupId }), {});
    const item = await itemOf('Diop');
    expect((await storescu(fixture, { aet: 'DX1' }, filmOf(item, 'diop'))).code).toBe(0);
    expect(await clinic.attachMade()).toEqual({ attached: 1 });
    const [study] = await clinic.rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [
      String(firstOf(item, '0020000D')),
    ]);
    expect(study?.patient_id).toBe(visit.patientId);
    expect(await shownOf(visit)).toMatchObject({ status: 'DONE', study_id: study?.id, studies: [study?.id] });
    expect(await itemOf('Diop')).toBeUndefined();
    expect(await clinic.attachMade()).toEqual({ attached: 0 });
    expect(
      await clinic.rows(
        "SELECT actor, details FROM audit_events WHERE action = 'consultation.study-attached' AND entity_id = $1",
        [visit.id],
      ),
    ).toEqual([{ actor: 'service:attach-films', details: { studyId: study?.id, orderId: visit.orders[0]?.id } }]);
  });

  test('that somebody has detached is not attached again, and the film is asked for as another study', async () => {
    const visit = await clinic.order(await clinic.visit({ lastName: 'Keita', firstName: 'Moussa', groupId }), {});
    const item = await itemOf('Keita');
    await storescu(fixture, { aet: 'DX1' }, filmOf(item, 'keita'));
    await clinic.attachMade();
    const studyId = String((await shownOf(visit)).study_id);
    await detach(clinic.deps, clinic.physician, visit.id, studyId);
    expect(await clinic.attachMade()).toEqual({ attached: 0 });
    expect(await shownOf(visit)).toMatchObject({ status: 'REQUESTED', studies: [] });
    expect(firstOf(await itemOf('Keita'), '0020000D')).not.toBe(firstOf(item, '0020000D'));
  });

  test('in the trash is asked for again; no film yet, a document, does nothing', async () => {
    const visit = await clinic.order(await clinic.visit({ lastName: 'Traore', firstName: 'Ali', groupId }), {});
    const item = await itemOf('Traore');
    await storescu(fixture, { aet: 'DX1' }, filmOf(item, 'letter', { Modality: 'OT' }));
    expect(await clinic.attachMade()).toEqual({ attached: 0 });
    await storescu(fixture, { aet: 'DX1' }, filmOf(item, 'traore'));
    expect(await clinic.attachMade()).toEqual({ attached: 1 });
    const studyId = String((await shownOf(visit)).study_id);
    await clinic.rows('UPDATE studies SET deleted_at = now() WHERE id = $1', [studyId]);
    expect(await itemOf('Traore')).toBeDefined();
  });

  test('with several films at once on one consultation does the order that it was made for, not the oldest', async () => {
    let visit = await clinic.order(await clinic.visit({ lastName: 'Camara', firstName: 'Ibra', groupId }), { reason: 'first' });
    visit = await clinic.order(visit, { reason: 'second' });
    const items = (await find({ ...asking(KEYS), '00401002': text('LO'), ...name('Camara*') })).found;
    const second = items.find((json) => firstOf(json, '00401002') === 'second');
    await storescu(fixture, { aet: 'DX1' }, filmOf(second, 'camara'));
    const done = await consultationActs.attach(clinic.deps, clinic.physician, visit.id, {
      studyInstanceUid: String(firstOf(second, '0020000D')),
    });
    expect(done.orders.map(({ reason, status }) => [reason, status])).toEqual([
      ['first', 'REQUESTED'],
      ['second', 'DONE'],
    ]);
  });
});

describe.skipIf(!hasDcmtk)('findscu -W', () => {
  async function freePort(): Promise<number> {
    const probe = createServer();
    await new Promise<void>((done) => probe.listen(0, '127.0.0.1', done));
    const address = probe.address();
    await new Promise((done) => probe.close(done));
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** What findscu was told, as files. */
  async function told(port: number, keys: readonly string[], folder: string): Promise<DicomJsonObject[]> {
    mkdirSync(folder, { recursive: true });
    const args = ['-W', '-X', '-od', folder, '-aet', 'DX1', '-aec', 'NEGATOSCOPE', ...keys.flatMap((key) => ['-k', key])];
    const { code, output } = await run('findscu', [...args, '127.0.0.1', String(port)]);
    expect([code, output]).toEqual([0, expect.any(String)]);
    return readdirSync(folder)
      .filter((file) => file.startsWith('rsp'))
      .map((file) => parsePart10(readFileSync(path.join(folder, file))).json);
  }

  const QUERIES: [string, ...string[]][] = [
    ['an empty sequence', 'ScheduledProcedureStepSequence'],
    [
      'its title and day',
      'ScheduledProcedureStepSequence[0].ScheduledStationAETitle=DX1',
      `ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=${DAY}`,
      'StudyInstanceUID',
      'AccessionNumber',
      'PatientID',
    ],
    [
      'its modality and a range',
      'ScheduledProcedureStepSequence[0].Modality=DX',
      'ScheduledProcedureStepSequence[0].ScheduledProcedureStepStartDate=20260101-',
      'PatientBirthDate',
      'PatientSex',
      'ReferringPhysicianName',
    ],
    ['another modality', 'ScheduledProcedureStepSequence[0].Modality=CT', 'PatientID'],
    [
      'a name',
      'PatientName=Ramanantsoa*',
      'RequestedProcedureID',
      'RequestedProcedureDescription',
      'RequestedProcedurePriority',
      'PatientWeight',
      'ScheduledProcedureStepSequence[0].ScheduledProcedureStepID',
      'ScheduledProcedureStepSequence[0].ScheduledProcedureStepDescription',
    ],
    ['nobody', 'PatientName=Nobody*'],
  ];

  /** Without what is empty. */
  const filled = (json: DicomJsonObject): DicomJsonObject =>
    Object.fromEntries(
      Object.entries(json).flatMap(([tag, { vr, Value = [] }]) => {
        const values = vr === 'SQ' ? Value.map((item) => filled(item as DicomJsonObject)) : Value;
        const isEmpty = values.length === 0 || (vr === 'SQ' && values.every((item) => Object.keys(item ?? {}).length === 0));
        return isEmpty ? [] : [[tag, { vr, Value: values }]];
      }),
    );

  test('is told what wlmscpfs tells of the same item, key by key', async () => {
    const { '00321064': _codes, ...keysOfAll } = asking(KEYS);
    const [whole] = (await find({ ...keysOfAll, ...name('Raman*'), [STEP]: { vr: 'SQ' } })).found;
    const folder = path.join(fixture.files, 'worklists');
    mkdirSync(path.join(folder, 'NEGATOSCOPE'), { recursive: true });
    writeFileSync(path.join(folder, 'NEGATOSCOPE', 'lockfile'), '');
    const start = fileStart(
      { sopClassUid: WORKLIST, sopInstanceUid: '1.2.3' },
      { transferSyntaxUid: EXPLICIT, implementation: { classUid: '1.2', version: 'T' } },
    );
    // One that lacks what is required is refused by it.
    const file = Buffer.concat([start, writeBareDataset(whole ?? {}, { isExplicit: true })]);
    writeFileSync(path.join(folder, 'NEGATOSCOPE', 'one.wl'), file);
    const port = await freePort();
    const server = spawn('wlmscpfs', ['-s', '-csk', '-dfp', folder, String(port)], { stdio: 'ignore' });
    try {
      await expect
        .poll(async () => (await run('echoscu', ['-aec', 'NEGATOSCOPE', '127.0.0.1', String(port)])).code, { timeout: 9000 })
        .toBe(0);
      for (const [index, [what, ...keys]] of QUERIES.entries()) {
        const all = keys.some((key) => key.startsWith('PatientName=')) ? keys : ['PatientName=Ramanantsoa*', ...keys];
        const reference = await told(port, all, path.join(fixture.files, `reference ${index}`));
        const own = await told(fixture.port, all, path.join(fixture.files, `own ${index}`));
        // Of a sequence that is asked for whole it tells more that is empty.
        const plain = index === 0 ? filled : (json: DicomJsonObject) => json;
        expect([what, own.map(plain)]).toEqual([what, reference.map(plain)]);
      }
    } finally {
      server.kill('SIGKILL');
    }
  }, 30_000);
});
