import { spawnSync } from 'node:child_process';
import { type Load, postFiles, postHeld } from '../support/client.ts';
import { bodiesOf, type DataSet, STOW_HEADERS } from '../support/data.ts';
import { median } from '../support/statistics.ts';
import { type Watched, watched } from '../support/watch.ts';
import type { Taker } from './takers.ts';

export const CONNECTIONS = 8;
// Reading the memory of two dozen processes takes 36 ms, by the very processors that are measured, and of Orthanc's one next to nothing.
export const WATCH = { pssEveryMs: 5000, asksHealth: false };
/** The disk is another one from minute to minute: whoever is measured once is measured with its hour. */
const ROUNDS = 3;
/**
 * Of the bodies of a set, a round. What is left is sent before anything is measured, to each server alike, so that a rate is what lasts. A server
 * runs for weeks; what an engine compiles is a fifth of what the first two thousand instances cost, and a tenth of the next two thousand.
 */
const ROUND = 0.15;

export interface Measured extends Watched {
  readonly work: string;
  /** Of each round. */
  readonly rates: readonly number[];
  /** The median of these. */
  readonly instancesPerSecond: number;
  readonly mbPerSecond: number;
  readonly seconds: number;
  readonly p95: number | null;
  readonly trouble: string;
}

interface Round {
  readonly load: Load;
  readonly seen: Watched;
}

/** A set by STOW-RS to several servers, all of them running: warmed up one after the other, then measured in turns, each turn begun by another one. */
export async function inTurns(takers: readonly Taker[], set: DataSet): Promise<Measured[]> {
  const files = bodiesOf(set);
  const length = Math.ceil(files.length * ROUND);
  const first = files.length - ROUNDS * length;
  const rounds = new Map<Taker, Round[]>(takers.map((taker) => [taker, []]));
  const failures = new Map<Taker, number>();
  for (const taker of takers) {
    const load = await postFiles(taker.url, files.slice(0, first), { ...STOW_HEADERS, ...taker.headers }, CONNECTIONS);
    failures.set(taker, load.failures);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const own = files.slice(first + round * length, first + (round + 1) * length);
    for (const taker of [...takers.slice(round), ...takers.slice(0, round)]) {
      // What others left to be written is not this one's.
      spawnSync('sync');
      const post = () => postHeld(taker.url, own, { ...STOW_HEADERS, ...taker.headers }, CONNECTIONS);
      const { result: load, watched: seen } = await watched(taker.server, WATCH, post);
      rounds.get(taker)?.push({ load, seen });
    }
  }
  const all: Measured[] = [];
  for (const taker of takers)
    all.push(await measured(taker, set, { rounds: rounds.get(taker) ?? [], warmUpFailures: failures.get(taker) ?? 0 }));
  for (const { server } of takers) await server.stop();
  return all;
}

async function measured(
  { work, stored }: Taker,
  set: DataSet,
  { rounds, warmUpFailures }: { readonly rounds: readonly Round[]; readonly warmUpFailures: number },
): Promise<Measured> {
  const perBody = set.instances / set.files.length;
  const rates = rounds.map(({ load }) => (load.requests * perBody) / load.seconds);
  const instancesPerSecond = median(rates);
  const failed = rounds.reduce((sum, { load }) => sum + load.failures, warmUpFailures);
  const has = await stored();
  const most = (of: (seen: Watched) => number): number => Math.max(...rounds.map(({ seen }) => of(seen)));
  return {
    ...{ work, rates, instancesPerSecond },
    mbPerSecond: (instancesPerSecond * set.bytes) / set.instances / 1e6,
    seconds: rounds.reduce((sum, { load }) => sum + load.seconds, 0),
    p95: median(rounds.map(({ load }) => load.p95)),
    trouble: failed === 0 && has === set.instances ? '' : `${failed} requests failed, ${String(has)} of ${set.instances} stored`,
    pssMb: most(({ pssMb }) => pssMb),
    pssWithPostgresMb: most(({ pssWithPostgresMb }) => pssWithPostgresMb),
    ...{ healthP50: null, healthP99: null, healthMax: null },
  };
}
