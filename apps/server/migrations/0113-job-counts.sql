-- What the runs of each job came to, in all processes.
-- Locks: none on tables that exist; one new table of as many rows as there are jobs.
CREATE TABLE job_counts (
  name text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  runs bigint NOT NULL,
  failures bigint NOT NULL,
  total_ms bigint NOT NULL,
  longest_ms bigint NOT NULL,
  last_ms bigint NOT NULL,
  last_run_at timestamptz NOT NULL DEFAULT now(),
  last_failed_at timestamptz,
  -- A code or the kind of the error: what it says may tell of patients.
  last_failure text
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_counts TO negatoscope_app;
