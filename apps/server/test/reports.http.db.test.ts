import { createHash, randomUUID } from 'node:crypto';
import { type Dataset, smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { unzip } from './support/unzip.ts';

const clock = createFakeClock();
let server: DicomwebServer;
let admin: Browser;
let radiologist: Browser;
let physician: Browser;
let staff: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock, settings: { signIn: { providers: [], onlyPasswordOf: undefined, provesToSign: true } } });
  admin = await server.login('ADMIN');
  radiologist = await server.login(await server.makeUser({ role: 'RADIOLOGIST', firstName: 'Awa', lastName: 'Diop' }));
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Jean', lastName: 'Bâ' }));
  staff = await server.login('STAFF');
});
afterAll(() => server.close());

type Method = 'GET' | 'PUT' | 'PATCH' | 'POST' | 'DELETE';
async function ask(who: Browser, method: Method, url: string, body?: object) {
  const answer = await server.app.inject({ method, url, headers: who.headers, ...(body === undefined ? {} : { payload: body }) });
  return { status: answer.statusCode, json: (answer.body === '' ? undefined : answer.json()) as Json };
}
const rows = (text: string, values: string[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

interface At {
  readonly uid: string;
  readonly id: string;
  readonly patient: string;
}
let count = 0;
/** A stored study, and whose it is. */
async function study(dataset: Dataset = {}): Promise<At> {
  count += 1;
  const uid = `2.25.880${count}0`;
  const { bytes } = smallPicture({
    seed: `reports ${count}`,
    columns: 2,
    frames: 1,
    cells: new Uint16Array(4),
    modality: 'CT',
    dataset: {
      ...{ PatientID: `C${count}`, PatientName: `Ndiaye^Été ${count}`, StudyDate: '20260301', ...dataset },
      ...{ StudyInstanceUID: uid, SeriesInstanceUID: `${uid}.1`, SOPInstanceUID: `${uid}.1.1` },
    },
  });
  expect((await server.store(radiologist, [Buffer.from(bytes)])).statusCode).toBe(200);
  const [row] = await rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [uid]);
  return { uid, id: row.id, patient: row.patient_id };
}

const TEXT = { history: 'Toux.', technique: '', comparison: '', findings: 'Opacité apicale droite.', impression: 'Suspicion.' };
const bodyOf = (who: Browser, at: At, baseVersion: number, more: object = {}) => ({
  ...{ editId: randomUUID(), authorId: who.user.id, baseVersion, amends: 0, patientId: at.patient },
  ...{ language: 'fr', template: 'chest-film', sections: TEXT, ...more },
});
const look = (who: Browser, at: At) => ask(who, 'GET', `/api/studies/${at.uid}/report`);
const send = (who: Browser, at: At, body: object) => ask(who, 'PUT', `/api/studies/${at.uid}/report/draft`, body);
const write = (who: Browser, at: At, baseVersion: number, more: object = {}) => send(who, at, bodyOf(who, at, baseVersion, more));
const sign = (who: Browser, at: At, version: number, more: object = {}) =>
  ask(who, 'POST', `/api/studies/${at.uid}/report/sign`, { version, patientId: at.patient, areValuesLossless: true, ...more });
const editsOf = async (who: Browser, at: At): Promise<Json[]> =>
  (await ask(who, 'GET', `/api/studies/${at.uid}/report/edits`)).json.items;
const eventsOf = async (at: At): Promise<string[]> =>
  (await rows("SELECT action FROM audit_events WHERE action LIKE 'report.%' AND entity_id = $1 ORDER BY id", [at.id])).map(
    ({ action }) => action,
  );
const bytesOf = (at: At): Promise<Json[]> =>
  rows(
    "SELECT number, encode(content, 'hex') AS content, encode(sha256, 'hex') AS sha256 FROM report_versions WHERE study_id = $1 ORDER BY number",
    [at.id],
  );

describe('a draft', () => {
  test('is kept as typed, version by version, read by who writes reports and by nobody else', async () => {
    const at = await study();
    expect((await look(radiologist, at)).json).toEqual({
      patientId: at.patient,
      draft: null,
      isDraftHidden: false,
      versions: [],
      mayDictate: false,
    });
    const body = bodyOf(radiologist, at, 0);
    expect((await send(radiologist, at, body)).json).toMatchObject({ version: 1, sections: TEXT, isOfOtherPatient: false });
    // Sent again it changes nothing.
    expect((await send(radiologist, at, body)).json).toMatchObject({ version: 1 });
    expect((await write(radiologist, at, 1, { sections: { ...TEXT, impression: 'Suspicion forte.' } })).json).toMatchObject({
      version: 2,
      author: { name: 'Awa Diop' },
    });
    expect((await look(physician, at)).json.draft).toMatchObject({ version: 2, sections: { impression: 'Suspicion forte.' } });
    for (const who of [staff, admin]) expect((await look(who, at)).json).toMatchObject({ draft: null, versions: [] });
    expect((await write(staff, at, 2)).status).toBe(403);
    expect((await ask(physician, 'GET', `/fhir/DiagnosticReport?patient=${at.patient}`)).json.total).toBe(0);
    expect(await eventsOf(at)).toEqual(['report.begun', 'report.changed']);
  });

  test('of two authors tells the second, and both texts are kept', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    await write(physician, at, 1, { sections: { ...TEXT, impression: 'De Bâ.' } });
    const late = await write(radiologist, at, 1, { sections: { ...TEXT, impression: 'De Diop.' } });
    expect([late.status, late.json]).toMatchObject([
      409,
      { code: 'REPORT_CHANGED', current: { version: 2, author: { name: 'Jean Bâ' }, sections: { impression: 'De Bâ.' } } },
    ]);
    const texts = (await editsOf(radiologist, at)).map(({ version, sections }) => [version, sections.impression]);
    expect(texts).toHaveLength(3);
    expect(texts).toEqual(
      expect.arrayContaining([
        [null, 'De Diop.'],
        [2, 'De Bâ.'],
        [1, 'Suspicion.'],
      ]),
    );
    // On top of what is there, the second's text goes on.
    expect((await write(radiologist, at, 2, { sections: { ...TEXT, impression: 'Les deux.' } })).json.version).toBe(3);
  });

  test('leaves a text of every twenty seconds of typing behind, not one of every key', async () => {
    const at = await study();
    for (let version = 0; version < 30; version += 1) {
      clock.advance(1_000);
      await write(radiologist, at, version, { sections: { ...TEXT, impression: `${version}` } });
    }
    const kept = await editsOf(radiologist, at);
    expect(kept.length).toBeGreaterThanOrEqual(2);
    expect(kept.length).toBeLessThanOrEqual(4);
    expect(kept[0]).toMatchObject({ version: 30, sections: { impression: '29' } });
  });

  test('is refused of somebody else than who is signed in, with text that is none, or too long', async () => {
    const at = await study();
    expect((await write(radiologist, at, 0, { authorId: physician.user.id })).json.code).toBe('OTHER_AUTHOR');
    for (const impression of ['a\u0000b', 'x'.repeat(20_001)])
      expect((await write(radiologist, at, 0, { sections: { ...TEXT, impression } })).json.code).toBe('VALIDATION_FAILED');
    const body = bodyOf(radiologist, at, 0);
    await send(radiologist, at, body);
    expect((await send(physician, at, { ...body, authorId: physician.user.id })).json.code).toBe('CONFLICT');
    expect((await look(radiologist, { ...at, uid: '2.25.1' })).status).toBe(404);
  });

  test('of a colleague is kept back from who is to say first what they see, and nothing is signed before; one’s own is not', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    await rows(
      `INSERT INTO predictions (id, study_id, question, status, is_blind, created_at) VALUES ($1, $2, 'TB', 'QUEUED', true, now())`,
      [randomUUID(), at.id],
    );
    expect((await look(physician, at)).json).toMatchObject({ draft: null, isDraftHidden: true });
    expect((await ask(physician, 'GET', `/api/studies/${at.uid}/report/edits`)).json.code).toBe('OPINION_FIRST');
    const late = await write(physician, at, 0);
    expect([late.json.code, late.json.current]).toEqual(['OPINION_FIRST', undefined]);
    expect((await sign(radiologist, at, 1)).json.code).toBe('OPINION_FIRST');
    expect((await look(radiologist, at)).json).toMatchObject({ isDraftHidden: true });
    await rows('DELETE FROM predictions WHERE study_id = $1', [at.id]);
    const shared = await study();
    const body = bodyOf(physician, shared, 0);
    await send(physician, shared, body);
    await write(radiologist, shared, 1, { sections: { ...TEXT, impression: 'De Diop.' } });
    await rows(
      `INSERT INTO predictions (id, study_id, question, status, is_blind, created_at) VALUES ($1, $2, 'TB', 'QUEUED', true, now())`,
      [randomUUID(), shared.id],
    );
    // Nor by a text of one’s own that is sent once more.
    const again = await send(physician, shared, body);
    expect([again.json.code, JSON.stringify(again.json)]).toEqual(['OPINION_FIRST', expect.not.stringContaining('De Diop.')]);
    await rows('DELETE FROM predictions WHERE study_id = $1', [shared.id]);
    const own = await study();
    await write(radiologist, own, 0);
    await rows(
      `INSERT INTO predictions (id, study_id, question, status, is_blind, created_at) VALUES ($1, $2, 'TB', 'QUEUED', true, now())`,
      [randomUUID(), own.id],
    );
    expect((await look(radiologist, own)).json).toMatchObject({ draft: { version: 1 }, isDraftHidden: false });
    await rows('DELETE FROM predictions WHERE study_id = $1', [own.id]);
  });
});

