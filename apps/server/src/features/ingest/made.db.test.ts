import {
  basicTextReport,
  type DicomJsonObject,
  encapsulatedPdf,
  type InstanceReference,
  keyObjectSelection,
  type MadeInstance,
  parsePart10,
  secondaryCaptureImage,
} from '@negatoscope/dicom';
import type { Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Person, service } from '../../access/index.ts';
import { createIngestFixture, type IngestFixture, xray } from './ingest-fixture.ts';

let fixture: IngestFixture;
let author: Person;
beforeAll(async () => {
  fixture = await createIngestFixture();
  author = await fixture.actor('RADIOLOGIST');
});
afterAll(() => fixture.close());

const REPORTS = service('reports', ['imports.create']);
let uids = 0;
const nextUid = (): string => `2.25.77${String(uids++).padStart(6, '0')}`;

interface Source {
  readonly studyId: string;
  readonly patientId: string;
  readonly uid: string;
  /** The study's own attributes, as received. */
  readonly study: DicomJsonObject;
  readonly image: InstanceReference;
}

/** A study with one image, and what is needed to make something of it. */
async function source(seed: string, dataset: Dataset = {}, groupId: string | null = null): Promise<Source> {
  const who = await fixture.actor('ADMIN');
  const identity = { PatientID: seed, PatientName: 'Été^Anaïs', ...dataset };
  const file = xray(seed, { StudyInstanceUID: nextUid(), SOPInstanceUID: nextUid(), SeriesInstanceUID: nextUid(), ...identity });
  const [result] = await fixture.send([file], { actor: who, target: { groupId } });
  const {
    studyInstanceUid: uid = '',
    seriesInstanceUid = '',
    sopInstanceUid = '',
    sopClassUid = '',
    patientId = '',
  } = result ?? {};
  const row = await fixture.db.withSystem((tx) =>
    tx.first('SELECT id, attributes FROM studies WHERE study_instance_uid = $1', [uid]),
  );
  const image = { seriesInstanceUid, sopInstanceUid, sopClassUid };
  return { studyId: row?.id ?? '', patientId, uid, study: parsePart10(file.bytes).json, image };
}

const common = ({ study }: Pick<Source, 'study'>, seriesNumber: number): MadeInstance => ({
  study,
  seriesInstanceUid: nextUid(),
  sopInstanceUid: nextUid(),
  seriesNumber,
  instanceNumber: 1,
  contentDate: '20260302',
  contentTime: '081500',
  manufacturer: 'Negatoscope',
  implementation: { classUid: '2.25.1', version: 'TEST' },
});
const FINDINGS = { value: '121070', scheme: 'DCM', meaning: 'Findings' };
const PDF = Buffer.from('%PDF-1.4\n%âãÏÓ\ntrailer<<>>\n%%EOF', 'latin1');

const reportOf = (of: Source): Uint8Array =>
  basicTextReport({
    ...common(of, 900),
    title: { value: '18748-4', scheme: 'LN', meaning: 'Diagnostic imaging report' },
    parts: [{ name: FINDINGS, text: 'Pas d’épanchement.\nCœur de taille normale.', images: [of.image] }],
  });
const MADE: Readonly<Record<string, { readonly sopClassUid: string; readonly make: (of: Source) => Uint8Array }>> = {
  'a structured report': { sopClassUid: '1.2.840.10008.5.1.4.1.1.88.11', make: reportOf },
  'a selection of key objects': {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.88.59',
    make: (of) => keyObjectSelection({ ...common(of, 901), description: 'À revoir', objects: [of.image] }),
  },
  'an encapsulated PDF': {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.104.1',
    make: (of) => encapsulatedPdf({ ...common(of, 902), documentTitle: 'Compte rendu', pdf: PDF }),
  },
  'a secondary capture': {
    sopClassUid: '1.2.840.10008.5.1.4.1.1.7',
    make: (of) => secondaryCaptureImage({ ...common(of, 903), rows: 3, columns: 5, pixels: new Uint8Array(45).fill(7) }),
  },
};

