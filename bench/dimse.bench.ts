import { spawnSync } from 'node:child_process';
import { measureCost, pidsOf } from './dimse/cost.ts';
import { findAll } from './dimse/find.ts';
import { type Side, startSides } from './dimse/sides.ts';
import { type CtStudy, ctStudy, get, move, startDestination, store } from './dimse/tools.ts';
import { type Bench, runBench } from './support/bench.ts';
import { postFiles } from './support/client.ts';
import { bodiesOf, dataSet, STOW_HEADERS } from './support/data.ts';
import { processorByKind, settled } from './support/processor.ts';
import { median, ratio } from './support/statistics.ts';
import { watched } from './support/watch.ts';

const ROUNDS = 3;
/** Searches before those that are measured, of each side: a server runs for weeks, and only what was run often is compiled. */
const UNMEASURED = 8;
const WATCH = { pssEveryMs: 500, asksHealth: false };

interface Line {
  readonly work: string;
  /** By name of the side: MB of 10^6 bytes a second. */
  readonly rates: Map<string, number[]>;
}

/** Each side in its turn, round after round, so that what the machine does meanwhile meets both. */
async function transfers(bench: Bench, sides: readonly Side[]): Promise<readonly Line[]> {
  const slices = bench.quick ? 10 : 200;
  const rounds = bench.quick ? 1 : ROUNDS;
  const line = (work: string): Line => ({ work, rates: new Map(sides.map(({ name }) => [name, []])) });
  const [one, four] = [line('C-STORE, one association'), line('C-STORE, four')];
  const [moved, got] = [line('C-MOVE to storescp'), line('C-GET by getscu')];
  const note = ({ rates }: Line, { name }: Side, study: CtStudy, seconds: number): void =>
    void rates.get(name)?.push(study.bytes / seconds / 1e6);
  const studies = Array.from(
    { length: rounds + 1 },
    (_, round) => [ctStudy(bench, `one-${round}`, slices), ctStudy(bench, `four-${round}`, slices)] as const,
  );
  // What was generated is on its way to the disk for half a minute otherwise, under the flushes of whoever is measured then.
  spawnSync('sync');
  for (const [round, [first, second]] of studies.entries()) {
    // The first round is not measured: a server runs for weeks, and neither is then what it is just after its start.
    const counted = round > 0 ? note : (): void => undefined;
    for (const side of sides) {
      counted(one, side, first, await store(side, first, 1));
      counted(four, side, second, await store(side, second, 4));
      counted(moved, side, first, await move(side, first));
      counted(got, side, first, await get(side, first));
    }
  }
  for (const side of sides) {
    const stored = await side.stored();
    const sent = 2 * studies.length * slices;
    if (stored !== sent) bench.results.note(`${side.name} has ${stored} of ${sent} instances.`);
  }
  return [one, four, moved, got];
}

async function measureTransfers(bench: Bench, sides: readonly Side[]): Promise<void> {
  const lines = await transfers(bench, sides);
  const columns = ['work', ...sides.map(({ name }) => `${name} MB/s`), 'ratio'];
  const rows = lines.map(({ work, rates }) => {
    const medians = sides.map(({ name }) => median(rates.get(name) ?? []));
    return [work, ...medians, ratio(medians[0], medians[1])];
  });
  bench.results.add({ title: `${bench.quick ? 10 : 200} CT instances of 512 KiB`, columns, rows });
}

/** Memory while very many come and go, each thousand by one association. */
async function flat(bench: Bench, sides: readonly Side[]): Promise<void> {
  const [thousands, slices] = bench.quick ? [2, 20] : [5, 1000];
  const studies = Array.from({ length: thousands }, (_, index) => ctStudy(bench, `many-${index}`, slices, 256));
  const rows = [];
  for (const side of sides) {
    const peaks: number[] = [];
    for (const study of studies) peaks.push((await watched(side.server, WATCH, () => store(side, study, 1))).watched.pssMb);
    const { watched: sending } = await watched(side.server, WATCH, async () => {
      for (const study of studies) await move(side, study);
    });
    rows.push([side.name, ...peaks, sending.pssMb]);
  }
  const columns = ['server, peak PSS MB', ...studies.map((_, index) => `C-STORE ${(index + 1) * slices}`), 'C-MOVE of all'];
  bench.results.add({ title: `Memory while ${thousands * slices} CT instances of 128 KiB come and go`, columns, rows });
}

async function searches(bench: Bench, sides: readonly Side[]): Promise<void> {
  const set = await dataSet(bench, 'studies', bench.quick ? 200 : 20_000);
  const rows = [];
  const all: number[] = [];
  for (const { server, headers } of sides)
    await postFiles(`${server.baseUrl}/dicom-web/studies`, bodiesOf(set), { ...STOW_HEADERS, ...headers }, 4);
  await settled(sides.flatMap(pidsOf));
  for (const side of sides) {
    for (let round = 0; round < (bench.quick ? 1 : UNMEASURED); round += 1) await findAll(side);
    const found = [];
    const before = processorByKind(pidsOf(side));
    for (let round = 0; round < (bench.quick ? 1 : ROUNDS); round += 1) found.push(await findAll(side));
    const after = processorByKind(pidsOf(side));
    // What a search takes of the processor says more than its time where others are at work as well.
    const costs = ['dimse', 'postgres'].map(
      (kind) => (1000 * ((after.get(kind) ?? 0) - (before.get(kind) ?? 0))) / found.length || null,
    );
    const [first, last] = [median(found.map(({ firstMs }) => firstMs)), median(found.map(({ allMs }) => allMs))];
    all.push(last);
    rows.push([side.name, found[0]?.matches ?? 0, first, last, ...costs]);
  }
  bench.results.add({
    title: 'C-FIND of all studies',
    columns: ['server', 'matches', 'first ms', 'all ms', 'processor ms: dimse', 'postgres'],
    rows,
  });
  bench.results.note(`C-FIND, all: Orthanc takes ${ratio(all[1], all[0])?.toFixed(1) ?? '–'} times as long.`);
}

/** DIMSE with DCMTK's tools as the other side, Orthanc beside it. */
await runBench('dimse', async (bench) => {
  if (spawnSync('storescu', ['--version']).status !== 0) {
    bench.results.note('DCMTK is not installed: nothing is measured.');
    return;
  }
  const sides = await startSides(bench);
  await startDestination(bench);
  // All of it takes an hour; BENCH_PART names the one that is wanted.
  const parts = { transfers: measureTransfers, memory: flat, searches, cost: measureCost };
  for (const [name, part] of Object.entries(parts))
    if ([name, undefined].includes(process.env.BENCH_PART)) await part(bench, sides);
});
