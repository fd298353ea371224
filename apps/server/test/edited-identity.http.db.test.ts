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

const ANNA = { PatientID: 'ANNA', PatientName: 'Martin^Anna', PatientBirthDate: '19700203' };
const BOB = { PatientID: 'BOB', PatientName: 'Strange^Bob', PatientBirthDate: '19450505' };
const NOBODY = { PatientID: '', PatientName: '', PatientBirthDate: '' };
const TO_BOB = { lastName: 'STRANGE', firstName: 'BOB', birthDate: '1945-05-05', externalId: null };
let uids = 0;
const nextUid = (): string => `2.25.88${String(uids++).padStart(6, '0')}`;

function xray(dataset: Dataset): { bytes: Buffer; uid: string } {
  const uid = nextUid();
  const names = { StudyInstanceUID: uid, SeriesInstanceUID: nextUid(), SOPInstanceUID: nextUid() };
  for (const { bytes } of chestXray({ seed: 'edited', rows: 16, columns: 16, dataset: { ...names, ...dataset } }))
    return { bytes: Buffer.from(bytes), uid };
  throw new Error('The phantom has no instance.');
}
const ask = async (who: Browser, method: 'GET' | 'POST' | 'PATCH', url: string, body?: object): Promise<Json> => {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  expect(answer.statusCode, answer.body).toBeLessThan(300);
  return answer.body === '' ? undefined : answer.json();
};
const patient = (id: string): Promise<Json> => ask(staff, 'GET', `/api/patients/${id}`);
const study = (uid: string): Promise<Json> => ask(staff, 'GET', `/api/studies/${uid}`);
const edit = async (id: string, changes: object): Promise<Json> =>
  ask(staff, 'PATCH', `/api/patients/${id}`, { ...changes, updatedAt: (await patient(id)).updatedAt });
async function send(who: Browser, bytes: Buffer, fields: Record<string, string>): Promise<Json> {
  const form = formOf([{ name: 'IM1', bytes }], fields);
  const headers = { ...who.headers, ...form.headers };
  return (await server.app.inject({ method: 'POST', url: '/api/patients/import', payload: form.payload, headers })).json();
}
const eventsOf = (uid: string, like: string): Promise<Json[]> =>
  server.db.withSystem((tx) =>
    tx.rows(
      `SELECT action, actor_id IS NOT NULL AS by, patient_id FROM audit_events
       WHERE action LIKE $2 AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text ORDER BY id`,
      [uid, like],
    ),
  );
const reviews = async (id: string): Promise<Json[]> =>
  (await ask(physician, 'GET', '/api/identity-review?limit=100')).items.filter((one: Json) => one.patient.id === id);

/** A record of somebody, and their study. */
async function record(seed: string, identity: Dataset = ANNA): Promise<{ id: string; uid: string; named: Dataset }> {
  const named = { ...identity, PatientID: identity.PatientID === '' ? '' : `${seed} ${String(identity.PatientID)}` };
  const own = xray(named);
  const { status } = await server.store(physician, [own.bytes]).then((answer: Json) => ({ status: answer.statusCode }));
  expect(status).toBe(200);
  return { id: (await study(own.uid)).patient.id, uid: own.uid, named };
}