const store = (of: Source, instances: readonly Uint8Array[], onBehalfOf: Person | null = author, by = REPORTS) =>
  fixture.ingest.storeMade({ by, onBehalfOf, studyId: of.studyId, instances });
const importsOf = (of: Source) =>
  fixture.db.withSystem((tx) =>
    tx.rows(
      `SELECT actor, actor_id, patient_id, group_id, details->>'entrance' AS entrance, details->>'by' AS by, details->>'stored' AS stored
       FROM audit_events WHERE action = 'study.import' AND entity_id = $1 ORDER BY id`,
      [of.studyId],
    ),
  );
const countsOf = (of: Source) =>
  fixture.db.withSystem((tx) =>
    tx.first(
      `SELECT s.instance_count, s.series_count, s.deleted_at IS NOT NULL AS deleted, (SELECT count(*)::int FROM conflicts c WHERE c.study_id = s.id) AS conflicts
       FROM studies s WHERE s.id = $1`,
      [of.studyId],
    ),
  );

describe.each(Object.entries(MADE))('%s that the server made', (name, { sopClassUid, make }) => {
  test('is an instance of its study, byte for byte, and in the journal the work of its author', async () => {
    const groupId = await fixture.group();
    const of = await source(`kept ${name}`, {}, groupId);
    const member = await fixture.actor('RADIOLOGIST', groupId);
    const bytes = make(of);
    const [result] = await store(of, [bytes], member);
    expect(result).toMatchObject({ outcome: 'stored', studyInstanceUid: of.uid, sopClassUid, patientId: of.patientId });
    const row = await fixture.db.withSystem((tx) =>
      tx.first(
        `SELECT i.id, i.sop_class_uid, i.group_id, s.study_id, t.patient_id, t.identity_mismatch FROM instances i
         JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE i.id = $1`,
        [result?.instanceId ?? ''],
      ),
    );
    expect(row).toMatchObject({ sop_class_uid: sopClassUid, group_id: groupId, study_id: of.studyId, patient_id: of.patientId });
    expect(row?.identity_mismatch).toBeNull();
    expect((await fixture.objects.read(row?.id ?? '', 0, bytes.length)).equals(bytes)).toBe(true);
    const event = { actor: null, actor_id: member.userId, patient_id: of.patientId, group_id: groupId };
    expect((await importsOf(of)).at(-1)).toEqual({ ...event, entrance: 'MADE', by: 'service:reports', stored: '1' });
  });

  test('that comes again is a duplicate of the one that is there', async () => {
    const of = await source(`again ${name}`);
    const bytes = make(of);
    const [first] = await store(of, [bytes]);
    const again = await store(of, [bytes, make(of)]);
    expect(again).toMatchObject([
      { outcome: 'duplicate', reason: 'SAME_CONTENT', instanceId: first?.instanceId },
      { outcome: 'stored' },
    ]);
    expect(await countsOf(of)).toMatchObject({ instance_count: 3, conflicts: 0 });
  });

  test('of another patient, or another study, is stored nowhere', async () => {
    const [of, other] = [await source(`mine ${name}`), await source(`theirs ${name}`, { PatientName: 'Núñez^Luc' })];
    const uid = of.study['0020000D'];
    const foreign = { ...other, study: { ...other.study, ...(uid === undefined ? {} : { '0020000D': uid }) } };
    expect(await store(of, [make(foreign)])).toMatchObject([{ outcome: 'rejected', reason: 'IDENTITY_MISMATCH' }]);
    expect(await store(of, [make(other)])).toMatchObject([
      { outcome: 'rejected', reason: expect.stringMatching(/STUDY_GONE|IDENTITY_MISMATCH/) },
    ]);
    for (const one of [of, other])
      expect(await countsOf(one)).toEqual({ instance_count: 1, series_count: 1, deleted: false, conflicts: 0 });
  });
});

