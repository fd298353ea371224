-- Which backups were made, and how they ended. Locks: none, a new table.

CREATE TABLE backups (
  id uuid PRIMARY KEY,
  started_at timestamptz NOT NULL,
  -- Written again every few seconds while it runs: a run without an end that is silent was cut off.
  seen_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text CHECK (outcome IN ('DONE', 'DAMAGE', 'FAILED')),
  -- Why it failed, as a code.
  failure text,
  target text NOT NULL,
  is_encrypted boolean NOT NULL,
  has_database boolean NOT NULL,
  -- Everything that was committed until then is in it.
  point_at timestamptz,
  objects bigint NOT NULL DEFAULT 0,
  copied_objects bigint NOT NULL DEFAULT 0,
  copied_bytes bigint NOT NULL DEFAULT 0,
  damaged bigint NOT NULL DEFAULT 0,
  CHECK ((outcome IS NULL) = (ended_at IS NULL))
);
CREATE INDEX backups_started ON backups (started_at DESC);
GRANT SELECT, INSERT, UPDATE, DELETE ON backups TO negatoscope_app;
