-- How studies hang on the screen, for a person, a site or the whole installation. Locks: none on tables that exist but a moment on users and groups for the references.

CREATE TABLE hanging_rules (
  id uuid PRIMARY KEY,
  -- Of one person, or of a site; of neither: of the installation.
  user_id uuid REFERENCES users ON DELETE CASCADE,
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  -- The partition in which it is seen: a person's own, a group's, or none.
  group_id uuid GENERATED ALWAYS AS (coalesce(user_id, site_id)) STORED,
  modality text NOT NULL,
  region text,
  layout jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  CHECK (user_id IS NULL OR site_id IS NULL),
  UNIQUE NULLS NOT DISTINCT (group_id, modality, region)
);
CREATE INDEX hanging_rules_user ON hanging_rules (user_id);
CREATE INDEX hanging_rules_site ON hanging_rules (site_id);

ALTER TABLE hanging_rules ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON hanging_rules TO negatoscope_app;
