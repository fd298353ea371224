-- What reports are begun with and what abbreviations stand for, of a person, a site or the installation. What stands above their printed form, and whether they are dictated. Locks: a moment on users and groups for the references, an exclusive one on report_versions for a column without values.

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

-- Letterheads by their content (SHA-256 of their canonical form): what a report was signed under stays as it was, whatever is set afterwards.
CREATE TABLE letterheads (
  sha256 bytea PRIMARY KEY,
  name text NOT NULL,
  lines text[] NOT NULL,
  phone text,
  -- PNG or JPEG, as it was made anew from what was sent.
  logo bytea
);
-- What a site (a group, or the installation where it is null) says of its reports; null: as the installation.
CREATE TABLE report_sites (
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  letterhead bytea REFERENCES letterheads,
  may_dictate boolean,
  changed_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (site_id)
);
CREATE INDEX report_sites_letterhead ON report_sites (letterhead);
GRANT SELECT, INSERT ON letterheads TO negatoscope_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_sites TO negatoscope_app;

-- Under which one it was signed; null before there were any.
ALTER TABLE report_versions ADD COLUMN letterhead bytea REFERENCES letterheads;
CREATE INDEX report_versions_letterhead ON report_versions (letterhead);

CREATE OR REPLACE FUNCTION ng_report_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.study_id, NEW.number, NEW.written_for, NEW.content, NEW.sha256, NEW.signed_at, NEW.letterhead)
     IS DISTINCT FROM (OLD.id, OLD.study_id, OLD.number, OLD.written_for, OLD.content, OLD.sha256, OLD.signed_at, OLD.letterhead)
     OR (NEW.signed_by IS NOT NULL AND NEW.signed_by IS DISTINCT FROM OLD.signed_by) THEN
    RAISE EXCEPTION 'a signed report does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
