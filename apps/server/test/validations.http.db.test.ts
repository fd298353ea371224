import { get as httpGet } from 'node:http';
import { OPERATIONS, type Operation } from '@negatoscope/contract';
import type { Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TIDY_PREDICTIONS } from '../src/features/predictions/job-kinds.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { callApi, newFilm, openSite, type Place, type Site, storeFilm } from './support/prediction-calls.ts';
import { openWorker, type PredictionWorker } from './support/prediction-worker.ts';
import { isLong } from './support/sample.ts';
import { unzip } from './support/unzip.ts';

const UNKNOWN = '00000000-0000-7000-8000-000000000000';
let server: DicomwebServer;
let worker: PredictionWorker;
let baseUrl: string;
let admin: Browser;
let outsider: Browser;
/** A site that reads blind, one whose score is always above the threshold. */
let blind: Site;
/** One that does not. */
let open: Site;

beforeAll(async () => {
  server = await openDicomweb();
  worker = await openWorker(server);
  baseUrl = await server.app.listen({ host: '127.0.0.1', port: 0 });
  admin = await server.login('ADMIN');
  outsider = await server.login('PHYSICIAN');
  [blind, open] = [await openSite(server, 'Aveugle'), await openSite(server, 'Ouvert')];
  for (const { group } of [blind, open]) expect((await choose(group, 0.001)).status).toBe(200);
  expect((await call(admin, 'PUT', '/api/predictions/blind-reading', { siteId: blind.group, isOn: true })).status).toBe(200);
  await recalibrate(blind.group);
});

/** Has a site say scores as percentages too, as if of 212 cases. */
const recalibrate = (group: string): Promise<Json[]> =>
  rows(
    `INSERT INTO model_recalibrations (site_id, model_name, model_version, intercept, slope, intercept_variance, covariance, slope_variance, least_logit, most_logit, reference,
       cases, ill, made_at) VALUES ($1::uuid, 'tb-chest-xray', '0.1.0-research', -1.5, 0.6, 0.04, 0.001, 0.01, -9, 9, 'CULTURE', 212, 60, now()) RETURNING cases`,
    [group],
  );
afterAll(async () => {
  await worker.close();
  await server.close();
});

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const call = (who: Browser, method: Method, url: string, body?: object) => callApi(server, who, method, url, body);
const choose = (siteId: string, threshold: number, before: number | null = null) =>
  call(admin, 'PUT', '/api/models/thresholds', {
    ...{ siteId, modelName: 'tb-chest-xray', modelVersion: '0.1.0-research' },
    ...{ threshold, before },
  });
const send = async (who: Browser, payload: Buffer): Promise<Json> => {
  const headers = { ...who.headers, 'content-type': 'application/dicom', prefer: 'wait=30' };
  const answer = await server.app.inject({ method: 'POST', url: '/api/predict', headers, payload });
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
};
const get = (who: Browser, id: string) => call(who, 'GET', `/api/predictions/${id}`);
const opine = (who: Browser, id: string, body: object) => call(who, 'POST', `/api/predictions/${id}/opinions`, body);
const decide = (who: Browser, id: string, body: object) => call(who, 'POST', `/api/predictions/${id}/validations`, body);
const said = (who: Browser, id: string) => call(who, 'GET', `/api/predictions/${id}/validations`);
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

/** A film of a site that the model has answered. */
async function answered(of: Site, more: Dataset = {}): Promise<{ id: string; place: Place; asked: Json }> {
  const place = await storeFilm(server, admin, of.group, more);
  const { json } = await call(of.physician, 'POST', '/api/predict', { sopInstanceUid: place.sop });
  expect(json.status).toBe('DONE');
  return { id: json.id, place, asked: json };
}

