// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../db/statements.ts';

declare module '../db/statements.ts' {
  interface Statements {
    // job-counts.ts
    'INSERT INTO job_counts AS c (name, runs, failures, total_ms, longest_ms, last_ms, last_failed_at, last_failure)\n     VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7::text IS NULL THEN NULL ELSE now() END, $7)\n     ON CONFLICT (name) DO UPDATE SET runs = c.runs + excluded.runs, failures = c.failures + excluded.failures, total_ms = c.total_ms + excluded.total_ms,\n       longest_ms = greatest(c.longest_ms, excluded.longest_ms), last_ms = excluded.last_ms, last_run_at = now(),\n       last_failed_at = coalesce(excluded.last_failed_at, c.last_failed_at), last_failure = coalesce(excluded.last_failure, c.last_failure)': { values: readonly [string, number | bigint, number | bigint, number | bigint, number | bigint, number | bigint, string | null] };
    'SELECT name, since, runs, failures, total_ms AS "totalMs", longest_ms AS "longestMs", last_ms AS "lastMs", last_run_at AS "lastRunAt",\n       last_failed_at AS "lastFailedAt", last_failure AS "lastFailure" FROM job_counts ORDER BY name': { values: readonly []; row: { name: string; since: Date; runs: number; failures: number; totalMs: number; longestMs: number; lastMs: number; lastRunAt: Date; lastFailedAt: Date | null; lastFailure: string | null } };
  }
}
