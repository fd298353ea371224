-- Who imports without seeing identities imports into a partition of their own, which nobody else's list has: docs/decisions/0016-pseudonyms.md. It is a
-- row of groups with the id of its owner; home_id is the group that it waits to be filed into. Locks: ALTER POLICY takes an exclusive lock on each table for a moment, after the statements that run.
ALTER TABLE groups ADD COLUMN is_personal boolean NOT NULL DEFAULT false, ADD COLUMN home_id uuid REFERENCES groups;
CREATE INDEX groups_personal ON groups (id) WHERE is_personal;

DO $$
DECLARE
  name text;
  in_scope constant text := $p$(
    (SELECT current_setting('negatoscope.scope', true)) = 'all'
    OR group_id = (SELECT nullif(current_setting('negatoscope.group_id', true), '')::uuid)
    OR (group_id IS NULL AND (SELECT current_setting('negatoscope.ungrouped', true)) = 'on')
    OR group_id = (SELECT nullif(current_setting('negatoscope.actor_id', true), '')::uuid)
  )$p$;
BEGIN
  FOREACH name IN ARRAY ARRAY['patients', 'patient_identifiers', 'studies', 'series', 'instances', 'instance_metadata', 'conflicts', 'instance_versions'] LOOP
    EXECUTE format('ALTER POLICY in_scope ON %I USING %s WITH CHECK %s', name, in_scope, in_scope);
  END LOOP;
END $$;

-- The partitions that the transaction's actor may see, each as a condition on group_id; 'true' is all of them, none is nothing.
-- Reads the settings of the transaction, the same as the row-level policies; a wanted group only ever narrows it.
CREATE OR REPLACE FUNCTION ng_scope_arms(wanted uuid) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  own constant uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  personal constant uuid := nullif(current_setting('negatoscope.actor_id', true), '')::uuid;
  arms text[] := '{}';
BEGIN
  IF coalesce(current_setting('negatoscope.scope', true), '') = 'all' THEN
    RETURN CASE WHEN wanted IS NULL THEN ARRAY['true'] ELSE ARRAY[format('group_id = %L::uuid', wanted)] END;
  END IF;
  -- Few have one, and every arm of a list costs.
  IF (wanted IS NULL OR wanted = personal) AND EXISTS (SELECT FROM groups WHERE id = personal AND is_personal) THEN
    arms := arms || format('group_id = %L::uuid', personal);
  END IF;
  IF own IS NOT NULL AND (wanted IS NULL OR wanted = own) THEN
    arms := arms || format('group_id = %L::uuid', own);
  END IF;
  IF wanted IS NULL AND coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on' THEN
    arms := arms || 'group_id IS NULL'::text;
  END IF;
  RETURN arms;
END $$;

-- Functions of 0061 that spell the scope out: the one addition, in each place.
DO $$
DECLARE
  changed regprocedure;
BEGIN
  FOREACH changed IN ARRAY ARRAY['qido_usual(text, jsonb, jsonb)', 'qido_newest(text, jsonb, integer)', 'qido_walk(text, jsonb)']::regprocedure[] LOOP
    EXECUTE replace(pg_get_functiondef(changed), 't.group_id = own OR',
      't.group_id = own OR t.group_id = nullif(current_setting(''negatoscope.actor_id'', true), '''')::uuid OR');
  END LOOP;
END $$;

-- Every row of a patient goes to another partition. Fails with 23505 when a UID is there already.
CREATE FUNCTION ng_move_patient(moved uuid, into_group uuid) RETURNS void
  LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  UPDATE patients SET group_id = into_group WHERE id = moved;
  UPDATE patient_identifiers SET group_id = into_group WHERE patient_id = moved;
  UPDATE studies SET group_id = into_group WHERE patient_id = moved;
  UPDATE series SET group_id = into_group WHERE study_id IN (SELECT id FROM studies WHERE patient_id = moved);
  UPDATE instances SET group_id = into_group WHERE series_id IN (SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.patient_id = moved);
  UPDATE instance_metadata SET group_id = into_group WHERE series_id IN (SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.patient_id = moved);
  UPDATE instance_versions SET group_id = into_group WHERE series_id IN (SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.patient_id = moved);
  UPDATE conflicts SET group_id = into_group WHERE study_id IN (SELECT id FROM studies WHERE patient_id = moved);
  -- Of 0089, which is there when this first runs.
  UPDATE study_moves SET group_id = into_group WHERE study_id IN (SELECT id FROM studies WHERE patient_id = moved);
END $$;
REVOKE ALL ON FUNCTION ng_move_patient(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_move_patient(uuid, uuid) TO negatoscope_app;