describe('a decision on a score', () => {
  test('is a physician’s: it stands, is kept with its diagnosis and its source, and staff see the score from then on', async () => {
    const { id, asked } = await answered(open);
    expect(asked).toMatchObject({
      state: 'DONE',
      isScoreHidden: false,
      validation: null,
      validatedAt: null,
      isOpinionAsked: false,
    });
    const body = { status: 'VALIDATED', comment: ' Cavernes. ', finalDiagnosis: { finding: 'TUBERCULOSIS', source: 'XPERT' } };
    for (const who of [open.staff, admin]) expect((await decide(who, id, body)).status).toBe(403);
    expect((await decide(outsider, id, body)).status).toBe(404);
    expect((await get(open.staff, id)).json).toMatchObject({ isScoreHidden: true, state: 'DONE', probability: null });
    const { status, json } = await decide(open.radiologist, id, body);
    expect(status).toBe(201);
    expect(json).toMatchObject({
      ...{ state: 'VALIDATED', validatedAt: expect.any(String), readAt: expect.any(String) },
      validation: { status: 'VALIDATED', comment: 'Cavernes.', finalDiagnosis: body.finalDiagnosis, by: 'Omar Diop' },
    });
    expect((await get(open.staff, id)).json).toMatchObject({ isScoreHidden: false, probability: asked.probability });
    expect((await call(open.staff, 'GET', `/api/predictions/${id}/heatmap.png`)).status).toBe(200);
    const events = await rows("SELECT action, details FROM audit_events WHERE entity_id = $1 AND action = 'prediction.decided'", [
      id,
    ]);
    expect(events).toMatchObject([{ details: { status: 'VALIDATED', source: 'XPERT' } }]);
  });

  test('is followed by others, the newest stands; one who rejects it takes it back from staff', async () => {
    const { id } = await answered(open);
    const first = (await decide(open.physician, id, { status: 'VALIDATED' })).json.validation;
    expect((await decide(open.physician, id, { status: 'REJECTED', after: first.id })).status).toBe(400);
    const second = await decide(open.radiologist, id, { status: 'REJECTED', comment: 'Artefact.', after: first.id });
    expect(second.json).toMatchObject({ state: 'REJECTED', validatedAt: null, validation: { status: 'REJECTED' } });
    const staff = (await get(open.staff, id)).json;
    expect(staff).toMatchObject({ state: 'REJECTED', isScoreHidden: true, probability: null, validation: null });
    expect((await said(open.staff, id)).json).toEqual({ items: [], opinions: [] });
    const amended = { status: 'AMENDED', comment: 'Séquelles, culture négative.', after: second.json.validation.id };
    const finalDiagnosis = { finding: 'NO_TUBERCULOSIS', source: 'CULTURE' };
    expect((await decide(open.physician, id, { ...amended, finalDiagnosis })).json.state).toBe('VALIDATED');
    expect((await said(open.staff, id)).json.items).toMatchObject([
      { status: 'AMENDED', finalDiagnosis, by: 'Awa Diop' },
      { status: 'REJECTED', finalDiagnosis: null, by: 'Omar Diop' },
      { status: 'VALIDATED' },
    ]);
  });

  test('of two physicians at once is one, and the second is told what the first has decided', async () => {
    const { id } = await answered(open);
    const both = await Promise.all([open.physician, open.radiologist].map((who) => decide(who, id, { status: 'VALIDATED' })));
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const second = both.find(({ status }) => status === 409);
    const { items } = (await said(open.physician, id)).json;
    expect(items).toHaveLength(1);
    expect(second?.json).toMatchObject({ code: 'VALIDATED_MEANWHILE', current: { id: items[0].id } });
  });

  test('is none before there is an answer, nor on what is no result, nor in the action that asks', async () => {
    const { asked } = await answered(open);
    const [row] = await rows(
      `INSERT INTO predictions (id, study_id, group_id, question, status, created_at)
       VALUES (gen_random_uuid(), $1::uuid, $2::uuid, 'tuberculosis', 'QUEUED', now()) RETURNING id`,
      [asked.study.id, open.group],
    );
    const early = await decide(open.physician, row.id, { status: 'VALIDATED' });
    expect([early.status, early.json.code]).toEqual([409, 'PREDICTION_NOT_DONE']);
    await call(open.physician, 'POST', `/api/predictions/${row.id}/cancel`);
    expect((await decide(open.physician, row.id, { status: 'VALIDATED' })).json.code).toBe('PREDICTION_NOT_DONE');
    expect((await opine(open.physician, row.id, { opinion: 'SUSPECTED' })).status).toBe(409);
    const asking = { sopInstanceUid: asked.sopInstanceUid, validation: { status: 'VALIDATED' } };
    expect((await call(open.physician, 'POST', '/api/predict', asking)).status).toBe(400);
    expect((await said(open.physician, row.id)).json.items).toEqual([]);
  });

  test('is followed by the study’s status and the patient’s: validated with a result that stands, in progress once it is taken back', async () => {
    const { id, place, asked } = await answered(open);
    const statuses = async (): Promise<string[]> => [
      (await call(open.physician, 'GET', `/api/studies/${place.uid}`)).json.status,
      (await call(open.physician, 'GET', `/api/patients/${asked.study.patientId}`)).json.status,
    ];
    expect(await statuses()).toEqual(['TO_READ', 'TO_READ']);
    const rejected = (await decide(open.physician, id, { status: 'REJECTED', comment: 'Artefact.' })).json.validation;
    expect(await statuses()).toEqual(['TO_READ', 'TO_READ']);
    const validated = (await decide(open.physician, id, { status: 'VALIDATED', after: rejected.id })).json.validation;
    expect(await statuses()).toEqual(['VALIDATED', 'VALIDATED']);
    const amended = await decide(open.radiologist, id, { status: 'AMENDED', comment: 'Séquelles.', after: validated.id });
    expect(await statuses()).toEqual(['VALIDATED', 'VALIDATED']);
    await decide(open.radiologist, id, { status: 'REJECTED', comment: 'Non.', after: amended.json.validation.id });
    expect(await statuses()).toEqual(['IN_PROGRESS', 'IN_PROGRESS']);
    const events = await rows(
      "SELECT details FROM audit_events WHERE entity_id = $1 AND action = 'study.updated' ORDER BY occurred_at, id",
      [asked.study.id],
    );
    expect(events.map(({ details }: Json) => details.status)).toEqual(['VALIDATED', 'IN_PROGRESS']);
  });

  test('is none on a file that was sent to the model, which is in no record', async () => {
    const sent = await send(open.physician, newFilm().file);
    const refused = await decide(open.physician, sent.id, { status: 'VALIDATED' });
    expect([refused.status, refused.json.code]).toEqual([422, 'UPLOAD_IS_NO_RESULT']);
  });

  test('goes where its study goes, and with it when it is removed for good; the database changes none', async () => {
    const { id, asked } = await answered(open);
    await decide(open.physician, id, { status: 'VALIDATED' });
    await opine(open.physician, id, { opinion: 'SUSPECTED' });
    for (const table of ['prediction_opinions', 'prediction_validations']) {
      const [kept] = await rows(`SELECT group_id, study_id FROM ${table} WHERE prediction_id = $1::uuid`, [id]);
      expect(kept).toEqual({ group_id: open.group, study_id: asked.study.id });
      const change = rows(`UPDATE ${table} SET comment = 'x' WHERE prediction_id = $1::uuid RETURNING id`, [id]);
      await expect(change, table).rejects.toMatchObject({ code: '42501' });
    }
  });
});

