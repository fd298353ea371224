import { type DicomJsonObject, writeBareDataset } from '@negatoscope/dicom';
import { chestXray, ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk } from '../../../../packages/testkit/src/testing/read-back.ts';
import { type Asked, findAs, text } from './find-as.ts';
import { closeRawPeers, createDimseFixture, type DimseFixture, EXPLICIT, RawPeer, requestOf, run } from './support.ts';

const STUDY_ROOT = '1.2.840.10008.5.1.4.1.2.2.1';
const PATIENT_ROOT = '1.2.840.10008.5.1.4.1.2.1.1';
const IMPLICIT = '1.2.840.10008.1.2';

let fixture: DimseFixture;
let groupId: string;
beforeAll(async () => {
  fixture = await createDimseFixture();
  groupId = await fixture.group();
  await fixture.addNode({ aeTitle: 'ASKS', groupId, mayQuery: true, mayStore: false });
  await fixture.addNode({ aeTitle: 'UNGROUPED', mayQuery: true });
  await fixture.addNode({ aeTitle: 'MUTE', groupId });
  const admin = await fixture.actor('ADMIN');
  const dataset = { SpecificCharacterSet: 'ISO_IR 192' };
  const referred = { ReferringPhysicianName: 'Rasoa^Voahangy' };
  const person = { ...dataset, ...referred, PatientName: 'Ramanantsoa^Été', PatientID: 'P1', PatientBirthDate: '19540708' };
  const files = [
    ...ctVolume({ seed: 'one', slices: 3, rows: 8, columns: 8, dataset: { ...person, StudyDate: '20240105' } }),
    ...ctVolume({ seed: 'two', slices: 1, rows: 8, columns: 8, dataset: { ...person, StudyDate: '20240220' } }),
    ...chestXray({
      seed: 'three',
      rows: 16,
      columns: 16,
      dataset: { ...dataset, PatientName: 'Sow^Aminata', PatientID: 'P2', StudyDate: '20240310' },
    }),
  ].map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) }));
  const results = await fixture.send(files, { actor: admin, target: { groupId } });
  expect(results.map(({ outcome }) => outcome)).toEqual(files.map(() => 'stored'));
  const elsewhere = [
    ...chestXray({
      seed: 'four',
      rows: 16,
      columns: 16,
      dataset: { ...dataset, PatientName: 'Elsewhere^Odile', PatientID: 'P9' },
    }),
  ];
  await fixture.send(
    elsewhere.map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) })),
    { actor: admin },
  );
});
afterAll(() => fixture.close());
afterEach(closeRawPeers);

const find = (identifier: DicomJsonObject, { aet = 'ASKS', root = STUDY_ROOT, ...more }: Partial<Asked> = {}) =>
  findAs(fixture, identifier, { aet, root, ...more });
const level = (value: string) => ({ '00080052': text('CS', value) });
const valuesOf = (found: readonly DicomJsonObject[], tag: string): unknown[] => found.map((json) => json[tag]?.Value?.[0]);

