import { readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import pg from 'pg';
import { findEmbeddedPostgres } from '../apps/server/src/platform/postgres/embedded.ts';
import { fillRows } from '../apps/server/test/support/generated-rows.ts';
import { GENERATED_GROUPS } from '../apps/server/test/support/index-requests.ts';
import { filesIn, indexSizes, processorSeconds, type Size, sizesOf } from './scale/cost.ts';
import { DESCRIPTION, fillInstances, INSTANCES_OF_A_SERIES, SERIES_OF_A_STUDY } from './scale/rows.ts';
import { overHttp } from './search/over-http.ts';
import { type Bench, runBench } from './support/bench.ts';
import { answered, get, type Headers } from './support/client.ts';
import { type Ours, startOurs } from './support/ours.ts';
import type { Table } from './support/results.ts';
import { quantile } from './support/statistics.ts';

const STUDY_SLICES = 100;
const BOUNDARY = 'negatoscope-scale';
const megabytes = (bytes: number): number => Math.round(bytes / 1e5) / 10;

/** One study of so many slices as a STOW-RS body. */
function study(seed: string): { uid: string; body: Buffer } {
  const slices = [...ctVolume({ seed, slices: STUDY_SLICES, rows: 128, columns: 128 })];
  const parts = slices.flatMap(({ bytes }) => [
    Buffer.from(`--${BOUNDARY}\r\ncontent-type: application/dicom\r\n\r\n`),
    Buffer.from(bytes),
    Buffer.from('\r\n'),
  ]);
  return { uid: slices[0]?.studyInstanceUid ?? '', body: Buffer.concat([...parts, Buffer.from(`--${BOUNDARY}--\r\n`)]) };
}

async function store({ baseUrl, headers }: Ours, body: Buffer): Promise<number> {
  const started = performance.now();
  const request = http.request(`${baseUrl}/dicom-web/studies`, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
      'content-length': body.length,
      accept: 'application/dicom+json',
    },
  });
  const answer = answered(request, started);
  request.end(body);
  const { status, ms } = await answer;
  if (status !== 200) throw new Error(`A study was answered with ${status}.`);
  return ms;
}

const postmasterOf = (dataDir: string): number =>
  Number(readFileSync(path.join(dataDir, 'postgres', '18', 'postmaster.pid'), 'utf8').split('\n')[0]);

interface Imported {
  readonly uids: readonly string[];
  readonly seconds: number;
  readonly processor: number;
}

async function importStudies(server: Ours, name: string, count: number): Promise<Imported> {
  const roots = [server.pid, postmasterOf(server.dataDir)];
  const before = processorSeconds(roots);
  const uids: string[] = [];
  let ms = 0;
  for (let index = 0; index < count; index += 1) {
    const { uid, body } = study(`${name}-${index}`);
    ms += await store(server, body);
    uids.push(uid);
  }
  return { uids, seconds: ms / 1000, processor: processorSeconds(roots) - before };
}

/** Rows, bytes and objects that one study adds, after its metadata were packed. */
async function costOf(bench: Bench, server: Ours, owner: pg.Client): Promise<Imported> {
  const count = bench.quick ? 2 : 20;
  await importStudies(server, 'first', 1);
  const objects = path.join(server.dataDir, 'objects');
  const before = { sizes: await sizesOf(owner), files: filesIn(objects) };
  const imported = await importStudies(server, 'cost', count);
  // Series that were quiet for a minute are packed by the job that looks each minute.
  await sleep(bench.quick ? 0 : 150_000);
  await owner.query('VACUUM');
  const was = new Map(before.sizes.map((size) => [size.table, size]));
  const grown = (await sizesOf(owner)).map(({ table, rows, bytes, indexBytes }) => {
    const old = was.get(table);
    const grownBytes = bytes + indexBytes - (old === undefined ? 0 : old.bytes + old.indexBytes);
    return [table, (rows - (old?.rows ?? 0)) / count, Math.round(grownBytes / count)] as const;
  });
  bench.results.add({
    title: `What a study of ${STUDY_SLICES} instances adds (mean of ${count})`,
    columns: ['table', 'rows', 'bytes with indexes'],
    rows: grown.filter(([, rows]) => rows > 0),
  });
  bench.results.note(
    `A study of ${STUDY_SLICES} instances: ${(filesIn(objects) - before.files) / count} objects, ${(imported.processor / count).toFixed(2)} s of processor (server and database), ${(imported.seconds / count).toFixed(2)} s until it was answered.`,
  );
  return imported;
}

const sizesTable = (title: string, sizes: readonly Size[]): Table => ({
  title,
  columns: ['table', 'rows', 'MB', 'MB of indexes', 'bytes a row, all'],
  rows: sizes
    .slice(0, 12)
    .map(({ table, rows, bytes, indexBytes }) => [
      table,
      rows,
      megabytes(bytes),
      megabytes(indexBytes),
      Math.round((bytes + indexBytes) / rows),
    ]),
});