/** Every route that reads, of the API and of DICOMweb, about a film and its prediction. */
function readings({ uid, series, sop }: Place, prediction: Json): string[] {
  const filled = (route: string, id: string): string =>
    route
      .replaceAll(/\{(study\w*uid|study)\}/gi, uid)
      .replaceAll(/\{(series\w*)\}/gi, series)
      .replaceAll(/\{(sop\w*|instance\w*)\}/gi, sop)
      .replaceAll(/\{frames?\}/gi, '1')
      .replaceAll(/\{\w+\}/g, id);
  const operations: readonly Operation[] = OPERATIONS;
  const paths = operations.filter(({ method, path }) => method === 'GET' && !path.endsWith('/events')).map(({ path }) => path);
  const dicomweb = ['', '/metadata', '/rendered', '/thumbnail', `/series/${series}`, `/series/${series}/metadata`].map(
    (rest) => `/dicom-web/studies/${uid}${rest}`,
  );
  const ids = [prediction.id, prediction.study.id, prediction.study.patientId];
  const queries = ['', `?studyId=${ids[1]}`, `?studyInstanceUid=${uid}`, '?state=DONE', `?entityId=${ids[0]}`];
  const urls = paths.flatMap((path) =>
    path.includes('{id}') ? ids.map((id) => filled(path, id)) : queries.map((query) => filled(path, prediction.id) + query),
  );
  return [...urls, ...dicomweb];
}

/** What of an answer gives a score away. */
async function leaksIn(raw: Buffer, secrets: readonly Buffer[]): Promise<boolean> {
  const isZip = raw.subarray(0, 2).toString() === 'PK';
  const parts = isZip ? [...(await unzip(raw)).values()] : [raw];
  return parts.some((part) => secrets.some((secret) => part.includes(secret)));
}

