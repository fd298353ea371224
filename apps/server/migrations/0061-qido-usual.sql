-- The usual searches of QIDO-RS by statements that are planned once a connection: making and planning a statement for the very values cost
-- two thirds of a search. Locks: CREATE INDEX on studies, some ten seconds for a million.

-- Names by their beginning: whole names as lexemes, so that a prefix is a range of the index's entries. The trigrams of a name met some percent of
-- a million studies each.
-- A lexeme of over 2,046 bytes is an error, so each name counts with its first 100 characters; the rows found are compared as a whole.
CREATE FUNCTION qido_name_keys(names text) RETURNS tsvector
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT coalesce(array_to_tsvector(array_agg(DISTINCT left(name, 100))), '') FROM unnest(string_to_array(btrim(names, ' ='), ' = ')) AS name WHERE name <> ''
$$;
CREATE INDEX studies_names ON studies USING gin (qido_name_keys(patient_names));

-- How many of the newest studies, so many as `sample`, have the pattern in their patient's names and are in scope.
CREATE FUNCTION qido_newest(pattern text, f jsonb, sample integer) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_bitmapscan = off
  SET enable_seqscan = off
  AS $$
DECLARE
  sees_all constant boolean := coalesce(current_setting('negatoscope.scope', true), '') = 'all';
  own constant uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  ungrouped constant boolean := coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on';
  wanted constant uuid := (f->>'groupId')::uuid;
BEGIN
  -- The empty text keeps the trigrams out of it.
  RETURN (SELECT count(*) FROM (SELECT patient_names, group_id FROM studies WHERE deleted_at IS NULL ORDER BY study_date DESC NULLS LAST, id LIMIT sample) t
    WHERE t.patient_names || '' LIKE pattern AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted));
END $$;

-- Ids of the studies with the pattern, met along the order of the answer: a part that one name in forty has is met soon among the newest studies.
CREATE FUNCTION qido_walk(pattern text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan SET enable_sort = off SET enable_bitmapscan = off
  SET enable_seqscan = off
  AS $$
DECLARE
  sees_all constant boolean := coalesce(current_setting('negatoscope.scope', true), '') = 'all';
  own constant uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  ungrouped constant boolean := coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on';
  wanted constant uuid := (f->>'groupId')::uuid;
  most constant integer := (f->>'limit')::integer;
  skipped constant integer := (f->>'offset')::integer;
BEGIN
  RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
    WHERE t.patient_names || '' LIKE pattern AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
    ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
END $$;

-- Ids for one key of the usual kinds, in the order of the answer; null when this search is none of them. The scope is that of ng_scope_arms().
CREATE FUNCTION qido_usual(level text, key jsonb, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  sees_all constant boolean := coalesce(current_setting('negatoscope.scope', true), '') = 'all';
  own constant uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  ungrouped constant boolean := coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on';
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
        AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
  ELSIF kind = 'studies 0020000D in' THEN
    RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
      WHERE t.study_instance_uid = ANY (listed) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
        AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
  ELSIF kind = 'series 0020000D in' THEN
    RETURN ARRAY(SELECT r.id FROM series r JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id
      WHERE t.study_instance_uid = ANY (listed) AND t.deleted_at IS NULL AND p.deleted_at IS NULL
        AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
      ORDER BY t.study_date DESC NULLS LAST, t.id, r.series_number NULLS LAST, r.id LIMIT most OFFSET skipped);
  ELSIF kind = 'studies 00100010 name' THEN
    pattern := qido_name_pattern(key->>'value');
    beginning := rtrim(substring(pattern FROM '^%= ([[:alnum:] ]{5,})'));
    IF length(beginning) >= 5 THEN
      names := (quote_literal(left(beginning, 100)) || ':*')::tsquery;
      RETURN ARRAY(SELECT t.id FROM studies t JOIN patients p ON p.id = t.patient_id
        -- The empty text keeps the trigrams out of it.
        WHERE qido_name_keys(t.patient_names) @@ names AND t.patient_names || '' LIKE pattern AND t.deleted_at IS NULL AND p.deleted_at IS NULL
          AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
        ORDER BY t.study_date DESC NULLS LAST, t.id LIMIT most OFFSET skipped);
    -- Trigrams need some letters in a row to find few; for less the statistics choose between them and the order of dates.
    ELSIF pattern ~ '[[:alnum:]]{5}' THEN
      IF most + skipped <= 200 AND qido_newest(pattern, f, 1000) * 5 > most + skipped THEN
        RETURN qido_walk(pattern, f);
      END IF;
      RETURN ARRAY(WITH hits AS MATERIALIZED (SELECT t.id, t.patient_id FROM studies t
          WHERE t.patient_names LIKE pattern AND t.deleted_at IS NULL
            AND (sees_all OR t.group_id = own OR (t.group_id IS NULL AND ungrouped)) AND (wanted IS NULL OR t.group_id = wanted)
          ORDER BY t.study_date DESC NULLS LAST, t.id)
        -- A subquery of its own for each, not a join: it is asked until the limit is reached, and keeps the order.
        SELECT h.id FROM hits h WHERE (SELECT p.deleted_at IS NULL FROM patients p WHERE p.id = h.patient_id) LIMIT most OFFSET skipped);
    END IF;
  END IF;
  RETURN NULL;
END $$;

REVOKE ALL ON FUNCTION qido_usual(text, jsonb, jsonb), qido_newest(text, jsonb, integer), qido_walk(text, jsonb) FROM PUBLIC;

-- Ids in the order of the answer. Parallel workers cost more than they find.
CREATE OR REPLACE FUNCTION qido_search(level text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET jit = off SET max_parallel_workers_per_gather = 0
  AS $$
DECLARE
  ids uuid[];
  statement text;
BEGIN
  IF jsonb_array_length(f->'keys') = 1 THEN
    ids := qido_usual(level, f->'keys'->0, f);
    IF ids IS NOT NULL THEN RETURN ids; END IF;
  END IF;
  statement := qido_statement(level, f);
  IF statement IS NULL THEN RETURN '{}'; END IF;
  EXECUTE 'SELECT coalesce(array_agg(id), ''{}'') FROM (' || statement || ') AS found' INTO ids;
  RETURN ids;
END $$;
