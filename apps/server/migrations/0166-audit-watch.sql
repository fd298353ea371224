-- What watches over the journal: how far its chain was checked, who follows it event by event, warnings, and reports of days and months. New tables only: no lock that matters.
CREATE TABLE audit_checks (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  -- Everything up to here held when it came; each run goes on behind it.
  sequence bigint NOT NULL DEFAULT 0,
  hash bytea,
  checked_at timestamptz,
  -- The reading of the whole chain from its beginning, a piece in each run.
  pass_sequence bigint NOT NULL DEFAULT 0,
  pass_hash bytea,
  pass_started_at timestamptz,
  pass_ended_at timestamptz,
  -- The first that does not hold; a problem without one is of none in particular.
  problem text,
  bad_sequence bigint,
  bad_event uuid,
  found_at timestamptz,
  told_at timestamptz
);
-- Who reads every event once, in the order of the chain, and how far they are.
CREATE TABLE audit_followers (
  name text PRIMARY KEY,
  sequence bigint NOT NULL,
  failing_since timestamptz
);
CREATE TABLE audit_warnings (
  id uuid PRIMARY KEY,
  rule text NOT NULL CHECK (rule IN ('MASS_EXPORT', 'NIGHT', 'DENIED', 'OWN_RECORD', 'COLLEAGUE_RECORD', 'SAME_NAME')),
  -- No foreign keys: whom it concerns may be erased.
  actor_id uuid NOT NULL,
  patient_id uuid,
  -- The first and the latest event that it is of, and how many patients or refusals there were.
  event_id uuid NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  amount integer NOT NULL,
  raised_at timestamptz NOT NULL,
  told_at timestamptz,
  acknowledged_at timestamptz,
  acknowledged_by uuid,
  reason text
);
-- While one waits for somebody, the same is no other.
CREATE UNIQUE INDEX audit_warnings_open ON audit_warnings (rule, actor_id, patient_id) NULLS NOT DISTINCT WHERE acknowledged_at IS NULL;
CREATE INDEX audit_warnings_time ON audit_warnings (raised_at DESC, id DESC);
CREATE TABLE audit_reports (
  id uuid PRIMARY KEY,
  period text NOT NULL CHECK (period IN ('DAY', 'MONTH')),
  -- First day in the site's time zone.
  begins date NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz NOT NULL,
  time_zone text NOT NULL,
  made_at timestamptz NOT NULL,
  -- Ids and counts; names are joined when it is read.
  figures jsonb NOT NULL,
  told_at timestamptz,
  UNIQUE (period, begins)
);
GRANT SELECT, INSERT, UPDATE ON audit_checks, audit_followers, audit_warnings, audit_reports TO negatoscope_app;
GRANT DELETE ON audit_reports TO negatoscope_app;
