-- Images of another identity than their patient's are marked, and a move of a study leaves a record by which it is undone.
-- Locks: ACCESS EXCLUSIVE on imports, studies and conflicts for changes of the catalogue without rewriting; the indexes are over few or no rows.
ALTER TABLE imports
  ADD COLUMN on_mismatch text NOT NULL DEFAULT 'reject' CHECK (on_mismatch IN ('reject', 'owner', 'apart')),
  ADD COLUMN mismatch_reason text;

-- { received: the identity that the images carry, reason, userId, importId, at }; null for images that don't contradict their patient, or that nobody decided on.
ALTER TABLE studies ADD COLUMN identity_mismatch jsonb;

-- The import that brought it, so that what came together can be decided together.
ALTER TABLE conflicts ADD COLUMN import_id uuid;
CREATE INDEX conflicts_open_import ON conflicts (import_id) WHERE status = 'OPEN';
CREATE INDEX conflicts_open_study ON conflicts (study_instance_uid) WHERE status = 'OPEN';

-- Marked images are found by the name and Patient ID that they carry, too.
CREATE OR REPLACE FUNCTION ng_study_search_text() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  owner_of record;
BEGIN
  SELECT p.name_key, p.record_number, p.search_text INTO owner_of FROM patients p WHERE p.id = NEW.patient_id;
  NEW.patient_name := left(coalesce(owner_of.name_key, ''), 200);
  NEW.record_number := coalesce(owner_of.record_number, '');
  NEW.public_text := ng_normalize(NEW.record_number || ' ' || array_to_string(NEW.modalities, ' '));
  NEW.search_text := btrim(coalesce(owner_of.search_text, '') || ' '
    || ng_normalize(concat_ws(' ', NEW.identity_mismatch #>> '{received,familyName}', NEW.identity_mismatch #>> '{received,givenName}',
      NEW.identity_mismatch #>> '{received,patientId}')) || ' '
    || ng_normalize(coalesce(NEW.accession_number, '') || ' ' || coalesce(NEW.description, '') || ' ' || array_to_string(NEW.modalities, ' ')));
  NEW.search_text := btrim(regexp_replace(NEW.search_text, ' +', ' ', 'g'));
  RETURN NEW;
END $$;
DROP TRIGGER studies_search_text ON studies;
CREATE TRIGGER studies_search_text BEFORE INSERT OR UPDATE OF patient_id, description, accession_number, modalities, identity_mismatch ON studies
  FOR EACH ROW EXECUTE FUNCTION ng_study_search_text();

-- What a move changed, as it was before. A patient that is erased leaves an empty place: then there is nothing to go back to.
CREATE TABLE study_moves (
  id uuid PRIMARY KEY,
  -- The partition that the study is in.
  group_id uuid,
  study_id uuid NOT NULL REFERENCES studies ON DELETE CASCADE,
  from_patient_id uuid REFERENCES patients ON DELETE SET NULL,
  to_patient_id uuid REFERENCES patients ON DELETE SET NULL,
  from_group_id uuid,
  mismatch_before jsonb,
  -- MD5 of the ids of the study's instances: undoing takes back exactly these.
  instances_md5 text NOT NULL,
  -- Who, as the journal names them: no key, because accounts go and what they did stays.
  moved_by uuid,
  moved_at timestamptz NOT NULL DEFAULT now(),
  undone_by uuid,
  undone_at timestamptz
);
CREATE INDEX study_moves_study ON study_moves (study_id, moved_at);
CREATE INDEX study_moves_from ON study_moves (from_patient_id);
CREATE INDEX study_moves_to ON study_moves (to_patient_id);
ALTER TABLE study_moves ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_scope ON study_moves TO negatoscope_app
  USING ((SELECT current_setting('negatoscope.scope', true)) = 'all'
    OR group_id = (SELECT nullif(current_setting('negatoscope.group_id', true), '')::uuid)
    OR (group_id IS NULL AND (SELECT current_setting('negatoscope.ungrouped', true)) = 'on'));
GRANT SELECT, INSERT, UPDATE, DELETE ON study_moves TO negatoscope_app;
