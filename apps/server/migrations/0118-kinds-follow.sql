-- Locks: ACCESS EXCLUSIVE on damaged_objects for a change of the catalogue; the table holds few rows, or none.
-- Objects of every declared kind are read and noted when they are damaged (apps/server/src/archive/kinds.ts).
ALTER TABLE damaged_objects DROP CONSTRAINT damaged_objects_kind_check,
  ADD CONSTRAINT damaged_objects_kind_check CHECK (kind IN ('INSTANCE', 'VERSION', 'CONFLICT', 'METADATA', 'DERIVED'));

-- What a merge changed, as it was before, so that it can be undone whatever hangs there.
CREATE TABLE patient_merges (
  id uuid PRIMARY KEY,
  -- The partition that both records are in.
  group_id uuid,
  from_patient_id uuid NOT NULL REFERENCES patients ON DELETE CASCADE,
  into_patient_id uuid NOT NULL REFERENCES patients ON DELETE CASCADE,
  -- { before: what the record was, studies, identifiers, suspects, pointers: what went with it, rows: ids of other rows by table }
  moved jsonb NOT NULL,
  -- Who, as the journal names them: no key, because accounts go and what they did stays.
  merged_by uuid,
  merged_at timestamptz NOT NULL DEFAULT now(),
  undone_by uuid,
  undone_at timestamptz
);
CREATE INDEX patient_merges_into ON patient_merges (into_patient_id, id);
CREATE INDEX patient_merges_from ON patient_merges (from_patient_id);
ALTER TABLE patient_merges ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON patient_merges TO negatoscope_app;
