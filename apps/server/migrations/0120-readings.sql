-- Who reads a study now. Locks: none on tables that exist but a moment on studies and users for the references.

-- A reading that is going on, by the id that its page gave it. It counts for a while after `seen_at`; what is left of it then is taken away by a job.
CREATE TABLE readings (
  study_id uuid NOT NULL REFERENCES studies,
  id uuid NOT NULL,
  group_id uuid,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  since timestamptz NOT NULL,
  seen_at timestamptz NOT NULL,
  -- The study is in progress by this reading alone, or by others like it: when the last of them ends, it is to be read again.
  has_marked boolean NOT NULL,
  PRIMARY KEY (study_id, id)
);
CREATE INDEX readings_seen ON readings (seen_at);
CREATE INDEX readings_user ON readings (user_id);

ALTER TABLE readings ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON readings TO negatoscope_app;
