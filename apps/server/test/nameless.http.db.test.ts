import { chestXray, type Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formOf } from '../src/features/ingest/ingest-fixture.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let staff: Browser;
let physician: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  staff = await server.login('STAFF');
  physician = await server.login('PHYSICIAN');
});
afterAll(() => server.close());

const NAMELESS = { PatientName: '', PatientBirthDate: '' };
let uids = 0;
const nextUid = (): string => `2.25.89${String(uids++).padStart(6, '0')}`;

interface Image {
  readonly bytes: Buffer;
  readonly uid: string;
  readonly series: string;
}

function xray(dataset: Dataset): Image {
  const names = { StudyInstanceUID: nextUid(), SeriesInstanceUID: nextUid(), SOPInstanceUID: nextUid(), ...dataset };
  for (const { bytes } of chestXray({ seed: 'nameless', rows: 16, columns: 16, dataset: names }))
    return { bytes: Buffer.from(bytes), uid: names.StudyInstanceUID, series: names.SeriesInstanceUID };
  throw new Error('The phantom has no instance.');
}
const named = (patientId: string): Image =>
  xray({ PatientID: patientId, PatientName: 'Martin^Anna', PatientBirthDate: '19700203' });
const ask = async (who: Browser, method: 'GET' | 'POST' | 'PATCH', url: string, body?: object): Promise<Json> => {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.json();
};
async function stow(...images: Image[]): Promise<void> {
  const answer: Json = await server.store(
    physician,
    images.map(({ bytes }) => bytes),
  );
  expect(answer.statusCode).toBe(200);
}
async function upload(image: Image, fields: Record<string, string> = {}): Promise<Json> {
  const form = formOf([{ name: 'IM1', bytes: image.bytes }], fields);
  const headers = { ...staff.headers, ...form.headers };
  return (await server.app.inject({ method: 'POST', url: '/api/patients/import', payload: form.payload, headers })).json();
}
const study = (uid: string): Promise<Json> => ask(staff, 'GET', `/api/studies/${uid}`);
const edit = async (id: string, changes: object): Promise<Json> =>
  ask(staff, 'PATCH', `/api/patients/${id}`, {
    ...changes,
    updatedAt: (await ask(staff, 'GET', `/api/patients/${id}`)).updatedAt,
  });
/** Whether each series holds images without name and birth date. */
const namelessOf = async (uid: string): Promise<Record<string, boolean>> =>
  Object.fromEntries((await study(uid)).series.map((one: Json) => [one.seriesInstanceUid, one.nameless]));
const eventsOf = (uid: string): Promise<Json[]> =>
  server.db.withSystem((tx) =>
    tx.rows(
      `SELECT actor_id IS NOT NULL AS by, patient_id FROM audit_events
       WHERE action = 'study.without-identity' AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text`,
      [uid],
    ),
  );

