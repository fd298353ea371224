import { createHash } from 'node:crypto';
import { smallPicture } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/kernel/ids.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';

let server: DicomwebServer;
let radiologist: Browser;
let physician: Browser;
let researcher: Browser;
let study: Json;

const rows = (text: string, values: unknown[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values: values as never })));
const noticesOf = async (who: Browser, query = ''): Promise<Json> =>
  (await server.app.inject({ url: `/api/notices${query}`, headers: who.headers })).json();
const read = async (who: Browser, body: object): Promise<Json> =>
  (await server.app.inject({ method: 'POST', url: '/api/notices/read', headers: who.headers, payload: body })).json();

beforeAll(async () => {
  server = await openDicomweb();
  radiologist = await server.login('RADIOLOGIST');
  physician = await server.login('PHYSICIAN');
  researcher = await server.login('RESEARCHER');
  const uid = '2.25.66001';
  const own = {
    PatientID: 'N-1',
    PatientName: 'NOTEE^Awa',
    StudyInstanceUID: uid,
    SeriesInstanceUID: `${uid}.1`,
    SOPInstanceUID: `${uid}.1.1`,
  };
  const { bytes } = smallPicture({ seed: 'notices', columns: 2, cells: new Uint16Array(4), modality: 'DX', dataset: own });
  expect((await server.store(radiologist, [Buffer.from(bytes)])).statusCode).toBe(200);
  [study] = await rows('SELECT id, patient_id FROM studies WHERE study_instance_uid = $1', [uid]);
});
afterAll(() => server.close());

/** A prediction that somebody asked for, and how it ends. */
async function predicted(who: Browser, status: 'DONE' | 'FAILED'): Promise<string> {
  const id = newId();
  await rows(
    `INSERT INTO predictions (id, study_id, question, status, created_at, requested_by) VALUES ($1, $2, 'TUBERCULOSIS', 'QUEUED', now(), $3) RETURNING id`,
    [id, study.id, who.user.id],
  );
  const end = status === 'DONE' ? 'probability = 0.5' : "failure_code = 'TIMED_OUT'";
  await rows(`UPDATE predictions SET status = $2, ${end} WHERE id = $1 RETURNING id`, [id, status]);
  return id;
}

/** A version of a report that somebody signed. */
async function signed(number: number, signedBy: Browser): Promise<string> {
  const [id, content] = [newId(), Buffer.from('{}')];
  await rows(
    `INSERT INTO report_versions (id, study_id, number, written_for, signed_at, signed_by, content, sha256)
     VALUES ($1, $2, $3, $4, now(), $5, $6, $7) RETURNING id`,
    [id, study.id, number, study.patient_id, signedBy.user.id, content, createHash('sha256').update(content).digest()],
  );
  return id;
}

describe('a notice', () => {
  test.each([
    ['DONE', 'PREDICTION_DONE'],
    ['FAILED', 'PREDICTION_FAILED'],
  ] as const)('of a prediction that is %s comes with its end, to who asked alone', async (status, kind) => {
    const before = (await noticesOf(radiologist)).unread;
    const id = await predicted(physician, status);
    const { items } = await noticesOf(physician);
    expect(items[0]).toMatchObject({
      kind,
      entityId: id,
      readAt: null,
      study: { id: study.id, patientName: expect.stringContaining('NOTEE') },
    });
    expect((await noticesOf(radiologist)).unread).toBe(before);
  });

  test('of a signed report goes to who conducts the patient’s consultations, once each, and not to who signed it', async () => {
    for (const arrived of ['2026-03-02', '2026-03-03'])
      await rows(
        `INSERT INTO consultations (id, patient_id, day, status, reason, notes, symptoms, vital_signs, arrived_at, physician_id)
         VALUES ($1, $2, $3, 'WAITING', '', '', '{}', '{}', now(), $4) RETURNING id`,
        [newId(), study.patient_id, arrived, physician.user.id],
      );
    const version = await signed(1, radiologist);
    const told = (await noticesOf(physician, '?kind=REPORT_SIGNED')).items;
    expect(told).toMatchObject([{ kind: 'REPORT_SIGNED', entityId: version }]);
    expect((await noticesOf(radiologist, '?kind=REPORT_SIGNED')).items).toEqual([]);
    await signed(2, physician);
    expect((await noticesOf(physician, '?kind=REPORT_SIGNED')).items).toHaveLength(1);
  });

  test('names nobody to who sees no identities', async () => {
    await predicted(researcher, 'DONE');
    const [latest] = (await noticesOf(researcher)).items;
    expect(JSON.stringify(latest)).not.toContain('NOTEE');
  });

  test('is read by who was told, and by nobody else for them', async () => {
    await predicted(physician, 'DONE');
    const { items, unread } = await noticesOf(physician);
    await read(radiologist, { ids: [items[0].id] });
    expect((await noticesOf(physician)).unread).toBe(unread);
    expect(await read(physician, { ids: [items[0].id] })).toEqual({ unread: unread - 1 });
    expect((await noticesOf(physician)).items[0].readAt).not.toBeNull();
    expect(await read(physician, {})).toEqual({ unread: 0 });
  });

  test('is written for nobody who may not sign in, and old ones make room', async () => {
    const gone = await server.login(await server.makeUser({ role: 'PHYSICIAN' }));
    await rows("UPDATE users SET status = 'SUSPENDED' WHERE id = $1 RETURNING id", [gone.user.id]);
    await predicted(gone, 'DONE');
    expect(await rows('SELECT id FROM notices WHERE user_id = $1', [gone.user.id])).toEqual([]);
    const old = newId();
    await rows(
      "INSERT INTO notices (id, user_id, kind, at) VALUES ($1, $2, 'IMPORT_DONE', now() - interval '61 days') RETURNING id",
      [old, physician.user.id],
    );
    await predicted(physician, 'FAILED');
    expect(await rows('SELECT id FROM notices WHERE id = $1', [old])).toEqual([]);
  });

  test('of a study that has left one’s scope tells of no study, and ends with the study', async () => {
    const id = await predicted(physician, 'DONE');
    await rows('UPDATE studies SET deleted_at = now() WHERE id = $1 RETURNING id', [study.id]);
    const told = (await noticesOf(physician)).items.find((one: Json) => one.entityId === id);
    expect(told).toMatchObject({ kind: 'PREDICTION_DONE', study: null });
    await rows('UPDATE studies SET deleted_at = NULL WHERE id = $1 RETURNING id', [study.id]);
  });
});
