import type { LabelColor } from '@negatoscope/contract';
import { hasArm, idsOf, type Scope } from '../../../access/index.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';

const COLUMNS = 'id, group_id, name, color, changed_at';

/** Labels of the installation and of the groups in scope. */
export const findLabels = (tx: ReadTx, scope: Scope) =>
  tx.rows(
    `SELECT ${COLUMNS} FROM labels WHERE group_id IS NULL OR $1::boolean OR group_id = ANY ($2::uuid[]) ORDER BY name, id LIMIT 500`,
    [hasArm(scope, 'all'), idsOf(scope, 'group')],
    'labels',
  );

export const findLabel = (tx: ReadTx, id: string) =>
  tx.first('SELECT id, group_id, name, color, changed_at FROM labels WHERE id = $1', [id]);

export const countLabels = async (tx: ReadTx, groupId: string | null): Promise<number> =>
  (await tx.first('SELECT count(*)::int AS n FROM labels WHERE group_id IS NOT DISTINCT FROM $1::uuid', [groupId]))?.n ?? 0;

interface Kept {
  readonly id: string;
  readonly groupId: string | null;
  readonly name: string;
  readonly color: LabelColor;
  readonly now: Date;
}

/** Undefined where the group has one of that name. */
export const insertLabel = (tx: Tx, { id, groupId, name, color, now }: Kept) =>
  tx.first(
    `INSERT INTO labels (id, group_id, name, color, changed_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (group_id, name) DO NOTHING RETURNING ${COLUMNS}`,
    [id, groupId, name, color, now],
  );

/** Undefined where another of its group has that name. */
export const changeLabel = (tx: Tx, { id, name, color, now }: Omit<Kept, 'groupId'>) =>
  tx.first(
    `UPDATE labels l SET name = $2, color = $3, changed_at = $4
     WHERE l.id = $1 AND NOT EXISTS (SELECT FROM labels o WHERE o.group_id IS NOT DISTINCT FROM l.group_id AND o.name = $2 AND o.id <> l.id)
     RETURNING ${COLUMNS}`,
    [id, name, color, now],
  );

export const deleteLabel = (tx: Tx, id: string): Promise<number> => tx.run('DELETE FROM labels WHERE id = $1', [id]);

/** How many of these are of a group, or of the installation. */
export const countFitting = async (tx: ReadTx, ids: readonly string[], groupId: string | null): Promise<number> =>
  (
    await tx.first('SELECT count(*)::int AS n FROM labels WHERE id = ANY ($1::uuid[]) AND (group_id IS NULL OR group_id = $2)', [
      ids,
      groupId,
    ])
  )?.n ?? 0;

export const putOn = (tx: Tx, study: { readonly id: string; readonly group_id: string | null }, ids: readonly string[]) =>
  tx.run(
    'INSERT INTO study_labels (study_id, label_id, group_id) SELECT $1, l.id, $2 FROM labels l WHERE l.id = ANY ($3::uuid[]) ON CONFLICT DO NOTHING',
    [study.id, study.group_id, ids],
  );

export const takeOff = (tx: Tx, studyId: string, ids: readonly string[]): Promise<number> =>
  tx.run('DELETE FROM study_labels WHERE study_id = $1 AND label_id = ANY ($2::uuid[])', [studyId, ids]);
