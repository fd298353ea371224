import { requirePermission, type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, ReadTx } from '../../platform/db/database.ts';
import { composed } from '../../platform/db/statements.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { namedByKinds } from '../kinds.ts';
import type { RowKinds } from '../row-kind.ts';

export interface OrphanTools {
  readonly db: Pick<Db, 'reading'>;
  readonly by: Service;
  readonly objects: ObjectStore;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}

/** Longer than the longest time between an object's publishing and its transaction. */
const ORPHAN_AFTER_MS = 3_600_000;

/** The ids among these that no row names. */
async function withoutRow(tx: ReadTx, kinds: RowKinds, ids: readonly string[]): Promise<string[]> {
  const text = `SELECT id FROM unnest($1::uuid[]) AS o(id)
     WHERE NOT EXISTS (SELECT FROM instances i WHERE i.id = o.id) AND NOT EXISTS (SELECT FROM series s WHERE s.metadata_object = o.id)
       AND NOT EXISTS (SELECT FROM retired_objects r WHERE r.id = o.id) AND NOT (${namedByKinds(kinds, 'o.id')})`;
  const rows = await tx.rows(composed({ text, values: [ids] }, 'SELECT id FROM retired_objects'));
  return rows.map((row) => row.id);
}

/** Whether rows name each of these. */
export const areNamed = async (tx: ReadTx, kinds: RowKinds, ids: readonly string[]): Promise<boolean> =>
  ids.length === 0 || (await withoutRow(tx, kinds, ids)).length === 0;

/** Deletes objects that no row names and that have not changed for an hour: what a crash between publishing and committing left. Idempotent. */
export async function removeOrphans({ db, objects, clock, kinds, by }: OrphanTools): Promise<number> {
  requirePermission(by, 'trash.purge');
  let removed = 0;
  for await (const ids of objects.list({ before: new Date(clock.now().getTime() - ORPHAN_AFTER_MS) })) {
    for (let at = 0; at < ids.length; at += 1000) {
      const orphans = await db.reading(scopeOf(by), (tx) => withoutRow(tx, kinds, ids.slice(at, at + 1000)));
      await objects.delete(orphans);
      removed += orphans.length;
    }
  }
  return removed;
}
