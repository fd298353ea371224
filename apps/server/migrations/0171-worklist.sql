-- Who is to read a study, how soon, and what it is labelled. Locks: ACCESS EXCLUSIVE on studies for a change of the catalogue without rewriting; writes to studies wait while three indexes are built (a second or so a million rows).

ALTER TABLE studies
  ADD COLUMN urgency text NOT NULL DEFAULT 'ROUTINE' CHECK (urgency IN ('ROUTINE', 'URGENT', 'STAT')),
  -- Older images that are here to be compared with: nobody is to read them.
  ADD COLUMN is_prior boolean NOT NULL DEFAULT false,
  -- Counts assignments and urgencies: who decides upon an older one is told.
  ADD COLUMN work_version integer NOT NULL DEFAULT 0;
CREATE INDEX studies_by_assignee ON studies (assignee_id, study_moment, id) WHERE assignee_id IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX studies_by_urgency ON studies (urgency, study_moment, id) WHERE urgency <> 'ROUTINE' AND deleted_at IS NULL;
-- How long reading takes is counted of what was validated lately.
CREATE INDEX studies_validated ON studies (validated_at) WHERE validated_at IS NOT NULL;

-- Labels that a group has, or the whole installation (group_id is null).
CREATE TABLE labels (
  id uuid PRIMARY KEY,
  group_id uuid REFERENCES groups ON DELETE CASCADE,
  name text NOT NULL,
  color text NOT NULL CHECK (color IN ('GREY', 'RED', 'ORANGE', 'YELLOW', 'GREEN', 'TEAL', 'BLUE', 'PURPLE')),
  changed_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (group_id, name)
);

CREATE TABLE study_labels (
  study_id uuid NOT NULL REFERENCES studies,
  label_id uuid NOT NULL REFERENCES labels ON DELETE CASCADE,
  group_id uuid,
  PRIMARY KEY (study_id, label_id)
);
CREATE INDEX study_labels_label ON study_labels (label_id, study_id);

ALTER TABLE study_labels ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON labels, study_labels TO negatoscope_app;
