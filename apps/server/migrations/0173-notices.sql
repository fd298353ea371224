-- What a person is told of: an import that ended, a result, a report, a study that was given to them. Ids only. Locks: none on tables that exist but a moment on users and studies for the references.

CREATE TABLE notices (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('IMPORT_DONE', 'EXPORT_DONE', 'PREDICTION_DONE', 'PREDICTION_FAILED', 'REPORT_SIGNED', 'STUDY_ASSIGNED')),
  study_id uuid REFERENCES studies,
  -- Of an import, a prediction, a report's version.
  entity_id uuid,
  at timestamptz NOT NULL,
  read_at timestamptz
);
CREATE INDEX notices_user ON notices (user_id, at DESC, id);
CREATE INDEX notices_unread ON notices (user_id) WHERE read_at IS NULL;
CREATE INDEX notices_study ON notices (study_id) WHERE study_id IS NOT NULL;
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON notices TO negatoscope_app;
