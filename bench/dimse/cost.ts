import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from '../support/bench.ts';
import { processorByKind } from '../support/processor.ts';
import type { Cell } from '../support/results.ts';
import type { Side } from './sides.ts';
import { ctStudy, store } from './tools.ts';

const KINDS = ['dimse', 'postgres', 'web', 'worker', 'main'] as const;

/** The embedded PostgreSQL is nobody's child. */
export function pidsOf({ server }: Side): number[] {
  if (!('dataDir' in server)) return [server.pid];
  const postmaster = readFileSync(path.join(server.dataDir, 'postgres', '18', 'postmaster.pid'), 'utf8');
  return [server.pid, Number.parseInt(postmaster, 10)];
}

/**
 * Milliseconds of a processor that each kind of our processes takes for an instance, which other work on the machine hardly changes, beside the rate, which it
 * does. The first study is not counted: until then what it runs is being compiled.
 */
export async function measureCost(bench: Bench, sides: readonly Side[]): Promise<void> {
  const slices = bench.quick ? 50 : 200;
  const rows: Cell[][] = [];
  for (const side of sides) {
    await store(side, ctStudy(bench, 'cost-warm', slices), 1);
    for (const associations of [1, 4]) {
      const study = ctStudy(bench, `cost-${associations}`, slices);
      const before = processorByKind(pidsOf(side));
      const seconds = await store(side, study, associations);
      const after = processorByKind(pidsOf(side));
      const costOf = (kind: string): number => (((after.get(kind) ?? 0) - (before.get(kind) ?? 0)) * 1000) / slices;
      const all = [...after.keys()].reduce((sum, kind) => sum + costOf(kind), 0);
      rows.push([side.name, associations, study.bytes / seconds / 1e6, all, ...(side.name === 'ours' ? KINDS.map(costOf) : [])]);
    }
  }
  const columns = ['server', 'associations', 'MB/s', 'processor ms an instance', ...KINDS];
  bench.results.add({ title: `What an instance of 512 KiB costs, of ${slices}`, columns, rows });
}
