-- The worklist is ordered by date and time, nameless records come last, modalities in use are found by an index. Locks: studies is rewritten under an exclusive
-- lock (about 10 s for a million), then CREATE INDEX keeps writers of studies, series and patients waiting, some seconds for a million.

-- When a study was made, in the wall-clock time of its place; without a date before all others, without a time at the day's beginning.
CREATE FUNCTION ng_study_moment(day date, at text) RETURNS timestamp
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT CASE WHEN day IS NULL THEN '-infinity'::timestamp
    WHEN at ~ '^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,6})?$' THEN
      day + make_time(substr(at, 1, 2)::integer, substr(at, 4, 2)::integer, substr(at, 7)::double precision)
    ELSE day::timestamp END
$$;
-- A column and no expression in an index: a function of ours counts as leaking, and row-level security would take the index away.
ALTER TABLE studies ADD COLUMN study_moment timestamp NOT NULL GENERATED ALWAYS AS (ng_study_moment(study_date, study_time)) STORED;

DROP INDEX studies_by_date, studies_by_date_group, studies_by_status, studies_by_status_group, studies_by_name, studies_by_name_group, patients_by_name;
CREATE INDEX studies_by_date ON studies (study_moment, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_date_group ON studies (group_id, study_moment, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_status ON studies (status, study_moment, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_status_group ON studies (group_id, status, study_moment, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_name ON studies ((CASE WHEN patient_name = '' THEN E'\uFFFF' ELSE patient_name END), id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_name_group ON studies (group_id, (CASE WHEN patient_name = '' THEN E'\uFFFF' ELSE patient_name END), id) WHERE deleted_at IS NULL;
CREATE INDEX patients_by_name ON patients ((CASE WHEN name_key = '' THEN E'\uFFFF' ELSE name_key END), id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_name_group ON patients (group_id, (CASE WHEN name_key = '' THEN E'\uFFFF' ELSE name_key END), id)
  WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX series_by_modality ON series (modality, group_id);

-- As in 0030, with the moment of a study in place of its date, and who has no name behind all names: the last character of the plane that names are of.
CREATE OR REPLACE FUNCTION ng_sort_key(kind text, sort text, hidden boolean, OUT key text, OUT type text)
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  type := 'text';
  CASE (kind || ' ' || CASE WHEN hidden AND sort IN ('name', 'birthDate', 'patientName') THEN 'recordNumber' ELSE sort END)
    WHEN 'patients name' THEN key := '(CASE WHEN name_key = '''' THEN E''\uFFFF'' ELSE name_key END)';
    WHEN 'patients recordNumber', 'studies recordNumber' THEN key := 'record_number';
    WHEN 'patients birthDate' THEN key := '(CASE WHEN birth_date IS NULL THEN ''infinity''::date ELSE birth_date END)'; type := 'date';
    WHEN 'patients lastStudyAt' THEN key := '(CASE WHEN last_study_at IS NULL THEN ''-infinity''::date ELSE last_study_at END)'; type := 'date';
    WHEN 'patients createdAt' THEN key := 'created_at'; type := 'timestamptz';
    WHEN 'studies studyDate' THEN key := 'study_moment'; type := 'timestamp';
    WHEN 'studies receivedAt' THEN key := 'received_at'; type := 'timestamptz';
    WHEN 'studies patientName' THEN key := '(CASE WHEN patient_name = '''' THEN E''\uFFFF'' ELSE patient_name END)';
  END CASE;
END $$;

-- As in 0030, days being ranges of moments.
CREATE OR REPLACE FUNCTION ng_filters(kind text, f jsonb, hidden boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  c text := '';
BEGIN
  IF f ? 'status' THEN c := c || format(' AND status = %L', f->>'status'); END IF;
  IF hidden AND (f ? 'birthDate' OR f ? 'accessionNumber') THEN c := c || ' AND false'; END IF;
  IF kind = 'patients' THEN
    IF f ? 'birthDate' THEN c := c || format(' AND birth_date = %L::date', f->>'birthDate'); END IF;
    IF f ? 'identityStatus' THEN c := c || format(' AND identity_status = %L', f->>'identityStatus'); END IF;
  ELSE
    IF f ? 'patientId' THEN c := c || format(' AND patient_id = %L::uuid', f->>'patientId'); END IF;
    IF f ? 'from' THEN c := c || format(' AND study_moment >= %L::timestamp', f->>'from'); END IF;
    IF f ? 'to' THEN c := c || format(' AND study_moment < (%L::date + 1)::timestamp AND study_moment > ''-infinity''::timestamp', f->>'to'); END IF;
    IF f ? 'modality' THEN c := c || format(' AND modalities @> ARRAY[%L]', f->>'modality'); END IF;
    IF f ? 'accessionNumber' THEN c := c || format(' AND accession_number = %L', f->>'accessionNumber'); END IF;
  END IF;
  RETURN c;
END $$;
