import type { KeptFor } from '../../../archive/lifecycle/retention.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';

/** Rules in the order in which they were written, and when. */
export const findRules = (tx: ReadTx) =>
  tx.rows(
    'SELECT modality, group_id, is_ungrouped, of_minors, counts_from, years, changed_at FROM retention_rules ORDER BY place',
    [],
  );

/** All at once: who writes waits for who writes. */
export async function replaceRules(
  tx: Tx,
  rules: readonly (KeptFor & { readonly id: string })[],
  { userId, now }: { readonly userId: string; readonly now: Date },
): Promise<void> {
  await tx.run('DELETE FROM retention_rules', []);
  await tx.run(
    `INSERT INTO retention_rules (id, place, modality, group_id, is_ungrouped, of_minors, counts_from, years, changed_by, changed_at)
     SELECT r.id, r.place, r.modality, r.group_id, r.is_ungrouped, r.of_minors, r.counts_from, r.years, $2::uuid, $3::timestamptz
     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place int, modality text, group_id uuid, is_ungrouped boolean, of_minors boolean, counts_from text, years int)`,
    [JSON.stringify(rules.map((rule, place) => ({ ...rule, place }))), userId, now],
  );
}

export const lockRules = (tx: Tx): Promise<number> => tx.run('LOCK TABLE retention_rules IN SHARE ROW EXCLUSIVE MODE', []);