async function isToldByExport(who: Browser, { study }: Json, secrets: readonly Buffer[]): Promise<boolean> {
  const exported = await call(who, 'POST', '/api/patients/export', { patientIds: [study.patientId] });
  return leaksIn(exported.raw, secrets);
}

async function routesThatTell(
  who: Browser,
  place: Place,
  prediction: Json,
  { secrets, below = '/' }: { readonly secrets: readonly Buffer[]; readonly below?: string },
): Promise<string[]> {
  const found: string[] = [];
  const ask = async (url: string): Promise<void> => {
    const { raw, status } = await call(who, 'GET', url);
    expect(status, url).toBeLessThan(500);
    if (await leaksIn(raw, secrets)) found.push(url.replace(/\?.*/, ''));
  };
  const asked = [...new Set(readings(place, prediction).filter((one) => one.startsWith(below)))];
  // As many at a time as there are connections.
  while (asked.length > 0) await Promise.all(asked.splice(0, 6).map(ask));
  if (await isToldByExport(who, prediction, secrets)) found.push('export');
  return [...new Set(found)];
}

/** What is told live of changes until one of a prediction comes. */
function nextEvent(who: Browser, id: string, act: () => Promise<unknown>): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const request = httpGet(`${baseUrl}/api/predictions/events`, { headers: { cookie: who.cookie }, agent: false }, (answer) => {
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        const isFirst = text === '';
        text += chunk;
        if (isFirst) void act().catch(reject);
        const line = text.split('\n').find((one) => one.startsWith('data: {"id"') && one.includes(id));
        if (line === undefined) return;
        resolve(line);
        request.destroy();
      });
      answer.on('error', () => undefined);
    }).on('error', reject);
  });
}

describe('a study with two results', () => {
  test('stays validated while one of them stands, and is in progress again without any', async () => {
    const { id, place } = await answered(open);
    const second = (await call(open.physician, 'POST', '/api/predict', { sopInstanceUid: place.sop })).json.id;
    const status = async () => (await call(open.physician, 'GET', `/api/studies/${place.uid}`)).json.status;
    const validations = new Map<string, string>();
    for (const one of [id, second])
      validations.set(one, (await decide(open.physician, one, { status: 'VALIDATED' })).json.validation.id);
    const reject = (one: string) =>
      decide(open.physician, one, { status: 'REJECTED', comment: 'Une fois suffit.', after: validations.get(one) });
    expect((await reject(second)).status).toBe(201);
    expect([(await get(open.physician, id)).json.state, await status()]).toEqual(['VALIDATED', 'VALIDATED']);
    expect((await reject(id)).status).toBe(201);
    expect(await status()).toBe('IN_PROGRESS');
  });
});

describe('a score of a patient who was too young for the model', () => {
  const patch = (url: string, payload: object) =>
    server.app.inject({ method: 'PATCH', url, headers: open.physician.headers, payload });
  const CODES = ['VALIDATED', 'AMENDED'].map((status) => [status, 409, 'PATIENT_TOO_YOUNG']);
  const standing = async (id: string, after: string | null) => {
    const said: unknown[] = [];
    for (const status of ['VALIDATED', 'AMENDED']) {
      const answer = await decide(open.physician, id, { status, comment: 'Vu.', after });
      said.push([status, answer.status, answer.json.code]);
    }
    return said;
  };

  test('cannot be validated once its film went to a child, nor amended; it is warned of, and can be rejected', async () => {
    const { id, place, asked } = await answered(open);
    expect(asked.warnings).toEqual([]);
    const child = await storeFilm(server, admin, open.group, { PatientBirthDate: '20200101', PatientName: 'Enfant^E' });
    const { patient } = (await call(open.physician, 'GET', `/api/studies/${child.uid}`)).json;
    const mismatch = { acceptMismatch: true, mismatchReason: 'Vérifié avec la patiente' };
    expect((await patch(`/api/studies/${place.uid}`, { patientId: patient.id, ...mismatch })).statusCode).toBe(200);
    expect(await standing(id, null)).toEqual(CODES);
    const told = { warnings: ['PATIENT_TOO_YOUNG'], confidenceLevel: 'LOW', validation: null };
    expect((await get(open.physician, id)).json).toMatchObject(told);
    const { items } = (await call(open.physician, 'GET', `/api/predictions?studyInstanceUid=${place.uid}`)).json;
    expect(items).toMatchObject([told]);
    expect((await decide(open.physician, id, { status: 'REJECTED', comment: 'Enfant.' })).json.state).toBe('REJECTED');
  });

  test('is warned of where it stands already, when the birth date is corrected; to the day of the film’s fifteenth year', async () => {
    const { id, asked } = await answered(open);
    const first = (await decide(open.physician, id, { status: 'VALIDATED' })).json.validation;
    const bornOn = async (birthDate: string) => {
      const url = `/api/patients/${asked.study.patientId}`;
      const { updatedAt } = (await call(open.physician, 'GET', url)).json;
      expect((await patch(url, { updatedAt, birthDate })).statusCode).toBe(200);
    };
    await bornOn('2011-03-02');
    for (const who of [open.staff, open.physician])
      expect((await get(who, id)).json).toMatchObject({ state: 'VALIDATED', warnings: ['PATIENT_TOO_YOUNG'] });
    expect(await standing(id, first.id)).toEqual(CODES);
    await bornOn('2011-03-01');
    expect((await get(open.staff, id)).json.warnings).toEqual([]);
    expect((await decide(open.physician, id, { status: 'VALIDATED', after: first.id })).status).toBe(201);
  });
});

