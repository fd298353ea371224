import { setTimeout as sleep } from 'node:timers/promises';
import { ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestFixture, type IngestFixture } from '../ingest-fixture.ts';

const TIMES = 200;
/** Before, each of a series, and one in eight of a study. A few where somebody still sees the versions of before when they should be cleared away. */
const FEW = 12;

let fixture: IngestFixture;
let owner: Client;
beforeAll(async () => {
  fixture = await createIngestFixture();
  owner = new Client(fixture.database.ownerConfig);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await fixture.close();
});

type Counted = { table: string; made: number; indexed: number };
/** What PostgreSQL counted of new versions of rows, and of those that were written into the indexes. */
const COUNTED = `SELECT relname AS table, n_tup_upd::int AS made, (n_tup_upd - n_tup_hot_upd)::int AS indexed
  FROM pg_stat_user_tables WHERE relname IN ('series', 'studies') ORDER BY relname`;

test('an instance that arrives is counted in its study and its series without an index entry of theirs being written (migration 0186)', async () => {
  const [first, second] = [...ctVolume({ seed: 'rows-in-place', slices: 2, rows: 16, columns: 16 })];
  for (const file of [first, second])
    await fixture.send([{ name: file?.fileName ?? '', bytes: file?.bytes ?? new Uint8Array(0) }]);
  const text = await owner.query<{ prosrc: string }>("SELECT prosrc FROM pg_proc WHERE proname = 'ng_hold_places'");
  // The very columns that the short way of an import counts in.
  expect(text.rows[0]?.prosrc).toContain('size_bytes = t.size_bytes + n.bytes, updated_at = now()');
  expect(text.rows[0]?.prosrc).toContain('version = r.version + 1, updated_at = now()');

  /** Since `from`; a connection tells what it did some time after it was asked to. */
  const counted = async (from: readonly Counted[] = [], least = 0): Promise<Counted[]> => {
    for (;;) {
      await owner.query('SELECT pg_stat_force_next_flush()');
      const { rows } = await owner.query<Counted>(COUNTED);
      const since = rows.map((row, index) => ({
        table: row.table,
        made: row.made - (from[index]?.made ?? 0),
        indexed: row.indexed - (from[index]?.indexed ?? 0),
      }));
      if (since.every(({ made }) => made >= least)) return since;
      await sleep(50);
    }
  };
  const indexedIn = async (): Promise<Record<string, number>> => {
    const before = await counted();
    for (let time = 0; time < TIMES; time += 1) {
      await owner.query(
        'UPDATE studies SET instance_count = instance_count + 1, size_bytes = size_bytes + 1, updated_at = now()',
      );
      await owner.query(
        'UPDATE series SET instance_count = instance_count + 1, size_bytes = size_bytes + 1, version = version + 1, updated_at = now()',
      );
    }
    return Object.fromEntries((await counted(before, TIMES)).map(({ table, indexed }) => [table, indexed]));
  };
  // PostgreSQL itself, gathering statistics of this database, may look on for a second: not each time.
  const rounds = [await indexedIn(), await indexedIn(), await indexedIn()];
  for (const table of ['series', 'studies'])
    expect(Math.min(...rounds.map((round) => round[table] ?? TIMES)), table).toBeLessThanOrEqual(FEW);
});
