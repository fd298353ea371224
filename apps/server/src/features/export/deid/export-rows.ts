import type { DeidForm } from '@negatoscope/contract';
import { groupName } from '../../../archive/partitions.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

const COLUMNS =
  `e.id, e.user_id, e.project_id, p.name AS project_name, e.status, e.code, e.patient_ids, e.study_ids, e.total, e.done, e.refused, e.refusals,
  e.result_id, e.size_bytes, e.created_at, e.ended_at, e.expires_at, e.form, e.target_group_id, e.unchanged, (${groupName('e.target_group_id')}) AS target_name,
  (SELECT count(*)::int FROM deid_held_files h WHERE h.study_id = ANY (e.study_ids) AND h.decision IS NULL) AS waiting,
  (SELECT count(*)::int FROM deid_held_files h WHERE h.study_id = ANY (e.study_ids) AND h.decided_at > e.ended_at) AS decided` as const;

export type ExportRow = FoundBy<typeof findExport>;

/** Somebody's own, also of who sees everybody's rows. */
export const findExports = (tx: ReadTx, userId: string, limit: number): Promise<ExportRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM deid_exports e LEFT JOIN deid_projects p ON p.id = e.project_id WHERE e.user_id = $1
     ORDER BY e.created_at DESC, e.id DESC LIMIT $2`,
    [userId, limit],
  );

export const findExport = (tx: ReadTx, userId: string, id: string) =>
  tx.first(
    `SELECT ${COLUMNS} FROM deid_exports e LEFT JOIN deid_projects p ON p.id = e.project_id WHERE e.user_id = $1 AND e.id = $2`,
    [userId, id],
  );

export const countOpen = async (tx: ReadTx, userId: string): Promise<number> =>
  (
    await tx.first(`SELECT count(*)::int AS n FROM deid_exports WHERE user_id = $1 AND status IN ('WAITING', 'RUNNING')`, [
      userId,
    ])
  )?.n ?? 0;

interface NewExport {
  readonly id: string;
  readonly userId: string;
  readonly tokenId: string | null;
  readonly permissions: readonly string[];
  readonly projectId: string | null;
  readonly patientIds: readonly string[];
  readonly studyUids: readonly string[] | null;
  readonly form: DeidForm;
  readonly targetGroupId: string | null;
  readonly now: Date;
}
export const insertExport = (
  tx: Tx,
  { id, userId, tokenId, permissions, projectId, patientIds, studyUids, form, targetGroupId, now }: NewExport,
): Promise<number> =>
  tx.run(
    `INSERT INTO deid_exports (id, user_id, token_id, permissions, project_id, patient_ids, study_uids, created_at, form, target_group_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [id, userId, tokenId, permissions, projectId, patientIds, studyUids, now, form, targetGroupId],
  );

/** What nobody works at has ended with it; what is worked at ends in a moment. Nothing where it has ended. */
export const wishCancelled = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET is_cancelled = true, status = CASE status WHEN 'WAITING' THEN 'CANCELLED' ELSE status END,
       ended_at = CASE status WHEN 'WAITING' THEN $2::timestamptz END
     WHERE id = $1 AND status IN ('WAITING', 'RUNNING')`,
    [id, now],
  );

/** Begun anew, as whoever takes it up begins; nothing where it has not ended well. What it made is nobody's from then on. */
export const resume = (tx: Tx, id: string): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET status = 'WAITING', tries = 0, total = NULL, done = 0, refused = 0, refusals = '[]', result_id = NULL, size_bytes = NULL,
       ended_at = NULL, expires_at = NULL WHERE id = $1 AND status = 'DONE'`,
    [id],
  );
