-- Reports of studies: what is being written, every text that was sent, and what was signed. Locks: none on tables that exist but a moment on studies and users for the references.

-- What is being written of a study; none once it is signed. It is about the patient whom its author saw, whoever has the study now.
CREATE TABLE report_drafts (
  study_id uuid PRIMARY KEY REFERENCES studies,
  group_id uuid,
  written_for uuid NOT NULL,
  version integer NOT NULL,
  -- The signed version that it amends, 0 for a first one.
  amends integer NOT NULL,
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  template text,
  sections jsonb NOT NULL,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  changed_at timestamptz NOT NULL
);
CREATE INDEX report_drafts_author ON report_drafts (author_id);

-- Every text by the id that its client gave it, also those that were refused because another had come before (version is null).
CREATE TABLE report_edits (
  study_id uuid NOT NULL REFERENCES studies,
  id uuid NOT NULL,
  group_id uuid,
  written_for uuid NOT NULL,
  base_version integer NOT NULL,
  version integer,
  amends integer NOT NULL,
  language text NOT NULL,
  template text,
  sections jsonb NOT NULL,
  author_id uuid REFERENCES users ON DELETE SET NULL,
  made_at timestamptz NOT NULL,
  PRIMARY KEY (study_id, id)
);
CREATE INDEX report_edits_latest ON report_edits (study_id, made_at DESC);
CREATE INDEX report_edits_author ON report_edits (author_id);

-- What was signed, as the bytes that were signed.
CREATE TABLE report_versions (
  id uuid PRIMARY KEY,
  study_id uuid NOT NULL REFERENCES studies,
  number integer NOT NULL CHECK (number > 0),
  group_id uuid,
  written_for uuid NOT NULL,
  content bytea NOT NULL,
  sha256 bytea NOT NULL CHECK (sha256 = sha256(content)),
  signed_by uuid REFERENCES users ON DELETE SET NULL,
  signed_at timestamptz NOT NULL,
  UNIQUE (study_id, number)
);
CREATE INDEX report_versions_signed_by ON report_versions (signed_by);

-- A signed version moves with its study and outlives its author's account; nothing else of it ever changes.
CREATE FUNCTION ng_report_is_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.study_id, NEW.number, NEW.written_for, NEW.content, NEW.sha256, NEW.signed_at)
     IS DISTINCT FROM (OLD.id, OLD.study_id, OLD.number, OLD.written_for, OLD.content, OLD.sha256, OLD.signed_at)
     OR (NEW.signed_by IS NOT NULL AND NEW.signed_by IS DISTINCT FROM OLD.signed_by) THEN
    RAISE EXCEPTION 'a signed report does not change' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER report_versions_stay BEFORE UPDATE ON report_versions FOR EACH ROW EXECUTE FUNCTION ng_report_is_signed();

ALTER TABLE report_drafts ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_edits ENABLE ROW LEVEL SECURITY;
ALTER TABLE report_versions ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON report_drafts, report_edits, report_versions TO negatoscope_app;
