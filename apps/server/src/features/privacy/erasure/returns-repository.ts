import type { ReadTx, Tx } from '../../../platform/db/database.ts';

export const findLookedUntil = async (tx: ReadTx): Promise<Date | undefined> =>
  (await tx.first('SELECT looked_until FROM erasure_watch', []))?.looked_until;

export const putLookedUntil = (tx: Tx, at: Date): Promise<number> =>
  tx.run(
    `INSERT INTO erasure_watch (looked_until) VALUES ($1) ON CONFLICT (is_one) DO UPDATE SET looked_until = greatest(erasure_watch.looked_until, excluded.looked_until)`,
    [at],
  );

const MOST = 200;

/** Notes that a record that came is of who was erased, once for each erasure. False where that is known. */
export const insertReturn = async (
  tx: Tx,
  one: {
    readonly id: string;
    readonly patientId: string;
    readonly groupId: string | null;
    readonly erasureId: string;
    readonly now: Date;
  },
): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO erased_returns (id, patient_id, group_id, erasure_id, found_at) SELECT $1, $2, $3, $4, $5
     WHERE NOT EXISTS (SELECT FROM erased_returns r WHERE r.patient_id = $2 AND r.erasure_id = $4)`,
    [one.id, one.patientId, one.groupId, one.erasureId, one.now],
  )) > 0;

/** Those that nobody took note of, the latest first. */
export const findReturns = (tx: ReadTx) =>
  tx.rows(
    `SELECT r.id, r.patient_id, r.group_id, r.erasure_id, r.found_at FROM erased_returns r WHERE r.seen_at IS NULL ORDER BY r.found_at DESC, r.id DESC LIMIT ${MOST}`,
    [],
  );

/** Whose it is; undefined where there is no such one, or somebody took note of it. */
export const noteSeen = (tx: Tx, { id, userId, now }: { readonly id: string; readonly userId: string; readonly now: Date }) =>
  tx.first(
    'UPDATE erased_returns SET seen_by = $2, seen_at = $3 WHERE id = $1 AND seen_at IS NULL RETURNING patient_id, group_id',
    [id, userId, now],
  );
