import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Bench, runBench } from './support/bench.ts';
import { postFiles } from './support/client.ts';
import { bodiesOf, dataSet, STOW_HEADERS } from './support/data.ts';
import { given } from './support/given.ts';
import { type Ours, startOurs } from './support/ours.ts';
import { ratio } from './support/statistics.ts';

const READERS = 4;

interface Reading {
  readonly perSecond: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly failures: number;
}

/** Readers who ask for one frame after the other until `work` is done. */
async function readingDuring<T>(
  server: Ours,
  paths: readonly string[],
  work: () => Promise<T>,
): Promise<{ result: T; reading: Reading }> {
  let isOver = false;
  let failures = 0;
  const times: number[] = [];
  const begun = performance.now();
  const readers = Array.from({ length: READERS }, async (_, reader) => {
    for (let at = reader; !isOver; at += 7) {
      const started = performance.now();
      const answer = await fetch(`${server.baseUrl}${paths[at % paths.length]}`, {
        headers: { ...server.headers, accept: 'multipart/related; type="application/octet-stream"; transfer-syntax=*' },
      });
      await answer.arrayBuffer();
      if (!answer.ok) failures += 1;
      times.push(performance.now() - started);
    }
  });
  const result = await work().finally(() => {
    isOver = true;
  });
  await Promise.all(readers);
  times.sort((a, b) => a - b);
  const at = (share: number): number | null => times[Math.floor(times.length * share)] ?? null;
  return {
    result,
    reading: { perSecond: (times.length * 1000) / (performance.now() - begun), p50: at(0.5), p95: at(0.95), failures },
  };
}

/** One command of the built server, in seconds. */
function command(dataDir: string, ...args: readonly string[]): Promise<number> {
  const entry = path.join(given('BENCH_DIR'), '..', 'apps', 'server', 'dist', 'cli.js');
  const begun = performance.now();
  const child = spawn(process.execPath, [entry, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', DATA_DIR: dataDir },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      if (code === 0) resolve((performance.now() - begun) / 1000);
      else reject(new Error(`${args[0]} ended with ${code}`));
    });
  });
}

async function framePaths(server: Ours): Promise<string[]> {
  const answer = await fetch(`${server.baseUrl}/dicom-web/instances?limit=200`, {
    headers: { ...server.headers, accept: 'application/dicom+json' },
  });
  const items = (await answer.json()) as Record<string, { Value?: string[] }>[]; // PS3.18 F.
  const value = (item: (typeof items)[number], tag: string): string => item[tag]?.Value?.[0] ?? '';
  return items.map(
    (item) =>
      `/dicom-web/studies/${value(item, '0020000D')}/series/${value(item, '0020000E')}/instances/${value(item, '00080018')}/frames/1`,
  );
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function measure(bench: Bench, count: number): Promise<void> {
  const set = await dataSet(bench, 'ct', count);
  const server = await startOurs(bench);
  await postFiles(`${server.baseUrl}/dicom-web/studies`, bodiesOf(set), { ...STOW_HEADERS, ...server.headers }, 4);
  const paths = await framePaths(server);
  const target = path.join(bench.temp, 'target');
  const key = path.join(bench.temp, 'key');
  writeFileSync(key, 'k'.repeat(64), { mode: 0o600 });
  const backUp = () => command(server.dataDir, 'backup', '--to', target, '--key-file', key);
  const alone = await readingDuring(server, paths, () => pause(bench.quick ? 5_000 : 20_000));
  const whole = await readingDuring(server, paths, backUp);
  const second = await readingDuring(server, paths, backUp);
  await server.stop();
  const restored = path.join(mkdtempSync(path.join(bench.temp, 'restored-')), 'data');
  const restoring = await command(restored, 'restore', '--from', target, '--key-file', key);
  const row = (name: string, seconds: number | null, { perSecond, p50, p95, failures }: Reading) => [
    ...[name, seconds, seconds === null ? null : set.bytes / seconds / 1e6, perSecond, ratio(perSecond, alone.reading.perSecond)],
    ...[p50, p95, failures],
  ];
  bench.results.add({
    title: `Backup of ${set.instances} CT instances of 512 KiB, encrypted, while ${READERS} readers ask for frames`,
    columns: ['work', 's', 'MB/s', 'frames/s meanwhile', 'of alone', 'p50 ms', 'p95 ms', 'failures'],
    rows: [
      row('nothing else', null, alone.reading),
      row('the first backup', whole.result, whole.reading),
      row('the next one, nothing new', second.result, second.reading),
    ],
  });
  bench.results.add({
    title: 'Restore into an empty folder, everything compared',
    columns: ['instances', 's', 'GB a minute'],
    rows: [[set.instances, restoring, (set.bytes / 1e9 / restoring) * 60]],
  });
}

await runBench('backup', (bench) => measure(bench, bench.quick ? 200 : 4000));