describe('an edit of a patient', () => {
  test('files no stranger unseen: what was received is compared again with whom the patient is now', async () => {
    const { id, uid } = await record('stranger');
    const before = await patient(id);
    await edit(id, TO_BOB);
    expect(await study(uid)).toMatchObject({
      identityMismatch: { kind: 'OTHER_IDENTITY', cause: 'FOUND', receivedName: 'MARTIN Anna' },
    });
    const bob = xray(BOB);
    expect(await send(staff, bob.bytes, { patientId: id })).toMatchObject({ stored: 1 });
    const { lastName, firstName, birthDate, externalId } = before;
    await edit(id, { lastName, firstName, birthDate, externalId });
    expect(await study(bob.uid)).toMatchObject({
      patient: { id },
      identityMismatch: { kind: 'OTHER_IDENTITY', cause: 'FOUND', receivedName: 'STRANGE Bob', by: 'PERSON Test' },
    });
    expect(await study(uid)).toMatchObject({ identityMismatch: null });
    expect(await reviews(id)).toMatchObject([{ reason: 'EDITED', suspect: null }]);
    expect(await eventsOf(bob.uid, 'study.mismatch-%')).toEqual([{ action: 'study.mismatch-found', by: true, patient_id: id }]);
    expect((await eventsOf(uid, 'study.mismatch-%')).map(({ action }) => action)).toEqual([
      'study.mismatch-found',
      'study.mismatch-cleared',
    ]);
  });

  test('that is taken back leaves neither mark nor review, and one of a telephone number compares nothing', async () => {
    const { id, uid } = await record('typo');
    await edit(id, { birthDate: '1970-02-04', phone: '01' });
    expect(await reviews(id)).toHaveLength(1);
    await edit(id, { birthDate: '1970-02-03' });
    expect(await study(uid)).toMatchObject({ identityMismatch: null });
    expect(await reviews(id)).toEqual([]);
    await edit(id, { phone: '02' });
    expect(await eventsOf(uid, 'study.mismatch-%')).toHaveLength(2);
  });

  test('takes no mark away that a person decided with a reason', async () => {
    const { id } = await record('decided');
    const bob = xray(BOB);
    const accepted = { acceptMismatch: 'true', mismatchReason: 'Nom de jeune fille, vérifié' };
    expect(await send(physician, bob.bytes, { patientId: id, ...accepted })).toMatchObject({ stored: 1 });
    await edit(id, TO_BOB);
    expect(await study(bob.uid)).toMatchObject({ identityMismatch: { cause: 'DECIDED', reason: accepted.mismatchReason } });
  });

  test('a study that is moved away takes the review of its mark with it', async () => {
    const { id } = await record('left');
    const other = await record('right', BOB);
    const before = await patient(id);
    await edit(id, TO_BOB);
    const bob = xray(other.named);
    await send(staff, bob.bytes, { patientId: id });
    const { lastName, firstName, birthDate, externalId } = before;
    await edit(id, { lastName, firstName, birthDate, externalId });
    expect(await reviews(id)).toHaveLength(1);
    expect(await ask(staff, 'PATCH', `/api/studies/${bob.uid}`, { patientId: other.id })).toMatchObject({
      identityMismatch: null,
    });
    expect(await reviews(id)).toEqual([]);
  });

  test('of who was merged since is met by the merge', async () => {
    const anna = await record('into');
    const bob = await record('from', BOB);
    await server.db.withSystem((tx) =>
      tx.run(`UPDATE patients SET identity_status = 'IDENTITY_REVIEW', identity_reason = 'CONTRADICTION' WHERE id = $1`, [
        bob.id,
      ]),
    );
    await edit(bob.id, { lastName: 'MARTIN', firstName: 'ANNA', birthDate: '1970-02-03' });
    await ask(physician, 'POST', `/api/identity-review/${bob.id}/decision`, { decision: 'same', patientId: anna.id });
    expect(await study(bob.uid)).toMatchObject({
      patient: { id: anna.id },
      identityMismatch: { cause: 'FOUND', receivedName: 'STRANGE Bob' },
    });
    expect(await reviews(anna.id)).toMatchObject([{ reason: 'EDITED' }]);
  });
});