/** One request after the other, another question each time. */
async function timed(urls: readonly string[], headers: Headers): Promise<{ p50: number; p95: number; bytes: number }> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const answers = [];
  for (const url of urls) answers.push(await get(agent, url, headers));
  agent.destroy();
  const failed = answers.find(({ status }) => status >= 300);
  if (failed !== undefined) throw new Error(`${urls[0]} … was answered with ${failed.status}`);
  const times = answers.map(({ ms }) => ms);
  const bytes = answers.reduce((sum, answer) => sum + answer.bytes, 0) / answers.length;
  return { p50: quantile(times, 0.5), p95: quantile(times, 0.95), bytes: Math.round(bytes) };
}

async function questions(
  owner: pg.Client,
  real: readonly string[],
  rounds: number,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const { rows } = await owner.query<{ study: string; series: string; instance: string; accession: string }>(
    `SELECT st.study_instance_uid AS study, se.series_instance_uid AS series, i.sop_instance_uid AS instance, coalesce(st.accession_number, '') AS accession
     FROM instances i TABLESAMPLE SYSTEM (0.05) JOIN series se ON se.id = i.series_id JOIN studies st ON st.id = se.study_id
     WHERE se.description = $2 ORDER BY random() LIMIT $1`,
    [rounds, DESCRIPTION],
  );
  const of = (make: (row: (typeof rows)[number]) => string): string[] => rows.map((row) => `/dicom-web/studies${make(row)}`);
  const opened = Array.from({ length: rounds }, (_, index) => real[index % real.length] ?? '');
  return {
    'QIDO study by UID': of(({ study }) => `?StudyInstanceUID=${study}`),
    'QIDO study by accession number': of(({ accession }) => `?AccessionNumber=${encodeURIComponent(accession)}`),
    'QIDO series of a study': of(({ study }) => `/${study}/series`),
    'QIDO instances of a series': of(({ study, series }) => `/${study}/series/${series}/instances`),
    'QIDO instances of a study': of(({ study }) => `/${study}/instances`),
    'QIDO one instance': of(({ study, series, instance }) => `/${study}/series/${series}/instances?SOPInstanceUID=${instance}`),
    [`open a study (metadata of ${STUDY_SLICES} instances)`]: opened.map((uid) => `/dicom-web/studies/${uid}/metadata`),
  };
}

/**
 * What a study costs, and how lists, searches and opening a study are at SCALE_INSTANCES generated rows (10 million). BENCH_LIMIT_S has to be raised: an hour and
 * more. Some 12 GB of disk in TMPDIR.
 */
await runBench('scale', async (bench) => {
  const instances = Number(process.env.SCALE_INSTANCES ?? (bench.quick ? 10_000 : 10_000_000));
  const studies = Math.ceil(instances / (SERIES_OF_A_STUDY * INSTANCES_OF_A_SERIES));
  const rounds = Number(process.env.BENCH_ROUNDS ?? (bench.quick ? 3 : 30));
  const server = await startOurs(bench);
  const database = await findEmbeddedPostgres(server.dataDir);
  if (database === undefined) throw new Error('The database of the server was not found');
  const owner = new pg.Client(database.owner);
  const superuser = new pg.Client({ ...database.superuser, database: 'negatoscope' });
  await Promise.all([owner.connect(), superuser.connect()]);
  const tell = (line: string): void => console.log(`${new Date().toISOString()} ${line}`);
  const { uids } = await costOf(bench, server, owner);
  tell('rows …');
  await fillRows(owner, { patients: Math.ceil(studies / 2), studies, groups: GENERATED_GROUPS });
  await fillInstances(superuser, instances, tell);
  bench.results.add(sizesTable(`Tables at ${instances} instances`, await sizesOf(owner)));
  bench.results.add({
    title: 'Indexes of instances',
    columns: ['index', 'MB'],
    rows: (await indexSizes(owner, 'instances')).map(({ name, bytes }) => [name, megabytes(bytes)]),
  });
  bench.results.add(await overHttp(server, rounds));
  const rows: (readonly [string, number, number, number])[] = [];
  for (const [name, paths] of Object.entries(await questions(owner, uids, rounds))) {
    const { p50, p95, bytes } = await timed(
      paths.map((one) => `${server.baseUrl}${one}`),
      { ...server.headers, accept: 'application/dicom+json' },
    );
    rows.push([name, p50, p95, bytes]);
  }
  bench.results.add({ title: `DICOMweb at ${instances} instances, ms`, columns: ['request', 'p50', 'p95', 'bytes'], rows });
  const again = await importStudies(server, 'again', bench.quick ? 2 : 20);
  const each = again.uids.length;
  bench.results.note(
    `Importing at that size: ${(again.seconds / each).toFixed(2)} s until a study is answered, ${(again.processor / each).toFixed(2)} s of processor.`,
  );
  await Promise.all([owner.end(), superuser.end()]);
});
