import { readFileSync } from 'node:fs';
import { jsonItems, jsonString, jsonStrings, parsePart10 } from '@negatoscope/dicom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasDcmtk, runDcmtk } from '../../../packages/testkit/src/testing/read-back.ts';
import { purgeStudy } from '../src/archive/lifecycle/purge.ts';
import { KEEP_RESULT, TIDY_PREDICTIONS } from '../src/features/predictions/job-kinds.ts';
import { findWaitingResults } from '../src/features/predictions/results/repository.ts';
import { composed } from '../src/platform/db/statements.ts';
import { ROW_KINDS } from '../src/row-kinds.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { callApi, openSite, type Place, storeFilm } from './support/prediction-calls.ts';
import { openWorker, type PredictionWorker } from './support/prediction-worker.ts';

const migration = readFileSync(new URL('../migrations/0137-results-decided-before.sql', import.meta.url), 'utf8');
let server: DicomwebServer;
let worker: PredictionWorker;
let admin: Browser;
let group: string;
let physician: Browser;
let radiologist: Browser;
let staff: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  worker = await openWorker(server);
  admin = await server.login('ADMIN');
  ({ group, physician, radiologist, staff } = await openSite(server, 'Clinique de Thiès'));
  const choice = { siteId: group, modelName: 'tb-chest-xray', modelVersion: '0.1.0-research', threshold: 0.001, before: null };
  expect((await call(admin, 'PUT', '/api/models/thresholds', choice)).status).toBe(200);
  expect((await call(admin, 'PUT', '/api/predictions/blind-reading', { siteId: group, isOn: true })).status).toBe(200);
});
afterAll(async () => {
  await worker.close();
  await server.close();
});

const call = (who: Browser, method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: object) =>
  callApi(server, who, method, url, body);
const decide = (who: Browser, id: string, body: object) => call(who, 'POST', `/api/predictions/${id}/validations`, body);
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

/** A film that the model has answered, and that a physician has said something of. */
async function read(): Promise<{ id: string; place: Place; probability: number }> {
  const place = await storeFilm(server, admin, group);
  const { id } = (await call(physician, 'POST', '/api/predict', { sopInstanceUid: place.sop })).json;
  const { json } = await call(physician, 'POST', `/api/predictions/${id}/opinions`, { opinion: 'SUSPECTED' });
  expect(json).toMatchObject({ status: 'DONE', isScoreHidden: false });
  return { id, place, probability: json.probability };
}
/** One in which some region speaks for the finding: of these phantoms most, not all. */
async function readWithEvidence(): ReturnType<typeof read> {
  for (;;) {
    const one = await read();
    const [row] = await rows('SELECT jsonb_array_length(features) AS regions FROM predictions WHERE id = $1::uuid', [one.id]);
    if (row?.regions > 0) return one;
  }
}
const resultsOf = (id: string): Promise<Json[]> =>
  rows('SELECT * FROM prediction_results WHERE prediction_id = $1::uuid ORDER BY seq', [id]);
