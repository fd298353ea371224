import type { NodeEventCode } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

/** What nobody works at has ended with it; what is worked at ends in a moment. Nothing where it has ended. */
export const wishCancelled = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfers SET is_cancelled = true, status = CASE status WHEN 'WAITING' THEN 'CANCELLED' ELSE status END,
       ended_at = CASE status WHEN 'WAITING' THEN $2::timestamptz END
     WHERE id = $1 AND status IN ('WAITING', 'RUNNING')`,
    [id, now],
  );

/** What failed waits again, and what waits for its next try is tried now. Nothing where it has not ended, or all went well. */
export async function beginAgain(
  tx: Tx,
  id: string,
  asker: { readonly permissions: readonly string[]; readonly tokenId: string | null } | undefined,
): Promise<boolean> {
  const again = await tx.run(
    `UPDATE dicom_transfers SET status = 'WAITING', code = NULL, is_cancelled = false, ended_at = NULL, tries = 0, next_at = NULL,
       permissions = coalesce($2, permissions), token_id = CASE WHEN $2::text[] IS NULL THEN token_id ELSE $3::uuid END
     WHERE id = $1 AND (status IN ('PARTIAL', 'FAILED', 'CANCELLED') OR (status = 'WAITING' AND next_at IS NOT NULL))`,
    [id, asker?.permissions ?? null, asker?.tokenId ?? null],
  );
  if (again === 0) return false;
  await tx.run(
    `UPDATE dicom_transfer_items SET outcome = 'WAITING', code = NULL, status = NULL, comment = NULL, failed = 0 WHERE transfer_id = $1 AND outcome = 'FAILED'`,
    [id],
  );
  return true;
}

/** A transfer and by what its worker is known: whoever takes it up makes another one, and nothing of the former counts any more. */
export interface Held {
  readonly id: string;
  readonly claim: string;
}

interface Wanted {
  readonly claim: string;
  readonly now: Date;
  readonly goneBefore: Date;
  readonly busyNodes: readonly string[];
}
/** The next one whose time has come, or whose process is gone; of no node that is busy. */
export const claim = (tx: Tx, { claim: by, now, goneBefore, busyNodes }: Wanted) =>
  tx.first(
    `UPDATE dicom_transfers SET status = 'RUNNING', kept_at = $1::timestamptz, claim = $4 WHERE id = (
       SELECT id FROM dicom_transfers WHERE status IN ('WAITING', 'RUNNING') AND node_id <> ALL ($3::uuid[])
         AND ((status = 'WAITING' AND (next_at IS NULL OR next_at <= $1::timestamptz)) OR (status = 'RUNNING' AND kept_at < $2))
       ORDER BY created_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, kind, node_id, user_id, token_id, permissions, group_id, tries, is_cancelled`,
    [now, goneBefore, busyNodes, by],
  );
export type Claimed = FoundBy<typeof claim>;

/** Says that it is still worked at; whether it is wanted, and nothing where it is no longer this worker's. */
export const keepTransfer = (tx: Tx, { id, claim: by }: Held, now: Date) =>
  tx.first(`UPDATE dicom_transfers SET kept_at = $3 WHERE id = $1 AND claim = $2 AND status = 'RUNNING' RETURNING is_cancelled`, [
    id,
    by,
    now,
  ]);

/** Nobody takes it up, or cancels it, as long as this transaction lasts; whether it is wanted. Nothing where somebody has taken it up. */
export const holdTransfer = (tx: Tx, { id, claim: by }: Held) =>
  tx.first(`SELECT is_cancelled FROM dicom_transfers WHERE id = $1 AND claim = $2 AND status = 'RUNNING' FOR UPDATE`, [id, by]);

/** Another worker goes on with it; nothing where nobody wants that. */
export const putBack = (tx: Tx, { id, claim: by }: Held): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfers SET status = 'WAITING', claim = NULL WHERE id = $1 AND claim = $2 AND status = 'RUNNING' AND NOT is_cancelled`,
    [id, by],
  );

