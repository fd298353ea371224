import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PREDICTION_FAILURES, type PredictionFailure } from '@negatoscope/contract';
import { type ChestXrayOptions, chestXray, type Dataset, smallPicture } from '@negatoscope/testkit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PREDICT, TIDY_PREDICTIONS } from '../src/features/predictions/job-kinds.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { openWorker, type PredictionWorker } from './support/prediction-worker.ts';

const CHECKS = path.resolve(import.meta.dirname, '../models/tb-chest-xray/checks');
const clock = createFakeClock();
let server: DicomwebServer;
let worker: PredictionWorker;
let physician: Browser;
let radiologist: Browser;
let staff: Browser;
let admin: Browser;
beforeAll(async () => {
  server = await openDicomweb({ clock });
  worker = await openWorker(server, clock);
  physician = await server.login(await server.makeUser({ role: 'PHYSICIAN', firstName: 'Awa', lastName: 'Diop' }));
  radiologist = await server.login('RADIOLOGIST');
  staff = await server.login('STAFF');
  admin = await server.login('ADMIN');
});
afterAll(async () => {
  await worker.close();
  await server.close();
});

const ADULT: Dataset = { PatientBirthDate: '19700102', StudyDate: '20260301' };
let count = 0;
interface Place {
  readonly uid: string;
  readonly series: string;
  readonly sop: string;
}
const uidsOf = (): Place => {
  count += 1;
  return { uid: `2.25.880${count}0`, series: `2.25.880${count}1`, sop: `2.25.880${count}2` };
};
const named = (place: Place): Dataset => ({
  StudyInstanceUID: place.uid,
  SeriesInstanceUID: place.series,
  SOPInstanceUID: place.sop,
  PatientID: `TB${place.uid}`,
  PatientName: `Sow^${place.uid}`,
});
const filmOf = (place: Place, dataset: Dataset = {}, options: Partial<ChestXrayOptions> = {}): Buffer => {
  const [film] = [
    ...chestXray({ seed: 'a film', rows: 256, columns: 256, ...options, dataset: { ...ADULT, ...dataset, ...named(place) } }),
  ];
  return Buffer.from(film?.bytes ?? []);
};
async function stored(file: (place: Place) => Buffer, group?: string): Promise<Place> {
  const place = uidsOf();
  const url = group === undefined ? '/studies' : `/groups/${group}/studies`;
  expect((await server.store(admin, [file(place)], url)).statusCode).toBe(200);
  return place;
}
const film = (dataset: Dataset = {}, options: Partial<ChestXrayOptions> = {}): Promise<Place> =>
  stored((place) => filmOf(place, dataset, options));

async function call(who: Browser, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) {
  const answer = await server.app.inject({
    method,
    url,
    headers: { ...who.headers, prefer: 'wait=30' },
    ...(body === undefined ? {} : { payload: body }),
  });
  const isJson = String(answer.headers['content-type']).includes('json');
  return {
    status: answer.statusCode,
    json: (isJson ? answer.json() : undefined) as Json,
    raw: answer.rawPayload,
    headers: answer.headers,
  };
}
const ask = (who: Browser, body: object) => call(who, 'POST', '/api/predict', body);
const send = async (who: Browser, type: string, payload: Buffer, query = '') => {
  const headers = { ...who.headers, 'content-type': type, prefer: 'wait=30' };
  const answer = await server.app.inject({ method: 'POST', url: `/api/predict${query}`, headers, payload });
  return { status: answer.statusCode, json: answer.json() as Json };
};
const get = (who: Browser, id: string) => call(who, 'GET', `/api/predictions/${id}`);
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const eventsOf = async (id: string): Promise<string[]> =>
  (await rows('SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at, id', [id])).map(({ action }) => action);
/** Nothing of an answer says a score. */
const saysNoScore = (json: Json): void => {
  expect(json).toMatchObject({
    ...{ prediction: null, probability: null, confidence: null, confidenceLevel: null, threshold: null, heatmapUrl: null },
    ...{ interpretation: null, recommendation: null, featuresDetected: [] },
  });
};