/** Those that the job sends again. */
const waiting = (): Promise<string[]> => server.db.withSystem((tx) => findWaitingResults(tx, new Date(), 200));
/** Waits until every result of a prediction is in the archive. */
async function kept(id: string, count: number): Promise<Json[]> {
  await expect
    .poll(async () => (await resultsOf(id)).filter((one) => one.stored_at !== null).length, { timeout: 40_000 })
    .toBe(count);
  return resultsOf(id);
}
/** Series of a study as DICOMweb lists them: modality, number of instances. */
async function listed(who: Browser, { uid }: Place): Promise<string[]> {
  const { raw, status } = await call(who, 'GET', `/dicom-web/studies/${uid}/series`);
  if (status === 204) return [];
  const series: Json[] = JSON.parse(String(raw));
  return series.map((one) => `${jsonString(one, '00080060')} ${jsonString(one, '00201209') ?? one['00201209']?.Value[0]}`).sort();
}
async function fileOf(who: Browser, { uid }: Place, series: string, sop: string): Promise<{ status: number; bytes: Buffer }> {
  const answer = await server.app.inject({
    method: 'GET',
    url: `/dicom-web/studies/${uid}/series/${series}/instances/${sop}`,
    headers: { ...who.headers, accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' },
  });
  const start = answer.rawPayload.indexOf('DICM') - 128;
  const end = answer.rawPayload.lastIndexOf('\r\n--');
  return { status: answer.statusCode, bytes: start < 0 ? Buffer.alloc(0) : answer.rawPayload.subarray(start, end) };
}

describe('a result that stands', () => {
  test('is a report and a heat map of its study, in the order of the decisions, each version naming the one before', {
    timeout: 90_000,
  }, async () => {
    const { id, place, probability } = await readWithEvidence();
    // Nothing is made of what nobody stands for.
    expect(await listed(physician, place)).toEqual(['DX 1']);
    const finalDiagnosis = { finding: 'TUBERCULOSIS', source: 'XPERT' };
    await rows('UPDATE predictions SET recalibrated = $2::jsonb WHERE id = $1::uuid RETURNING id', [
      id,
      JSON.stringify({ share: 0.2314, low: 0.148, high: 0.339, cases: 212, at: '2026-02-01T08:00:00.000Z' }),
    ]);
    const first = await decide(physician, id, { status: 'VALIDATED', comment: 'Cavernes à droite.', finalDiagnosis });
    const [one] = await kept(id, 1);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 1']);
    const { bytes } = await fileOf(staff, place, one.series_instance_uid, one.sop_instance_uid);
    const { json } = parsePart10(bytes);
    expect([jsonString(json, '0040A493'), jsonString(json, '0040A491')]).toEqual(['VERIFIED', 'COMPLETE']);
    expect(jsonString(jsonItems(json, '0040A073')[0] ?? {}, '0040A027')).toBe('Clinique de Thiès');
    if (hasDcmtk) {
      const { status, output } = runDcmtk('dsrdump', [bytes], ['+U8', '+Pc', '+Pl']);
      expect([status, output.match(/^[EF]: .*/gm)]).toEqual([0, null]);
      expect(output).toContain('Diop^Awa');
      expect(output).toContain('Cavernes à droite.');
      expect(output).toMatch(new RegExp(`contains NUM:\\(MODEL_SCORE.*"${String(probability).slice(0, 10)}`));
      expect(output).toMatch(/contains NUM:\(RECALIBRATED.*"23" \(%,UCUM/);
      expect(output).toContain('recalibrated on 212 cases of this site (95% interval 15 to 34%)');
      expect(output).toMatch(/contains NUM:\(MODEL_THRESHOLD.*"0\.001"/);
      expect(output).toMatch(/Algorithm Name"\)="tb-chest-xray"/);
      expect(output).toMatch(/Algorithm Version"\)="0\.1\.0-research"/);
      expect(output).toMatch(/\(29308-4,LN,"Diagnosis"\)=\(56717001,SCT,"Tuberculosis"\)/);
      expect(output).toMatch(/DIAGNOSED_BY.*XPERT/);
      expect(output).toMatch(/Finding"\)=\(MODEL_EVIDENCE,99NEGATOSCOPE,"Model evidence, not a lesion"\)/);
      expect(output).toContain('not a diagnosis');
    }
    const heat = await fileOf(physician, place, one.heat_series_instance_uid, one.heat_sop_instance_uid);
    const picture = parsePart10(heat.bytes).json;
    expect(jsonStrings(picture, '00080008')).toEqual(['DERIVED', 'SECONDARY', 'OTHER', 'MODEL_EVIDENCE']);
    expect(jsonString(jsonItems(picture, '00082112')[0] ?? {}, '00081155')).toBe(place.sop);
    const amended = { status: 'AMENDED', comment: 'Séquelles.', after: first.json.validation.id };
    await decide(radiologist, id, amended);
    const [, two] = await kept(id, 2);
    expect(two.series_instance_uid).toBe(one.series_instance_uid);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 2']);
    const next = parsePart10((await fileOf(staff, place, two.series_instance_uid, two.sop_instance_uid)).bytes).json;
    const [predecessor] = jsonItems(next, '0040A360').flatMap((study) =>
      jsonItems(study, '00081115').flatMap((series) => jsonItems(series, '00081199')),
    );
    expect(jsonString(predecessor ?? {}, '00081155')).toBe(one.sop_instance_uid);
    // Tried again it makes nothing more; whose work it is is in the journal.
    await worker.parts.queue.send(KEEP_RESULT, { resultId: two.id });
    const events = await rows(
      "SELECT actor, details FROM audit_events WHERE entity_id = $1 AND action = 'prediction.result-kept' ORDER BY occurred_at, id",
      [id],
    );
    expect(events.map(({ details }) => details.version)).toEqual([1, 2]);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 2']);
  });

  test('that is amended before it was made has both versions, and one heat map', async () => {
    const { id, place } = await read();
    const { validation } = (await decide(physician, id, { status: 'VALIDATED' })).json;
    await decide(radiologist, id, { status: 'AMENDED', comment: 'Séquelles.', after: validation.id });
    const results = await kept(id, 2);
    expect(new Set(results.map((one) => one.heat_sop_instance_uid)).size).toBe(1);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 2']);
    expect(await rows("SELECT id FROM conflicts WHERE status = 'OPEN'")).toEqual([]);
  });

  test('is in series named in the language of whoever decided first, in later versions by others too (PS3.3 C.7.3.1)', async () => {
    const speak = async (locale: string) =>
      expect((await call(physician, 'PUT', '/api/users/me/profile', { locale })).status).toBe(200);
    await speak('en');
    try {
      const { id, place } = await read();
      const { validation } = (await decide(physician, id, { status: 'VALIDATED' })).json;
      await decide(radiologist, id, { status: 'AMENDED', comment: 'Séquelles.', after: validation.id });
      const [one, two] = await kept(id, 2);
      const nameOf = async (series: string, sop: string) =>
        jsonString(parsePart10((await fileOf(staff, place, series, sop)).bytes).json, '0008103E');
      expect([
        await nameOf(one.series_instance_uid, one.sop_instance_uid),
        await nameOf(two.series_instance_uid, two.sop_instance_uid),
        await nameOf(one.heat_series_instance_uid, one.heat_sop_instance_uid),
      ]).toEqual(['Model result (Negatoscope)', 'Model result (Negatoscope)', 'Model evidence (Negatoscope)']);
    } finally {
      await speak('fr');
    }
  });

  test('leaves the study in the decision that rejects it, for everybody, and comes back as a further version', async () => {
    const { id, place } = await read();
    const first = (await decide(physician, id, { status: 'VALIDATED' })).json.validation;
    const [one] = await kept(id, 1);
    const rejected = (await decide(physician, id, { status: 'REJECTED', comment: 'Artefact.', after: first.id })).json.validation;
    for (const who of [physician, radiologist, staff, admin]) {
      expect(await listed(who, place)).toEqual(['DX 1']);
      for (const [series, sop] of [
        [one.series_instance_uid, one.sop_instance_uid],
        [one.heat_series_instance_uid, one.heat_sop_instance_uid],
      ]) {
        expect((await fileOf(who, place, series, sop)).status).toBe(404);
        expect((await call(who, 'GET', `/dicom-web/studies/${place.uid}/series/${series}/metadata`)).status).toBe(404);
      }
    }
    const patient = (await call(physician, 'GET', `/api/studies/${place.uid}`)).json;
    expect([patient.modalities, patient.instanceCount]).toEqual([['DX'], 1]);
    // A job that comes late puts nothing there.
    await worker.parts.queue.send(KEEP_RESULT, { resultId: one.id });
    await decide(physician, id, { status: 'VALIDATED', after: rejected.id });
    const [, two] = await kept(id, 2);
    expect(await listed(staff, place)).toEqual(['DX 1', 'OT 1', 'SR 1']);
    expect(two.heat_sop_instance_uid).not.toBe(one.heat_sop_instance_uid);
    const { json } = parsePart10((await fileOf(staff, place, two.series_instance_uid, two.sop_instance_uid)).bytes);
    const named = jsonItems(json, '0040A360').flatMap((study) => jsonItems(study, '00081115'));
    expect(jsonString(jsonItems(named[0] ?? {}, '00081199')[0] ?? {}, '00081155')).toBe(one.sop_instance_uid);
  });

  test('that was rejected does not come back by a copy that went elsewhere, with its film or alone, also when the study is gone for good', async () => {
    const { id, place } = await read();
    const first = (await decide(physician, id, { status: 'VALIDATED' })).json.validation;
    const [one] = await kept(id, 1);
    const film = (await fileOf(physician, place, place.series, place.sop)).bytes;
    const report = (await fileOf(physician, place, one.series_instance_uid, one.sop_instance_uid)).bytes;
    const heat = (await fileOf(physician, place, one.heat_series_instance_uid, one.heat_sop_instance_uid)).bytes;
    const rejected = (await decide(physician, id, { status: 'REJECTED', comment: 'Artefact.', after: first.id })).json.validation;
    const send = async (files: Buffer[]): Promise<(number | undefined)[]> => {
      const answer = (await server.store(physician, files)).json();
      return (answer['00081198']?.Value ?? []).map((failed: Json) => failed['00081197'].Value[0]);
    };
    expect(await send([film, report, heat])).toEqual([0x0124, 0x0124]);
    expect(await send([report])).toEqual([0x0124]);
    expect(
      await rows("SELECT reason FROM import_files WHERE sop_instance_uid = $1 AND outcome = 'rejected'", [one.sop_instance_uid]),
    ).toEqual([{ reason: 'WITHDRAWN' }, { reason: 'WITHDRAWN' }]);
    expect(await listed(physician, place)).toEqual(['DX 1']);
    // What stands again is another instance.
    await decide(physician, id, { status: 'VALIDATED', after: rejected.id });
    await kept(id, 2);
    expect(await send([report])).toEqual([0x0124]);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 1']);
    await rows("UPDATE studies SET deleted_at = '2020-01-01' WHERE study_instance_uid = $1 RETURNING id", [place.uid]);
    const [study] = await rows('SELECT id FROM studies WHERE study_instance_uid = $1', [place.uid]);
    await server.db.withSystem((tx) => purgeStudy(tx, ROW_KINDS, study.id, new Date('2021-01-01')));
    expect(await send([report])).toEqual([0x0124]);
    expect(await send([film])).toEqual([]);
    expect(await listed(physician, place)).toEqual(['DX 1']);
  });

  test('that was rejected before it was made is made for nobody', async () => {
    const { id, place } = await read();
    const first = (await decide(physician, id, { status: 'VALIDATED' })).json.validation;
    await decide(physician, id, { status: 'REJECTED', comment: 'Non.', after: first.id });
    const [one] = await resultsOf(id);
    expect(one.withdrawn_at).not.toBeNull();
    await worker.parts.queue.send(KEEP_RESULT, { resultId: one.id });
    const other = await read();
    await decide(physician, other.id, { status: 'VALIDATED' });
    await kept(other.id, 1);
    expect(await listed(physician, place)).toEqual(['DX 1']);
  });

  test('is made whenever its film is there again: also of a study that was in the trash for longer than a week, and of what stood before there were reports', async () => {
    const { id, place } = await read();
    await decide(physician, id, { status: 'VALIDATED' });
    await kept(id, 1);
    const trash = (at: string | null) =>
      rows('UPDATE studies SET deleted_at = $2::timestamptz WHERE study_instance_uid = $1 RETURNING id', [place.uid, at]);
    await rows(
      "UPDATE prediction_results SET stored_at = NULL, made_at = now() - interval '9 days' WHERE prediction_id = $1::uuid RETURNING id",
      [id],
    );
    await trash('2026-01-01');
    expect(await waiting()).not.toContain((await resultsOf(id))[0].id);
    await trash(null);
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    await kept(id, 1);
    expect(await listed(physician, place)).toEqual(['DX 1', 'OT 1', 'SR 1']);

    const before = await read();
    await decide(physician, before.id, { status: 'VALIDATED' });
    await kept(before.id, 1);
    await rows('DELETE FROM prediction_results WHERE prediction_id = $1::uuid RETURNING id', [before.id]);
    await server.db.withSystem(async (tx) => {
      for (const text of migration.split(';\n\n')) await tx.run(composed({ text }));
    });
    await rows("UPDATE prediction_results SET made_at = now() - interval '1 hour' WHERE prediction_id = $1::uuid RETURNING id", [
      before.id,
    ]);
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    const [one] = await kept(before.id, 1);
    expect(one.sop_instance_uid).toMatch(/^2\.25\.[1-9]\d{30,38}$/);
    expect(await listed(physician, before.place)).toEqual(['DX 1', 'OT 1', 'OT 1', 'SR 1', 'SR 1']);
    const { json } = parsePart10((await fileOf(staff, before.place, one.series_instance_uid, one.sop_instance_uid)).bytes);
    expect(jsonString(json, '0040A493')).toBe('VERIFIED');
  });

  test('goes back with its study when a move from before the decision is undone', async () => {
    const [one, other] = [await read(), await read()];
    const patientOf = async ({ uid }: Place): Promise<string> =>
      (await call(physician, 'GET', `/api/studies/${uid}`)).json.patient.id;
    const [from, to] = [await patientOf(one.place), await patientOf(other.place)];
    const wish = { patientId: to, acceptMismatch: true, mismatchReason: 'Vérifié avec la patiente.' };
    expect((await call(physician, 'PATCH', `/api/studies/${one.place.uid}`, wish)).status).toBe(200);
    await decide(physician, one.id, { status: 'VALIDATED' });
    await kept(one.id, 1);
    const moves = (await call(physician, 'GET', `/api/studies/${one.place.uid}/moves`)).json.items;
    expect((await call(physician, 'POST', `/api/study-moves/${moves[0].id}/undo`)).status).toBe(200);
    expect(await patientOf(one.place)).toBe(from);
    expect(await listed(physician, one.place)).toEqual(['DX 1', 'OT 1', 'SR 1']);
  });

  test('is no film for a model: its heat map is refused', async () => {
    const { id, place } = await read();
    await decide(physician, id, { status: 'VALIDATED' });
    const [one] = await kept(id, 1);
    const asked = await call(physician, 'POST', '/api/predict', { sopInstanceUid: one.heat_sop_instance_uid });
    expect(asked.json).toMatchObject({ status: 'FAILED', failureCode: 'NOT_A_CHEST' });
    expect((await call(physician, 'POST', '/api/predict', { studyInstanceUid: place.uid })).json.sopInstanceUid).toBe(place.sop);
  });
});
