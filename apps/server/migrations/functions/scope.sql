-- revision: 2
-- Whose rows a search may look at.

-- The arms of the transaction's scope, each as a condition on the rows of a table ('patients' or 'studies') under an alias ('' or, say, 't.'); 'true' is all of
-- them, none is nothing. They never overlap. Reads what the row-level policies read; a wanted group only ever narrows it.
CREATE OR REPLACE FUNCTION ng_scope_arms(wanted uuid, kind text, alias text) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  own constant uuid[] := ng_arm('own');
  shared constant uuid[] := ng_arm('studies');
  is_wanted constant text := CASE WHEN wanted IS NULL THEN '' ELSE format(' AND %sgroup_id = %L::uuid', alias, wanted) END;
  met text;
  arms text[];
BEGIN
  IF ng_arm('all') IS NOT NULL THEN
    RETURN CASE WHEN wanted IS NULL THEN ARRAY['true'] ELSE ARRAY[format('%sgroup_id = %L::uuid', alias, wanted)] END;
  END IF;
  -- Few have a partition of their own, and every arm of a list costs.
  arms := ARRAY(SELECT format('%sgroup_id = %L::uuid', alias, g.id) FROM groups g WHERE g.id = ANY (own) AND g.is_personal AND (wanted IS NULL OR g.id = wanted))
    || ARRAY(SELECT format('%sgroup_id = %L::uuid', alias, g.id) FROM unnest(ng_arm('group')) AS g (id) WHERE wanted IS NULL OR g.id = wanted);
  IF wanted IS NULL AND ng_arm('ungrouped') IS NOT NULL THEN
    arms := arms || format('%sgroup_id IS NULL', alias);
  END IF;
  IF shared IS NOT NULL THEN
    met := array_to_string(arms, ' OR ');
    arms := arms || format(CASE kind WHEN 'patients' THEN '(%sid IN (SELECT patient_id FROM studies WHERE id = ANY (%L::uuid[]))%s%s)' ELSE '(%sid = ANY (%L::uuid[])%s%s)' END,
      alias, shared, is_wanted, CASE met WHEN '' THEN '' ELSE format(' AND (%s) IS NOT TRUE', met) END);
  END IF;
  RETURN arms;
END $$;

REVOKE ALL ON FUNCTION ng_scope_arms(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_scope_arms(uuid, text, text) TO negatoscope_app;
