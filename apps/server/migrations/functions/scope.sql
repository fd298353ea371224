-- revision: 1
-- Whose rows a search may look at.

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

REVOKE ALL ON FUNCTION ng_scope_arms(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_scope_arms(uuid) TO negatoscope_app;