interface End {
  readonly id: string;
  readonly status: 'DONE' | 'PARTIAL' | 'FAILED' | 'CANCELLED';
  readonly code: NodeEventCode | null;
  readonly bytes: number;
  readonly now: Date;
}
/** Of one that is held. */
export const endTransfer = (tx: Tx, { id, status, code, bytes, now }: End): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfers SET status = $2, code = $3, bytes = bytes + $4, ended_at = $5, next_at = NULL, claim = NULL WHERE id = $1`,
    [id, status, code, bytes, now],
  );

/** What failed for one of these reasons waits again. How many there are. */
export const failedWaitAgain = (tx: Tx, transferId: string, codes: readonly string[]): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfer_items SET outcome = 'WAITING' WHERE transfer_id = $1 AND outcome = 'FAILED' AND code = ANY ($2::text[])`,
    [transferId, codes],
  );

/** One that is held is tried again at that time. */
export const tryTransferAgain = (
  tx: Tx,
  { id, code, bytes, nextAt }: Pick<End, 'id' | 'code' | 'bytes'> & { readonly nextAt: Date },
): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfers SET status = 'WAITING', code = $2, bytes = bytes + $3, tries = tries + 1, next_at = $4, claim = NULL WHERE id = $1`,
    [id, code, bytes, nextAt],
  );

export const waitingItems = (tx: ReadTx, transferId: string) =>
  tx.rows(
    `SELECT place, study_instance_uid, sop_instance_uid, instance_id FROM dicom_transfer_items WHERE transfer_id = $1 AND outcome = 'WAITING' ORDER BY place`,
    [transferId],
  );

export const outcomesOf = (tx: ReadTx, transferId: string) =>
  tx.rows(
    `SELECT outcome, code, count(*) AS items, sum(done) AS done, sum(warned) AS warned, sum(failed) AS failed FROM dicom_transfer_items
     WHERE transfer_id = $1 GROUP BY outcome, code`,
    [transferId],
  );

export interface ItemOutcome {
  readonly place: number;
  readonly outcome: 'DONE' | 'WARNING' | 'FAILED';
  readonly code: NodeEventCode | null;
  readonly status: number | null;
  readonly comment: string | null;
}
/** By who holds it; nothing by anybody else. */
export const noteOutcomes = (tx: Tx, { id, claim: by }: Held, outcomes: readonly ItemOutcome[]): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfer_items i SET outcome = r.outcome, code = r.code, status = r.status, comment = r.comment
     FROM jsonb_to_recordset($3::jsonb) AS r(place integer, outcome text, code text, status integer, comment text), dicom_transfers t
     WHERE i.transfer_id = $1 AND i.place = r.place AND t.id = i.transfer_id AND t.claim = $2`,
    [id, by, JSON.stringify(outcomes)],
  );

/** What nobody came to has failed for what all of it failed for. */
export const failTheRest = (tx: Tx, transferId: string, code: NodeEventCode): Promise<number> =>
  tx.run(`UPDATE dicom_transfer_items SET outcome = 'FAILED', code = $2 WHERE transfer_id = $1 AND outcome = 'WAITING'`, [
    transferId,
    code,
  ]);

export interface StudyProgress {
  readonly place: number;
  readonly total: number | null;
  readonly done: number;
  readonly warned: number;
  readonly failed: number;
}
export const noteProgress = (
  tx: Tx,
  { id, claim: by }: Held,
  { place, total, done, warned, failed }: StudyProgress,
): Promise<number> =>
  tx.run(
    `UPDATE dicom_transfer_items i SET total = coalesce($4, i.total), done = $5, warned = $6, failed = $7 FROM dicom_transfers t
     WHERE i.transfer_id = $1 AND i.place = $3 AND t.id = i.transfer_id AND t.claim = $2`,
    [id, by, place, total, done, warned, failed],
  );
