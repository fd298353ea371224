-- Descriptions are free text, which may name the patient: who sees pseudonyms searches studies by record number and modality only. Locks: the rows
-- of studies with a description, while they are rewritten; some minutes for a million, in which nothing waits but changes of these rows.
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
    || ng_normalize(coalesce(NEW.accession_number, '') || ' ' || coalesce(NEW.description, '') || ' ' || array_to_string(NEW.modalities, ' ')));
  RETURN NEW;
END $$;
UPDATE studies SET public_text = ng_normalize(record_number || ' ' || array_to_string(modalities, ' ')) WHERE description IS NOT NULL;
