import type { Scope } from '../../access/scope.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { inPartition, partitionValues } from '../in-scope.ts';
import { nameOf } from '../records/study-rows.ts';

export type HoldRow = FoundBy<typeof findHold>;

const HOLDS =
  `SELECT h.id, coalesce(h.patient_id, t.patient_id) AS patient_id, h.study_id, t.study_instance_uid, h.group_id, h.reason, (${nameOf('h.placed_by')}) AS by, h.placed_at
  FROM legal_holds h LEFT JOIN studies t ON t.id = h.study_id WHERE h.lifted_at IS NULL AND ${inPartition('h', 1)}` as const;

/** Holds that stand, of what is in scope, the latest first: of one patient, and of studies of theirs, or of all. */
export const findHolds = (tx: ReadTx, scope: Scope, patientId: string | null, limit: number) =>
  tx.rows(
    `${HOLDS} AND ($4::uuid IS NULL OR coalesce(h.patient_id, t.patient_id) = $4) ORDER BY h.placed_at DESC, h.id DESC LIMIT $5`,
    [...partitionValues(scope), patientId, limit],
  );

export const findHold = (tx: ReadTx, scope: Scope, id: string) =>
  tx.first(`${HOLDS} AND h.id = $4`, [...partitionValues(scope), id]);

/** Locks all studies of a patient, whose row the caller holds: who removes one of them has done so, or sees the hold. Gives their ids. */
export async function lockAllStudies(tx: Tx, patientId: string): Promise<string[]> {
  const rows = await tx.rows('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR UPDATE', [patientId]);
  return rows.map(({ id }) => id);
}

/** Fails with PostgreSQL's 23505 where it is held already. */
export const insertHold = (
  tx: Tx,
  hold: {
    readonly id: string;
    readonly patientId: string | null;
    readonly studyId: string | null;
    readonly groupId: string | null;
    readonly reason: string;
    readonly userId: string;
    readonly now: Date;
  },
): Promise<number> =>
  tx.run(
    `INSERT INTO legal_holds (id, patient_id, study_id, group_id, reason, placed_by, placed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [hold.id, hold.patientId, hold.studyId, hold.groupId, hold.reason, hold.userId, hold.now],
  );

/** False where it was lifted meanwhile. */
export const liftHold = async (
  tx: Tx,
  { id, reason, userId, now }: { readonly id: string; readonly reason: string; readonly userId: string; readonly now: Date },
): Promise<boolean> =>
  (await tx.run('UPDATE legal_holds SET lifted_by = $2, lifted_at = $3, lift_reason = $4 WHERE id = $1 AND lifted_at IS NULL', [
    id,
    userId,
    now,
    reason,
  ])) > 0;

/** Whether anything of a patient is held. */
export const hasHeld = async (tx: ReadTx, patientId: string): Promise<boolean> =>
  (await tx.first('SELECT ng_has_held($1) AS held', [patientId]))?.held === true;