describe('a film of the archive', () => {
  test('is answered with every field of the contract, once, with its events; the heat map lies on it', async () => {
    const place = await film();
    const { status, json } = await ask(physician, { sopInstanceUid: place.sop });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ...{
        status: 'DONE',
        failureCode: null,
        question: 'tuberculosis',
        consultationId: null,
        isScoreHidden: false,
        maySendOn: false,
      },
      ...{ seriesInstanceUid: place.series, sopInstanceUid: place.sop, warnings: [], sentOn: null, keptUntil: null },
      ...{ modelName: 'tb-chest-xray', modelVersion: '0.1.0-research', threshold: 0.2906, requestedBy: physician.user.id },
      study: { studyInstanceUid: place.uid, groupId: null },
      interpretation: { fr: expect.stringMatching(/score/i), en: expect.stringMatching(/score/i) },
      recommendation: { fr: expect.stringContaining('pas un diagnostic'), en: expect.stringContaining('not a diagnosis') },
    });
    expect(json.prediction).toBe(json.probability >= 0.2906 ? 1 : 0);
    expect(json.confidence).toBeGreaterThanOrEqual(0.5);
    expect(['LOW', 'MEDIUM', 'HIGH']).toContain(json.confidenceLevel);
    expect(await eventsOf(json.id)).toEqual(['prediction.asked', 'prediction.done']);
    for (const feature of json.featuresDetected)
      expect(feature).toMatchObject({ kind: 'MODEL_EVIDENCE', score: expect.any(Number) });
    if (json.heatmapUrl !== null) {
      const picture = await call(radiologist, 'GET', json.heatmapUrl);
      expect(picture.headers['content-type']).toBe('image/png');
      expect(await sharp(picture.raw).metadata()).toMatchObject({ width: 256, height: 256, channels: 4 });
    }
    expect((await get(radiologist, json.id)).json).toEqual(json);
  });

  test('has one score however its pixels are stored: MONOCHROME1, as a CR, without a window', async () => {
    const scores = await Promise.all(
      [
        film(),
        film({}, { photometricInterpretation: 'MONOCHROME1' }),
        film({}, { modality: 'CR' }),
        film({ WindowCenter: undefined, WindowWidth: undefined }),
      ].map(async (place) => (await ask(physician, { sopInstanceUid: (await place).sop })).json.probability as number),
    );
    const [first = -1] = scores;
    expect(first).toBeGreaterThan(0);
    for (const score of scores) expect(Math.abs(score - first)).toBeLessThan(0.02);
  });

  test('is found in its study: the frontal one, before captures and laterals', async () => {
    const place = uidsOf();
    const lateral = { ...place, sop: `${place.sop}.1` };
    const files = [filmOf(lateral, { ViewPosition: 'LL', InstanceNumber: 0 }), filmOf(place)];
    expect((await server.store(admin, files)).statusCode).toBe(200);
    expect((await ask(physician, { studyInstanceUid: place.uid })).json).toMatchObject({
      status: 'DONE',
      sopInstanceUid: place.sop,
    });
  });
});

