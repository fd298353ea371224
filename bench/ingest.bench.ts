import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Bench, runBench } from './support/bench.ts';
import { postFiles, postHeld, upload } from './support/client.ts';
import { bodiesOf, type DataSet, dataSet, STOW_HEADERS } from './support/data.ts';
import { type Ours, startOurs } from './support/ours.ts';
import { type Peer, startBare, startOrthanc } from './support/peers.ts';
import type { Cell } from './support/results.ts';
import { ratio } from './support/statistics.ts';
import { type Watched, watched } from './support/watch.ts';

// What a server wrote stays until all have been measured: ext4 goes round inodes that were deleted just now, at the cost of the next one.
const CONNECTIONS = 8;
// Reading the memory of two dozen processes takes 36 ms, by the very processors that are measured, and of Orthanc's one next to nothing.
const WATCH = { pssEveryMs: 5000, asksHealth: false };
/**
 * Of the bodies of a set: sent before anything is measured, to each server alike, so that a rate is what lasts. A server runs for weeks; what an
 * engine compiles is a fifth of what the first two thousand instances cost, and a tenth of the next two thousand.
 */
const WARM_UP = 0.75;

interface Measured extends Watched {
  readonly work: string;
  readonly seconds: number;
  readonly instancesPerSecond: number;
  readonly mbPerSecond: number;
  readonly p95: number | null;
  readonly trouble: string;
}

const json = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Record<string, unknown>> =>
  (await (await fetch(url, { headers })).json()) as Record<string, unknown>; // Only the named counts are read, and compared.

const storedByOurs = async (server: Ours): Promise<unknown> =>
  (await json(`${server.baseUrl}/api/stats/overview`, server.headers)).instances;
const storedByOrthanc = async (server: Peer): Promise<unknown> => (await json(`${server.baseUrl}/statistics`)).CountInstances;

interface Done {
  readonly seconds: number;
  readonly p95: number | null;
  readonly failures: number;
  /** Share of the set that the seconds are about. */
  readonly share: number;
}

function measured(work: string, set: DataSet, done: Done & { readonly stored: unknown }, seen: Watched): Measured {
  const { seconds, p95, failures, stored, share } = done;
  const trouble =
    failures === 0 && stored === set.instances ? '' : `${failures} requests failed, ${String(stored)} of ${set.instances} stored`;
  return {
    work,
    seconds,
    instancesPerSecond: (set.instances * share) / seconds,
    mbPerSecond: (set.bytes * share) / seconds / 1e6,
    p95,
    trouble,
    ...seen,
  };
}

/** All bodies by STOW-RS, the first of them unmeasured. */
async function stow(
  server: Ours | Peer,
  url: string,
  set: DataSet,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ done: Done; seen: Watched }> {
  const files = bodiesOf(set);
  const first = Math.ceil(files.length * WARM_UP);
  const all = { ...STOW_HEADERS, ...headers };
  const warmUp = await postFiles(url, files.slice(0, first), all, CONNECTIONS);
  const { result, watched: seen } = await watched(server, WATCH, () => postHeld(url, files.slice(first), all, CONNECTIONS));
  const { seconds, p95 } = result;
  return {
    done: { seconds, p95, failures: warmUp.failures + result.failures, share: 1 - first / files.length },
    seen,
  };
}

async function oursZip(bench: Bench, set: DataSet): Promise<Measured> {
  const server = await startOurs(bench);
  const { result, watched: seen } = await watched(server, { ...WATCH, asksHealth: true }, () =>
    upload(`${server.baseUrl}/api/patients/import`, path.join(set.folder, set.zip ?? ''), server.headers),
  );
  const stored = await storedByOurs(server);
  await server.stop();
  return measured(
    'ours, one ZIP',
    set,
    { seconds: result.ms / 1000, p95: null, failures: result.status < 300 ? 0 : 1, share: 1, stored },
    seen,
  );
}

async function oursStow(bench: Bench, set: DataSet, work: string): Promise<Measured> {
  const server = await startOurs(bench);
  const { done, seen } = await stow(server, `${server.baseUrl}/dicom-web/studies`, set, server.headers);
  const stored = await storedByOurs(server);
  await server.stop();
  return measured(work, set, { ...done, stored }, seen);
}

async function orthancStow(bench: Bench, set: DataSet, work: string): Promise<Measured | undefined> {
  const folder = path.join(bench.temp, `orthanc-${set.instances}-${work.length}`);
  const server = await startOrthanc(bench, folder);
  if (server === undefined) return undefined;
  const { done, seen } = await stow(server, `${server.baseUrl}/dicom-web/studies`, set);
  const stored = await storedByOrthanc(server);
  await server.stop();
  return measured(work, set, { ...done, stored }, seen);
}

