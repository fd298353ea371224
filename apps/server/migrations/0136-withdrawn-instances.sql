-- Which instances were taken out of the record because nobody stands for them any more: a copy that went elsewhere does not come back by import. Locks: a moment on studies for the reference.

CREATE TABLE withdrawn_instances (
  sop_instance_uid text NOT NULL,
  group_id uuid,
  -- Null once the study is gone for good: what was withdrawn stays so.
  study_id uuid REFERENCES studies,
  withdrawn_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (sop_instance_uid, group_id)
);
CREATE INDEX withdrawn_instances_study ON withdrawn_instances (study_id);

ALTER TABLE withdrawn_instances ENABLE ROW LEVEL SECURITY;
-- Nothing is taken back: a result that stands again is another instance.
GRANT SELECT, INSERT, UPDATE (group_id, study_id) ON withdrawn_instances TO negatoscope_app;

INSERT INTO withdrawn_instances (sop_instance_uid, group_id, study_id, withdrawn_at)
  SELECT uid, r.group_id, r.study_id, r.withdrawn_at
  FROM prediction_results r CROSS JOIN LATERAL unnest(ARRAY[r.sop_instance_uid, r.heat_sop_instance_uid]) AS uid
  WHERE r.withdrawn_at IS NOT NULL
  ON CONFLICT DO NOTHING;