describe('a site that reads blind', () => {
  test('shows no reader a score before their own opinion, by any route; afterwards all of it', { timeout: 240_000 }, async () => {
    const { id, place, asked } = await answered(blind);
    expect(asked).toMatchObject({
      isBlind: true,
      isOpinionAsked: true,
      isScoreHidden: true,
      probability: null,
      heatmapUrl: null,
    });
    const [row] = await rows('SELECT probability, recalibrated, heat_object FROM predictions WHERE id = $1::uuid', [id]);
    const heat = await worker.parts.objects.read(row.heat_object, 100, 300);
    const { share, low, high, cases } = row.recalibrated;
    expect([cases, low < share, share < high]).toEqual([212, true, true]);
    const secrets = [Buffer.from(String(row.probability)), Buffer.from(String(share)), heat];
    for (const who of isLong ? [blind.physician, blind.radiologist, blind.staff, admin] : [blind.physician])
      expect(await routesThatTell(who, place, asked, { secrets }), who.user.role).toEqual([]);
    const early = await decide(blind.physician, id, { status: 'VALIDATED' });
    expect([early.status, early.json.code]).toEqual([409, 'OPINION_FIRST']);
    // One who says what they see has it all; it is told live, and to nobody else.
    const toColleague = await nextEvent(blind.radiologist, id, async () => {
      const { status, json } = await opine(blind.physician, id, { opinion: 'SUSPECTED', comment: 'Apex droit.' });
      expect(status).toBe(201);
      expect(json).toMatchObject({ isScoreHidden: false, probability: row.probability, ownOpinion: { opinion: 'SUSPECTED' } });
    });
    expect(await leaksIn(Buffer.from(toColleague), secrets)).toBe(false);
    // In the long run they have walked by every route before, which is a reading.
    if (!isLong) expect(await readsOf(blind.radiologist, asked.study.id)).toBe(0);
    expect(JSON.parse(toColleague.slice(6))).toMatchObject({
      state: 'READ',
      isScoreHidden: true,
      isOpinionAsked: true,
      ownOpinion: null,
    });
    for (const who of isLong ? [blind.radiologist, blind.staff, admin] : [])
      expect(await routesThatTell(who, place, asked, { secrets }), who.user.role).toEqual([]);
    expect((await said(blind.radiologist, id)).json).toEqual({ items: [], opinions: [] });
    // The walk finds them where they are.
    const telling = await routesThatTell(blind.physician, place, asked, { secrets, below: isLong ? '/' : '/api/predictions' });
    expect(telling).toEqual(
      expect.arrayContaining(['/api/predictions', `/api/predictions/${id}`, `/api/predictions/${id}/heatmap.png`]),
    );
    expect((await decide(blind.physician, id, { status: 'VALIDATED' })).status).toBe(201);
    expect((await get(blind.radiologist, id)).json).toMatchObject({ isScoreHidden: false, isOpinionAsked: false });
    expect(await isToldByExport(blind.physician, asked, secrets)).toBe(true);
  });

  test('shows no score of a copy of a film either, whatever is said of the copy, before the film itself is read', async () => {
    const reader = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: blind.group }));
    const { place, file } = newFilm();
    const stored = await server.store(admin, [file], `/groups/${blind.group}/studies`);
    expect(stored.statusCode).toBe(200);
    const asked = (await call(reader, 'POST', '/api/predict', { sopInstanceUid: place.sop })).json;
    expect(asked).toMatchObject({ status: 'DONE', isScoreHidden: true });
    const copy = await send(reader, file);
    expect((await opine(reader, copy.id, { opinion: 'SUSPECTED' })).json).toMatchObject({
      ...{ isScoreHidden: true, isOpinionAsked: false, probability: null },
    });
    const heat = await call(reader, 'GET', `/api/predictions/${copy.id}/heatmap.png`);
    expect(heat.status).toBe(404);
    // A colleague who has read the film sees no less of their own copy.
    await opine(reader, asked.id, { opinion: 'NOT_SUSPECTED' });
    const shown = (await get(reader, copy.id)).json;
    expect([shown.isScoreHidden, typeof shown.probability]).toEqual([false, 'number']);
  });

  test('tells no side of the threshold by how long the model took: the moment of its answer is told to the minute, and found by it', async () => {
    const { id } = await answered(blind);
    const moved =
      "UPDATE predictions SET created_at = '2026-03-01T08:00:10.250Z', finished_at = '2026-03-01T08:01:41.123Z' WHERE id = $1::uuid RETURNING id";
    await rows(moved, [id]);
    const moments = async (who: Browser) => {
      const { items } = (await call(who, 'GET', '/api/predictions?limit=200')).json;
      const fhir = await server.app.inject({ url: `/fhir/RiskAssessment/${id}`, headers: who.headers });
      return [
        (await get(who, id)).json.finishedAt,
        items.find((one: Json) => one.id === id).finishedAt,
        new Date(fhir.json().occurrenceDateTime).toISOString(),
      ];
    };
    const isFound = async (who: Browser, date: string) =>
      (await server.app.inject({ url: `/fhir/RiskAssessment?_id=${id}&date=${date}`, headers: who.headers })).json().entry
        ?.length === 1;
    const coarse = '2026-03-01T08:01:00.000Z';
    for (const who of [blind.radiologist, blind.staff]) {
      expect(await moments(who), who.user.role).toEqual([coarse, coarse, coarse]);
      expect([await isFound(who, 'ge2026-03-01T08:01:41Z'), await isFound(who, 'ge2026-03-01T08:01:00Z')]).toEqual([false, true]);
    }
    const event = await nextEvent(blind.radiologist, id, async () => {
      await opine(blind.physician, id, { opinion: 'SUSPECTED' });
    });
    expect(JSON.parse(event.slice(6)).finishedAt).toBe(coarse);
    const exact = '2026-03-01T08:01:41.123Z';
    expect(await moments(blind.physician)).toEqual([exact, exact, exact]);
    expect(await isFound(blind.physician, 'ge2026-03-01T08:01:41Z')).toBe(true);
    // Where both are in one minute, it has not answered before it was asked.
    await rows(moved.replace('08:01:41', '08:00:41'), [id]);
    expect((await get(blind.radiologist, id)).json.finishedAt).toBe('2026-03-01T08:00:10.250Z');
  });

  test('has answers of one size whatever the model says', async () => {
    const positive = await answered(blind);
    expect((await choose(blind.group, 0.999, 0.001)).status).toBe(200);
    const negative = await answered(blind);
    expect((await choose(blind.group, 0.001, 0.999)).status).toBe(200);
    const values = await rows('SELECT is_positive FROM predictions WHERE id = ANY($1::uuid[]) ORDER BY id', [
      `{${positive.id},${negative.id}}`,
    ]);
    expect(values).toEqual([{ is_positive: true }, { is_positive: false }]);
    // But for the UIDs and the record number, which the tests choose.
    const sizeOf = (json: Json): number =>
      JSON.stringify({ ...json, study: null, seriesInstanceUid: null, sopInstanceUid: null }).length;
    const [first, second] = [await get(blind.radiologist, positive.id), await get(blind.radiologist, negative.id)];
    expect(sizeOf(first.json)).toBe(sizeOf(second.json));
    for (const { id } of [positive, negative]) {
      const heat = await call(blind.radiologist, 'GET', `/api/predictions/${id}/heatmap.png`);
      expect([heat.status, heat.raw.length]).toEqual([
        404,
        (await call(blind.radiologist, 'GET', `/api/predictions/${UNKNOWN}/heatmap.png`)).raw.length,
      ]);
    }
  });

  test('keeps an opinion as it was: it is amended with a comment, and each says whether it was blind', async () => {
    const { id, asked } = await answered(blind);
    const first = (await opine(blind.radiologist, id, { opinion: 'NOT_SUSPECTED' })).json.ownOpinion;
    expect((await opine(blind.radiologist, id, { opinion: 'SUSPECTED' })).json.code).toBe('OPINION_GIVEN');
    expect((await opine(blind.radiologist, id, { opinion: 'SUSPECTED', amends: first.id })).status).toBe(400);
    const amended = await opine(blind.radiologist, id, { opinion: 'SUSPECTED', comment: 'Revu.', amends: first.id });
    expect(amended.json.ownOpinion).toMatchObject({ opinion: 'SUSPECTED' });
    expect((await opine(blind.radiologist, id, { opinion: 'SUSPECTED', comment: 'x', amends: first.id })).status).toBe(409);
    expect((await opine(blind.physician, id, { opinion: 'UNREADABLE' })).status).toBe(400);
    expect((await opine(blind.staff, id, { opinion: 'SUSPECTED' })).status).toBe(403);
    expect((await said(blind.radiologist, id)).json.opinions).toMatchObject([
      { opinion: 'SUSPECTED', isAmendment: true, isBlind: false, comment: 'Revu.', by: 'Omar Diop' },
      { opinion: 'NOT_SUSPECTED', isAmendment: false, isBlind: true },
    ]);
    // Asked about again, what they say is not blind any more: they have seen a score of this study.
    const again = (await call(blind.physician, 'POST', '/api/predict', { sopInstanceUid: asked.sopInstanceUid })).json;
    expect((await get(blind.radiologist, again.id)).json).toMatchObject({ isScoreHidden: true });
    await opine(blind.radiologist, again.id, { opinion: 'SUSPECTED' });
    await opine(blind.physician, again.id, { opinion: 'SUSPECTED' });
    expect((await said(blind.radiologist, again.id)).json.opinions.map(({ by, isBlind }: Json) => [by, isBlind])).toEqual([
      ['Awa Diop', true],
      ['Omar Diop', false],
    ]);
  });

  test('no opinion is called blind of who was shown the score of an altered copy, also when the copy is gone after its day', async () => {
    const reader = async () => server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: blind.group }));
    const [answering, told, early, none] = [await reader(), await reader(), await reader(), await reader()];
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
    const film = await answered(blind, { StudyDate: daysAgo(0) });
    // It was made days before it came to the archive, from where there is no network.
    const carried = await answered(blind, { StudyDate: daysAgo(4) });
    const rule = (isOn: boolean) => call(admin, 'PUT', '/api/predictions/blind-reading', { siteId: blind.group, isOn });
    // By an opinion on the copy, and by a score that is told at once.
    const copies = [await send(answering, newFilm().file), await send(early, newFilm().file)];
    for (const [at, who] of [answering, early].entries())
      expect((await opine(who, copies[at]?.id, { opinion: 'SUSPECTED' })).json.isScoreHidden).toBe(false);
    await rule(false);
    copies.push(await send(told, newFilm().file));
    await rule(true);
    expect(copies[2]?.isScoreHidden).toBe(false);
    // What was sent more than a day before the day of a film was none of it.
    await rows(
      "UPDATE upload_scores_seen SET asked_at = now() - interval '50 hours' WHERE user_id = $1::uuid RETURNING user_id",
      [early.user.id],
    );
    await rows("UPDATE predictions SET upload_until = now() - interval '1 minute' WHERE study_id IS NULL RETURNING id");
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    for (const [at, who] of [answering, early, told].entries())
      await expect.poll(async () => (await get(who, copies[at]?.id)).status, { timeout: 20_000 }).toBe(404);
    for (const who of [answering, told, early, none]) await opine(who, film.id, { opinion: 'NOT_SUSPECTED' });
    const opinions = await rows(
      'SELECT user_id, is_blind FROM prediction_opinions WHERE prediction_id = $1::uuid ORDER BY created_at',
      [film.id],
    );
    expect(opinions.map(({ is_blind }) => is_blind)).toEqual([false, false, true, true]);
    for (const who of [early, none]) await opine(who, carried.id, { opinion: 'NOT_SUSPECTED' });
    expect((await said(none, carried.id)).json.opinions.map(({ isBlind }: Json) => isBlind)).toEqual([true, false]);
  });

  test('no opinion is called blind of who saw the score while it was validated, though it was rejected afterwards, or decided on it', async () => {
    const { id } = await answered(blind);
    await opine(blind.physician, id, { opinion: 'SUSPECTED' });
    const { json } = await decide(blind.physician, id, { status: 'VALIDATED', after: null });
    expect((await get(blind.radiologist, id)).json.probability).not.toBeNull();
    const after = json.validation.id;
    expect((await decide(blind.radiologist, id, { status: 'REJECTED', comment: 'Non.', after })).status).toBe(201);
    await opine(blind.radiologist, id, { opinion: 'NOT_SUSPECTED' });
    expect((await said(blind.radiologist, id)).json.opinions.map(({ by, isBlind }: Json) => [by, isBlind])).toEqual([
      ['Omar Diop', false],
      ['Awa Diop', true],
    ]);
    // A comment that nobody can see is none.
    expect((await decide(blind.physician, id, { status: 'REJECTED', comment: '\u200b', after })).status).toBe(400);
  });

  test('is what the site, else the installation, says when a film is asked about; what was asked before stays as it was', async () => {
    const rule = (siteId: string | null, isOn: boolean | null, who = admin) =>
      call(who, 'PUT', '/api/predictions/blind-reading', { siteId, isOn });
    expect((await rule(null, true, open.physician)).status).toBe(403);
    expect((await rule(UNKNOWN, true)).status).toBe(422);
    const before = await answered(open);
    expect((await rule(null, true)).json.items).toMatchObject([
      { siteId: null, isOn: true },
      { siteId: blind.group, isOn: true },
    ]);
    try {
      expect((await answered(open)).asked).toMatchObject({ isBlind: true, isScoreHidden: true });
      expect((await get(open.physician, before.id)).json).toMatchObject({ isBlind: false, isScoreHidden: false });
      await rule(open.group, false);
      expect((await answered(open)).asked).toMatchObject({ isBlind: false, isScoreHidden: false });
    } finally {
      await rule(open.group, null);
      expect((await rule(null, null)).json.items).toMatchObject([{ siteId: blind.group }]);
    }
  });
});

