-- revision: 4
-- Searches of QIDO-RS: ids in the order of the answer.

-- What stands behind a row in the order of its level, by the row's own values: a number (null: none, which stands last) and an id. `below` is what stands behind it
-- among the rows under the same one.
CREATE OR REPLACE FUNCTION qido_behind(col text, id text, place jsonb, number text, row_id text, below text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT format('(' || CASE WHEN place->>number IS NULL THEN '%1$s IS NULL AND %2$s > %4$L::uuid'
    ELSE '%1$s > %3$L::integer OR %1$s IS NULL OR (%1$s = %3$L::integer AND %2$s > %4$L::uuid)' END || coalesce(' OR ' || below, '') || ')',
    col, id, place->>number, place->>row_id)
$$;

-- What stands behind the last match of the run before: f.after has its date (null: none), study, and below the number and id of its series and instance. Matches without
-- a date stand last, and `undated` looks for those alone: the index of dates has no range for both.
CREATE OR REPLACE FUNCTION qido_after(level text, f jsonb) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  place constant jsonb := f->'after';
  below text;
BEGIN
  IF f ? 'undated' THEN RETURN 't.study_date IS NULL'; END IF;
  IF place IS NULL THEN RETURN 'true'; END IF;
  IF level = 'instances' THEN
    below := format('r.id = %L::uuid AND ', place->>'series') || qido_behind('i.instance_number', 'i.id', place, 'instanceNumber', 'instance', NULL);
  END IF;
  IF level <> 'studies' THEN
    below := format('t.id = %L::uuid AND ', place->>'study') || qido_behind('r.series_number', 'r.id', place, 'seriesNumber', 'series', below);
  END IF;
  below := format('(t.id > %L::uuid%s)', place->>'study', coalesce(' OR ' || below, ''));
  RETURN CASE WHEN place->>'date' IS NULL THEN 't.study_date IS NULL AND ' || below
    ELSE format('t.study_date <= %1$L::date AND (t.study_date < %1$L::date OR %2$s)', place->>'date', below) END;
END $$;

-- The statement of a search: fixed pieces, quoted literals, and so a plan for the very values.
-- f: keys, limit, offset, after (what stands behind that), and groupId when only one partition is wanted. Null when the actor sees nothing.
CREATE OR REPLACE FUNCTION qido_statement(level text, f jsonb) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  arms constant text[] := ng_scope_arms((f->>'groupId')::uuid, 'studies', 't.');
  conditions text := 't.deleted_at IS NULL AND p.deleted_at IS NULL AND ' || qido_after(level, f);
  key jsonb;
BEGIN
  IF cardinality(arms) = 0 THEN RETURN NULL; END IF;
  conditions := conditions || ' AND (' || array_to_string(arms, ' OR ') || ')';
  FOR key IN SELECT jsonb_array_elements(f->'keys') LOOP
    conditions := conditions || ' AND ' || qido_condition(level, key);
  END LOOP;
  RETURN (CASE level
    WHEN 'studies' THEN 'SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id'
    WHEN 'series' THEN 'SELECT r.id FROM series r JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id'
    WHEN 'instances' THEN 'SELECT i.id FROM instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id'
  END) || ' WHERE ' || conditions || ' ORDER BY t.study_date DESC NULLS LAST, t.id' || (CASE level
    WHEN 'studies' THEN '' WHEN 'series' THEN ', r.series_number NULLS LAST, r.id'
    ELSE ', r.series_number NULLS LAST, r.id, i.instance_number NULLS LAST, i.id' END)
    || format(' LIMIT %s OFFSET %s', (f->>'limit')::integer, (f->>'offset')::integer);
END $$;

-- How many of the newest studies, so many as `sample`, have the pattern in their patient's names and are in scope.
CREATE OR REPLACE FUNCTION qido_newest(pattern text, f jsonb, sample integer) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_bitmapscan = off
  SET enable_seqscan = off
  AS $$
DECLARE
  sees_all constant boolean := ng_arm('all') IS NOT NULL;
  mine constant uuid[] := coalesce(ng_arm('group'), '{}') || coalesce(ng_arm('own'), '{}');
  ungrouped constant boolean := ng_arm('ungrouped') IS NOT NULL;
  shared constant uuid[] := ng_arm('studies');
  wanted constant uuid := (f->>'groupId')::uuid;
BEGIN
  -- The empty text keeps the trigrams out of it.
  RETURN (SELECT count(*) FROM (SELECT id, patient_names, group_id FROM studies WHERE deleted_at IS NULL ORDER BY study_date DESC NULLS LAST, id LIMIT sample) t
    WHERE t.patient_names || '' LIKE pattern AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted));