describe('images that name a record which was merged into another', () => {
  const byMerge = { kind: 'OTHER_IDENTITY', cause: 'MERGED', receivedName: 'STRANGE Bob', reason: null };

  test('bear a mark, those of before and those that come later, until the merge is undone; nobody has to review it', async () => {
    const anna = await record('merged into');
    const bob = await record('merged from', BOB);
    await server.db.withSystem((tx) =>
      tx.run(`UPDATE patients SET identity_status = 'IDENTITY_REVIEW', identity_reason = 'CONTRADICTION' WHERE id = $1`, [
        bob.id,
      ]),
    );
    await ask(physician, 'POST', `/api/identity-review/${bob.id}/decision`, { decision: 'same', patientId: anna.id });
    expect(await study(bob.uid)).toMatchObject({ patient: { id: anna.id }, identityMismatch: byMerge });
    expect(await study(anna.uid)).toMatchObject({ identityMismatch: null });
    expect((await eventsOf(bob.uid, 'study.mismatch-%')).map(({ action }) => action)).toEqual(['study.mismatch-found']);
    const later = xray(bob.named);
    await server.store(physician, [later.bytes]);
    expect(await study(later.uid)).toMatchObject({ patient: { id: anna.id }, identityMismatch: byMerge });
    expect(await reviews(anna.id)).toEqual([]);
    const [merge] = (await ask(physician, 'GET', `/api/patients/${anna.id}/merges`)).items;
    await ask(physician, 'POST', `/api/patient-merges/${merge.id}/undo`, {});
    expect(await study(bob.uid)).toMatchObject({ patient: { id: bob.id }, identityMismatch: null });
    expect(await study(later.uid)).toMatchObject({ patient: { id: anna.id }, identityMismatch: { cause: 'FOUND' } });
  });
});

describe('images that name nobody', () => {
  const marked = { identityMismatch: { kind: 'NO_IDENTITY', by: 'PERSON Test', receivedPatientId: null } };

  test('are told before they are sent, stored under the chosen patient, marked and audited', async () => {
    const { id } = await record('nobody');
    const asked = { personName: '', patientId: '', issuer: '', birthDate: '' };
    const { items } = await ask(staff, 'POST', '/api/imports/identify', {
      patientId: id,
      identities: [asked, { ...asked, personName: 'Martin^Anna' }],
    });
    expect(items).toMatchObject([
      { contradicts: false, namesNobody: true },
      { contradicts: false, namesNobody: false },
    ]);
    const image = xray(NOBODY);
    expect(await send(staff, image.bytes, { patientId: id })).toMatchObject({ stored: 1 });
    expect(await study(image.uid)).toMatchObject({ patient: { id }, ...marked });
    expect(await eventsOf(image.uid, 'study.without-identity')).toEqual([
      { action: 'study.without-identity', by: true, patient_id: id },
    ]);
    expect(await reviews(id)).toEqual([]);
  });

  test('are marked however they come under somebody: by a move, a merge, or a name that is given to their record', async () => {
    const { id } = await record('arrives');
    const [moved, merged, renamed] = [await record('a', NOBODY), await record('b', NOBODY), await record('c', NOBODY)];
    expect(await study(moved.uid)).toMatchObject({ identityMismatch: null });
    expect(await ask(staff, 'PATCH', `/api/studies/${moved.uid}`, { patientId: id })).toMatchObject(marked);
    await ask(physician, 'POST', `/api/identity-review/${merged.id}/decision`, { decision: 'same', patientId: id });
    expect(await study(merged.uid)).toMatchObject({ patient: { id }, ...marked });
    await edit(renamed.id, { lastName: 'PETIT', firstName: 'Luc' });
    expect(await study(renamed.uid)).toMatchObject(marked);
  });

  test('make nobody alike: a stranger is refused by a patient into whom a nameless record was merged', async () => {
    const { id } = await record('alias');
    const nameless = await record('n', NOBODY);
    await ask(physician, 'POST', `/api/identity-review/${nameless.id}/decision`, { decision: 'same', patientId: id });
    await edit(id, { externalId: null });
    const report = await send(staff, xray({ ...BOB, PatientID: '' }).bytes, { patientId: id });
    expect(report).toMatchObject({ stored: 0, files: [{ reason: 'IDENTITY_MISMATCH' }] });
  });
});