/** Events of the journal that say that somebody was shown what models say of a study. */
const readsOf = async (who: Browser, study: string): Promise<number> =>
  (
    await rows("SELECT id FROM audit_events WHERE action = 'study.predictions' AND actor_id = $1::uuid AND entity_id = $2", [
      who.user.id,
      study,
    ])
  ).length;

test('who is told a score live has read it, as the journal has it: once, however often they are told', async () => {
  const { id, asked } = await answered(open);
  for (const opinion of ['SUSPECTED', 'NOT_SUSPECTED']) {
    const own = (await get(open.physician, id)).json.ownOpinion?.id ?? null;
    const told = await nextEvent(open.radiologist, id, () => opine(open.physician, id, { opinion, comment: 'Vu.', amends: own }));
    expect(JSON.parse(told.slice(6)).probability).not.toBeNull();
  }
  expect(await readsOf(open.radiologist, asked.study.id)).toBe(1);
});

describe('a worklist', () => {
  test('is filtered by state, site and moment', async () => {
    const { id } = await answered(open);
    const ids = async (query: string, who = admin): Promise<string[]> =>
      (await call(who, 'GET', `/api/predictions?limit=200&${query}`)).json.items.map((one: Json) => one.id);
    expect(await ids('state=DONE')).toContain(id);
    expect(await ids('state=READ')).not.toContain(id);
    await opine(open.physician, id, { opinion: 'SUSPECTED' });
    expect(await ids(`state=READ&groupId=${open.group}`)).toContain(id);
    expect(await ids(`state=READ&groupId=${blind.group}`)).not.toContain(id);
    expect(await ids('state=READ&groupId=none')).not.toContain(id);
    await decide(open.physician, id, { status: 'REJECTED', comment: 'non' });
    expect(await ids('state=REJECTED')).toContain(id);
    expect(await ids('state=VALIDATED')).not.toContain(id);
    expect(await ids('from=2020-01-01T00:00:00Z&state=REJECTED')).toContain(id);
    expect(await ids('to=2020-01-01T00:00:00Z')).toEqual([]);
    expect((await call(admin, 'GET', '/api/predictions?from=yesterday')).status).toBe(400);
    expect(await ids(`groupId=${open.group}`, outsider)).toEqual([]);
  });
});
