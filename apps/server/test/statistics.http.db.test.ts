import { randomUUID } from 'node:crypto';
import type { Dataset } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/kernel/ids.ts';
import { composed } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import type { Browser } from './support/app.ts';
import { callApi, openSite, type Site, storeFilm } from './support/prediction-calls.ts';

let server: DicomwebServer;
let admin: Browser;
let outsider: Browser;
/** A site whose films are not blind, and one whose films are. */
let open: StatisticsSite;
let blind: StatisticsSite;

interface StatisticsSite extends Site {
  readonly researcher: Browser;
}
async function site(name: string): Promise<StatisticsSite> {
  const of = await openSite(server, name);
  return { ...of, researcher: await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: of.group })) };
}
const peopleOf = (of: StatisticsSite): Browser[] => [of.physician, of.radiologist, of.staff, of.researcher, admin];

beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  outsider = await server.login('PHYSICIAN');
  [open, blind] = [await site('=cmd|calc'), await site('Aveugle')];
});
afterAll(() => server.close());

const call = (who: Browser, method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object) =>
  callApi(server, who, method, url, body);
const rows = (text: string, values: (string | null)[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));

interface Case {
  readonly score: number | null;
  readonly threshold?: number;
  readonly isBlind?: boolean;
  readonly failure?: string;
  readonly at?: string;
  readonly of?: Dataset;
  readonly version?: string;
}

/** An examination that a model was asked about, as its job would have left it. */
async function judged(
  of: Site,
  { score, threshold = 0.3, isBlind = of === blind, failure, at, of: dataset, version = '1' }: Case,
): Promise<string> {
  const place = await storeFilm(server, admin, of.group, dataset);
  const asked = at ?? new Date().toISOString();
  const [study] = await rows('SELECT id FROM studies WHERE study_instance_uid = $1', [place.uid]);
  return insert(study.id, of.group, { score, threshold, isBlind, failure, at: asked, version });
}
async function insert(
  study: string,
  group: string,
  { score, threshold, isBlind, failure, at, version }: Required<Omit<Case, 'of' | 'failure'>> & { failure: string | undefined },
): Promise<string> {
  const id = newId();
  const status = score !== null ? 'DONE' : failure === undefined ? 'QUEUED' : 'FAILED';
  await rows(
    `INSERT INTO predictions (id, study_id, group_id, question, status, created_at, finished_at, model_name, model_version, threshold, probability, is_positive,
       failure_code, is_blind, site_id)
     VALUES ($1::uuid, $2::uuid, $3::uuid, 'tuberculosis', $4, $5::timestamptz, $5::timestamptz + interval '90 s', $6, $7, $8::float8, $9::float8,
       $9::float8 >= $8::float8, $10, $11::boolean, $3::uuid) RETURNING id`,
    [
      ...[id, study, group, status, at, status === 'DONE' ? 'tb' : '', status === 'DONE' ? version : ''],
      ...[String(threshold), score === null ? null : String(score), failure ?? null, String(isBlind)],
    ],
  );
  return id;
}
const opine = async (who: Browser, id: string, opinion: string): Promise<void> =>
  expect((await call(who, 'POST', `/api/predictions/${id}/opinions`, { opinion })).status).toBe(201);
