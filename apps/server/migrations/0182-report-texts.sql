-- What reports are begun with and what abbreviations stand for, of a person, a site or the installation. Locks: none on tables that exist but a moment on users and groups for the references.

CREATE TABLE report_templates (
  id uuid PRIMARY KEY,
  -- Of one person, or of a site; of neither: of the installation.
  user_id uuid REFERENCES users ON DELETE CASCADE,
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  -- The partition in which it is seen: a person's own, a group's, or none.
  group_id uuid GENERATED ALWAYS AS (coalesce(user_id, site_id)) STORED,
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  name text NOT NULL,
  modality text,
  region text,
  sections jsonb NOT NULL,
  changed_at timestamptz NOT NULL,
  CHECK (user_id IS NULL OR site_id IS NULL),
  UNIQUE NULLS NOT DISTINCT (group_id, language, name)
);
CREATE INDEX report_templates_user ON report_templates (user_id);
CREATE INDEX report_templates_site ON report_templates (site_id);

CREATE TABLE report_phrases (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  group_id uuid GENERATED ALWAYS AS (coalesce(user_id, site_id)) STORED,
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  short text NOT NULL,
  text text NOT NULL,
  changed_at timestamptz NOT NULL,
  CHECK (user_id IS NULL OR site_id IS NULL),
  UNIQUE NULLS NOT DISTINCT (group_id, language, short)
);
CREATE INDEX report_phrases_user ON report_phrases (user_id);
CREATE INDEX report_phrases_site ON report_phrases (site_id);

ALTER TABLE report_templates ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_phrases ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_templates, report_phrases TO negatoscope_app;
