import type { Client } from 'pg';
import type { Bench } from '../support/bench.ts';
import type { Ours } from '../support/ours.ts';
import type { Cell, Table } from '../support/results.ts';
import { hammer, perSecond } from '../support/wrk.ts';

const ACCEPT = { accept: 'application/dicom+json' };
export const QIDO_BUDGET_MS = 50;
const QUESTIONS = 400;
const PER_PATIENT = 2;

/** Grows the generated index to so many studies: each new patient has the family name of one and the given name of another, and two studies. */
export async function growRows(owner: Client, studies: number): Promise<void> {
  const { rows: inverted } = await owner.query<{ indexname: string; indexdef: string }>(
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('patients', 'studies') AND indexdef LIKE '% USING gin %'",
  );
  for (const { indexname } of inverted) await owner.query(`DROP INDEX ${indexname}`);
  const { rows: counts } = await owner.query<{ patients: string; studies: string }>(
    'SELECT (SELECT count(*) FROM patients) AS patients, (SELECT count(*) FROM studies) AS studies',
  );
  const present = { patients: Number(counts[0]?.patients), studies: Number(counts[0]?.studies) };
  const missing = Math.ceil((studies - present.studies) / PER_PATIENT);
  await owner.query(
    'CREATE TEMP TABLE given AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, group_id, family_name, given_name FROM patients',
  );
  await owner.query('CREATE INDEX ON given (n)');
  await owner.query('ANALYZE given');
  await owner.query(
    `INSERT INTO patients (id, group_id, external_id, family_name, given_name, birth_date, sex, last_study_at)
     SELECT uuidv7(), a.group_id, 'GROWN' || k, a.family_name, b.given_name, date '1930-01-01' + (k::bigint * 7919 % 34000)::int, 'O', date '2020-01-01'
     FROM generate_series(1, $1::int) AS k JOIN given a ON a.n = k % $2::int JOIN given b ON b.n = (k::bigint * 7919 + k / $2::int) % $2::int`,
    [missing, present.patients],
  );
  await owner.query(
    `INSERT INTO studies (id, group_id, patient_id, study_instance_uid, study_date, study_time, accession_number, description, modalities, series_count, instance_count)
     SELECT uuidv7(), p.group_id, p.id, '2.25.7' || substr(p.external_id, 6) || s, date '2015-01-01' + (substr(p.external_id, 6)::bigint * (7919 + s * 104729) % 4000)::int,
       '10:00:00', p.external_id || '-' || s, 'Thorax', ARRAY[CASE s WHEN 1 THEN 'CT' ELSE 'MR' END], 2, 100
     FROM patients p, generate_series(1, $1::int) AS s WHERE p.external_id LIKE 'GROWN%'`,
    [PER_PATIENT],
  );
  for (const { indexdef } of inverted) await owner.query(indexdef);
  await owner.query('VACUUM (ANALYZE) patients, studies');
}

/** Another question each time, of the same kinds and with about as many answers as over 20,000 studies; and dates as a worklist asks for them. */
async function questions(owner: Client): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await owner.query<{ external_id: string; family_name: string; given_name: string; day: number }>(
    `SELECT external_id, family_name, given_name, (random() * 3990)::int AS day FROM patients TABLESAMPLE BERNOULLI (1)
     WHERE external_id IS NOT NULL ORDER BY random() LIMIT $1`,
    [QUESTIONS],
  );
  const date = (day: number): string =>
    new Date(Date.UTC(2015, 0, 1) + day * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
  const name = (text: string): string => encodeURIComponent(text);
  return {
    'by patient': rows.map(({ external_id }) => `PatientID=${external_id}`),
    'by dates, a day': rows.map(({ day }) => `StudyDate=${date(day)}`),
    'by dates, a week, the first 50': rows.map(({ day }) => `StudyDate=${date(day)}-${date(day + 6)}&limit=50`),
    'by name': rows.map((row) => `PatientName=${name(`${row.family_name}^${row.given_name.slice(0, 2)}*`)}`),
    'by part of a name, the first 50': rows.map((row) => `PatientName=${name(`*${row.family_name.slice(1, 6)}*`)}&limit=50`),
  };
}

/** QIDO-RS at study level over the whole index, ours alone. */
export async function qidoAtScale(bench: Bench, { baseUrl, headers }: Ours, owner: Client): Promise<Table> {
  const { rows: counted } = await owner.query<{ studies: string }>('SELECT count(*) AS studies FROM studies');
  const rows: Cell[][] = [];
  for (const [kind, queries] of Object.entries(await questions(owner))) {
    const paths = queries.map((query) => `/dicom-web/studies?${query}`);
    const options = { headers: { ...headers, ...ACCEPT }, connections: 8, seconds: bench.quick ? 2 : 8 };
    await hammer(bench, baseUrl, paths, { ...options, seconds: 2 });
    const load = await hammer(bench, baseUrl, paths, options);
    if (load.failures > 0) bench.results.note(`QIDO ${kind}: ${load.failures} of ${load.requests} failed.`);
    rows.push([
      kind,
      perSecond(load),
      load.p50,
      load.p95,
      load.bytes / load.requests / 1000,
      load.p95 > QIDO_BUDGET_MS ? 'over' : '',
    ]);
  }
  return {
    title: `QIDO-RS over ${counted[0]?.studies} generated studies, 8 connections`,
    columns: ['search', 'requests/s', 'p50 ms', 'p95 ms', 'kB an answer', `wanted: p95 < ${QIDO_BUDGET_MS} ms`],
    rows,
  };
}