test('what names another study of the same patient, one that is not here included, is stored nowhere', async () => {
  const [of, other] = [await source('twin', { PatientID: 'twins' }), await source('twin too', { PatientID: 'twins' })];
  expect(other.patientId).toBe(of.patientId);
  const unknown = nextUid();
  const nowhere = { ...of, study: { ...of.study, '0020000D': { vr: 'UI', Value: [unknown] } } };
  expect(await store(of, [reportOf(other), reportOf(nowhere), reportOf(of)])).toMatchObject([
    { outcome: 'rejected', reason: 'STUDY_GONE' },
    { outcome: 'rejected', reason: 'STUDY_GONE' },
    { outcome: 'stored' },
  ]);
  expect(await countsOf(other)).toMatchObject({ instance_count: 1 });
  const made = await fixture.db.withSystem((tx) => tx.rows('SELECT id FROM studies WHERE study_instance_uid = $1', [unknown]));
  expect(made).toEqual([]);
});

test('what no person asked for is the work of the service', async () => {
  const of = await source('alone');
  await store(of, [reportOf(of)], null, service('predictions', ['imports.create']));
  expect((await importsOf(of)).at(-1)).toMatchObject({
    actor: 'service:predictions',
    actor_id: null,
    entrance: 'MADE',
    by: null,
  });
});

test('a study in the trash stays there, and one that is gone, or out of the author’s scope, is unknown', async () => {
  const of = await source('trashed');
  const bytes = reportOf(of);
  await store(of, [bytes]);
  await fixture.db.withSystem((tx) => tx.run('UPDATE studies SET deleted_at = now() WHERE id = $1', [of.studyId]));
  await expect(store(of, [bytes])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await countsOf(of)).toMatchObject({ deleted: true, instance_count: 2 });
  const elsewhere = await source('elsewhere', {}, await fixture.group());
  const outsider = await fixture.actor('RADIOLOGIST', await fixture.group());
  await expect(store(elsewhere, [reportOf(elsewhere)], outsider)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const unknown = { ...of, studyId: '00000000-0000-7000-8000-000000000000' };
  await expect(store(unknown, [bytes])).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a study of the same UID in another group takes nothing of it', async () => {
  const [home, other] = [await fixture.group(), await fixture.group()];
  const StudyInstanceUID = nextUid();
  const of = await source('here', { StudyInstanceUID }, home);
  const file = xray('there', { StudyInstanceUID, PatientID: 'here', PatientName: 'Été^Anaïs', SOPInstanceUID: nextUid() });
  await fixture.send([file], { actor: await fixture.actor('ADMIN'), target: { groupId: other } });
  const row = await fixture.db.withSystem((tx) =>
    tx.first('SELECT id FROM studies WHERE study_instance_uid = $1 AND group_id = $2', [StudyInstanceUID, home]),
  );
  const [result] = await store({ ...of, studyId: row?.id ?? '' }, [reportOf(of)], null);
  const found = await fixture.db.withSystem((tx) =>
    tx.first('SELECT group_id FROM instances WHERE id = $1', [result?.instanceId ?? '']),
  );
  expect(found).toEqual({ group_id: home });
});

test('an author whose patient was renamed since may make it of the study as it was received, or as it is called now', async () => {
  const of = await source('renamed');
  await fixture.db.withSystem((tx) => tx.run("UPDATE patients SET family_name = 'NOUVEAU' WHERE id = $1", [of.patientId]));
  const now = { ...of, study: { ...of.study, '00100010': { vr: 'PN', Value: [{ Alphabetic: 'NOUVEAU^Anaïs' }] } } };
  expect(await store(of, [reportOf(of), reportOf(now)])).toMatchObject([{ outcome: 'stored' }, { outcome: 'stored' }]);
});

test('needs the permission to import of whatever makes it', async () => {
  const of = await source('permission');
  await expect(store(of, [reportOf(of)], author, service('nobody', []))).rejects.toMatchObject({ code: 'FORBIDDEN' });
});
