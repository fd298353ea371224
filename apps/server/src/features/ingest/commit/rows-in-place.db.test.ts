import { ctVolume } from '@negatoscope/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createIngestFixture, type IngestFixture } from '../ingest-fixture.ts';

const SLICES = 60;

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

/** What PostgreSQL counted of new versions of rows, once every connection of the pool has told it. */
async function versions(table: 'series' | 'studies'): Promise<{ made: number; indexed: number }> {
  const all = Array.from({ length: 12 }, () => fixture.db.withSystem((tx) => tx.rows('SELECT pg_stat_force_next_flush()')));
  await Promise.all(all);
  const { rows } = await owner.query<{ made: number; indexed: number }>(
    'SELECT n_tup_upd::int AS made, (n_tup_upd - n_tup_hot_upd)::int AS indexed FROM pg_stat_user_tables WHERE relname = $1',
    [table],
  );
  return rows[0] ?? { made: 0, indexed: 0 };
}

test('an instance that arrives is counted in its study and its series without an index entry of theirs being written (migration 0186)', async () => {
  for (const { fileName: name, bytes } of ctVolume({ seed: 'rows-in-place', slices: SLICES, rows: 16, columns: 16 }))
    await fixture.send([{ name, bytes }]);

  for (const table of ['series', 'studies'] as const) {
    const { made, indexed } = await versions(table);
    expect(made, table).toBeGreaterThanOrEqual(SLICES - 1);
    // The long way of the first ones may find a full page, or change what is indexed.
    expect(indexed, table).toBeLessThanOrEqual(3);
  }
});
