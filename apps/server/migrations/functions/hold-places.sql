-- revision: 1
-- The short way of an import (archive/write/next-places.ts): instances of series that are there, whose files say whose they are in the very words of their study.

-- Holds patients, studies and series and counts the instances that are about to be inserted, where nothing but storing them can come of it; null where anything is
-- otherwise, and then the caller takes all of it back. Gives the number of the transaction, by which is found out whether it was committed. Each statement sees what was committed before it: what the locks have waited for counts. `owners` are the
-- patients, each once; the arrays of studies and of series have an element for each of them.
CREATE OR REPLACE FUNCTION ng_hold_places(in_group uuid, owners uuid[], sops text[],
  to_studies uuid[], study_owners uuid[], study_uids text[], identities jsonb[], study_added integer[], study_bytes bigint[],
  to_series uuid[], series_studies uuid[], series_uids text[], series_added integer[], series_bytes bigint[]) RETURNS text
  LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET enable_seqscan = off
  AS $$
DECLARE
  met integer;
BEGIN
  -- In the order of all imports: patients before studies before series, each by their ids.
  PERFORM FROM patients p WHERE p.id = ANY (owners) AND p.deleted_at IS NULL AND p.merged_into IS NULL ORDER BY p.id FOR NO KEY UPDATE;
  GET DIAGNOSTICS met = ROW_COUNT;
  IF met <> cardinality(owners) THEN RETURN NULL; END IF;
  -- What another record was called that went into this one is compared by the long way.
  PERFORM FROM patients m WHERE m.merged_into = ANY (owners) LIMIT 1;
  IF FOUND THEN RETURN NULL; END IF;
  -- Two forms, so that a row of another group is not even looked at.
  IF in_group IS NULL THEN
    PERFORM FROM withdrawn_instances w WHERE w.sop_instance_uid = ANY (sops) AND w.group_id IS NULL LIMIT 1;
    IF FOUND THEN RETURN NULL; END IF;
    PERFORM FROM instances i WHERE i.sop_instance_uid = ANY (sops) AND i.group_id IS NULL LIMIT 1;
  ELSE
    PERFORM FROM withdrawn_instances w WHERE w.sop_instance_uid = ANY (sops) AND w.group_id = in_group LIMIT 1;
    IF FOUND THEN RETURN NULL; END IF;
    PERFORM FROM instances i WHERE i.sop_instance_uid = ANY (sops) AND i.group_id = in_group LIMIT 1;
  END IF;
  IF FOUND THEN RETURN NULL; END IF;

  IF cardinality(to_studies) > 1 THEN
    PERFORM FROM studies t WHERE t.id = ANY (to_studies) ORDER BY t.id FOR NO KEY UPDATE;
  END IF;
  UPDATE studies t SET instance_count = t.instance_count + n.added, size_bytes = t.size_bytes + n.bytes, updated_at = now()
    FROM unnest(to_studies, study_owners, study_uids, identities, study_added, study_bytes) AS n (id, owner, uid, identity, added, bytes)
    WHERE t.id = n.id AND t.patient_id = n.owner AND t.study_instance_uid = n.uid AND t.received_identity = n.identity
      AND t.deleted_at IS NULL AND t.group_id IS NOT DISTINCT FROM in_group;
  GET DIAGNOSTICS met = ROW_COUNT;
  IF met <> cardinality(to_studies) THEN RETURN NULL; END IF;

  IF cardinality(to_series) > 1 THEN
    PERFORM FROM series r WHERE r.id = ANY (to_series) ORDER BY r.id FOR NO KEY UPDATE;
  END IF;
  UPDATE series r SET instance_count = r.instance_count + n.added, size_bytes = r.size_bytes + n.bytes, version = r.version + 1, updated_at = now()
    FROM unnest(to_series, series_studies, series_uids, series_added, series_bytes) AS n (id, study, uid, added, bytes)
    WHERE r.id = n.id AND r.study_id = n.study AND r.series_instance_uid = n.uid;
  GET DIAGNOSTICS met = ROW_COUNT;
  IF met <> cardinality(to_series) THEN RETURN NULL; END IF;
  RETURN pg_current_xact_id()::text;
END $$;

REVOKE ALL ON FUNCTION ng_hold_places(uuid, uuid[], text[], uuid[], uuid[], text[], jsonb[], integer[], bigint[], uuid[], uuid[], text[], integer[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_hold_places(uuid, uuid[], text[], uuid[], uuid[], text[], jsonb[], integer[], bigint[], uuid[], uuid[], text[], integer[], bigint[]) TO negatoscope_app;
