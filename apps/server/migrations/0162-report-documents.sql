-- Of which instances of its study a signed report is, too. Locks: a moment on studies for the reference.

CREATE TABLE report_documents (
  study_id uuid NOT NULL REFERENCES studies,
  number integer NOT NULL,
  kind text NOT NULL CHECK (kind IN ('PDF', 'SR')),
  group_id uuid,
  series_instance_uid text NOT NULL,
  sop_instance_uid text NOT NULL,
  is_stored boolean NOT NULL DEFAULT false,
  PRIMARY KEY (study_id, number, kind)
);
ALTER TABLE report_documents ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_documents TO negatoscope_app;