describe('refused before anything is said', () => {
  const small = (place: Place, side: number): Buffer => {
    const cells = Uint8Array.from({ length: side * side }, (_, at) => at % 251);
    return Buffer.from(
      smallPicture({ seed: 's', columns: side, cells, modality: 'SC', dataset: { ...ADULT, ...named(place) } }).bytes,
    );
  };
  const CASES: [PredictionFailure, string, () => Promise<Place>][] = [
    ['NOT_A_CHEST', 'another part of the body', () => film({ BodyPartExamined: 'HAND' })],
    ['NOT_A_CHEST', 'another modality', () => film({ Modality: 'MG' })],
    ['LATERAL', 'by its view', () => film({ ViewPosition: 'LL' })],
    ['LATERAL', 'by its orientation', () => film({ ViewPosition: undefined, PatientOrientation: ['A', 'F'] })],
    [
      'LATERAL',
      'by its words',
      () => film({ ViewPosition: undefined, PatientOrientation: undefined, SeriesDescription: 'Thorax profil' }),
    ],
    ['UNDER_AGE', 'by the record', () => film({ PatientBirthDate: '20120302' })],
    ['UNDER_AGE', 'by the header’s age', () => film({ PatientBirthDate: undefined, PatientAge: '011Y' })],
    ['TOO_SMALL', 'of 63 pixels', () => stored((place) => small(place, 63))],
    ['NOT_A_CHEST', 'by its pixels', () => stored((place) => small(place, 100))],
    ['INVERTED', 'by its pixels', () => film({ PhotometricInterpretation: 'MONOCHROME1', PresentationLUTShape: 'INVERSE' })],
  ];
  test.each(CASES)('%s: %s', async (code, _what, place) => {
    const { json } = await ask(physician, { sopInstanceUid: (await place()).sop });
    expect(json).toMatchObject({ status: 'FAILED', failureCode: code, maySendOn: PREDICTION_FAILURES[code].maySendOn });
    saysNoScore(json);
    expect(await eventsOf(json.id)).toEqual(['prediction.asked', 'prediction.refused']);
    expect((await call(physician, 'GET', `/api/predictions/${json.id}/heatmap.png`)).status).toBe(404);
  });

  test('fifteen on the day is old enough; an unknown age is said beside the score', async () => {
    const birthday = await film({ PatientBirthDate: '20110301' });
    expect((await ask(physician, { sopInstanceUid: birthday.sop })).json).toMatchObject({ status: 'DONE', warnings: [] });
    const unknown = await film({ PatientBirthDate: undefined });
    const { json } = await ask(physician, { sopInstanceUid: unknown.sop });
    expect(json).toMatchObject({ status: 'DONE', warnings: ['AGE_UNKNOWN'], confidenceLevel: 'LOW' });
  });

  test('a study without a film, an image that has gone meanwhile, an image of somebody else', async () => {
    const ct = await film({ Modality: 'CT' });
    expect((await ask(physician, { studyInstanceUid: ct.uid })).json).toMatchObject({ failureCode: 'NO_FILM' });
    expect((await ask(physician, { sopInstanceUid: '2.25.1' })).status).toBe(404);
    const group = await server.makeGroup();
    const other = await stored((place) => filmOf(place), group);
    expect((await ask(physician, { sopInstanceUid: other.sop })).status).toBe(404);
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
    const { json } = await ask(member, { sopInstanceUid: other.sop });
    expect(json).toMatchObject({ status: 'DONE', study: { groupId: group } });
    expect((await get(physician, json.id)).status).toBe(404);
    expect((await call(physician, 'GET', `/api/predictions/${json.id}/heatmap.png`)).status).toBe(404);
    expect((await call(physician, 'GET', `/api/predictions?studyId=${json.study.id}`)).json.items).toEqual([]);
  });
});

describe('sent on by a physician', () => {
  test('has an answer whose reason stays in sight, of low confidence; not by who may not, nor what must not be', async () => {
    const place = await film({ BodyPartExamined: 'HAND' });
    const refused = (await ask(physician, { sopInstanceUid: place.sop })).json;
    const url = `/api/predictions/${refused.id}/send-on`;
    const body = { reason: 'Étiquette fausse : c’est un thorax.' };
    expect((await call(staff, 'POST', url, body)).status).toBe(403);
    expect((await call(admin, 'POST', url, body)).status).toBe(403);
    expect((await call(physician, 'POST', url, { reason: 'oui' })).status).toBe(400);
    const sent = await call(physician, 'POST', url, body);
    expect(sent.status).toBe(202);
    await expect.poll(async () => (await get(radiologist, sent.json.id)).json.status, { timeout: 20_000 }).toBe('DONE');
    const { json } = await get(radiologist, sent.json.id);
    expect(json).toMatchObject({
      ...{ warnings: ['SENT_ON'], confidenceLevel: 'LOW' },
      sentOn: { fromId: refused.id, failureCode: 'NOT_A_CHEST', reason: body.reason, by: 'Awa Diop' },
    });
    const researcher = await server.login('RESEARCHER');
    expect((await get(researcher, sent.json.id)).status).toBe(404);
    const lateral = (await ask(physician, { sopInstanceUid: (await film({ ViewPosition: 'LL' })).sop })).json;
    expect((await call(physician, 'POST', `/api/predictions/${lateral.id}/send-on`, body)).status).toBe(409);
    expect((await call(physician, 'POST', `/api/predictions/${json.id}/send-on`, body)).status).toBe(409);
  });
});

