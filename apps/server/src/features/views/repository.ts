import type { ListViewContent } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

const COLUMNS = 'id, user_id, site_id, name, content, changed_at';

export type ViewRow = FoundBy<typeof findView>;

/** The views of a person, of their groups and of the installation; an administrator sees other people's rows, but is not asked for them. */
export const findViews = (tx: ReadTx, userId: string, groupIds: readonly string[]): Promise<ViewRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM list_views WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))
     ORDER BY user_id NULLS FIRST, name, id`,
    [userId, groupIds],
  );

export const findView = (tx: ReadTx, id: string) => tx.first(`SELECT ${COLUMNS} FROM list_views WHERE id = $1`, [id]);

/** How many views with a name a person, a site or the installation has, beside the one of this name. */
export const countOthers = async (
  tx: ReadTx,
  { userId, siteId, name }: { readonly userId: string | null; readonly siteId: string | null; readonly name: string },
): Promise<number> =>
  (
    await tx.first(
      `SELECT count(*)::int AS n FROM list_views
       WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid AND name NOT IN ('', $3)`,
      [userId, siteId, name],
    )
  )?.n ?? 0;

interface Kept {
  readonly id: string;
  readonly userId: string | null;
  readonly siteId: string | null;
  readonly name: string;
  readonly content: ListViewContent;
  readonly now: Date;
}

/** Keeps a view of a name that nobody has used there; undefined where there is one. Waits for whoever is saving one at this moment. */
export const addView = (tx: Tx, { id, userId, siteId, name, content, now }: Kept) =>
  tx.first(
    `INSERT INTO list_views (id, user_id, site_id, name, content, changed_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
     ON CONFLICT (group_id, name) DO NOTHING RETURNING ${COLUMNS}`,
    [id, userId, siteId, name, JSON.stringify(content), now],
  );

/** What the view of a name shows, held so that nobody else changes it before this one has. */
export const holdContent = async (
  tx: Tx,
  { userId, siteId, name }: Pick<Kept, 'userId' | 'siteId' | 'name'>,
): Promise<ListViewContent | null> =>
  (
    await tx.first('SELECT content FROM list_views WHERE group_id IS NOT DISTINCT FROM $1::uuid AND name = $2 FOR UPDATE', [
      userId ?? siteId,
      name,
    ])
  )?.content ?? null;

/** Keeps a view in place of the one of that name, which keeps its id. */
export const keepView = (tx: Tx, { id, userId, siteId, name, content, now }: Kept) =>
  tx.first(
    `INSERT INTO list_views (id, user_id, site_id, name, content, changed_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)
     ON CONFLICT (group_id, name) DO UPDATE SET content = EXCLUDED.content, changed_at = EXCLUDED.changed_at
     RETURNING ${COLUMNS}`,
    [id, userId, siteId, name, JSON.stringify(content), now],
  );

export const deleteView = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM list_views WHERE id = $1', [id]);
