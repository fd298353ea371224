import type { DeidProject } from '@negatoscope/contract';
import { nameOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

const COLUMNS =
  `p.id, p.group_id, p.name, p.note, p.options, p.dates, p.sealed_key, p.created_by, p.created_at, (${nameOf('p.created_by')}) AS by_name` as const;

export type ProjectRow = FoundBy<typeof findProject>;

/** Row-level security says which there are. */
export const findProjects = (tx: ReadTx, limit: number): Promise<ProjectRow[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM deid_projects p ORDER BY p.created_at DESC, p.id DESC LIMIT $1`, [limit]);

export const findProject = (tx: ReadTx, id: string) => tx.first(`SELECT ${COLUMNS} FROM deid_projects p WHERE p.id = $1`, [id]);

export const countProjects = async (tx: ReadTx): Promise<number> =>
  (await tx.first('SELECT count(*)::int AS n FROM deid_projects', []))?.n ?? 0;

interface NewProject extends Pick<DeidProject, 'id' | 'name' | 'note' | 'options' | 'dates' | 'groupId'> {
  readonly sealedKey: Buffer;
  readonly userId: string;
  readonly now: Date;
}
export const insertProject = (
  tx: Tx,
  { id, name, note, options, dates, groupId, sealedKey, userId, now }: NewProject,
): Promise<number> =>
  tx.run(
    `INSERT INTO deid_projects (id, group_id, name, note, options, dates, sealed_key, created_by, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [id, groupId, name, note, options, dates, sealedKey, userId, now],
  );
