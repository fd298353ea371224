-- Files that may show text: they leave without identity once a person has looked at them. A new table: no lock that matters.
CREATE TABLE deid_held_files (
  instance_id uuid PRIMARY KEY REFERENCES instances ON DELETE CASCADE,
  series_id uuid NOT NULL,
  study_id uuid NOT NULL,
  group_id uuid,
  sop_instance_uid text NOT NULL,
  -- What was looked at: a decision is none about another file that took its place.
  file_sha256 bytea NOT NULL,
  because text NOT NULL CHECK (because IN ('BURNED_IN', 'TEXT_SUSPECTED')),
  rows integer NOT NULL,
  columns integer NOT NULL,
  frames integer NOT NULL,
  held_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 0,
  decision text CHECK (decision IN ('MASKED', 'ACCEPTED', 'LEFT_OUT')),
  masks jsonb NOT NULL DEFAULT '[]',
  decided_by uuid REFERENCES users ON DELETE SET NULL,
  decided_at timestamptz
);
CREATE INDEX deid_held_files_series ON deid_held_files (series_id, instance_id);
CREATE INDEX deid_held_files_study ON deid_held_files (study_id);
CREATE INDEX deid_held_files_decided_by ON deid_held_files (decided_by);

ALTER TABLE deid_held_files ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON deid_held_files TO negatoscope_app;