async function bareReception(bench: Bench, set: DataSet, files: 'whole' | 'each', work: string): Promise<Measured> {
  const server = await startBare(bench, files);
  const { done, seen } = await stow(server, server.baseUrl, set);
  await server.stop();
  const kept = readdirSync(server.folder).map((name) => statSync(path.join(server.folder, name)).size);
  const bytes = kept.reduce((sum, size) => sum + size, 0);
  const isAll = files === 'whole' ? kept.length === set.files.length : kept.length === set.instances && bytes === set.bytes;
  return measured(work, set, { ...done, stored: isAll ? set.instances : `${kept.length} files of ${bytes} bytes` }, seen);
}

const HEADS = [
  'work',
  'instances/s',
  'MB/s',
  's',
  'request p95 ms',
  'PSS MB',
  'PSS with PostgreSQL',
  'health p50 ms',
  'p99',
  'max',
];

const row = (one: Measured): Cell[] => [
  one.work,
  one.instancesPerSecond,
  one.mbPerSecond,
  one.seconds,
  one.p95,
  one.pssMb,
  one.pssWithPostgresMb,
  one.healthP50,
  one.healthP99,
  one.healthMax,
];

/** Of the servers by name; of one that is not here there is none. */
function addRatios(bench: Bench, all: Readonly<Record<string, Measured | undefined>>): void {
  const { bareCt, bareEach, oursCt, orthancCt, bareSmall, oursSmall, orthancSmall } = all;
  const by = (a: Measured | undefined, b: Measured | undefined): number | null =>
    ratio(a?.instancesPerSecond, b?.instancesPerSecond);
  bench.results.add({
    title: 'Ingest, ratios of instances/s',
    columns: ['work', 'ours / Orthanc', 'wanted', 'ours / bare', 'wanted', 'ours / bare, a file an instance', 'that / bare'],
    rows: [
      [
        'STOW 10 × 512 KiB',
        by(oursCt, orthancCt),
        '≥ 1.2',
        by(oursCt, bareCt),
        '≥ 0.85',
        by(oursCt, bareEach),
        by(bareEach, bareCt),
      ],
      ['STOW 50 small', by(oursSmall, orthancSmall), '≥ 2', by(oursSmall, bareSmall), '–', '–', '–'],
    ],
  });
}

await runBench('ingest', async (bench) => {
  const zip = await dataSet(bench, 'zip', bench.quick ? 200 : 4000);
  const ct = await dataSet(bench, 'ct', bench.quick ? 200 : 8000);
  const small = await dataSet(bench, 'small', bench.quick ? 500 : 20_000);
  // What was generated is on its way to the disk for half a minute otherwise, under the flushes of whoever is measured then.
  spawnSync('sync');
  const all: Measured[] = [];
  const keep = <T extends Measured | undefined>(one: T): T => {
    if (one !== undefined) {
      all.push(one);
      console.error(`  ${one.work}: ${one.instancesPerSecond.toFixed(0)} instances/s`);
      if (one.trouble !== '') bench.results.note(`${one.work}: ${one.trouble}.`);
    }
    return one;
  };
  keep(await oursZip(bench, zip));
  const bareCt = keep(await bareReception(bench, ct, 'whole', 'bare node:http, 10 × 512 KiB as one file'));
  const bareEach = keep(await bareReception(bench, ct, 'each', 'bare node:http, 10 × 512 KiB as ten files'));
  const oursCt = keep(await oursStow(bench, ct, 'ours, STOW 10 × 512 KiB'));
  const orthancCt = keep(await orthancStow(bench, ct, 'Orthanc, STOW 10 × 512 KiB'));
  const bareSmall = keep(await bareReception(bench, small, 'whole', 'bare node:http, 50 small as one file'));
  const oursSmall = keep(await oursStow(bench, small, 'ours, STOW 50 small'));
  const orthancSmall = keep(await orthancStow(bench, small, 'Orthanc, STOW 50 small'));
  bench.results.add({
    title: `Ingest: ${zip.instances} CT instances of 512 KiB as ZIP, ${ct.instances} by STOW-RS, ${small.instances} of ${Math.round(small.bytes / small.instances / 1024)} KiB, ${CONNECTIONS} connections`,
    columns: HEADS,
    rows: all.map(row),
  });
  addRatios(bench, { bareCt, bareEach, oursCt, orthancCt, bareSmall, oursSmall, orthancSmall });
});