describe('a signed report', () => {
  test('is the bytes that were signed, validates the study, and is amended by a further one while the first stays byte for byte', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    const signed = await sign(radiologist, at, 1);
    expect([signed.status, signed.json]).toMatchObject([
      200,
      { content: { number: 1, amends: null, sections: TEXT, signedBy: { name: 'Awa Diop' }, patient: { lastName: 'Ndiaye' } } },
    ]);
    const [first] = await bytesOf(at);
    expect(createHash('sha256').update(Buffer.from(first.content, 'hex')).digest('hex')).toBe(signed.json.sha256);
    expect(JSON.parse(Buffer.from(first.content, 'hex').toString('utf8'))).toEqual(signed.json.content);
    const [{ status }] = await rows('SELECT status FROM studies WHERE id = $1', [at.id]);
    expect(status).toBe('VALIDATED');
    expect((await look(staff, at)).json).toMatchObject({ draft: null, versions: [{ sha256: first.sha256 }] });

    // A text of before the signing is kept beside it.
    expect((await write(physician, at, 1)).json).toMatchObject({ code: 'REPORT_CHANGED', current: null });
    expect((await write(physician, at, 0)).json.code).toBe('REPORT_CHANGED');
    const fhir = async (who: Browser) => (await ask(who, 'GET', `/fhir/DiagnosticReport?patient=${at.patient}`)).json as Json;
    const [{ resource }] = (await fhir(physician)).entry;
    expect(resource).toMatchObject({ status: 'final', conclusion: 'Suspicion.', resultsInterpreter: [{ display: 'Awa Diop' }] });
    expect(Buffer.from(resource.presentedForm[0].data, 'base64').toString('utf8')).toContain('Opacité apicale droite.');
    const made = await rows(
      `SELECT i.sop_class_uid AS class, e.series_number AS series FROM instances i JOIN series e ON e.id = i.series_id WHERE e.study_id = $1 AND e.series_number > 9000 ORDER BY 1`,
      [at.id],
    );
    expect(made.map((one) => one.class)).toEqual(['1.2.840.10008.5.1.4.1.1.104.1', '1.2.840.10008.5.1.4.1.1.88.11']);
    // All of it is there: nothing is made twice.
    expect((await ask(radiologist, 'POST', `/api/studies/${at.uid}/report/documents`)).json).toEqual({ stored: 0 });
    const pdf = (number: number, who = staff) =>
      server.app.inject({ method: 'GET', url: `/api/studies/${at.uid}/report/versions/${number}/pdf`, headers: who.headers });
    const [one, again] = [await pdf(1), await pdf(1)];
    expect([one.statusCode, one.headers['content-type'], one.rawPayload.subarray(0, 5).toString()]).toEqual([
      200,
      'application/pdf',
      '%PDF-',
    ]);
    expect(again.rawPayload.equals(one.rawPayload)).toBe(true);
    expect((await pdf(2)).statusCode).toBe(404);
    const amendment = { amends: 1, sections: { ...TEXT, impression: 'Pas de suspicion.' } };
    expect((await write(physician, at, 0, amendment)).json).toMatchObject({ version: 1, amends: 1 });
    expect((await sign(physician, at, 1)).json.content).toMatchObject({ number: 2, amends: { number: 1, sha256: first.sha256 } });
    expect((await bytesOf(at))[0]).toEqual(first);
    expect((await fhir(staff)).entry).toMatchObject([
      { resource: { id: resource.id, status: 'amended', conclusion: 'Pas de suspicion.' } },
    ]);
    expect((await ask(physician, 'GET', `/fhir/DiagnosticReport/${resource.id}`)).json.status).toBe('amended');
    expect((await look(staff, at)).json.versions.map(({ content }: Json) => content.number)).toEqual([2, 1]);
    await write(radiologist, at, 0, { amends: 2, sections: { ...TEXT, impression: 'Brouillon.' } });
    const zip = await server.app.inject({ method: 'GET', url: `/api/patients/${at.patient}/export`, headers: physician.headers });
    const leaves = await unzip(zip.rawPayload);
    const told = [...leaves].filter(([name]) => name.endsWith('.json')).map(([, bytes]) => bytes.toString('utf8'));
    expect([...leaves.keys()].filter((name) => name.includes('report'))).toEqual([
      expect.stringMatching(/report_versions\.json$/),
    ]);
    expect(told.join()).toContain('Pas de suspicion.');
    expect(told.join()).not.toContain('Brouillon.');
    await expect(rows("UPDATE report_versions SET content = 'x' WHERE study_id = $1", [at.id])).rejects.toThrow();
    expect((await eventsOf(at)).filter((action) => !action.endsWith('refused'))).toEqual([
      'report.begun',
      'report.signed',
      'report.exported',
      'report.exported',
      'report.begun',
      'report.amended',
      'report.begun',
    ]);
  });

  test('is refused for another draft than the one before its author, without an impression, on values that are not lossless, by who may not', async () => {
    const at = await study();
    expect((await sign(radiologist, at, 1)).json.code).toBe('REPORT_CHANGED');
    await write(radiologist, at, 0, { sections: { ...TEXT, impression: ' \n' } });
    expect((await sign(radiologist, at, 1)).json.code).toBe('REPORT_EMPTY');
    await write(physician, at, 1);
    expect((await sign(radiologist, at, 1)).json).toMatchObject({ code: 'REPORT_CHANGED', current: { version: 2 } });
    expect((await sign(radiologist, at, 2, { areValuesLossless: false })).status).toBe(400);
    for (const who of [staff, admin]) expect((await sign(who, at, 2)).status).toBe(403);
    expect(await bytesOf(at)).toEqual([]);
    expect((await Promise.all([sign(radiologist, at, 2), sign(physician, at, 2)])).map(({ status }) => status).sort()).toEqual([
      200, 409,
    ]);
  });

  test('asks again who signs where the site wants it', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    await rows('UPDATE user_sessions SET proven_at = NULL WHERE user_id = $1', [radiologist.user.id]);
    expect((await sign(radiologist, at, 1)).json.code).toBe('PROOF_REQUIRED');
    expect(await bytesOf(at)).toEqual([]);
    await rows('UPDATE user_sessions SET proven_at = $2::timestamptz WHERE user_id = $1', [
      radiologist.user.id,
      clock.now().toISOString(),
    ]);
    expect((await sign(radiologist, at, 1)).status).toBe(200);
  });

  test('is signed by nobody through a token where the site asks who signs: nobody sits at it', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    const made = await ask(radiologist, 'POST', '/api/tokens', {
      ...{ name: 'script', permissions: ['patients.identity', 'reports.read', 'reports.write'], expiresInDays: 1 },
    });
    expect(made.status).toBe(201);
    const token = { ...radiologist, headers: { authorization: `Bearer ${made.json.secret}` } };
    expect((await look(token, at)).json.draft).toMatchObject({ version: 1 });
    expect((await sign(token, at, 1)).json.code).toBe('PROOF_REQUIRED');
    expect(await bytesOf(at)).toEqual([]);
  });

  test('names the patient as they are called at the moment of the signature, not as they were read a moment before', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let holds = (): void => undefined;
    const isHeld = new Promise<void>((resolve) => {
      holds = resolve;
    });
    const renaming = server.db.withSystem(async (tx) => {
      await tx.rows(composed({ text: "UPDATE patients SET family_name = 'Sarr' WHERE id = $1", values: [at.patient] }));
      holds();
      await held;
    });
    await isHeld;
    const signing = sign(radiologist, at, 1);
    await expect
      .poll(() =>
        rows("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FROM patients%FOR UPDATE%'"),
      )
      .toHaveLength(1);
    letGo();
    await renaming;
    expect((await signing).json.content.patient.lastName).toBe('Sarr');
  });

  test('leaves in no export of a record that it was not signed for', async () => {
    const at = await study({ PatientName: 'Faye^Aminata' });
    const other = await study();
    await write(radiologist, at, 0);
    expect((await sign(radiologist, at, 1)).status).toBe(200);
    const moved = await ask(radiologist, 'PATCH', `/api/studies/${at.uid}`, {
      ...{ patientId: other.patient, acceptMismatch: true, mismatchReason: 'Vérifié avec le patient' },
    });
    expect(moved.status).toBe(200);
    const zip = await server.app.inject({
      ...{ method: 'POST', url: `/api/patients/${other.patient}/hand-over`, headers: physician.headers },
      payload: { recipient: 'Le patient' },
    });
    expect(zip.statusCode).toBe(200);
    const leaves = await unzip(zip.rawPayload);
    const names = [...leaves.keys()];
    expect(names.filter((name) => name.includes('report_versions'))).toEqual([]);
    // Nor do the documents that were made of it; the manifest says that they were left out.
    expect(names.filter((name) => name.endsWith('.dcm'))).toHaveLength(2);
    expect(JSON.parse(String(leaves.get('manifest.json')))).toMatchObject({
      missing: [],
      heldBack: [expect.any(String), expect.any(String)],
    });
    expect(Buffer.concat([...leaves.values()]).includes('Suspicion.')).toBe(false);
  });

  test('is made an instance once, also where the patient is called otherwise by the time that it is tried again', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    await sign(radiologist, at, 1);
    // Stored, and the server ended before it was noted.
    await rows('UPDATE report_documents SET is_stored = false WHERE study_id = $1', [at.id]);
    await rows("UPDATE patients SET family_name = 'Gueye', person_name = 'Gueye^Awa' WHERE id = $1", [at.patient]);
    const again = await ask(radiologist, 'POST', `/api/studies/${at.uid}/report/documents`);
    expect([again.status, again.json]).toEqual([200, { stored: 2 }]);
    expect(
      await rows('SELECT 1 FROM instances i JOIN series e ON e.id = i.series_id WHERE e.study_id = $1', [at.id]),
    ).toHaveLength(3);
  });

  test('is of the patient for whom it was written: while the study moves nothing is signed and the text stays', async () => {
    const at = await study();
    const other = await study();
    await write(radiologist, at, 0);
    const moved = await ask(radiologist, 'PATCH', `/api/studies/${at.uid}`, {
      ...{ patientId: other.patient, acceptMismatch: true, mismatchReason: 'Vérifié avec le patient' },
    });
    expect(moved.status).toBe(200);
    expect((await sign(radiologist, at, 1)).json.code).toBe('REPORT_OF_OTHER_PATIENT');
    expect((await sign(radiologist, at, 1, { patientId: other.patient })).json.code).toBe('REPORT_OF_OTHER_PATIENT');
    expect((await look(radiologist, at)).json).toMatchObject({
      patientId: other.patient,
      draft: { isOfOtherPatient: true, sections: TEXT },
    });
    const typed = await write(radiologist, at, 1, { sections: { ...TEXT, impression: 'Encore tapé.' } });
    expect(typed.json.code).toBe('REPORT_OF_OTHER_PATIENT');
    expect((await editsOf(radiologist, at)).map(({ sections }) => sections.impression)).toContain('Encore tapé.');
    // Read again for the one who has it now.
    expect((await write(radiologist, at, 1, { patientId: other.patient })).status).toBe(200);
    expect((await sign(radiologist, at, 2, { patientId: other.patient })).json.content.patient.id).toBe(other.patient);
    // Taken back, what was signed says that it is of somebody else.
    const [move] = (await ask(radiologist, 'GET', `/api/studies/${at.uid}/moves`)).json.items;
    expect((await ask(radiologist, 'POST', `/api/study-moves/${move.id}/undo`)).status).toBeLessThan(300);
    expect((await look(staff, at)).json.versions).toMatchObject([{ isOfOtherPatient: true }]);
    for (const one of [at, other])
      expect((await ask(staff, 'GET', `/fhir/DiagnosticReport?patient=${one.patient}`)).json.total).toBe(0);
  });

  test('is not made of a study in the trash', async () => {
    const at = await study();
    await write(radiologist, at, 0);
    expect((await ask(admin, 'DELETE', `/api/studies/${at.uid}`)).status).toBe(204);
    expect((await sign(radiologist, at, 1)).status).toBe(404);
    expect((await write(radiologist, at, 1)).status).toBe(404);
  });
});