describe('images without name and birth date that nobody filed', () => {
  test.each(['STOW', 'upload'] as const)('%s: join a record by its Patient ID, visibly and in the journal', async (entrance) => {
    const own = named(`id ${entrance}`);
    await stow(own);
    const image = xray({ PatientID: `id ${entrance}`, ...NAMELESS });
    if (entrance === 'STOW') await stow(image);
    else await upload(image);
    const owner = await study(own.uid);
    expect(owner.identityMismatch).toBeNull();
    expect(await study(image.uid)).toMatchObject({
      patient: { id: owner.patient.id },
      identityMismatch: { kind: 'NO_IDENTITY', cause: 'SAME_PATIENT_ID', receivedPatientId: `id ${entrance}`, reason: null },
    });
    expect(await namelessOf(image.uid)).toEqual({ [image.series]: true });
    expect(await eventsOf(image.uid)).toEqual([{ by: true, patient_id: owner.patient.id }]);
    const { items } = await ask(staff, 'GET', `/api/studies?patientId=${owner.patient.id}`);
    expect(items.filter((one: Json) => one.identityMismatch !== null)).toMatchObject([{ studyInstanceUid: image.uid }]);
  });

  test.each(['', '0', 'ANONYMOUS'])('join a known study with the Patient ID "%s": study and series say so', async (PatientID) => {
    const own = named(`study ${PatientID}`);
    await stow(own);
    const image = xray({ StudyInstanceUID: own.uid, PatientID, ...NAMELESS });
    await stow(image);
    expect(await study(own.uid)).toMatchObject({ identityMismatch: { kind: 'NO_IDENTITY', cause: 'SAME_STUDY_UID' } });
    expect(await namelessOf(own.uid)).toEqual({ [own.series]: false, [image.series]: true });
  });

  test('are marked in the same request as the file that names the patient', async () => {
    const own = named('together');
    const image = xray({ StudyInstanceUID: own.uid, SeriesInstanceUID: own.series, PatientID: 'together', ...NAMELESS });
    await stow(own, image);
    expect(await study(own.uid)).toMatchObject({ identityMismatch: { cause: 'SAME_PATIENT_ID' } });
    expect(await namelessOf(own.uid)).toEqual({ [own.series]: true });
  });

  test('are like a record that is a number itself, until somebody names it', async () => {
    const [first, second] = [xray({ PatientID: 'number', ...NAMELESS }), xray({ PatientID: 'number', ...NAMELESS })];
    await stow(first);
    await stow(second);
    const { patient } = await study(first.uid);
    for (const { uid } of [first, second]) expect(await study(uid)).toMatchObject({ patient, identityMismatch: null });
    await edit(patient.id, { lastName: 'PETIT', firstName: 'Luc' });
    for (const { uid } of [first, second])
      expect(await study(uid)).toMatchObject({ identityMismatch: { kind: 'NO_IDENTITY', cause: 'FOUND', by: 'PERSON Test' } });
    const third = xray({ PatientID: 'number', ...NAMELESS });
    await stow(third);
    expect(await study(third.uid)).toMatchObject({ patient: { id: patient.id }, identityMismatch: { cause: 'SAME_PATIENT_ID' } });
  });

  test('are not forgotten when their study moves to somebody whom its first image names', async () => {
    const [own, other] = [named('moved'), named('target')];
    await stow(own, other, xray({ StudyInstanceUID: own.uid, PatientID: '', ...NAMELESS }));
    const to = (await study(other.uid)).patient.id;
    await edit(to, { externalId: null });
    expect(await ask(staff, 'PATCH', `/api/studies/${own.uid}`, { patientId: to })).toMatchObject({
      patient: { id: to },
      identityMismatch: { kind: 'NO_IDENTITY', cause: 'DECIDED', by: 'PERSON Test' },
    });
  });

  test('keep their own mark through changes of the patient’s name that are taken back, one after the other', async () => {
    const own = named('again');
    await stow(own, xray({ StudyInstanceUID: own.uid, PatientID: '', ...NAMELESS }));
    const joined = { kind: 'NO_IDENTITY', cause: 'SAME_STUDY_UID' };
    const { patient, identityMismatch } = await study(own.uid);
    expect(identityMismatch).toMatchObject(joined);
    for (const lastName of ['DUPONT', 'DURAND']) {
      await edit(patient.id, { lastName });
      expect(await study(own.uid)).toMatchObject({ identityMismatch: { kind: 'OTHER_IDENTITY', cause: 'FOUND' } });
    }
    await edit(patient.id, { lastName: patient.lastName });
    expect((await study(own.uid)).identityMismatch).toEqual(identityMismatch);
    const { items } = await ask(physician, 'GET', '/api/identity-review?limit=100');
    expect(items.filter((one: Json) => one.patient.id === patient.id)).toEqual([]);
  });

  test('of a record that was named keep that mark through another number that is taken back', async () => {
    const image = xray({ PatientID: 'numbered', ...NAMELESS });
    await stow(image);
    const { patient } = await study(image.uid);
    await edit(patient.id, { lastName: 'PETIT' });
    const { identityMismatch } = await study(image.uid);
    expect(identityMismatch).toMatchObject({ kind: 'NO_IDENTITY', cause: 'FOUND' });
    await edit(patient.id, { externalId: 'of somebody else' });
    expect(await study(image.uid)).toMatchObject({ identityMismatch: { kind: 'OTHER_IDENTITY', cause: 'FOUND' } });
    await edit(patient.id, { externalId: 'numbered' });
    expect((await study(image.uid)).identityMismatch).toEqual(identityMismatch);
  });

  test('that say a birth date are marked no more than those that say a name', async () => {
    const own = named('born');
    await stow(own);
    const image = xray({ PatientID: 'born', PatientName: '', PatientBirthDate: '19700203' });
    await stow(image);
    expect(await study(image.uid)).toMatchObject({ identityMismatch: null });
    expect(await namelessOf(image.uid)).toEqual({ [image.series]: false });
  });
});

test('series of before are looked at once: those with such images say so, their study is marked, and the journal names the service', async () => {
  const own = named('of before');
  const image = xray({ StudyInstanceUID: own.uid, PatientID: '', ...NAMELESS });
  await stow(own, image);
  await server.db.withSystem(async (tx) => {
    await tx.run(`UPDATE series SET nameless = false, nameless_known = false WHERE series_instance_uid = ANY($1)`, [
      [own.series, image.series],
    ]);
    await tx.run('UPDATE studies SET identity_mismatch = NULL WHERE study_instance_uid = $1', [own.uid]);
  });
  await server.runJob('find-nameless', {});
  expect(await namelessOf(own.uid)).toEqual({ [own.series]: false, [image.series]: true });
  expect(await study(own.uid)).toMatchObject({ identityMismatch: { kind: 'NO_IDENTITY', cause: 'FOUND', by: null } });
  const unknown = await server.db.withSystem((tx) => tx.rows('SELECT FROM series WHERE NOT nameless_known'));
  expect(unknown).toEqual([]);
  const events = await server.db.withSystem((tx) =>
    tx.rows(
      `SELECT actor FROM audit_events WHERE action = 'study.mismatch-found'
         AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text`,
      [own.uid],
    ),
  );
  expect(events).toEqual([{ actor: 'service:find-nameless' }]);
});

test('with the number of the chosen patient they are not asked about; with a number that is not known they are', async () => {
  const own = named('asked');
  await stow(own);
  const { patient } = await study(own.uid);
  const asked = { personName: '', patientId: 'asked', issuer: '', birthDate: '' };
  const identify = async () =>
    (await ask(staff, 'POST', '/api/imports/identify', { patientId: patient.id, identities: [asked] })).items;
  expect(await identify()).toMatchObject([{ contradicts: false, namesNobody: false }]);
  await edit(patient.id, { externalId: null });
  expect(await identify()).toMatchObject([{ contradicts: false, namesNobody: true }]);
  const image = xray({ PatientID: 'asked', ...NAMELESS });
  expect(await upload(image, { patientId: patient.id })).toMatchObject({ stored: 1 });
  expect(await study(image.uid)).toMatchObject({
    identityMismatch: { kind: 'NO_IDENTITY', cause: 'DECIDED', by: 'PERSON Test', receivedPatientId: 'asked' },
  });
});
