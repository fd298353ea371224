import type { Tx } from '../platform/db/database.ts';
import { composed } from '../platform/db/statements.ts';
import type { MovedRows } from './lifecycle/merge-record.ts';
import type { RowKinds } from './row-kind.ts';

const followers = (kinds: RowKinds): RowKinds => kinds.filter(({ level, merge }) => level === 'patient' && merge === 'follows');

/** What hangs on a patient itself goes to the record that stays; gives which rows these were. */
export async function mergeRows(tx: Tx, kinds: RowKinds, from: string, into: string): Promise<MovedRows> {
  const moved: Record<string, string[]> = {};
  for (const { table, key } of followers(kinds)) {
    const text = `UPDATE ${table} SET ${key} = $2 WHERE ${key} = $1 RETURNING id::text AS id`;
    const rows = await tx.rows(composed({ text, values: [from, into] }, 'SELECT id::text AS id FROM patients'));
    if (rows.length > 0) moved[`${table}.${key}`] = rows.map(({ id }) => id);
  }
  return moved;
}

/** These rows go back to where they hung, as far as they hang where a merge put them. */
export async function unmergeRows(
  tx: Tx,
  kinds: RowKinds,
  { from, into, rows }: { from: string; into: string; rows: MovedRows },
): Promise<void> {
  for (const { table, key } of followers(kinds)) {
    const ids = rows[`${table}.${key}`];
    const text = `UPDATE ${table} SET ${key} = $1 WHERE ${key} = $2 AND id::text = ANY($3::text[])`;
    if (ids !== undefined) await tx.run(composed({ text, values: [from, into, ids] }));
  }
}