describe('C-FIND (PS3.4 C.4.1)', () => {
  test.each([EXPLICIT, IMPLICIT])(
    'studies are found by keys, with what was asked for and nothing else, in %s',
    async (syntax) => {
      const asked = {
        ...level('STUDY'),
        '00100020': text('LO', 'P1'),
        '00080020': text('DA'),
        '0020000D': text('UI'),
        '00100010': text('PN'),
      };
      const { status, pending, found } = await find(asked, { syntax });
      expect([status, pending]).toEqual([0, [0xff00]]);
      expect(valuesOf(found, '00080020')).toEqual(['20240220', '20240105']);
      expect(found[0]).toMatchObject({
        '00080005': { Value: ['ISO_IR 192'] },
        '00080052': { Value: ['STUDY'] },
        '00080054': { Value: ['NEGATOSCOPE'] },
        '00100010': { Value: [{ Alphabetic: 'Ramanantsoa^Été' }] },
        '00100020': { Value: ['P1'] },
      });
      expect(Object.keys(found[0] ?? {})).toEqual([
        '00080005',
        '00080020',
        '00080052',
        '00080054',
        '00080056',
        '00100010',
        '00100020',
        '0020000D',
      ]);
    },
  );

  test.each([
    ['a wildcard', { '00100010': text('PN', 'RAMAN*') }, 2],
    ['a name without its accents', { '00100010': text('PN', 'ramanantsoa^ete') }, 2],
    ['a range of dates', { '00080020': text('DA', '20240101-20240131') }, 1],
    ['an open range', { '00080020': text('DA', '20240201-') }, 2],
    ['a modality in the study', { '00080061': text('CS', 'CT') }, 2],
    ['nothing', {}, 3],
    ['what there is not', { '00100020': text('LO', 'P77') }, 0],
  ])('by %s', async (_what, keys, count) => {
    const { status, found } = await find({ ...level('STUDY'), ...keys, '0020000D': text('UI') });
    expect([status, found.length]).toEqual([0, count]);
  });

  test('a list of UIDs (PS3.4 C.2.2.2.2)', async () => {
    const all = (await find({ ...level('STUDY'), '0020000D': text('UI') })).found.map((json) =>
      String(json['0020000D']?.Value?.[0]),
    );
    const { found } = await find({ ...level('STUDY'), '0020000D': text('UI', ...all.slice(0, 2)) });
    expect(new Set(valuesOf(found, '0020000D'))).toEqual(new Set(all.slice(0, 2)));
  });

  test('series and images, from the study down', async () => {
    const [study] = (await find({ ...level('STUDY'), '00080020': text('DA', '20240105'), '0020000D': text('UI') })).found;
    const studyUid = String(study?.['0020000D']?.Value?.[0]);
    const series = await find({
      ...level('SERIES'),
      '0020000D': text('UI', studyUid),
      '0020000E': text('UI'),
      '00080060': text('CS'),
      '00201209': text('IS'),
    });
    expect(series.found).toHaveLength(1);
    expect(series.found[0]).toMatchObject({ '00080060': { Value: ['CT'] }, '00201209': { Value: [3] } });
    const seriesUid = String(series.found[0]?.['0020000E']?.Value?.[0]);
    const images = await find({
      ...level('IMAGE'),
      '0020000D': text('UI', studyUid),
      '0020000E': text('UI', seriesUid),
      '00080018': text('UI'),
      '00200013': text('IS'),
    });
    expect(new Set(valuesOf(images.found, '00080018')).size).toBe(3);
  });

  test('more than are told together come all, each once, in their order', async () => {
    const many = await fixture.group();
    await fixture.addNode({ aeTitle: 'MANY', groupId: many, mayQuery: true, mayStore: false });
    const slices = [...ctVolume({ seed: 'many', slices: 45, rows: 8, columns: 8 })];
    const files = slices.map(({ bytes, fileName }) => ({ name: fileName, bytes: Buffer.from(bytes) }));
    await fixture.send(files, { actor: await fixture.actor('ADMIN'), target: { groupId: many } });
    const asked = { ...level('IMAGE'), '00080018': text('UI'), '00200013': text('IS') };
    const { status, found } = await find(asked, { aet: 'MANY' });
    expect([status, valuesOf(found, '00200013')]).toEqual([0, slices.map((_slice, index) => index + 1)]);
  });

  test('patients, each once, in the patient root only', async () => {
    const asked = { ...level('PATIENT'), '00100010': text('PN'), '00100020': text('LO') };
    const { status, found } = await find(asked, { root: PATIENT_ROOT });
    expect([status, valuesOf(found, '00100020').sort()]).toEqual([0, ['P1', 'P2']]);
    expect(await find(asked)).toMatchObject({ status: 0xa900, last: { OffendingElement: ['00080052'] }, found: [] });
  });

  test('who referred, which is read from what is kept of the study, where it is asked for', async () => {
    const asked = { ...level('STUDY'), '00100020': text('LO', 'P1'), '00080090': text('PN') };
    const { status, found } = await find(asked);
    expect([status, valuesOf(found, '00080090')]).toEqual([
      0,
      [{ Alphabetic: 'Rasoa^Voahangy' }, { Alphabetic: 'Rasoa^Voahangy' }],
    ]);
  });

  test('keys that are not matched are told by the status, and come back empty', async () => {
    const { pending, found } = await find({
      ...level('STUDY'),
      '00100020': text('LO', 'P2'),
      '00321060': text('LO', 'x'),
      '00081110': { vr: 'SQ' },
    });
    expect(pending).toEqual([0xff01]);
    expect(found[0]).toMatchObject({ '00321060': { vr: 'LO' }, '00100020': { Value: ['P2'] } });
  });

  test('a cancel ends it (PS3.7 9.3.2.3)', async () => {
    const { status, found } = await find({ ...level('IMAGE'), '00080018': text('UI') }, { cancelAfter: 1 });
    // What was on its way when the cancel came has come.
    expect([0xfe00, 0]).toContain(status);
    expect(found.length).toBeGreaterThanOrEqual(1);
  });

  test.each([
    ['no level', { '00100020': text('LO', 'P1') }, 0xa900],
    ['a level that there is not', level('ROOM'), 0xa900],
    ['a level that is called as what every object has', level('constructor'), 0xa900],
    ['a date that is none', { ...level('STUDY'), '00080020': text('DA', '2024-13-45') }, 0xc000],
    ['a time that is none', { ...level('STUDY'), '00080030': text('TM', '2500') }, 0xc000],
    ['a range of three times', { ...level('STUDY'), '00080030': text('TM', '10-11-12') }, 0xc000],
    ['a number that is none', { ...level('IMAGE'), '00200013': text('IS', 'first') }, 0xc000],
    [
      'a range of numbers, which are matched by single value (C.2.2.2.1)',
      { ...level('IMAGE'), '00200013': text('IS', '1-3') },
      0xc000,
    ],
  ])('%s is refused', async (_what, identifier, status) => {
    expect(await find(identifier)).toMatchObject({ status, found: [] });
  });

  test('any number is found by a wildcard (C.2.2.2.3), and one that is not matched here may be anything', async () => {
    const all = (await find({ ...level('IMAGE'), '00200013': text('IS') })).found;
    expect((await find({ ...level('IMAGE'), '00200013': text('IS', '*') })).found).toEqual(all);
    const told = await find({ ...level('STUDY'), '00181155': text('IS', 'x') });
    expect(told).toMatchObject({ status: 0, pending: [0xff01] });
    const bytes = await find({ ...level('STUDY'), '0020000D': { vr: 'OB', InlineBinary: 'MS4yLjM=' } });
    expect(bytes).toMatchObject({ status: 0, pending: [0xff01] });
  });

  test('a node finds what is of its group, one without a group what is of none, and who may not query is offered nothing', async () => {
    const asked = { ...level('STUDY'), '00100020': text('LO') };
    expect(valuesOf((await find(asked)).found, '00100020')).not.toContain('P9');
    expect(valuesOf((await find(asked, { aet: 'UNGROUPED' })).found, '00100020')).toEqual(['P9']);
    const accept = await new RawPeer(fixture.port).associate(
      requestOf('MUTE', [
        [STUDY_ROOT, EXPLICIT],
        [PATIENT_ROOT, IMPLICIT],
      ]),
    );
    expect(accept).toMatchObject({ contexts: [{ result: 3 }, { result: 3 }] });
  });

  test('the journal says who searched and how many were found, and nothing of the keys', async () => {
    await find({ ...level('STUDY'), '00100020': text('LO', 'P1') });
    await expect
      .poll(async () =>
        fixture.db.withSystem((tx) =>
          tx.rows(
            "SELECT actor, group_id, details FROM audit_events WHERE action = 'dicom-node.query' ORDER BY occurred_at DESC LIMIT 1",
          ),
        ),
      )
      .toEqual([
        { actor: expect.stringMatching(/^service:dicom-node:/), group_id: groupId, details: { level: 'STUDY', results: 2 } },
      ]);
  });

  test('the journal says whom each run of answers showed, before they are told', async () => {
    await find({ ...level('STUDY'), '00100020': text('LO', 'P1') });
    const seen = await fixture.db.withSystem((tx) =>
      tx.rows(
        `SELECT e.action, (e.details->>'results')::int AS results FROM audit_shown s JOIN audit_events e ON e.id = s.event_id
         JOIN patients p ON p.id = s.patient_id WHERE p.external_id = 'P1' ORDER BY e.id DESC LIMIT 1`,
      ),
    );
    expect(seen).toEqual([{ action: 'dicom-node.query', results: 2 }]);
  });

  test('a request beside one that goes on aborts: one at a time was agreed', async () => {
    const peer = new RawPeer(fixture.port);
    await peer.associate(requestOf('ASKS', [[STUDY_ROOT, EXPLICIT]]));
    const command = { CommandField: 0x20, MessageID: 1, CommandDataSetType: 1, AffectedSOPClassUID: STUDY_ROOT };
    const identifier = writeBareDataset({ ...level('STUDY') }, { isExplicit: true });
    for (let count = 0; count < 2; count += 1) {
      peer.command(1, command);
      peer.dataset(1, identifier);
    }
    await expect(peer.answers(1).then(() => peer.answers(1))).rejects.toThrow();
  });
});

describe.skipIf(!hasDcmtk)('findscu', () => {
  test.each(['-S', '-P'])('%s finds what is there, in words that it reads', async (root) => {
    const args = [
      root,
      '-aet',
      'ASKS',
      '-aec',
      'NEGATOSCOPE',
      '-k',
      '0008,0052=STUDY',
      '-k',
      '0010,0020=P1',
      '-k',
      '0010,0010',
      '-k',
      '0020,000D',
    ];
    const { code, output } = await run('findscu', ['-v', ...args, '127.0.0.1', String(fixture.port)]);
    expect([code, output.match(/Find Response: \d+ \(Pending\)/g)?.length]).toEqual([0, 2]);
    expect(output).toContain('Ramanantsoa^Été');
    expect(output).toContain('Received Final Find Response (Success)');
  });

  test('-W, a worklist, is refused when it is negotiated: this node may not have one', async () => {
    const { output } = await run('findscu', [
      '-W',
      '-aet',
      'ASKS',
      '-aec',
      'NEGATOSCOPE',
      '-k',
      '0008,0060=CT',
      '127.0.0.1',
      String(fixture.port),
    ]);
    expect(output).toContain('No Acceptable Presentation Contexts');
  });
});
