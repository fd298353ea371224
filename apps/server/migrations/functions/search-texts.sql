-- revision: 3
-- What patients and studies are found by, kept beside them by triggers. Where rows must follow a change of these, the statement that writes them anew stands at the
-- end of this file, safe to run again, until the next change.

-- Who sees pseudonyms searches by public_text: a description is free text, which may name the patient, and so may a modality that is no code; both stand in search_text only. Marked images are found by the
-- name and Patient ID that they carry, too.
CREATE OR REPLACE FUNCTION ng_study_search_text() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  owner_of record;
BEGIN
  SELECT p.name_key, p.record_number, p.search_text INTO owner_of FROM patients p WHERE p.id = NEW.patient_id;
  NEW.patient_name := left(coalesce(owner_of.name_key, ''), 200);
  NEW.record_number := coalesce(owner_of.record_number, '');
  NEW.public_text := ng_normalize(NEW.record_number || ' ' || array_to_string(ARRAY(SELECT m FROM unnest(NEW.modalities) AS m WHERE ng_is_known_code(m)), ' '));
  NEW.search_text := btrim(coalesce(owner_of.search_text, '') || ' '
    || ng_normalize(concat_ws(' ', NEW.identity_mismatch #>> '{received,familyName}', NEW.identity_mismatch #>> '{received,givenName}',
      NEW.identity_mismatch #>> '{received,patientId}')) || ' '
    || ng_normalize(coalesce(NEW.accession_number, '') || ' ' || coalesce(NEW.description, '') || ' ' || array_to_string(NEW.modalities, ' ')));
  NEW.search_text := btrim(regexp_replace(NEW.search_text, ' +', ' ', 'g'));
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ng_patient_renamed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  UPDATE studies SET patient_id = NEW.id WHERE patient_id = NEW.id;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ng_study_patient_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  SELECT qido_names(p.family_name, p.given_name, p.person_name) INTO NEW.patient_names FROM patients p WHERE p.id = NEW.patient_id;
  NEW.patient_names := coalesce(NEW.patient_names, '=');
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION ng_learn_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  INSERT INTO name_tokens (token)
    SELECT DISTINCT word FROM changed, unnest(string_to_array(changed.name_key, ' ')) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND NOT EXISTS (SELECT FROM name_tokens t WHERE t.token = word);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ng_forget_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM name_tokens WHERE token IN (SELECT DISTINCT word FROM changed, unnest(string_to_array(changed.name_key, ' ')) AS word)
    AND NOT EXISTS (SELECT FROM patients p WHERE array_to_tsvector(string_to_array(rtrim(left(p.search_text, 500)), ' ')) @@ (quote_literal(token))::tsquery);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ng_learn_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  INSERT INTO name_tokens (token)
    SELECT DISTINCT word FROM unnest(string_to_array(NEW.name_key, ' ')) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND NOT EXISTS (SELECT FROM name_tokens t WHERE t.token = word);
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION ng_study_search_text(), ng_patient_renamed(), ng_study_patient_names(), ng_learn_names(), ng_forget_names(), ng_learn_name() FROM PUBLIC;

-- Modalities that are no codes leave public_text.
UPDATE studies SET public_text = ng_normalize(record_number || ' ' || array_to_string(ARRAY(SELECT m FROM unnest(modalities) AS m WHERE ng_is_known_code(m)), ' '))
  WHERE EXISTS (SELECT FROM unnest(modalities) AS m WHERE NOT ng_is_known_code(m));