END $$;

-- Ids of the studies with the pattern, met along the order of the answer: a part that one name in forty has is met soon among the newest studies.
CREATE OR REPLACE FUNCTION qido_walk(pattern text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_bitmapscan = off
  SET enable_seqscan = off
  AS $$
DECLARE
  sees_all constant boolean := ng_arm('all') IS NOT NULL;
  mine constant uuid[] := coalesce(ng_arm('group'), '{}') || coalesce(ng_arm('own'), '{}');
  ungrouped constant boolean := ng_arm('ungrouped') IS NOT NULL;
  shared constant uuid[] := ng_arm('studies');
  wanted constant uuid := (f->>'groupId')::uuid;
  most constant integer := (f->>'limit')::integer;
  skipped constant integer := (f->>'offset')::integer;
BEGIN
  RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
    WHERE t.patient_names || '' LIKE pattern AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
    ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
END $$;

-- Ids for one key of the usual kinds, in the order of the answer; null when this search is none of them. The scope is that of ng_scope_arms().
CREATE OR REPLACE FUNCTION qido_usual(level text, key jsonb, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  sees_all constant boolean := ng_arm('all') IS NOT NULL;
  mine constant uuid[] := coalesce(ng_arm('group'), '{}') || coalesce(ng_arm('own'), '{}');
  ungrouped constant boolean := ng_arm('ungrouped') IS NOT NULL;
  shared constant uuid[] := ng_arm('studies');
  wanted constant uuid := (f->>'groupId')::uuid;
  most constant integer := (f->>'limit')::integer;
  skipped constant integer := (f->>'offset')::integer;
  kind constant text := concat_ws(' ', level, key->>'tag', key->>'op');
  listed text[];
  pattern text;
  beginning text;
  names tsquery;
BEGIN
  IF kind IN ('studies 00100020 in', 'studies 0020000D in', 'series 0020000D in') THEN
    listed := ARRAY(SELECT jsonb_array_elements_text(key->'values'));
    IF cardinality(listed) > 10 THEN RETURN NULL; END IF;
  END IF;
  IF kind = 'studies 00100020 in' THEN
    RETURN ARRAY(SELECT t.id FROM patients p JOIN studies t ON t.patient_id = p.id
      WHERE coalesce(p.external_id, p.record_number) = ANY (listed) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
        AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
  ELSIF kind = 'studies 0020000D in' THEN
    RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
      WHERE t.study_instance_uid = ANY (listed) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
        AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
  ELSIF kind = 'series 0020000D in' THEN
    RETURN ARRAY(SELECT r.id FROM series r JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id
      WHERE t.study_instance_uid = ANY (listed) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
        AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id, r.series_number NULLS LAST, r.id LIMIT most OFFSET skipped);
  ELSIF kind = 'studies 00100010 name' THEN
    pattern := qido_name_pattern(key->>'value');
    beginning := rtrim(substring(pattern FROM '^%= ([[:alnum:] ]{5,})'));
    IF length(beginning) >= 5 THEN
      names := (quote_literal(left(beginning, 100)) || ':*')::tsquery;
      RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
        -- The empty text keeps the trigrams out of it.
        WHERE qido_name_keys(t.patient_names) @@ names AND t.patient_names || '' LIKE pattern AND t.deleted_at IS NULL AND p.deleted_at IS NULL
          AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
        ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
    -- Trigrams need some letters in a row to find few; for less the statistics choose between them and the order of dates.
    ELSIF pattern ~ '[[:alnum:]]{5}' THEN
      IF most + skipped <= 200 AND qido_newest(pattern, f, 1000) * 5 > most + skipped THEN
        RETURN qido_walk(pattern, f);
      END IF;
      RETURN ARRAY(WITH hits AS MATERIALIZED (SELECT t.id, t.patient_id FROM studies t
          WHERE t.patient_names LIKE pattern AND t.deleted_at IS NULL
            AND (sees_all OR t.group_id = ANY (mine) OR (t.group_id IS NULL AND ungrouped) OR t.id = ANY (shared)) AND (wanted IS NULL OR t.group_id = wanted)
          ORDER BY t.study_date DESC NULLS LAST, t.id)
        -- A subquery of its own for each, not a join: it is asked until the limit is reached, and keeps the order.
        SELECT h.id FROM hits h WHERE (SELECT p.deleted_at IS NULL FROM patients p WHERE p.id = h.patient_id) LIMIT most OFFSET skipped);
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- Ids of one statement in its order.
CREATE OR REPLACE FUNCTION qido_ids(level text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  ids uuid[];
  statement constant text := qido_statement(level, f);
BEGIN
  IF statement IS NULL THEN RETURN '{}'; END IF;
  EXECUTE 'SELECT coalesce(array_agg(id), ''{}'') FROM (' || statement || ') AS found' INTO ids;
  RETURN ids;
END $$;

-- Ids in the order of the answer. Parallel workers cost more than they find.
CREATE OR REPLACE FUNCTION qido_search(level text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET jit = off SET max_parallel_workers_per_gather = 0
  AS $$
DECLARE
  ids uuid[];
  left_over integer;
BEGIN
  IF f ? 'after' THEN
    ids := qido_ids(level, f);
    left_over := (f->>'limit')::integer - cardinality(ids);
    IF left_over = 0 OR f->'after'->>'date' IS NULL THEN RETURN ids; END IF;
    RETURN ids || qido_ids(level, f || jsonb_build_object('undated', true, 'limit', left_over));
  END IF;
  IF jsonb_array_length(f->'keys') = 1 THEN
    ids := qido_usual(level, f->'keys'->0, f);
    IF ids IS NOT NULL THEN RETURN ids; END IF;
  END IF;
  RETURN qido_ids(level, f);
END $$;

-- The day of the study that stands so many behind a place among all that there are, of whatever partition; '-infinity' where fewer do. It bounds what a walk along the order
-- reads on behalf of who sees few of them, and says nothing else. Of the owner: it is read from the index alone.
CREATE OR REPLACE FUNCTION qido_until(last_date date, last_study uuid, most integer) RETURNS date
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_sort = off
  SET enable_bitmapscan = off SET enable_seqscan = off SET jit = off SET max_parallel_workers_per_gather = 0
  AS $$
BEGIN
  RETURN coalesce((SELECT t.study_date FROM studies t WHERE t.deleted_at IS NULL AND t.study_date <= last_date AND (t.study_date < last_date OR t.id > last_study)
    ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT 1 OFFSET most), '-infinity');
END $$;

REVOKE ALL ON FUNCTION qido_search(text, jsonb), qido_until(date, uuid, integer), qido_ids(text, jsonb), qido_statement(text, jsonb), qido_after(text, jsonb),
  qido_behind(text, text, jsonb, text, text, text), qido_usual(text, jsonb, jsonb), qido_newest(text, jsonb, integer), qido_walk(text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qido_search(text, jsonb), qido_until(date, uuid, integer) TO negatoscope_app;
