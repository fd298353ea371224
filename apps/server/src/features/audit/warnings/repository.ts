import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

const RULES = ['MASS_EXPORT', 'NIGHT', 'DENIED', 'OWN_RECORD', 'COLLEAGUE_RECORD', 'SAME_NAME'] as const;
export type Rule = (typeof RULES)[number];

/** What a rule found in the journal. */
export interface Finding {
  readonly rule: Rule;
  readonly actorId: string;
  readonly patientId: string | null;
  /** The event that made it one. */
  readonly eventId: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Patients, refusals, or events. */
  readonly amount: number;
}

/** Opens a warning, or adds to the one that waits; whether it is a new one. */
export const raise = (tx: Tx, id: string, found: Finding, now: Date) =>
  tx.first(
    `INSERT INTO audit_warnings AS w (id, rule, actor_id, patient_id, event_id, first_at, last_at, amount, raised_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     ON CONFLICT (rule, actor_id, patient_id) WHERE acknowledged_at IS NULL DO UPDATE SET last_at = greatest(w.last_at, excluded.last_at),
       amount = CASE WHEN excluded.patient_id IS NULL THEN greatest(w.amount, excluded.amount) ELSE w.amount + excluded.amount END
     RETURNING w.id = $1 AS is_new`,
    [id, found.rule, found.actorId, found.patientId, found.eventId, found.firstAt, found.lastAt, found.amount, now],
  );

/** The latest that somebody has looked at: what it was of is not told again. */
export const findAcknowledged = (tx: ReadTx, rule: Rule, actorId: string, patientId: string | null) =>
  tx.first(
    `SELECT last_at, acknowledged_at FROM audit_warnings WHERE rule = $1 AND actor_id = $2 AND patient_id IS NOT DISTINCT FROM $3 AND acknowledged_at IS NOT NULL
     ORDER BY acknowledged_at DESC LIMIT 1`,
    [rule, actorId, patientId],
  );

export const countDenied = (tx: ReadTx, actorId: string, from: Date, to: Date) =>
  tx.first(
    `SELECT count(*)::int AS amount, min(occurred_at) AS first_at FROM audit_events
     WHERE actor_id = $1 AND occurred_at > $2 AND occurred_at <= $3 AND outcome = 'DENIED'`,
    [actorId, from, to],
  );

export const countPatients = (tx: ReadTx, actorId: string, actions: readonly string[], from: Date, to: Date) =>
  tx.first(
    `SELECT count(DISTINCT patient_id)::int AS amount, min(occurred_at) AS first_at FROM audit_events
     WHERE actor_id = $1 AND occurred_at > $3 AND occurred_at <= $4 AND outcome = 'SUCCESS' AND action = ANY($2::text[])`,
    [actorId, actions, from, to],
  );

/** Patients that somebody opened outside the hours of a day, `HH:MM`. */
export const countAtNight = (
  tx: ReadTx,
  actorId: string,
  { timeZone, from, to }: { readonly timeZone: string; readonly from: string; readonly to: string },
  [since, until]: readonly [Date, Date],
) =>
  tx.first(
    `SELECT count(DISTINCT patient_id)::int AS amount, min(occurred_at) AS first_at FROM audit_events
     WHERE actor_id = $1 AND occurred_at > $5 AND occurred_at <= $6 AND outcome = 'SUCCESS' AND patient_id IS NOT NULL
       AND CASE WHEN $3::text <= $4::text
         THEN (occurred_at AT TIME ZONE $2)::time < $3::text::time OR (occurred_at AT TIME ZONE $2)::time >= $4::text::time
         ELSE (occurred_at AT TIME ZONE $2)::time < $3::text::time AND (occurred_at AT TIME ZONE $2)::time >= $4::text::time END`,
    [actorId, timeZone, from, to, since, until],
  );

export const findPeople = (tx: ReadTx) => tx.rows("SELECT id, first_name, last_name FROM users WHERE status = 'ACTIVE'");

export type WarningRow = FoundBy<typeof findWarnings>;

/** Warnings, the latest first: all, or those that nobody has looked at yet. */
export const findWarnings = (
  tx: ReadTx,
  { isOpen, after, limit }: { isOpen: boolean; after: readonly [string, string] | undefined; limit: number },
) =>
  tx.rows(
    `SELECT w.id, w.rule, w.actor_id, w.patient_id, w.event_id, w.first_at, w.last_at, w.amount, w.raised_at, w.acknowledged_at, w.acknowledged_by, w.reason,
       a.first_name || ' ' || a.last_name AS actor_name, b.first_name || ' ' || b.last_name AS acknowledged_name
     FROM audit_warnings w LEFT JOIN users a ON a.id = w.actor_id LEFT JOIN users b ON b.id = w.acknowledged_by
     WHERE (NOT $1 OR w.acknowledged_at IS NULL) AND ($2::timestamptz IS NULL OR (w.raised_at, w.id) < ($2::timestamptz, $3::uuid))
     ORDER BY w.raised_at DESC, w.id DESC LIMIT $4`,
    [isOpen, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export const countOpen = (tx: ReadTx) =>
  tx.first('SELECT count(*)::int AS open FROM audit_warnings WHERE acknowledged_at IS NULL');

/** Whether it waited until now; null where there is none. */
export const acknowledge = async (
  tx: Tx,
  id: string,
  by: { readonly userId: string; readonly reason: string; readonly at: Date },
): Promise<{ readonly patientId: string | null; readonly isDone: boolean } | undefined> => {
  const row = await tx.first('SELECT patient_id, acknowledged_at FROM audit_warnings WHERE id = $1 FOR UPDATE', [id]);
  if (row === undefined) return undefined;
  if (row.acknowledged_at !== null) return { patientId: row.patient_id, isDone: false };
  await tx.run('UPDATE audit_warnings SET acknowledged_at = $2, acknowledged_by = $3, reason = $4 WHERE id = $1', [
    id,
    by.at,
    by.userId,
    by.reason,
  ]);
  return { patientId: row.patient_id, isDone: true };
};

/** How many nobody was told of, and when somebody was told last. */
export const findUntold = (tx: ReadTx) =>
  tx.first(
    `SELECT (count(*) FILTER (WHERE told_at IS NULL AND acknowledged_at IS NULL))::int AS untold, max(told_at) AS told_at FROM audit_warnings`,
  );

export const noteTold = (tx: Tx, until: Date, at: Date): Promise<number> =>
  tx.run('UPDATE audit_warnings SET told_at = $2 WHERE told_at IS NULL AND raised_at <= $1', [until, at]);
