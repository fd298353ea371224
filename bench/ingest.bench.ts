import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { bare, orthanc, ours, storedByOurs, type Taker } from './ingest/takers.ts';
import { CONNECTIONS, inTurns, type Measured, WATCH } from './ingest/turns.ts';
import { type Bench, runBench } from './support/bench.ts';
import { upload } from './support/client.ts';
import { type DataSet, dataSet } from './support/data.ts';
import { startOurs } from './support/ours.ts';
import type { Cell } from './support/results.ts';
import { ratio } from './support/statistics.ts';
import { watched } from './support/watch.ts';

// What a server wrote stays until all have been measured: ext4 goes round inodes that were deleted just now, at the cost of the next one.

async function oursZip(bench: Bench, set: DataSet): Promise<Measured> {
  const server = await startOurs(bench);
  const { result, watched: seen } = await watched(server, { ...WATCH, asksHealth: true }, () =>
    upload(`${server.baseUrl}/api/patients/import`, path.join(set.folder, set.zip ?? ''), server.headers),
  );
  const stored = await storedByOurs(server);
  await server.stop();
  const seconds = result.ms / 1000;
  const rate = set.instances / seconds;
  const isAll = result.status < 300 && stored === set.instances;
  return {
    ...seen,
    ...{
      work: 'ours, one ZIP',
      rates: [rate],
      instancesPerSecond: rate,
      mbPerSecond: set.bytes / seconds / 1e6,
      seconds,
      p95: null,
    },
    trouble: isAll ? '' : `answered with ${result.status}, ${String(stored)} of ${set.instances} stored`,
  };
}

const HEADS = [
  'work',
  'instances/s',
  'each round',
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
  one.rates.map((rate) => rate.toFixed(0)).join(', '),
  one.mbPerSecond,
  one.seconds,
  one.p95,
  one.pssMb,
  one.pssWithPostgresMb,
  one.healthP50,
  one.healthP99,
  one.healthMax,
];

const there = (takers: readonly (Taker | undefined)[]): Taker[] => takers.filter((taker) => taker !== undefined);

const NAMES = {
  bareCt: 'bare node:http, 10 × 512 KiB as one file',
  bareEach: 'bare node:http, 10 × 512 KiB as ten files',
  oursCt: 'ours, STOW 10 × 512 KiB',
  orthancCt: 'Orthanc, STOW 10 × 512 KiB',
  bareSmall: 'bare node:http, 50 small as one file',
  oursSmall: 'ours, STOW 50 small',
  orthancSmall: 'Orthanc, STOW 50 small',
} as const;

function addRatios(bench: Bench, all: readonly Measured[]): void {
  const by = (a: keyof typeof NAMES, b: keyof typeof NAMES): number | null => {
    const [one, other] = [NAMES[a], NAMES[b]].map((name) => all.find(({ work }) => work === name)?.instancesPerSecond);
    return ratio(one, other);
  };
  const ct = [
    by('oursCt', 'orthancCt'),
    '≥ 1.2',
    by('oursCt', 'bareCt'),
    '≥ 0.85',
    by('oursCt', 'bareEach'),
    by('bareEach', 'bareCt'),
  ];
  bench.results.add({
    title: 'Ingest, ratios of instances/s, of medians',
    columns: ['work', 'ours / Orthanc', 'wanted', 'ours / bare', 'wanted', 'ours / bare, a file an instance', 'that / bare'],
    rows: [
      ['STOW 10 × 512 KiB', ...ct],
      ['STOW 50 small', by('oursSmall', 'orthancSmall'), '≥ 2', by('oursSmall', 'bareSmall'), '–', '–', '–'],
    ],
  });
}

await runBench('ingest', async (bench) => {
  const zip = await dataSet(bench, 'zip', bench.quick ? 200 : 4000);
  const ct = await dataSet(bench, 'ct', bench.quick ? 200 : 8000);
  const small = await dataSet(bench, 'small', bench.quick ? 500 : 20_000);
  // What was generated is on its way to the disk for half a minute otherwise, under the flushes of whoever is measured then.
  spawnSync('sync');
  const all: Measured[] = [await oursZip(bench, zip)];
  const ofCt = [
    await bare(bench, ct, 'whole', NAMES.bareCt),
    await bare(bench, ct, 'each', NAMES.bareEach),
    await ours(bench, NAMES.oursCt),
    await orthanc(bench, NAMES.orthancCt),
  ];
  all.push(...(await inTurns(there(ofCt), ct)));
  const ofSmall = [
    await bare(bench, small, 'whole', NAMES.bareSmall),
    await ours(bench, NAMES.oursSmall),
    await orthanc(bench, NAMES.orthancSmall),
  ];
  all.push(...(await inTurns(there(ofSmall), small)));
  for (const { work, trouble } of all) if (trouble !== '') bench.results.note(`${work}: ${trouble}.`);
  bench.results.add({
    title: `Ingest: ${zip.instances} CT instances of 512 KiB as ZIP, ${ct.instances} by STOW-RS, ${small.instances} of ${Math.round(small.bytes / small.instances / 1024)} KiB, ${CONNECTIONS} connections`,
    columns: HEADS,
    rows: all.map(row),
  });
  addRatios(bench, all);
});
