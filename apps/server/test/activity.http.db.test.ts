import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../src/kernel/ids.ts';
import { composed, type SqlValue } from '../src/platform/db/statements.ts';
import { type DicomwebServer, type Json, openDicomweb } from './dicomweb/support.ts';
import { type Browser, createFakeClock } from './support/app.ts';
import { storeFilm } from './support/prediction-calls.ts';

const clock = createFakeClock();
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const ago = (ms: number): Date => new Date(clock.now().getTime() - ms);
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

let server: DicomwebServer;
let admin: Browser;
let radiologist: Browser;
let other: Browser;
let researcher: Browser;
let [mine, theirs] = ['', ''];

const rows = (text: string, values: SqlValue[] = []): Promise<Json[]> =>
  server.db.withSystem((tx) => tx.rows(composed({ text, values })));
const raw = (who: Browser, url: string) => server.app.inject({ method: 'GET', url: `/api/stats/${url}`, headers: who.headers });
async function figures(who: Browser, url: string): Promise<Json> {
  const answer = await raw(who, url);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json();
}

interface Received {
  readonly group?: string | null;
  readonly modalities?: string[];
  readonly referrer?: string | null;
  readonly received: Date;
  readonly acquired?: Date;
  readonly opened?: Date;
  readonly reported?: Date;
  readonly by?: string;
  readonly urgency?: string;
  readonly status?: string;
  readonly isPrior?: boolean;
  readonly bytes?: number;
}

