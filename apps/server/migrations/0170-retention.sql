-- How long studies are kept, by what they are. Locks: none on tables that exist.
CREATE TABLE retention_rules (
  id uuid PRIMARY KEY,
  place integer NOT NULL,
  -- Each that is null is any: a modality, a group (is_ungrouped: none), whether the patient was a minor at the last examination.
  modality text CHECK (modality ~ '^[A-Z0-9 _]{1,16}$'),
  group_id uuid,
  is_ungrouped boolean NOT NULL DEFAULT false,
  of_minors boolean,
  -- From the patient's last examination, or from the eighteenth birthday on.
  counts_from text NOT NULL CHECK (counts_from IN ('LAST_STUDY', 'ADULTHOOD')),
  years integer NOT NULL CHECK (years BETWEEN 1 AND 200),
  changed_by uuid REFERENCES users ON DELETE SET NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX retention_rules_changed_by ON retention_rules (changed_by);
GRANT SELECT, INSERT, UPDATE, DELETE ON retention_rules TO negatoscope_app;
