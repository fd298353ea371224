-- Results that stood before reports were made of them get theirs: a line for each, of which the job makes the instances. Locks: none but on the rows that are written.

-- A UUID as a UID (PS3.5 B.2).
CREATE FUNCTION pg_temp.uid_of_uuid(id uuid) RETURNS text LANGUAGE sql
  AS $$ SELECT '2.25.' || sum(get_byte(uuid_send(id), at)::numeric * 256::numeric ^ (15 - at))::numeric(39, 0) FROM generate_series(0, 15) AS at $$;

INSERT INTO prediction_results (id, prediction_id, study_id, group_id, validation_id, seq, series_instance_uid, sop_instance_uid,
    heat_series_instance_uid, heat_sop_instance_uid, made_at)
  SELECT gen_random_uuid(), p.id, p.study_id, p.group_id, v.id, 1, pg_temp.uid_of_uuid(gen_random_uuid()), pg_temp.uid_of_uuid(gen_random_uuid()),
    pg_temp.uid_of_uuid(gen_random_uuid()), pg_temp.uid_of_uuid(gen_random_uuid()), v.created_at
  FROM predictions p
  JOIN LATERAL (SELECT o.id, o.created_at FROM prediction_validations o WHERE o.prediction_id = p.id ORDER BY o.number DESC LIMIT 1) v ON true
  WHERE p.validated_at IS NOT NULL AND NOT EXISTS (SELECT FROM prediction_results r WHERE r.prediction_id = p.id);
