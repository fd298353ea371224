import type pg from 'pg';
import { NOTHING } from '../../apps/server/src/access/index.ts';
import { findPage } from '../../apps/server/src/features/audit/repository.ts';
import { TOTAL_CAP } from '../../apps/server/src/kernel/list.ts';
import { openDatabase } from '../../apps/server/src/platform/db/database.ts';
import type { Cell, Table } from '../support/results.ts';
import { quantile } from '../support/statistics.ts';
import { AUDIT_FILTERS } from './rows.ts';

/** The first page of the journal with its total, as its route asks for them, by each filter: p50 and p95 in milliseconds. */
export async function auditPages(app: pg.ClientConfig, rounds: number): Promise<Table> {
  const db = openDatabase({ connection: app, poolSize: 1 });
  const rows: Cell[][] = [];
  for (const [name, filter] of Object.entries(AUDIT_FILTERS)) {
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const started = performance.now();
      await db.reading(NOTHING, (tx) => findPage(tx, filter, { after: undefined, limit: 101, cap: TOTAL_CAP }));
      // The first reads what is on the disk.
      if (round > 0) times.push(performance.now() - started);
    }
    rows.push([name, quantile(times, 0.5), quantile(times, 0.95)]);
  }
  await db.close();
  return { title: `Pages of the journal, ${rounds} rounds, ms`, columns: ['filter', 'p50', 'p95'], rows };
}
