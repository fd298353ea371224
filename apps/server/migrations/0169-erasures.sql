-- Patients who were erased for good, by ids and keyed hashes alone. Locks: none on tables that exist.

CREATE TABLE erasures (
  id uuid PRIMARY KEY,
  -- The record, those that were merged into it, and their studies, by their ids: a database that is brought back to an older moment has them again.
  records uuid[] NOT NULL,
  studies uuid[] NOT NULL,
  -- HMAC-SHA-256 of identifiers, of name with birth date, and of Study Instance UIDs: by them it is seen that somebody comes back.
  marks bytea[] NOT NULL,
  -- A code, never a text: a text would name somebody.
  reason text NOT NULL CHECK (reason IN ('PATIENT', 'CONSENT', 'UNLAWFUL', 'COURT', 'MISTAKE', 'OTHER')),
  asked_by uuid REFERENCES users ON DELETE SET NULL,
  asked_at timestamptz NOT NULL,
  done_at timestamptz,
  objects integer,
  -- Since when a legal hold keeps it from being done: one that an older database brought back.
  held_at timestamptz
);
CREATE INDEX erasures_marks ON erasures USING gin (marks) WITH (fastupdate = off);
CREATE INDEX erasures_waiting ON erasures (asked_at) WHERE done_at IS NULL;
CREATE INDEX erasures_asked_by ON erasures (asked_by);
GRANT SELECT, INSERT, UPDATE ON erasures TO negatoscope_app;

-- Who came, after an erasure, under something that the erased patient had. It is told to administrators; nothing is refused.
CREATE TABLE erased_returns (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES patients,
  group_id uuid,
  erasure_id uuid NOT NULL REFERENCES erasures,
  found_at timestamptz NOT NULL,
  seen_by uuid REFERENCES users ON DELETE SET NULL,
  seen_at timestamptz
);
CREATE INDEX erased_returns_patient ON erased_returns (patient_id);
CREATE INDEX erased_returns_erasure ON erased_returns (erasure_id);
CREATE INDEX erased_returns_seen_by ON erased_returns (seen_by);
ALTER TABLE erased_returns ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON erased_returns TO negatoscope_app;

-- Up to when what came was looked at.
CREATE TABLE erasure_watch (
  is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  looked_until timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON erasure_watch TO negatoscope_app;
