-- What was made of what is drawn on a study, as DICOM instances of it. Locks: none on tables that exist but a moment on studies and users for the references.

-- One line for each document, in turn: a later one takes the place of the one before. It is written before the instance is stored, so that whoever tries again, or at the
-- same time, makes the same instance.
CREATE TABLE kept_documents (
  study_id uuid NOT NULL REFERENCES studies,
  kind text NOT NULL CHECK (kind IN ('MEASUREMENTS', 'KEY_IMAGES')),
  seq integer NOT NULL,
  group_id uuid,
  -- Of the content, without who made the document and when.
  content_sha256 bytea NOT NULL,
  series_instance_uid text NOT NULL,
  sop_instance_uid text NOT NULL,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  made_at timestamptz NOT NULL,
  is_stored boolean NOT NULL DEFAULT false,
  PRIMARY KEY (study_id, kind, seq)
);
CREATE INDEX kept_documents_author ON kept_documents (author_id);

ALTER TABLE kept_documents ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON kept_documents TO negatoscope_app;