const decide = async (who: Browser, id: string, body: Json): Promise<Json> => {
  const { status, json } = await call(who, 'POST', `/api/predictions/${id}/validations`, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return json.validation.id;
};
const diagnosed = (finding: string, source: string) => ({ status: 'VALIDATED', finalDiagnosis: { finding, source } });
const figures = async (who: Browser, query = ''): Promise<Json> => {
  const { status, json } = await call(who, 'GET', `/api/stats/screening?${query}`);
  expect(status, JSON.stringify(json)).toBe(200);
  return json;
};

describe('figures of a site', () => {
  const ids: string[] = [];
  beforeAll(async () => {
    const man = { PatientSex: 'M', PatientBirthDate: '20000101' };
    const woman = { PatientSex: 'F', PatientBirthDate: '19500101' };
    // Score, what the physician sees, and what it was in the end.
    const cases = [
      [0.9, 'SUSPECTED', 'TUBERCULOSIS', 'CULTURE', man],
      [0.8, 'SUSPECTED', 'TUBERCULOSIS', 'XPERT', man],
      [0.1, 'NOT_SUSPECTED', 'TUBERCULOSIS', 'CLINICAL', woman],
      [0.7, 'NOT_SUSPECTED', 'NO_TUBERCULOSIS', 'CULTURE', woman],
      [0.2, 'NOT_SUSPECTED', 'NO_TUBERCULOSIS', 'XPERT', man],
      [0.05, 'SUSPECTED', 'UNDETERMINED', 'CLINICAL', woman],
    ] as const;
    for (const [score, opinion, finding, source, of] of cases) {
      const id = await judged(open, { score, of });
      await opine(open.physician, id, opinion);
      await decide(open.radiologist, id, diagnosed(finding, source));
      ids.push(id);
    }
    await opine(open.radiologist, ids[0] ?? '', 'NOT_SUSPECTED');
    await opine(open.radiologist, ids[1] ?? '', 'SUSPECTED');
    await judged(open, { score: 0.95, of: { PatientSex: 'M', PatientBirthDate: '' } });
    await judged(open, { score: null });
    await judged(open, { score: null, failure: 'NOT_A_CHEST' });
  });

  test('are counts by state, site, sex, age and model; of nothing there is nothing', async () => {
    const all = await figures(open.physician);
    const counts = { screened: 7, hidden: 0, positive: 4, validated: 6, rejected: 0, waiting: 1, refused: 1, unanswered: 1 };
    expect(all.total.counts).toEqual(counts);
    expect(all.sites).toMatchObject([{ key: open.group, name: '=cmd|calc', counts }]);
    expect(all.sexes.map(({ key, counts: { screened } }: Json) => [key, screened])).toEqual(
      expect.arrayContaining([
        ['M', 4],
        ['F', 3],
      ]),
    );
    expect(all.ages.map(({ key, counts: { screened } }: Json) => [key, screened])).toEqual(
      expect.arrayContaining([
        ['25-34', 3],
        ['65+', 3],
        ['UNKNOWN', 1],
      ]),
    );
    expect(all.models).toMatchObject([{ key: 'tb 1', counts: { screened: 7, refused: 0 } }]);
    expect(all.periods).toHaveLength(30);
    expect(all.periods.at(-1).counts.screened).toBe(7);
    expect(all.periods[0]).toMatchObject({
      receivedToDone: { n: 0, medianSeconds: null },
      accuracy: { sensitivity: { of: 0, rate: null } },
    });
    expect((await figures(open.physician, 'sex=M&ageBand=25-34')).total.counts).toMatchObject({ screened: 3, positive: 2 });
    expect((await figures(open.physician, 'modelName=tb&modelVersion=2')).total.counts.screened).toBe(0);
  });

  test('tell who sees pseudonyms no age, and count by none for them', async () => {
    const mine = await figures(open.researcher);
    expect([mine.total.counts.screened, mine.ages]).toEqual([7, []]);
    const csv = await call(open.researcher, 'GET', '/api/stats/screening/csv');
    expect(csv.raw.toString('utf8')).not.toContain('"AGE"');
    for (const path of ['', '/csv']) {
      const refused = await call(open.researcher, 'GET', `/api/stats/screening${path}?ageBand=25-34`);
      expect([refused.status, refused.json?.code]).toEqual([403, 'FORBIDDEN']);
    }
  });

  test('are sensitivity and specificity against final diagnoses, by their source, with Wilson’s intervals', async () => {
    const { total } = await figures(open.physician);
    expect(total.accuracy.sensitivity).toMatchObject({ count: 2, of: 3 });
    expect(total.accuracy.sensitivity.rate.low).toBeCloseTo(0.2077, 3);
    expect(total.accuracy.specificity).toMatchObject({ count: 1, of: 2, rate: { share: 0.5 } });
    const sensitivity = async (reference: string) =>
      (await figures(open.physician, `reference=${reference}`)).total.accuracy.sensitivity;
    expect(await sensitivity('CULTURE')).toMatchObject({ count: 1, of: 1 });
    expect(await sensitivity('BACTERIOLOGICAL')).toMatchObject({ count: 2, of: 2 });
    expect(await sensitivity('CLINICAL')).toMatchObject({ count: 0, of: 1 });
  });

  test('are agreement of the model and the first reader, and of two readers, with kappa; and how long it took', async () => {
    const { total } = await figures(open.physician);
    expect(total.modelAndReader).toMatchObject({
      bothSuspect: 2,
      onlyFirst: 1,
      onlySecond: 1,
      neither: 2,
      agreed: { count: 4, of: 6 },
    });
    expect(total.modelAndReader.kappa.value).toBeCloseTo(1 / 3, 6);
    // Nobody was blind at this site.
    expect(total.modelAndBlindReader).toMatchObject({ agreed: { of: 0, rate: null }, kappa: null });
    expect(total.readers).toMatchObject({ bothSuspect: 1, onlyFirst: 1, onlySecond: 0, neither: 0 });
    expect(total.doneToValidated.n).toBe(6);
    expect(total.receivedToDone).toMatchObject({ n: 7, medianSeconds: expect.any(Number), p90Seconds: expect.any(Number) });
    expect(total.receivedToDone.medianSeconds).toBeGreaterThan(85);
    expect(total.receivedToDone.medianSeconds).toBeLessThan(91);
  });

  test('tell how long the first decision that stood took: an amendment weeks later changes nothing of it', async () => {
    const place = await site('Délais');
    const asked = new Date(Date.now() - 20 * 86_400_000);
    const id = await judged(place, { score: 0.9, isBlind: false, at: asked.toISOString() });
    const decided = new Date(asked.getTime() + 90_000 + 7_200_000).toISOString();
    const [first] = await rows(
      `WITH one AS (INSERT INTO prediction_validations (id, prediction_id, study_id, group_id, user_id, number, status, comment, created_at)
         SELECT $2::uuid, p.id, p.study_id, p.group_id, $3::uuid, 1, 'VALIDATED', '', $4::timestamptz FROM predictions p WHERE p.id = $1::uuid RETURNING id)
       UPDATE predictions SET validation_status = 'VALIDATED', validated_at = $4::timestamptz FROM one WHERE predictions.id = $1::uuid RETURNING one.id`,
      [id, newId(), place.physician.user.id, decided],
    );
    const took = async (): Promise<Json> => (await figures(place.physician)).total.doneToValidated;
    const expected = { n: 1, medianSeconds: 7_200, p90Seconds: 7_200 };
    expect(await took()).toEqual(expected);
    const after = await decide(place.radiologist, id, { status: 'AMENDED', comment: 'Séquelles.', after: first.id });
    expect(await took()).toEqual(expected);
    // What was taken back has taken no time.
    await decide(place.radiologist, id, { status: 'REJECTED', comment: 'Artefact.', after });
    expect(await took()).toEqual({ n: 0, medianSeconds: null, p90Seconds: null });
  });

  test('count an examination once, by the answer that was decided on; of each model version by itself', async () => {
    const before = await figures(open.physician);
    const [row] = await rows('SELECT study_id FROM predictions WHERE id = $1::uuid', [ids[0] ?? '']);
    await insert(row.study_id, open.group, {
      ...{ score: 0.01, threshold: 0.3, isBlind: false, failure: undefined, at: new Date().toISOString(), version: '2' },
    });
    const after = await figures(open.physician);
    expect(after.total).toEqual(before.total);
    expect(after.models.map(({ key, counts }: Json) => [key, counts.screened, counts.positive])).toEqual([
      ['tb 1', 7, 4],
      ['tb 2', 1, 0],
    ]);
    await rows('DELETE FROM predictions WHERE study_id = $1::uuid AND model_version = $2 RETURNING id', [row.study_id, '2']);
  });

  test('are of one’s own scope, in days of one’s own calendar, and of no study in the trash', async () => {
    expect((await figures(outsider)).total.counts.screened).toBe(0);
    expect((await figures(blind.physician, `site=${open.group}`)).total.counts.screened).toBe(0);
    const id = await judged(open, { score: 0.5, at: '2025-12-31T23:30:00Z' });
    const day = async (timeZone: string): Promise<Json> =>
      (await figures(open.physician, `from=2025-12-31&to=2026-01-01&timeZone=${timeZone}`)).periods.map(
        ({ counts }: Json) => counts.screened,
      );
    expect(await day('UTC')).toEqual([1, 0]);
    expect(await day('Africa/Kinshasa')).toEqual([0, 1]);
    const [{ study_id }] = await rows('SELECT study_id FROM predictions WHERE id = $1::uuid', [id]);
    await rows('UPDATE studies SET deleted_at = now() WHERE id = $1::uuid RETURNING id', [study_id]);
    expect(await day('UTC')).toEqual([0, 0]);
  });

  test('are given as CSV in which no name is a formula, and the journal has who took them', async () => {
    const { status, raw } = await call(open.physician, 'GET', '/api/stats/screening/csv?reference=CULTURE');
    expect(status).toBe(200);
    const lines = raw.toString('utf8').trimEnd().split('\r\n');
    expect(lines[0]).toMatch(/^\ufeff"dimension","key","name","screened"/);
    expect(lines.find((line) => line.startsWith('"SITE"'))).toContain(`"${open.group}","'=cmd|calc","7"`);
    expect(raw.toString()).not.toMatch(/NaN|Infinity|null/);
    const [event] = await rows(`SELECT details FROM audit_events WHERE action = 'statistics.export' AND actor_id = $1::uuid`, [
      open.physician.user.id,
    ]);
    expect(event.details).toEqual({ what: 'screening', filters: expect.arrayContaining(['reference', 'timeZone']) });
  });

  test.each([
    'from=2026-02-30',
    'from=2026-13-01',
    'timeZone=Nowhere',
    'site=x',
    'reference=GUESS',
    'ageBand=7',
    'from=0000-01-01',
    'to=9999-12-31',
    'from=9999-12-01&to=9999-12-31',
    'from=2200-01-01',
    'to=1899-12-31',
    'x=1',
  ])('with %s are refused, never an error of the server', async (query) => {
    for (const path of ['', '/csv']) expect((await call(admin, 'GET', `/api/stats/screening${path}?${query}`)).status).toBe(400);
  });
  test.each(['month=9999-12', 'month=2100-01', 'month=1899-12'])(
    'of %s, a month of no film, are refused, never an error of the server',
    async (query) => {
      for (const path of ['drift', 'monthly', 'monthly/csv', 'monthly/pdf'])
        expect((await call(admin, 'GET', `/api/stats/screening/${path}?modelName=tb&modelVersion=1&${query}`)).status).toBe(400);
    },
  );
  test.each(['from=2199-12-01&to=2199-12-31', 'from=2199-12-31&to=2199-12-31', 'to=1900-01-01'])(
    'at the end of what is a day, as %s, count nothing',
    async (query) => {
      for (const timeZone of ['UTC', 'Pacific/Kiritimati', 'America/Los_Angeles'])
        expect((await figures(admin, `${query}&timeZone=${timeZone}`)).total.counts.screened).toBe(0);
    },
  );
  test.each(['from=2026-03-02&to=2026-03-01', 'from=1990-01-01'])(
    'of a period like %s are refused with a reason',
    async (query) => {
      expect((await call(admin, 'GET', `/api/stats/screening?${query}`)).json).toMatchObject({
        status: 422,
        code: 'UNPROCESSABLE',
      });
    },
  );
});

/** What somebody can find of scores one by one: how many they see, and how many of these are positive. */
async function oneByOne(who: Browser): Promise<{ shown: number; positive: number }> {
  const { items } = (await call(who, 'GET', `/api/predictions?limit=200&groupId=${blind.group}`)).json;
  const shown = items.filter(({ prediction }: Json) => prediction !== null);
  return { shown: shown.length, positive: shown.filter(({ prediction }: Json) => prediction === 1).length };
}
/** What the figures tell of them. */
async function counted(who: Browser): Promise<{ shown: number; positive: number }> {
  const { counts } = (await figures(who, `site=${blind.group}`)).total;
  const month = new Date().toISOString().slice(0, 7);
  const table = (await call(who, 'GET', `/api/stats/screening/monthly?month=${month}&site=${blind.group}`)).json;
  const presumptive = table.sites
    .flatMap((one: Json) => one.cells)
    .filter(({ measure }: Json) => measure === 'PRESUMPTIVE')
    .reduce((total: number, { n }: Json) => total + n, 0);
  expect([presumptive, table.hidden], who.user.role).toEqual([counts.positive, counts.hidden]);
  return { shown: counts.screened - counts.hidden, positive: counts.positive };
}

describe('while a film is read blind', () => {
  test('no figure tells more of a score than the films one by one, to anybody, at any step of its way', async () => {
    const id = await judged(blind, { score: 0.9 });
    const other = await judged(blind, { score: 0.1 });
    const check = async (expected: readonly (readonly [Browser, number])[]): Promise<void> => {
      for (const who of peopleOf(blind)) expect(await counted(who), who.user.role).toEqual(await oneByOne(who));
      for (const [who, positive] of expected) expect((await counted(who)).positive, who.user.role).toBe(positive);
    };
    await check(peopleOf(blind).map((who) => [who, 0]));
    // Neither does a final diagnosis tell, nor agreement with what a colleague has said, nor a threshold that is tried.
    await opine(blind.radiologist, id, 'SUSPECTED');
    await check([
      [blind.radiologist, 1],
      [blind.physician, 0],
      [blind.staff, 0],
      [blind.researcher, 0],
      [admin, 0],
    ]);
    const mine = (await figures(blind.physician)).total;
    expect([mine.counts.hidden, mine.modelAndReader.agreed.of, mine.readers.agreed.of]).toEqual([2, 0, 0]);
    expect((await figures(blind.radiologist)).total.modelAndBlindReader).toMatchObject({ bothSuspect: 1 });
    const preview = (threshold: number) =>
      call(admin, 'GET', `/api/models/thresholds/preview?modelName=tb&modelVersion=1&site=${blind.group}&threshold=${threshold}`);
    expect((await preview(0.95)).json).toMatchObject({ cases: 0, hidden: 2, newlyNegative: 0, newlyPositive: 0 });
    const after = await decide(blind.radiologist, id, diagnosed('TUBERCULOSIS', 'XPERT'));
    await check(peopleOf(blind).map((who) => [who, 1]));
    expect((await figures(blind.staff)).total.accuracy.sensitivity).toMatchObject({ count: 1, of: 1 });
    expect((await preview(0.95)).json).toMatchObject({
      cases: 1,
      hidden: 1,
      newlyNegative: 1,
      after: { accuracy: { sensitivity: { count: 0, of: 1 } } },
    });
    // Nobody’s result any more: who has not answered is told nothing of it again.
    await decide(blind.radiologist, id, { status: 'REJECTED', comment: 'Artefact.', after });
    await check([
      [blind.radiologist, 1],
      [blind.physician, 0],
      [blind.staff, 0],
      [admin, 0],
    ]);
    expect((await figures(blind.physician)).total.counts).toMatchObject({ rejected: 1, hidden: 2, positive: 0 });
    expect((await figures(blind.physician)).total.accuracy.sensitivity.of).toBe(0);
    await opine(blind.physician, other, 'NOT_SUSPECTED');
    await check([[blind.physician, 0]]);
  });

  test('and where it is not, staff count what was validated alone', async () => {
    const id = await judged(open, { score: 0.9, of: { PatientSex: 'O' } });
    expect((await figures(open.physician, 'sex=O')).total.counts).toMatchObject({ positive: 1, hidden: 0 });
    expect((await figures(open.staff, 'sex=O')).total.counts).toMatchObject({ screened: 1, positive: 0, hidden: 1, waiting: 1 });
    await decide(open.physician, id, { status: 'VALIDATED' });
    expect((await figures(open.staff, 'sex=O')).total.counts).toMatchObject({ positive: 1, hidden: 0 });
  });
});

describe('another threshold', () => {
  test('is tried on past cases by an administrator, and changes none of them', async () => {
    const preview = (query: string, who = admin) =>
      call(who, 'GET', `/api/models/thresholds/preview?modelName=tb&modelVersion=1&site=${open.group}&${query}`);
    const found = (await preview('threshold=0.75')).json;
    expect(found).toMatchObject({
      ...{ newlyPositive: 0, newlyNegative: 1 },
      before: { accuracy: { sensitivity: { count: 2, of: 3 }, specificity: { count: 1, of: 2 } } },
      after: { accuracy: { sensitivity: { count: 2, of: 3 }, specificity: { count: 2, of: 2 } } },
    });
    expect(found.before.positive - found.after.positive).toBe(1);
    expect((await preview('threshold=0.04&reference=CLINICAL')).json).toMatchObject({
      after: { accuracy: { sensitivity: { count: 1, of: 1 }, specificity: { of: 0, rate: null } } },
    });
    const positive = (await figures(admin, `site=${open.group}`)).total.counts.positive;
    const set = { siteId: open.group, modelName: 'tb-chest-xray', modelVersion: '0.1.0-research', threshold: 0.75, before: null };
    expect((await call(open.physician, 'PUT', '/api/models/thresholds', set)).status).toBe(403);
    expect((await preview('threshold=0.5', open.physician)).status).toBe(403);
    expect((await call(admin, 'PUT', '/api/models/thresholds', set)).status).toBe(200);
    expect((await figures(admin, `site=${open.group}`)).total.counts.positive).toBe(positive);
    for (const threshold of ['0', '1', 'x', '']) expect((await preview(`threshold=${threshold}`)).status).toBe(400);
    const [event] = await rows("SELECT details, group_id FROM audit_events WHERE action = 'threshold.changed'");
    expect(event).toMatchObject({ group_id: open.group, details: { before: null, threshold: 0.75 } });
  });
});

describe('a percentage', () => {
  const of = { modelName: 'tb-chest-xray', modelVersion: '0.1.0-research' };
  let place: StatisticsSite;
  const preview = async (more = '', who = admin) =>
    call(
      who,
      'GET',
      `/api/models/recalibrations/preview?site=${place.group}&modelName=${of.modelName}&modelVersion=${of.modelVersion}${more}`,
    );
  const recalibrate = (body: object, who = admin) =>
    call(who, 'PUT', '/api/models/recalibrations', { ...of, siteId: place.group, reference: 'BACTERIOLOGICAL', ...body });
  /** Patients of the site, each with an examination that the model has answered, and mostly a final diagnosis. */
  async function fill(from: number, count: number, source: string | null): Promise<void> {
    await rows(
      `WITH made AS (SELECT gen_random_uuid() AS patient, gen_random_uuid() AS study, gen_random_uuid() AS prediction, n, ((n * 7) % 40 - 20) / 5.0 AS logit
         FROM generate_series($2::int, $2::int + $3::int - 1) AS n),
       people AS (INSERT INTO patients (id, group_id, family_name, birth_date) SELECT patient, $1::uuid, 'Cas', '1980-01-01' FROM made RETURNING id),
       films AS (INSERT INTO studies (id, patient_id, group_id, study_instance_uid, study_date) SELECT study, patient, $1::uuid, '2.25.77' || n, '2026-03-01' FROM made RETURNING id),
       said AS (INSERT INTO predictions (id, study_id, group_id, site_id, question, status, created_at, finished_at, model_name, model_version, threshold, probability, logit,
           is_positive, is_blind, validation_status, validated_at, read_at)
         SELECT prediction, study, $1::uuid, $1::uuid, 'tuberculosis', 'DONE', now(), now(), 'tb-chest-xray', '0.1.0-research', 0.3, 1 / (1 + exp(-logit)), logit, logit > -0.8, n % 2 = 0,
           CASE WHEN $4::text IS NULL THEN NULL WHEN n % 5 = 0 THEN 'REJECTED' ELSE 'VALIDATED' END, CASE WHEN $4::text IS NOT NULL AND n % 5 <> 0 THEN now() END,
           CASE WHEN $4::text IS NOT NULL THEN now() END FROM made RETURNING id)
       INSERT INTO prediction_validations (id, prediction_id, study_id, group_id, user_id, number, status, comment, finding, source, created_at)
         SELECT gen_random_uuid(), prediction, study, $1::uuid, $5::uuid, 1, CASE WHEN n % 5 = 0 THEN 'REJECTED' ELSE 'VALIDATED' END, 'Lu.',
           CASE WHEN (n * 13) % 10 < 5 + logit * 1.2 THEN 'TUBERCULOSIS' ELSE 'NO_TUBERCULOSIS' END, $4, now() FROM made WHERE $4::text IS NOT NULL RETURNING id`,
      [place.group, String(from), String(count), source, place.physician.user.id],
    );
  }
  beforeAll(async () => {
    place = await site('Recalibré');
    await fill(1000, 60, 'CULTURE');
  });

  test('is made by an administrator alone, of enough of the site’s own cases, and not of what they have not seen', async () => {
    expect((await preview('', place.physician)).status).toBe(403);
    expect((await recalibrate({ fingerprint: 'a'.repeat(64) }, place.physician)).status).toBe(403);
    const few = (await preview()).json;
    expect(few).toMatchObject({ cases: 60, refusal: 'TOO_FEW', parts: [], undiagnosed: 0 });
    expect((await recalibrate({ fingerprint: few.fingerprint })).json).toMatchObject({ status: 422, detail: 'TOO_FEW' });
    await fill(2000, 140, 'XPERT');
    await fill(3000, 50, 'CLINICAL');
    await fill(4000, 30, null);
    expect((await recalibrate({ fingerprint: few.fingerprint })).status).toBe(409);
    // What was rejected is a case too, and so is what is hidden from an administrator: blind and rejected.
    const seen = (await preview()).json;
    expect(seen).toMatchObject({ cases: 200, undiagnosed: 80, refusal: null });
    expect((await preview('&reference=ANY')).json).toMatchObject({ cases: 250, undiagnosed: 30 });
    expect(seen.parts).toHaveLength(5);
    const shares = seen.parts.map(({ said }: Json) => said.share);
    expect(shares).toEqual(shares.toSorted((a: number, b: number) => a - b));
    for (const { observed, said } of seen.parts) {
      expect(observed.of).toBe(40);
      expect(Math.abs(observed.rate.share - said.share)).toBeLessThan(0.2);
      // Whole hundredths: a case more or less tells nothing of its score.
      for (const value of Object.values(said)) expect(Math.round(Number(value) * 100) / 100).toBe(value);
    }
    const made = await recalibrate({ fingerprint: seen.fingerprint });
    expect(made.json.recalibrations).toMatchObject([
      { siteId: place.group, cases: 200, ill: seen.ill, reference: 'BACTERIOLOGICAL' },
    ]);
    expect((await call(place.physician, 'GET', '/api/models')).json.recalibrations).toHaveLength(1);
    const [event] = await rows("SELECT details, group_id FROM audit_events WHERE action = 'model.recalibrated'");
    expect(event).toMatchObject({ group_id: place.group, details: { cases: 200, ill: seen.ill, reference: 'BACTERIOLOGICAL' } });
    // What was judged before is as it was said.
    expect(await rows('SELECT id FROM predictions WHERE recalibrated IS NOT NULL')).toEqual([]);
    const gone = `/api/models/recalibrations?site=${place.group}&modelName=${of.modelName}&modelVersion=${of.modelVersion}`;
    expect((await call(admin, 'DELETE', gone)).status).toBe(204);
    expect((await call(admin, 'DELETE', gone)).status).toBe(204);
    expect((await call(admin, 'GET', '/api/models')).json.recalibrations).toEqual([]);
    expect(await rows("SELECT id FROM audit_events WHERE action = 'model.unrecalibrated'")).toHaveLength(1);
  });

  test('is none of another site’s cases, nor of a model that is not there', async () => {
    const other = (where: string, name = of.modelName) =>
      call(admin, 'GET', `/api/models/recalibrations/preview?site=${where}&modelName=${name}&modelVersion=${of.modelVersion}`);
    expect((await other('none')).json).toMatchObject({ cases: 0, refusal: 'TOO_FEW' });
    expect((await other(randomUUID())).status).toBe(422);
    expect((await other(place.group, 'other')).status).toBe(422);
  });
});

describe('drift', () => {
  test('holds the month against the first 200 films of the model version and site, and shows nothing of too few', async () => {
    const place = await storeFilm(server, admin, open.group);
    // 240 studies more, the first 200 asked about before the month.
    const studies = await rows(
      `INSERT INTO studies (id, study_instance_uid, patient_id, group_id, received_at)
       SELECT gen_random_uuid(), '2.25.7' || n, s.patient_id, s.group_id, s.received_at FROM studies s, generate_series(1, 240) n
       WHERE s.study_instance_uid = $1 RETURNING id`,
      [place.uid],
    );
    for (const [at, { id }] of studies.entries()) {
      const score = at < 200 ? (at % 100) / 100 : 0.9 + (at % 10) / 100;
      await insert(id, open.group, {
        ...{ score, threshold: 0.3, isBlind: at >= 200 && at < 205, failure: undefined, version: '7' },
        at: at < 200 ? '2026-01-15T08:00:00Z' : '2026-02-15T08:00:00Z',
      });
    }
    const drift = async (month: string, version = '7', who = admin): Promise<Json> =>
      (
        await call(
          who,
          'GET',
          `/api/stats/screening/drift?modelName=tb&modelVersion=${version}&site=${open.group}&month=${month}`,
        )
      ).json;
    const found = await drift('2026-02');
    expect(found).toMatchObject({ verdict: 'CHANGED', baselineFilms: 200, baseline: 200, current: 35, hidden: 5 });
    expect(found.measured.ks).toBeGreaterThan(0.85);
    expect(found.measured.currentShares[9]).toBe(1);
    // The films that it began with are no month of their own.
    expect(await drift('2026-01')).toMatchObject({ verdict: 'TOO_FEW', current: 0, measured: null });
    expect(await drift('2026-02', '1')).toMatchObject({ verdict: 'TOO_FEW', measured: null });
    expect(await drift('2026-02', '7', open.staff)).toMatchObject({ verdict: 'TOO_FEW', baseline: 0, measured: null });
    expect(await drift('2026-02', '7', outsider)).toMatchObject({ verdict: 'TOO_FEW', baselineFilms: 0 });
  });
});

describe('the monthly table', () => {
  const month = new Date().toISOString().slice(0, 7);
  const monthly = async (of: Site, when = month): Promise<Json> =>
    (await call(of.physician, 'GET', `/api/stats/screening/monthly?month=${when}`)).json;
  const sumOf = (table: Json, measure: string): number =>
    table.sites
      .flatMap(({ cells }: Json) => cells)
      .filter((cell: Json) => cell.measure === measure)
      .reduce((total: number, cell: Json) => total + cell.n, 0);
  const positives = async (of: Site): Promise<number[]> => {
    const table = await monthly(of);
    return ['PRESUMPTIVE', 'VALIDATED_POSITIVE'].map((measure) => sumOf(table, measure));
  };

  test('has what a programme asks for, by site, sex and age; names no patient; as CSV and PDF in both languages', async () => {
    const { json } = await call(open.physician, 'GET', `/api/stats/screening/monthly?month=${month}`);
    const [found] = json.sites;
    expect(found).toMatchObject({ siteId: open.group, name: '=cmd|calc' });
    const n = (measure: string, sex: string, ageBand: string): number =>
      found.cells.find((cell: Json) => cell.measure === measure && cell.sex === sex && cell.ageBand === ageBand)?.n ?? 0;
    expect([n('SCREENED', 'M', '25-34'), n('PRESUMPTIVE', 'M', '25-34'), n('VALIDATED_POSITIVE', 'M', '25-34')]).toEqual([
      3, 2, 2,
    ]);
    expect([n('BACTERIOLOGICAL', 'M', '25-34'), n('CLINICAL', 'F', '65+'), n('WAITING', 'F', '65+')]).toEqual([2, 1, 0]);
    expect(JSON.stringify(json)).not.toMatch(/Sow|NG-|V\d/);
    for (const locale of ['fr', 'en']) {
      const query = `month=${month}&locale=${locale}&timeZone=Africa/Dakar`;
      const csv = await call(open.researcher, 'GET', `/api/stats/screening/monthly/csv?${query}`);
      expect([csv.status, csv.raw.toString('utf8').split('\r\n')[1]]).toEqual([200, expect.stringContaining(`"'=cmd|calc"`)]);
      const pdf = await call(open.researcher, 'GET', `/api/stats/screening/monthly/pdf?${query}`);
      expect([pdf.status, pdf.raw.subarray(0, 5).toString()]).toEqual([200, '%PDF-']);
    }
    const events = await rows(
      "SELECT details FROM audit_events WHERE action = 'statistics.export' AND details->>'what' = 'monthly'",
    );
    expect(events).toHaveLength(4);
  });

  test('counts what a physician let stand as positive by its final diagnosis, where there is one, else by the score', async () => {
    const place = await openSite(server, 'Diagnostics');
    const stand = async (score: number, body: Json): Promise<void> =>
      void (await decide(place.physician, await judged(place, { score }), body));
    await stand(0.9, diagnosed('NO_TUBERCULOSIS', 'CULTURE'));
    await stand(0.9, diagnosed('NO_TUBERCULOSIS', 'XPERT'));
    expect(await positives(place)).toEqual([2, 0]);
    await stand(0.1, diagnosed('TUBERCULOSIS', 'XPERT'));
    expect(await positives(place)).toEqual([2, 1]);
    await stand(0.9, { status: 'VALIDATED' });
    await stand(0.9, diagnosed('UNDETERMINED', 'CLINICAL'));
    await stand(0.1, { status: 'VALIDATED' });
    await stand(0.9, { status: 'REJECTED', comment: 'Artefact.' });
    expect(await positives(place)).toEqual([5, 3]);
  });

  test('has an examination in one month only, that in which the model was first asked about it, whatever became of that', async () => {
    const place = await openSite(server, 'Deux mois');
    const id = await judged(place, { score: null, failure: 'NOT_A_CHEST', at: '2026-01-31T12:00:00Z' });
    const [row] = await rows('SELECT study_id FROM predictions WHERE id = $1::uuid', [id]);
    await insert(row.study_id, place.group, {
      ...{ score: 0.9, threshold: 0.3, isBlind: false, failure: undefined, at: '2026-02-01T12:00:00Z', version: '1' },
    });
    const screened = async (month: string): Promise<number> => sumOf(await monthly(place, month), 'SCREENED');
    expect([await screened('2026-01'), await screened('2026-02')]).toEqual([1, 0]);
    const daily = await figures(place.physician, 'from=2026-01-31&to=2026-02-01');
    expect(daily.periods.map(({ counts }: Json) => counts.screened)).toEqual([1, 0]);
    const later = await figures(place.physician, 'from=2026-02-01&to=2026-02-02');
    expect([later.total.counts.screened, later.models]).toEqual([0, []]);
  });

  test('tells who sees pseudonyms no age: all are one sum, as unknown', async () => {
    const table = async (who: Browser): Promise<Json> =>
      (await call(who, 'GET', `/api/stats/screening/monthly?month=${month}&site=${open.group}`)).json;
    const [mine, theirs] = [await table(open.researcher), await table(open.physician)];
    expect([mine.hasAges, theirs.hasAges]).toEqual([false, true]);
    const cellsOf = ({ sites }: Json): Json[] => sites.flatMap((one: Json) => one.cells);
    const screened = (of: Json, sex: string): number =>
      cellsOf(of)
        .filter((cell) => cell.measure === 'SCREENED' && cell.sex === sex)
        .reduce((total, { n }) => total + n, 0);
    expect(new Set(cellsOf(mine).map(({ ageBand }) => ageBand))).toEqual(new Set(['UNKNOWN']));
    expect(cellsOf(mine)).toHaveLength(new Set(cellsOf(mine).map(({ measure, sex }) => `${measure} ${sex}`)).size);
    for (const sex of ['M', 'F', 'X']) expect(screened(mine, sex), sex).toBe(screened(theirs, sex));
    const csv = await call(open.researcher, 'GET', `/api/stats/screening/monthly/csv?month=${month}&locale=en`);
    expect(csv.raw.toString('utf8')).toContain('ages are hidden from them');
  });

  test.each(['month=2026-13', 'month=2026', `month=2026-03&site=${randomUUID()}x`, 'month=2026-03&locale=de'])(
    '%s is refused',
    async (query) => {
      for (const form of ['csv', 'pdf'])
        expect((await call(admin, 'GET', `/api/stats/screening/monthly/${form}?${query}`)).status).toBe(400);
    },
  );
  test('of a site that is not there is empty, as one out of scope is', async () => {
    for (const [who, group] of [
      [admin, randomUUID()],
      [outsider, open.group],
    ] as const)
      expect((await call(who, 'GET', `/api/stats/screening/monthly?month=${month}&site=${group}`)).json.sites).toEqual([]);
  });
});
