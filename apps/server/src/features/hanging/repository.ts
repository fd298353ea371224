import type { HangingLayout } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

const COLUMNS = 'id, user_id, site_id, modality, region, layout, changed_at';

export type RuleRow = FoundBy<typeof findRule>;

/** The rules of a person, of their groups and of the installation; an administrator sees other people's rows, but is not asked for them. */
export const findRules = (tx: ReadTx, userId: string, groupIds: readonly string[]): Promise<RuleRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM hanging_rules WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))
     ORDER BY modality, region NULLS FIRST, id`,
    [userId, groupIds],
  );

export const findRule = (tx: ReadTx, id: string) => tx.first(`SELECT ${COLUMNS} FROM hanging_rules WHERE id = $1`, [id]);

/** How many rules a person, a site or the installation has. */
export const countRules = async (tx: ReadTx, userId: string | null, siteId: string | null): Promise<number> =>
  (
    await tx.first(
      'SELECT count(*)::int AS n FROM hanging_rules WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid',
      [userId, siteId],
    )
  )?.n ?? 0;

interface Kept {
  readonly id: string;
  readonly userId: string | null;
  readonly siteId: string | null;
  readonly modality: string;
  readonly region: string | null;
  readonly layout: HangingLayout;
  readonly now: Date;
}

/** Keeps a rule in place of the one for the same studies, which keeps its id. */
export const keepRule = (tx: Tx, { id, userId, siteId, modality, region, layout, now }: Kept) =>
  tx.first(
    `INSERT INTO hanging_rules (id, user_id, site_id, modality, region, layout, changed_at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
     ON CONFLICT (group_id, modality, region) DO UPDATE SET layout = EXCLUDED.layout, changed_at = EXCLUDED.changed_at
     RETURNING ${COLUMNS}`,
    [id, userId, siteId, modality, region, JSON.stringify(layout), now],
  );

export const deleteRule = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM hanging_rules WHERE id = $1', [id]);
