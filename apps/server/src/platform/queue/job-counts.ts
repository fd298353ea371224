import type { ReadTx, Tx } from '../db/database.ts';

/** What the runs of one job came to, in all processes. */
export interface JobCounts {
  readonly name: string;
  /** Since when they are counted. */
  readonly since: Date;
  /** Those that failed among them; what was interrupted by an orderly end is no run. */
  readonly runs: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly lastMs: number;
  readonly lastRunAt: Date;
  readonly lastFailedAt: Date | null;
  /** A code of this server or of the database, or the kind of the error; never what it says, which may tell of patients. */
  readonly lastFailure: string | null;
}

/** Runs that ended, to be added to the counts. */
export interface EndedRuns {
  readonly name: string;
  readonly runs: number;
  readonly failures: number;
  readonly totalMs: number;
  readonly longestMs: number;
  readonly lastMs: number;
  /** Of the last one that failed among them. */
  readonly failure: string | undefined;
}

export const addRuns = (tx: Tx, ended: EndedRuns): Promise<number> =>
  tx.run(
    `INSERT INTO job_counts AS c (name, runs, failures, total_ms, longest_ms, last_ms, last_failed_at, last_failure)
     VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7::text IS NULL THEN NULL ELSE now() END, $7)
     ON CONFLICT (name) DO UPDATE SET runs = c.runs + excluded.runs, failures = c.failures + excluded.failures, total_ms = c.total_ms + excluded.total_ms,
       longest_ms = greatest(c.longest_ms, excluded.longest_ms), last_ms = excluded.last_ms, last_run_at = now(),
       last_failed_at = coalesce(excluded.last_failed_at, c.last_failed_at), last_failure = coalesce(excluded.last_failure, c.last_failure)`,
    [
      ended.name,
      ended.runs,
      ended.failures,
      Math.round(ended.totalMs),
      Math.round(ended.longestMs),
      Math.round(ended.lastMs),
      ended.failure ?? null,
    ],
    'job-counts-add',
  );

export const readCounts = (tx: ReadTx): Promise<JobCounts[]> =>
  tx.rows(
    `SELECT name, since, runs, failures, total_ms AS "totalMs", longest_ms AS "longestMs", last_ms AS "lastMs", last_run_at AS "lastRunAt",
       last_failed_at AS "lastFailedAt", last_failure AS "lastFailure" FROM job_counts ORDER BY name`,
  );

/** What a failure is called where its text must not be shown. */
export function nameOfFailure(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' && /^\w{1,40}$/.test(error.code) ? error.code : error.name;
}
