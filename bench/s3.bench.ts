import { CONNECTIONS, type Figure, measure, worksOf } from './nginx/measure.ts';
import { openBucket } from './s3/bucket.ts';
import { firstPass } from './s3/first-pass.ts';
import { type Bench, runBench } from './support/bench.ts';
import { postFiles } from './support/client.ts';
import { bodiesOf, type DataSet, dataSet, STOW_HEADERS } from './support/data.ts';
import { startOurs } from './support/ours.ts';
import type { Cell } from './support/results.ts';
import { median, ratio } from './support/statistics.ts';

type Settings = Readonly<Record<string, string>>;
interface Side {
  readonly dataDir: string;
  readonly settings: Settings;
  /** Instances a second while they were stored. */
  readonly stored: number;
  readonly hot: Figure[];
}

/** A server that has stored these images in this store of objects, and has ended. */
async function filled(bench: Bench, images: DataSet, settings: Settings): Promise<Side> {
  const server = await startOurs(bench, undefined, 0, settings);
  const headers = { ...STOW_HEADERS, ...server.headers };
  const load = await postFiles(`${server.baseUrl}/dicom-web/studies`, bodiesOf(images), headers, CONNECTIONS);
  if (load.failures > 0) throw new Error(`${load.failures} of ${load.requests} requests were refused`);
  await server.stop();
  return { dataDir: server.dataDir, settings, stored: images.instances / load.seconds, hot: [] };
}

const middle = (figures: readonly Figure[], of: (one: Figure) => number): number => median(figures.map(of)) ?? Number.NaN;

/** The same images on the disk and in a bucket of S3 whose objects are copied to this machine once they were read, asked for in turns. */
await runBench('s3', async (bench) => {
  const bucket = await openBucket(bench);
  bench.results.note(bucket.note);
  const images = await dataSet(bench, 'images', bench.quick ? 50 : 500);
  const [work] = worksOf(images, bench.quick ? 20 : 100);
  if (work === undefined) throw new Error('nothing is asked for');
  const disk = await filled(bench, images, {});
  const s3 = await filled(bench, images, bucket.settings);
  const first = new Map<Side, number>();
  for (let round = 0; round < (bench.quick ? 1 : 3); round += 1)
    for (const side of [disk, s3]) {
      const server = await startOurs(bench, side.dataDir, 0, side.settings);
      // Each frame once: what comes from the bucket is copied behind its answer.
      const pass = await firstPass(server, work);
      if (!first.has(side)) first.set(side, pass);
      side.hot.push(await measure(bench, server, server, work));
      await server.stop();
    }
  const [onDisk, inS3] = [middle(disk.hot, (one) => one.perSecond), middle(s3.hot, (one) => one.perSecond)];
  const rows: Cell[][] = [
    ['frames of 512 KiB, hot, 8 connections', 'requests/s', onDisk, inS3, ratio(inS3, onDisk), '≥ 0.9'],
    ['the same, processor', 'ms a request', middle(disk.hot, (one) => one.own), middle(s3.hot, (one) => one.own), null, ''],
    ['stored by STOW-RS, 8 connections', 'instances/s', disk.stored, s3.stored, ratio(s3.stored, disk.stored), ''],
    [
      'frames read for the first time, one after the other',
      'ms a frame',
      first.get(disk) ?? null,
      first.get(s3) ?? null,
      null,
      '',
    ],
  ];
  bench.results.add({ title: 'Objects in S3', columns: ['work', 'unit', 'disk', 'S3', 'S3 / disk', 'wanted'], rows });
});
