import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { Figures } from './kept.ts';

/** Days and months of the site that are over and have no report yet: of the last seven days and the last two months, from the first event on. */
export const findDue = (tx: ReadTx, timeZone: string, now: Date) =>
  tx.rows(
    `SELECT span.period, span.begins::date::text AS begins, span.begins AT TIME ZONE $1 AS from_at, span.ends AT TIME ZONE $1 AS to_at
     FROM (SELECT 'DAY' AS period, d AS begins, d + interval '1 day' AS ends FROM generate_series(
         date_trunc('day', $2::timestamptz AT TIME ZONE $1) - interval '7 days', date_trunc('day', $2::timestamptz AT TIME ZONE $1) - interval '1 day', '1 day') d
       UNION ALL SELECT 'MONTH', m, m + interval '1 month' FROM generate_series(
         date_trunc('month', $2::timestamptz AT TIME ZONE $1) - interval '2 months', date_trunc('month', $2::timestamptz AT TIME ZONE $1) - interval '1 month', '1 month') m) span
     WHERE NOT EXISTS (SELECT FROM audit_reports r WHERE r.period = span.period AND r.begins = span.begins::date)
       AND span.ends AT TIME ZONE $1 > (SELECT min(occurred_at) FROM audit_events)
     ORDER BY span.ends, span.period`,
    [timeZone, now],
  );

/** What each did how often, by outcome. */
export const countRows = (tx: ReadTx, from: Date, to: Date) =>
  tx.rows(
    `SELECT actor_id, actor, action, outcome, count(*)::int AS events, count(DISTINCT patient_id)::int AS patients FROM audit_events
     WHERE occurred_at >= $1 AND occurred_at < $2 GROUP BY actor_id, actor, action, outcome ORDER BY actor_id, actor, action, outcome`,
    [from, to],
  );

/** Of each person: how many patients they had to do with, and how many of these were taken out. */
export const countPeople = (tx: ReadTx, from: Date, to: Date, takenOut: readonly string[]) =>
  tx.rows(
    `SELECT actor_id, count(*)::int AS events, count(DISTINCT patient_id)::int AS patients,
       (count(DISTINCT patient_id) FILTER (WHERE action = ANY($3::text[]) AND outcome = 'SUCCESS'))::int AS taken_out,
       (count(*) FILTER (WHERE outcome = 'DENIED'))::int AS denied, (count(*) FILTER (WHERE outcome = 'FAILURE'))::int AS failed
     FROM audit_events WHERE occurred_at >= $1 AND occurred_at < $2 AND actor_id IS NOT NULL GROUP BY actor_id ORDER BY 2 DESC, actor_id`,
    [from, to, takenOut],
  );

export const countWarnings = (tx: ReadTx, from: Date, to: Date) =>
  tx.first(
    `SELECT (count(*) FILTER (WHERE raised_at >= $1 AND raised_at < $2))::int AS raised, (count(*) FILTER (WHERE acknowledged_at >= $1 AND acknowledged_at < $2))::int AS acknowledged,
       (count(*) FILTER (WHERE acknowledged_at IS NULL))::int AS open FROM audit_warnings`,
    [from, to],
  );

export interface NewReport {
  readonly id: string;
  readonly period: 'DAY' | 'MONTH';
  readonly begins: string;
  readonly from: Date;
  readonly to: Date;
  readonly timeZone: string;
  readonly figures: Figures;
  readonly now: Date;
}

/** How many were made: none where another process was first. */
export const insertReport = (tx: Tx, { id, period, begins, from, to, timeZone, figures, now }: NewReport): Promise<number> =>
  tx.run(
    `INSERT INTO audit_reports (id, period, begins, from_at, to_at, time_zone, made_at, figures) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
     ON CONFLICT (period, begins) DO NOTHING`,
    [id, period, begins, from, to, timeZone, now, JSON.stringify(figures)],
  );

export const removeOld = (tx: Tx, before: Date): Promise<number> =>
  tx.run("DELETE FROM audit_reports WHERE period = 'DAY' AND to_at < $1", [before]);

export const findReports = (tx: ReadTx, limit: number) =>
  tx.rows(
    `SELECT id, period, begins::text AS begins, made_at, (figures->>'events')::int AS events, (figures->'warnings'->>'raised')::int AS warnings FROM audit_reports
     ORDER BY to_at DESC, period LIMIT $1`,
    [limit],
  );

export type ReportRow = FoundBy<typeof findReport>;

export const findReport = (tx: ReadTx, id: string) =>
  tx.first(
    'SELECT id, period, begins::text AS begins, from_at, to_at, time_zone, made_at, figures FROM audit_reports WHERE id = $1',
    [id],
  );

export const findUntold = (tx: ReadTx) =>
  tx.rows(
    'SELECT id, period, begins::text AS begins, from_at, to_at, time_zone, made_at, figures FROM audit_reports WHERE told_at IS NULL ORDER BY to_at LIMIT 20',
  );

export const noteTold = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE audit_reports SET told_at = $2 WHERE id = $1', [id, now]);

/** Names as they are today, by the ids that figures hold. */
export const findNames = (tx: ReadTx, ids: readonly string[]) =>
  tx.rows("SELECT id, first_name || ' ' || last_name AS name FROM users WHERE id = ANY($1::uuid[])", [ids]);

export const findLocales = (tx: ReadTx, emails: readonly string[]) =>
  tx.rows('SELECT email, locale FROM users WHERE lower(email) = ANY($1::text[])', [emails.map((email) => email.toLowerCase())]);