describe('who sees what', () => {
  test('staff see how far it is, in every route, and no score; the one who may not ask is refused', async () => {
    const place = await film();
    const { json } = await ask(physician, { sopInstanceUid: place.sop });
    const seen = (await get(staff, json.id)).json;
    expect(seen).toMatchObject({ status: 'DONE', isScoreHidden: true });
    saysNoScore(seen);
    const [listed] = (await call(staff, 'GET', `/api/predictions?studyId=${json.study.id}`)).json.items;
    expect(listed).toEqual(seen);
    expect((await call(staff, 'GET', `/api/predictions/${json.id}/heatmap.png`)).status).toBe(404);
    expect((await ask(staff, { sopInstanceUid: place.sop })).status).toBe(403);
  });

  test('lists go on behind a cursor, by study and state; a study in the trash takes its predictions along', async () => {
    const place = await film();
    const ids: string[] = [];
    for (let index = 0; index < 3; index += 1) ids.unshift((await ask(physician, { sopInstanceUid: place.sop })).json.id);
    const study = (await get(physician, ids[0] ?? '')).json.study.id;
    const first = (await call(physician, 'GET', `/api/predictions?studyId=${study}&limit=2&status=DONE`)).json;
    expect(first).toMatchObject({ total: 3, totalIsExact: true });
    const second = (await call(physician, 'GET', `/api/predictions?studyId=${study}&limit=2&cursor=${first.nextCursor}`)).json;
    expect([...first.items, ...second.items].map(({ id }: Json) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
    expect((await call(physician, 'GET', '/api/predictions?cursor=abc')).json.code).toBe('BAD_CURSOR');
    expect((await call(admin, 'DELETE', `/api/studies/${place.uid}`)).status).toBe(204);
    expect((await get(physician, ids[0] ?? '')).status).toBe(404);
    expect((await call(physician, 'GET', `/api/predictions?studyId=${study}`)).json.items).toEqual([]);
  });
});

describe('an uploaded file', () => {
  const read = (name: string): Buffer => readFileSync(path.join(CHECKS, name));
  const instances = async (): Promise<number> => Number((await rows('SELECT count(*) AS n FROM instances'))[0]?.n);

  test.each([
    ['PNG', 'image/png', async () => read('testkit_chest.png')],
    ['JPEG', 'image/jpeg', () => sharp(read('testkit_chest.png')).jpeg({ quality: 95 }).toBuffer()],
    ['DICOM', 'application/dicom', async () => filmOf(uidsOf(), { PatientBirthDate: undefined })],
  ])('%s is answered, is its sender’s alone, never in the archive, and gone after a day', async (_what, type, bytes) => {
    const before = await instances();
    const { status, json } = await send(physician, type, await bytes());
    expect(status).toBe(200);
    expect(json).toMatchObject({
      status: 'DONE',
      study: null,
      sopInstanceUid: null,
      warnings: ['AGE_UNKNOWN'],
      keptUntil: expect.any(String),
    });
    expect(await instances()).toBe(before);
    for (const other of [radiologist, admin]) {
      expect((await get(other, json.id)).status).toBe(404);
      expect((await call(other, 'GET', '/api/predictions?uploads=true')).json.items.map(({ id }: Json) => id)).not.toContain(
        json.id,
      );
    }
    expect((await call(physician, 'GET', '/api/predictions?uploads=true')).json.items[0].id).toBe(json.id);
    const [row] = await rows('SELECT heat_object, upload_id FROM predictions WHERE id = $1', [json.id]);
    clock.advance(25 * 3_600_000);
    physician = await server.login(physician.user);
    radiologist = await server.login(radiologist.user);
    admin = await server.login(admin.user);
    staff = await server.login(staff.user);
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    await expect.poll(async () => (await get(physician, json.id)).status, { timeout: 20_000 }).toBe(404);
    await expect.poll(() => worker.parts.uploads.list(new Date(8e15)), { timeout: 5_000 }).not.toContain(row.upload_id);
    const isThere = (): Promise<boolean> =>
      worker.parts.objects.size(row.heat_object).then(
        () => true,
        () => false,
      );
    if (row.heat_object !== null) await expect.poll(isThere).toBe(false);
  });

  test.each([
    ['no picture', 'image/png', Buffer.from('poison'), 'IMAGE_UNREADABLE'],
    ['a cut one', 'image/png', read('testkit_chest.png').subarray(0, 3_000), 'IMAGE_UNREADABLE'],
    [
      'an SVG that is called PNG',
      'image/png',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="500" height="500"/>'),
      'IMAGE_UNREADABLE',
    ],
    ['no DICOM file', 'application/dicom', Buffer.alloc(5_000, 7), 'IMAGE_UNREADABLE'],
    ['a turned film', 'image/png', read('testkit_chest_turned_90.png'), 'TURNED'],
    ['a colour photograph', 'image/png', read('colour.png'), 'COLOUR_PHOTOGRAPH'],
  ])('%s is refused and costs only itself', async (_what, type, bytes, code) => {
    const { json } = await send(physician, type, bytes);
    expect(json).toMatchObject({ status: 'FAILED', failureCode: code, turnedDegrees: code === 'TURNED' ? 90 : null });
    saysNoScore(json);
  });

  test('a child’s, an empty body, another type, more than is taken', async () => {
    expect((await send(physician, 'image/png', read('testkit_chest.png'), '?ageYears=14')).json.failureCode).toBe('UNDER_AGE');
    expect((await send(physician, 'image/png', read('testkit_chest.png'), '?ageYears=15')).json).toMatchObject({
      status: 'DONE',
      warnings: [],
    });
    // An age that is none is not taken for a newborn's.
    for (const age of ['', '0x20', '%2040', '1e1', '-1', '131'])
      expect((await send(physician, 'image/png', read('testkit_chest.png'), `?ageYears=${age}`)).status, age).toBe(400);
    expect((await send(physician, 'image/png', Buffer.alloc(0))).status).toBe(400);
    expect((await send(physician, 'image/gif', read('black.png'))).json.code).toBe('UNSUPPORTED_MEDIA_TYPE');
    expect((await send(physician, 'image/png', Buffer.alloc(65 * 1024 * 1024))).json.code).toBe('TOO_LARGE');
    expect((await ask(physician, {})).json.code).toBe('VALIDATION_FAILED');
  });
});

/** One of a study that no job has been sent for. */
async function queued(studyId: string, sop: string, since = 'now'): Promise<{ id: string }> {
  const [row] = await rows(
    `INSERT INTO predictions (id, study_id, question, sop_instance_uid, status, created_at)
     VALUES (gen_random_uuid(), $1::uuid, 'tuberculosis', $2, 'QUEUED', $3::timestamptz) RETURNING id`,
    [studyId, sop, since],
  );
  return row;
}

describe('what waits', () => {
  test('without a job any more is sent again, and answered', async () => {
    const place = await film();
    const { id } = (await ask(physician, { sopInstanceUid: place.sop })).json.study;
    const row = await queued(id, place.sop, '2020-01-01');
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    await expect.poll(async () => (await get(physician, row.id)).json.status, { timeout: 20_000 }).toBe('DONE');
  });

  test('is cancelled by who may ask, and stays so: no job answers it', async () => {
    const place = await film();
    const { id } = (await ask(physician, { sopInstanceUid: place.sop })).json.study;
    const row = await queued(id, place.sop);
    expect((await call(staff, 'POST', `/api/predictions/${row.id}/cancel`)).status).toBe(403);
    const { status, json } = await call(physician, 'POST', `/api/predictions/${row.id}/cancel`);
    expect([status, json.status, json.failureCode]).toEqual([200, 'FAILED', 'CANCELLED']);
    await worker.parts.queue.send(PREDICT, { predictionId: row.id });
    await worker.parts.queue.send(TIDY_PREDICTIONS, {});
    await ask(physician, { sopInstanceUid: place.sop });
    expect((await get(physician, row.id)).json).toMatchObject({ status: 'FAILED', failureCode: 'CANCELLED', probability: null });
    expect(await eventsOf(row.id)).toEqual(['prediction.cancelled']);
  });

  test('ends with a code where its image is deleted meanwhile, and says nothing of it', async () => {
    const place = await film();
    const { id } = (await ask(physician, { sopInstanceUid: place.sop })).json.study;
    const row = await queued(id, place.sop);
    await rows('DELETE FROM instances WHERE sop_instance_uid = $1 RETURNING id', [place.sop]);
    await worker.parts.queue.send(PREDICT, { predictionId: row.id });
    await expect.poll(async () => (await get(physician, row.id)).json.status, { timeout: 20_000 }).toBe('FAILED');
    const { json } = await get(physician, row.id);
    expect([json.failureCode, json.maySendOn]).toEqual(['IMAGE_GONE', false]);
    saysNoScore(json);
  });

  test('is cancelled by who asked or who decides about scores: another’s by no researcher', async () => {
    const group = await server.makeGroup();
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: group }));
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
    const place = await stored((one) => filmOf(one), group);
    const { id } = (await ask(member, { sopInstanceUid: place.sop })).json.study;
    const waiting = async (by: Browser): Promise<string> =>
      (
        await rows(
          `INSERT INTO predictions (id, study_id, group_id, question, sop_instance_uid, status, created_at, requested_by)
           VALUES (gen_random_uuid(), $1::uuid, $2::uuid, 'tuberculosis', $3, 'QUEUED', now(), $4::uuid) RETURNING id`,
          [id, group, place.sop, by.user.id],
        )
      )[0].id;
    const [others, own] = [await waiting(member), await waiting(researcher)];
    expect((await get(researcher, others)).json.mayCancel).toBe(false);
    expect((await call(researcher, 'POST', `/api/predictions/${others}/cancel`)).json.code).toBe('FORBIDDEN');
    expect((await get(researcher, others)).json.status).toBe('QUEUED');
    expect((await get(researcher, own)).json.mayCancel).toBe(true);
    expect((await call(researcher, 'POST', `/api/predictions/${own}/cancel`)).status).toBe(200);
    expect((await call(member, 'POST', `/api/predictions/${others}/cancel`)).status).toBe(200);
  });
});

describe('a model that can’t be used', () => {
  test('is said by a code, and the rest works', async () => {
    const place = await film();
    const group = await server.makeGroup();
    const there = await stored((one) => filmOf(one), group);
    await rows(
      `INSERT INTO model_choices (site_id, question, model_name, model_version, chosen_at) VALUES ('${group}', 'tuberculosis', 'gone', '1', now()) RETURNING site_id`,
    );
    const member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: group }));
    const { json } = await ask(member, { sopInstanceUid: there.sop });
    expect(json).toMatchObject({ status: 'FAILED', failureCode: 'MODEL_MISSING', maySendOn: false });
    const done = (await ask(member, { sopInstanceUid: place.sop })).json;
    expect(done.status).toBe('DONE');
    expect((await call(member, 'POST', `/api/predictions/${done.id}/cancel`)).status).toBe(409);
  });
});