/** A study as imports and readers would have left it. */
async function study(of: Received): Promise<string> {
  const [id, patient, group] = [newId(), newId(), of.group === undefined ? mine : of.group];
  const at = of.acquired ?? ago(400 * DAY_MS);
  await rows(`INSERT INTO patients (id, group_id, family_name) VALUES ($1, $2, 'Sow') RETURNING id`, [patient, group]);
  await rows(
    `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, study_time, referrer, modalities, instance_count, size_bytes, status, received_at,
       first_opened_at, reported_at, reported_by, urgency, is_prior)
     VALUES ($1, $2, $3, $4, $5::date, $6, $7, $8::text[], 3, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
    [
      ...[
        id,
        group,
        patient,
        `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`,
        dayOf(at),
        at.toISOString().slice(11, 19),
      ],
      ...[of.referrer ?? null, of.modalities ?? ['CT'], of.bytes ?? 1_000, of.status ?? 'VALIDATED', of.received],
      ...[of.opened ?? null, of.reported ?? null, of.by ?? null, of.urgency ?? 'ROUTINE', of.isPrior ?? false],
    ],
  );
  return id;
}

beforeAll(async () => {
  server = await openDicomweb({ clock });
  admin = await server.login('ADMIN');
  [mine, theirs] = [await server.makeGroup('Kayes'), await server.makeGroup('Ségou')];
  const person = async (role: 'RADIOLOGIST' | 'RESEARCHER', groupId: string, lastName: string) =>
    server.login(await server.makeUser({ role, groupId, firstName: 'Awa', lastName }));
  radiologist = await person('RADIOLOGIST', mine, 'Diop');
  other = await person('RADIOLOGIST', theirs, 'Bâ');
  researcher = await person('RESEARCHER', mine, 'Koné');
});
afterAll(() => server.close());

describe('studies received', () => {
  beforeAll(async () => {
    const yesterday = ago(DAY_MS);
    await study({ received: yesterday, referrer: 'Traoré Ali', modalities: ['CT', 'SR'] });
    await study({ received: yesterday, referrer: 'Traoré Ali', modalities: ['CR'] });
    await study({ received: ago(2 * DAY_MS), modalities: ['secret name', 'CR'] });
    await study({ received: yesterday, group: theirs, referrer: '=cmd|calc', modalities: ['MR'] });
    await study({ received: ago(60 * DAY_MS), modalities: ['US'] });
    for (let at = 1; at <= 22; at += 1) await study({ received: ago(3 * DAY_MS), group: theirs, referrer: `R${at}` });
  });

  test('are counted by period, modality, group and referrer, in scope', async () => {
    const found = await figures(radiologist, 'arrivals');
    expect(found.total).toEqual({ studies: 3, instances: 9, bytes: 3_000 });
    expect(found.step).toBe('DAY');
    expect(found.periods).toHaveLength(30);
    expect(found.periods.at(-2)).toMatchObject({ key: dayOf(ago(DAY_MS)), studies: 2, modalities: { CT: 1, SR: 1, CR: 1 } });
    expect(found.modalities.map(({ key, studies }: Json) => [key, studies])).toEqual([
      ['CR', 2],
      ['CT', 1],
      ['secret name', 1],
      ['SR', 1],
    ]);
    expect(found.groups).toMatchObject([{ key: mine, name: 'Kayes', studies: 3 }]);
    expect(found.referrers).toMatchObject({ top: [{ key: 'Traoré Ali', studies: 2 }], others: 0, nobody: 1 });
    expect((await figures(other, 'arrivals')).total.studies).toBe(23);
    expect((await figures(admin, 'arrivals')).total.studies).toBe(26);
  });

  test('name twenty referrers, and what the rest sent together', async () => {
    const { referrers } = await figures(admin, 'arrivals');
    expect(referrers.top).toHaveLength(20);
    expect(referrers.top[0]).toMatchObject({ key: 'Traoré Ali', studies: 2 });
    expect(referrers).toMatchObject({ others: 4, othersStudies: 4, nobody: 1 });
  });

  test('of another site are nothing, however it is asked for', async () => {
    expect((await figures(radiologist, `arrivals?site=${theirs}`)).total.studies).toBe(0);
    expect((await figures(admin, `arrivals?site=${theirs}&modality=MR`)).total.studies).toBe(1);
    expect((await figures(admin, 'arrivals?site=none')).total.studies).toBe(0);
  });

  test('tell who sees pseudonyms no referrer, and no text that is no code', async () => {
    const answer = await raw(researcher, 'arrivals');
    expect(answer.json()).toMatchObject({ referrers: null, total: { studies: 3 } });
    expect(answer.body).not.toMatch(/Traor|secret/);
    const file = await raw(researcher, 'arrivals/csv');
    expect(file.body).not.toMatch(/Traor|secret|REFERRER/);
  });

  test('leave as a table in which nothing is a formula, and which the journal knows', async () => {
    const file = await raw(admin, 'arrivals/csv?step=WEEK');
    expect(file.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(file.body).toContain('"REFERRER","\'=cmd|calc"');
    expect(file.body).toContain('"MODALITY","MR"');
    expect(file.body).toContain('"WEEK"');
    const [event] = await rows("SELECT details FROM audit_events WHERE action = 'statistics.export' AND actor_id = $1", [
      admin.user.id,
    ]);
    expect(event.details).toMatchObject({ what: 'arrivals', filters: expect.arrayContaining(['step']) });
  });

  test('of a period that is none are refused', async () => {
    for (const query of [
      'from=2026-02-02&to=2026-02-01',
      'from=2010-01-01&to=2026-01-01',
      'from=2020-01-01&to=2022-01-01&step=DAY',
    ])
      expect((await raw(admin, `arrivals?${query}`)).statusCode).toBe(422);
    for (const query of ['step=YEAR', 'timeZone=Mars/Phobos', 'modality=%25', 'from=0000-01-01'])
      expect((await raw(admin, `arrivals?${query}`)).statusCode).toBe(400);
  });
});

describe('delays', () => {
  const of = (found: Json, delay: string, by: string, key: string): Json =>
    found.rows.find((row: Json) => row.delay === delay && row.by === by && row.key === key);

  beforeAll(async () => {
    const received = ago(5 * DAY_MS);
    const later = (hours: number): Date => new Date(received.getTime() + hours * HOUR_MS);
    const base = { received, acquired: later(-2), group: theirs };
    await study({ ...base, opened: later(1), reported: later(2), by: other.user.id, modalities: ['CT'], urgency: 'STAT' });
    await study({ ...base, opened: later(3), reported: later(4), by: other.user.id, modalities: ['CT'] });
    await study({ ...base, opened: later(5), reported: later(12), by: admin.user.id, modalities: ['NM'] });
    await study({ ...base, acquired: later(1), modalities: ['PX'] });
    await study({ ...base, reported: later(1), isPrior: true });
    await study({ ...base, group: theirs, received: ago(30 * HOUR_MS), status: 'TO_READ', urgency: 'URGENT' });
    await study({ ...base, group: theirs, received: ago(HOUR_MS), status: 'IN_PROGRESS', urgency: 'URGENT' });
    await study({ ...base, group: theirs, received: ago(31 * DAY_MS), status: 'TO_READ' });
    await study({ ...base, group: theirs, received: ago(31 * DAY_MS), status: 'TO_READ', isPrior: true });
  });

  test('are half and nine tenths of what ended in the period, by modality, urgency, period and reader', async () => {
    const found = await figures(admin, `delays?site=${theirs}`);
    expect(of(found, 'ARRIVED_TO_REPORTED', 'TOTAL', '')).toMatchObject({
      n: 3,
      medianSeconds: 4 * 3_600,
      p90Seconds: expect.closeTo(10.4 * 3_600),
    });
    expect(of(found, 'ARRIVED_TO_REPORTED', 'MODALITY', 'CT')).toMatchObject({ n: 2, medianSeconds: 3 * 3_600 });
    expect(of(found, 'ARRIVED_TO_REPORTED', 'URGENCY', 'STAT')).toMatchObject({ n: 1, medianSeconds: 2 * 3_600 });
    expect(of(found, 'ARRIVED_TO_REPORTED', 'READER', other.user.id)).toMatchObject({ n: 2, name: 'Awa Bâ' });
    expect(of(found, 'ARRIVED_TO_REPORTED', 'READER', admin.user.id)).toMatchObject({ n: 1 });
    expect(of(found, 'ARRIVED_TO_OPENED', 'TOTAL', '')).toMatchObject({ n: 3, medianSeconds: 3 * 3_600 });
    // Times of day of DICOM are to the second here.
    expect(of(found, 'ACQUIRED_TO_ARRIVED', 'MODALITY', 'NM').medianSeconds).toBeCloseTo(2 * 3_600, -1);
    expect(of(found, 'ACQUIRED_TO_ARRIVED', 'MODALITY', 'PX')).toBeUndefined();
    expect(found.impossible).toBe(1);
    expect(found.rows.filter(({ by }: Json) => by === 'PERIOD').every(({ key }: Json) => found.starts.includes(key))).toBe(true);
  });

  test('tell a reader their own turnaround, and who sees pseudonyms nobody’s', async () => {
    const found = await figures(other, 'delays');
    const readers = found.rows.filter(({ by }: Json) => by === 'READER');
    expect(readers).toMatchObject([{ key: other.user.id, n: 2, medianSeconds: 3 * 3_600 }]);
    expect(of(found, 'ARRIVED_TO_REPORTED', 'TOTAL', '').n).toBe(3);
    const asked = await raw(researcher, 'delays');
    expect(asked.body).not.toMatch(/READER|Diop|Bâ/);
    expect((await raw(radiologist, 'delays')).body).not.toContain(other.user.id);
  });

  test('tell what still waits, by how long', async () => {
    const { open } = await figures(other, 'delays');
    const older = (counts: number[]) => [24, 72, 168, 720].map((hours, at) => ({ hours, studies: counts[at] }));
    expect(open).toEqual([
      { urgency: 'ROUTINE', all: 1, older: older([1, 1, 1, 1]) },
      { urgency: 'URGENT', all: 2, older: older([1, 0, 0, 0]) },
      { urgency: 'STAT', all: 0, older: older([0, 0, 0, 0]) },
    ]);
    expect((await raw(other, 'delays/csv')).body).toContain('"OPEN_NOW_OVER_24_HOURS","URGENCY","URGENT","","1"');
  });
});

test('a signed report says when and by whom its study was reported; an amendment changes neither', async () => {
  const { uid } = await storeFilm(server, admin, mine);
  const url = `/api/studies/${uid}/report`;
  const sign = async (who: Browser, baseVersion: number, amends: number): Promise<void> => {
    const [row] = await rows('SELECT patient_id FROM studies WHERE study_instance_uid = $1', [uid]);
    const sections = { history: '', technique: '', comparison: '', findings: '', impression: `Suspicion ${amends}.` };
    const body = { editId: randomUUID(), authorId: who.user.id, baseVersion, amends, patientId: row.patient_id, sections };
    const saved = await server.app.inject({
      ...{ method: 'PUT', url: `${url}/draft`, headers: who.headers },
      payload: { ...body, language: 'fr', template: null },
    });
    expect(saved.statusCode, saved.body).toBe(200);
    const payload = { version: saved.json().version, patientId: row.patient_id, areValuesLossless: true };
    const signed = await server.app.inject({ method: 'POST', url: `${url}/sign`, headers: who.headers, payload });
    expect(signed.statusCode, signed.body).toBeLessThan(300);
  };
  await sign(radiologist, 0, 0);
  const told = () => rows('SELECT reported_at, reported_by FROM studies WHERE study_instance_uid = $1', [uid]);
  const [first] = await told();
  expect(first.reported_by).toBe(radiologist.user.id);
  clock.advance(60_000);
  const second = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: mine }));
  await sign(second, 0, 1);
  expect(await told()).toEqual([first]);

  const { people } = await figures(admin, 'people');
  const of = (who: Browser): Json => people.find(({ id }: Json) => id === who.user.id);
  expect(of(radiologist)).toMatchObject({ name: 'Awa Diop', role: 'RADIOLOGIST', reported: 1, amended: 0, read: 1 });
  expect(of(second)).toMatchObject({ reported: 0, amended: 1 });
  expect(of(admin)).toMatchObject({ imported: 1 });
  expect((await raw(admin, 'people/csv')).body).toContain('"Awa Diop","RADIOLOGIST"');
  for (const who of [radiologist, researcher]) expect((await raw(who, 'people')).statusCode).toBe(403);
});

describe('storage', () => {
  test('is what came and what is kept, in scope; the disk is told to who manages it', async () => {
    const found = await figures(radiologist, 'storage');
    const last = found.periods.at(-1);
    expect(found.disk).toBeNull();
    expect(last.keptBytes).toBe(found.keptBytes);
    expect(found.periods[0].keptBytes).toBe(1_000);
    const [mineKept] = await rows('SELECT sum(size_bytes)::float8 AS bytes FROM studies WHERE group_id = $1', [mine]);
    expect(found.keptBytes).toBe(mineKept.bytes);
    expect((await raw(researcher, 'storage/csv')).body).not.toContain('FORECAST');
  });

  test('says when the disk is full at a pace that is old enough, and of the other that it is not', async () => {
    const { disk } = await figures(admin, 'storage');
    expect(disk.freeBytes).toBeLessThanOrEqual(disk.totalBytes);
    expect(disk.forecasts).toMatchObject([
      { days: 30, observedDays: 30, verdict: 'LONG' },
      { days: 90, observedDays: 60, verdict: 'TOO_FEW_DAYS', dailyBytes: null, daysLeft: null },
    ]);
    expect((await raw(admin, 'storage/csv')).body).toContain('"TOO_FEW_DAYS"');
  });
});
