import type { Bench } from '../support/bench.ts';
import type { DataSet } from '../support/data.ts';
import type { Ours } from '../support/ours.ts';
import type { Peer } from '../support/peers.ts';
import { processorSeconds } from '../support/processor.ts';
import type { Cell } from '../support/results.ts';
import { median, ratio } from '../support/statistics.ts';
import { hammer, perSecond } from '../support/wrk.ts';

const FRAME = { accept: 'multipart/related; type="application/octet-stream"' };
export const CONNECTIONS = 8;

/** What is asked for. */
export interface Work {
  readonly name: string;
  readonly paths: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
}

/** At most so many frames, and lists. */
export const worksOf = (images: DataSet, most: number): Work[] => [
  {
    name: 'frames of 512 KiB, hot',
    headers: FRAME,
    paths: (images.series ?? [])
      .flatMap(({ study, series, instances }) =>
        instances.map((uid) => `/dicom-web/studies/${study}/series/${series}/instances/${uid}/frames/1`),
      )
      .slice(0, most),
  },
  { name: 'list of studies', headers: {}, paths: ['/api/studies?limit=50'] },
  { name: 'list of patients', headers: {}, paths: ['/api/patients?limit=50'] },
  { name: 'QIDO-RS, 50 studies', headers: { accept: 'application/dicom+json' }, paths: ['/dicom-web/studies?limit=50'] },
];

/** Requests a second, and milliseconds of a processor that each took of the server with its database, and of what stands between. */
export interface Figure {
  readonly perSecond: number;
  readonly own: number;
  readonly between: number;
}

/** Asks `server` by way of `by`, which may be itself, after a second that does not count. Fails where one request does. */
export async function measure(bench: Bench, server: Ours, by: Peer, work: Work): Promise<Figure> {
  const seconds = bench.quick ? 2 : 8;
  const options = { headers: { ...server.headers, ...work.headers }, connections: CONNECTIONS };
  await hammer(bench, by.baseUrl, work.paths, { ...options, seconds: 1 });
  const used = (): readonly [number, number] => [processorSeconds(server.pid), by === server ? 0 : processorSeconds(by.pid)];
  const before = used();
  const load = await hammer(bench, by.baseUrl, work.paths, { ...options, seconds });
  const after = used();
  if (load.failures > 0) throw new Error(`${work.name}: ${load.failures} of ${load.requests} requests failed`);
  const each = (at: 0 | 1): number => ((after[at] - before[at]) * 1000) / load.requests;
  return { perSecond: perSecond(load), own: each(0), between: each(1) };
}

export function rowOf({ name }: Work, alone: readonly Figure[], through: readonly Figure[]): Cell[] {
  const middle = (figures: readonly Figure[], of: (one: Figure) => number): number => median(figures.map(of)) ?? Number.NaN;
  const [without, behind] = [middle(alone, (one) => one.perSecond), middle(through, (one) => one.perSecond)];
  const [own, ownBehind, between] = [
    middle(alone, (one) => one.own),
    middle(through, (one) => one.own),
    middle(through, (one) => one.between),
  ];
  return [
    name,
    without,
    behind,
    ratio(behind, without),
    '≥ 0.9',
    own,
    ownBehind,
    between,
    (100 * between) / (between + ownBehind),
  ];
}
