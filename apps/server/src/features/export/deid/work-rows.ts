import type { Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

/** An export and by what its worker is known: whoever takes it up makes another one, and nothing of the former counts any more. */
export interface Held {
  readonly id: string;
  readonly claim: string;
}

/** The next one that waits, or whose process is gone. */
export const claimNext = (tx: Tx, { claim, now, goneBefore }: { claim: string; now: Date; goneBefore: Date }) =>
  tx.first(
    `UPDATE deid_exports SET status = 'RUNNING', claim = $1, kept_at = $2::timestamptz, tries = tries + 1, done = 0, refused = 0, unchanged = 0 WHERE id = (
       SELECT id FROM deid_exports WHERE status = 'WAITING' OR (status = 'RUNNING' AND kept_at < $3)
       ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, user_id, token_id, permissions, project_id, patient_ids, study_uids, tries, is_cancelled, form, target_group_id`,
    [claim, now, goneBefore],
  );
export type Claimed = FoundBy<typeof claimNext>;

interface Progress {
  readonly total: number | null;
  readonly done: number;
  readonly refused: number;
  readonly now: Date;
}
/** Says that it is still worked at, and how far; whether it is wanted, and nothing where it is no longer this worker's. */
export const keepExport = (tx: Tx, { id, claim }: Held, { total, done, refused, now }: Progress) =>
  tx.first(
    `UPDATE deid_exports SET kept_at = $3, total = $4, done = $5, refused = $6 WHERE id = $1 AND claim = $2 AND status = 'RUNNING'
     RETURNING is_cancelled`,
    [id, claim, now, total, done, refused],
  );

/** Another worker begins it anew; nothing where nobody wants that. */
export const putBack = (tx: Tx, { id, claim }: Held): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET status = 'WAITING', claim = NULL, tries = tries - 1 WHERE id = $1 AND claim = $2 AND status = 'RUNNING' AND NOT is_cancelled`,
    [id, claim],
  );

interface Result extends Progress {
  readonly resultId: string;
  readonly sizeBytes: number;
  readonly studyIds: readonly string[];
  readonly refusals: readonly { readonly path: string; readonly because: string }[];
  readonly expiresAt: Date;
  readonly unchanged: number;
}
/** Nothing where it is another's, or wanted no more. */
export const endDone = (tx: Tx, { id, claim }: Held, result: Result): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET status = 'DONE', claim = NULL, total = $3, done = $4, refused = $5, refusals = $6::jsonb, study_ids = $7, result_id = $8,
       size_bytes = $9, ended_at = $10, expires_at = $11, unchanged = $12 WHERE id = $1 AND claim = $2 AND status = 'RUNNING' AND NOT is_cancelled`,
    [
      id,
      claim,
      result.total,
      result.done,
      result.refused,
      JSON.stringify(result.refusals),
      result.studyIds,
      result.resultId,
      result.sizeBytes,
      result.now,
      result.expiresAt,
      result.unchanged,
    ],
  );

export const endWithout = (
  tx: Tx,
  { id, claim }: Held,
  { status, code, now }: { status: 'FAILED' | 'CANCELLED'; code: string | null; now: Date },
): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET status = CASE WHEN is_cancelled THEN 'CANCELLED' ELSE $3 END, code = CASE WHEN is_cancelled THEN NULL ELSE $4 END,
       claim = NULL, ended_at = $5 WHERE id = $1 AND claim = $2 AND status = 'RUNNING'`,
    [id, claim, status, code, now],
  );

/** Takes away what ended before; gives the ids of kept files. */
export const removeEnded = (tx: Tx, before: Date) =>
  tx.rows('DELETE FROM deid_exports WHERE ended_at < $1 RETURNING result_id', [before]);

/** Exports whose files are kept, with the studies that are in them. */
export const findKept = (tx: Tx) =>
  tx.rows(`SELECT id, result_id, study_ids FROM deid_exports WHERE status = 'DONE' AND result_id IS NOT NULL`, []);

/** Nothing is kept of these any more: something that was in them is gone for good. */
export const endGone = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run(
    `UPDATE deid_exports SET status = 'FAILED', code = 'NOT_FOUND', result_id = NULL, size_bytes = NULL, expires_at = NULL
     WHERE id = ANY ($1::uuid[]) AND status = 'DONE'`,
    [ids],
  );

/** Which of these kept files are some export's. */
export const knownResults = (tx: Tx, ids: readonly string[]) =>
  tx.rows('SELECT result_id FROM deid_exports WHERE result_id = ANY ($1::uuid[])', [ids]);
