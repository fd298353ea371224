import { isMember } from '../../../archive/records/members.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';

export interface NewAccess {
  readonly id: string;
  readonly userId: string;
  readonly patientId: string;
  readonly reason: string;
  readonly now: Date;
  readonly until: Date;
}

/** Until the transaction ends, nobody else opens anything to this person, nor shuts them out. Undefined where they may not sign in any more. */
export const lockOpening = (tx: Tx, userId: string) =>
  tx.first("SELECT id, role, level FROM users WHERE id = $1 AND status = 'ACTIVE' FOR NO KEY UPDATE", [userId]);

/** Nothing where that patient is open to them already. */
export const insertAccess = (tx: Tx, { id, userId, patientId, reason, now, until }: NewAccess): Promise<number> =>
  tx.run(
    `INSERT INTO emergency_accesses (id, user_id, patient_id, reason, opened_at, expires_at) SELECT $1, $2, $3, $4, $5, $6
     WHERE NOT EXISTS (SELECT FROM emergency_accesses WHERE user_id = $2 AND patient_id = $3 AND ended_at IS NULL AND expires_at > $5)`,
    [id, userId, patientId, reason, now, until],
  );

/** What is open to a person now. */
export const findOpen = (tx: ReadTx, userId: string, now: Date) =>
  tx.rows(
    `SELECT id, patient_id, opened_at, expires_at FROM emergency_accesses
     WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2 ORDER BY opened_at DESC, id`,
    [userId, now],
  );

/** Everybody's, the latest first. */
export const findLatest = (tx: ReadTx, most: number) =>
  tx.rows(
    `SELECT e.id, e.user_id, e.patient_id, e.reason, e.opened_at, e.expires_at, e.ended_at, u.first_name || ' ' || u.last_name AS user_name
     FROM emergency_accesses e LEFT JOIN users u ON u.id = e.user_id ORDER BY e.opened_at DESC, e.id DESC LIMIT $1`,
    [most],
  );

/** Ends one that stands: whose is null, anybody's. */
export const endAccess = (tx: Tx, id: string, { whose, by, now }: { whose: string | null; by: string; now: Date }) =>
  tx.first(
    `UPDATE emergency_accesses SET ended_at = $3, ended_by = $4 WHERE id = $1 AND ($2::uuid IS NULL OR user_id = $2)
       AND ended_at IS NULL AND expires_at > $3 RETURNING user_id, patient_id`,
    [id, whose, now, by],
  );

/** Ends all that stands; gives what that was. */
export const endAll = (tx: Tx, now: Date) =>
  tx.rows(
    'UPDATE emergency_accesses SET ended_at = $1 WHERE ended_at IS NULL AND expires_at > $1 RETURNING id, user_id, patient_id',
    [now],
  );

/** The same of one person. */
export const endAllOf = (tx: Tx, userId: string, now: Date) =>
  tx.rows(
    `UPDATE emergency_accesses SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL AND expires_at > $2
     RETURNING id, user_id, patient_id`,
    [userId, now],
  );

/** The same of these records, whoever's it is. */
export const endAllAbout = async (tx: Tx, records: readonly string[], now: Date) =>
  (await tx.rows('SELECT id, user_id, patient_id FROM ng_end_emergencies($1::uuid[], $2)', [records, now])).flatMap(
    // What a function gives the catalogue can't promise.
    ({ id, user_id, patient_id }) => (id === null || patient_id === null ? [] : [{ id, user_id, patient_id }]),
  );

/** Who answers for patients of a group: administrators, and its members; not who asks. */
export const findToTell = async (tx: ReadTx, groupId: string | null, asking: string): Promise<string[]> =>
  (
    await tx.rows(
      `SELECT id FROM users WHERE status = 'ACTIVE' AND id <> $2 AND (role = 'ADMIN' OR ${isMember('users', '$1')}) ORDER BY id`,
      [groupId, asking],
    )
  ).map(({ id }) => id);
