-- What an import's DICOMDIR announces, until the import is finished and says what was missing.
CREATE TABLE import_announced (
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  sop_instance_uid text NOT NULL,
  file_id text NOT NULL,
  PRIMARY KEY (import_id, sop_instance_uid)
);
ALTER TABLE import_announced ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_announced TO negatoscope_app
  USING ((SELECT current_setting('negatoscope.scope', true)) = 'all' OR EXISTS (SELECT FROM imports WHERE imports.id = import_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_announced TO negatoscope_app;

-- The identity that the first instance of a study carried: later instances are compared with it, so that correcting a patient's
-- record, or moving the study, never turns the rest of the same study into conflicts.
ALTER TABLE studies ADD COLUMN received_identity jsonb;

-- What a patient's row says of their studies, from the studies that are not in the trash. The caller holds the rows' locks.
-- The status is that of the least advanced study, an archived one being as good as validated; ARCHIVED is set by a person and stays.
CREATE FUNCTION ng_refresh_patients(ids uuid[]) RETURNS void
  LANGUAGE sql
  AS $$
    UPDATE patients p SET
      study_count = s.study_count,
      last_study_at = s.last_study_at,
      modalities = s.modalities,
      status = CASE WHEN p.status = 'ARCHIVED' THEN p.status ELSE s.status END
    FROM (
      SELECT id,
        (SELECT count(*)::int FROM studies WHERE patient_id = id_.id AND deleted_at IS NULL) AS study_count,
        (SELECT max(study_date) FROM studies WHERE patient_id = id_.id AND deleted_at IS NULL) AS last_study_at,
        (SELECT coalesce(array_agg(DISTINCT m ORDER BY m), '{}') FROM studies, unnest(modalities) m WHERE patient_id = id_.id AND deleted_at IS NULL) AS modalities,
        coalesce((SELECT CASE
            WHEN bool_or(status = 'TO_READ') THEN 'TO_READ'
            WHEN bool_or(status = 'IN_PROGRESS') THEN 'IN_PROGRESS'
            WHEN bool_or(status = 'VALIDATED') THEN 'VALIDATED'
            ELSE 'VALIDATED' END
          FROM studies WHERE patient_id = id_.id AND deleted_at IS NULL HAVING count(*) > 0), 'TO_READ') AS status
      FROM unnest(ids) AS id_(id)
    ) s
    WHERE p.id = s.id
  $$;
GRANT EXECUTE ON FUNCTION ng_refresh_patients(uuid[]) TO negatoscope_app;
CREATE INDEX import_files_sop ON import_files (import_id, sop_instance_uid) WHERE sop_instance_uid IS NOT NULL;
CREATE INDEX imports_running ON imports (created_at) WHERE status = 'RUNNING';
CREATE INDEX patients_merged ON patients (merged_into) WHERE merged_into IS NOT NULL;
