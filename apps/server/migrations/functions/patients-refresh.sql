-- revision: 2
-- What a patient's row says of the studies.

-- What a patient's row says of their studies, from the studies that are not in the trash. The caller holds the rows' locks.
-- A row that says so already is not written: most of what comes adds to a study that is there.
-- The status is that of the least advanced study, an archived one being as good as validated; ARCHIVED is set by a person and stays.
CREATE OR REPLACE FUNCTION ng_refresh_patients(ids uuid[]) RETURNS void
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
    WHERE p.id = s.id AND (p.study_count, p.last_study_at, p.modalities, p.status) IS DISTINCT FROM
      (s.study_count, s.last_study_at, s.modalities, CASE WHEN p.status = 'ARCHIVED' THEN p.status ELSE s.status END)
  $$;

GRANT EXECUTE ON FUNCTION ng_refresh_patients(uuid[]) TO negatoscope_app;
