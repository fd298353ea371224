-- revision: 6
-- Lists of patients and studies: ids in order, counted up to 1,000.

-- The expression of an order, for which there is an index, and its type. Who has no name comes behind all names: the last character of the plane that names are of.
CREATE OR REPLACE FUNCTION ng_sort_key(kind text, sort text, hidden boolean, OUT key text, OUT type text)
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  type := 'text';
  CASE (kind || ' ' || CASE WHEN hidden AND sort IN ('name', 'birthDate', 'patientName') THEN 'recordNumber' ELSE sort END)
    WHEN 'patients name' THEN key := '(CASE WHEN name_key = '''' THEN E''\uFFFF'' ELSE name_key END)';
    WHEN 'patients recordNumber', 'studies recordNumber' THEN key := 'record_number';
    WHEN 'patients birthDate' THEN key := '(CASE WHEN birth_date IS NULL THEN ''infinity''::date ELSE birth_date END)'; type := 'date';
    WHEN 'patients lastStudyAt' THEN key := '(CASE WHEN last_study_at IS NULL THEN ''-infinity''::date ELSE last_study_at END)'; type := 'date';
    WHEN 'patients createdAt' THEN key := 'created_at'; type := 'timestamptz';
    WHEN 'studies studyDate' THEN key := 'study_moment'; type := 'timestamp';
    WHEN 'studies receivedAt' THEN key := 'received_at'; type := 'timestamptz';
    WHEN 'studies patientName' THEN key := '(CASE WHEN patient_name = '''' THEN E''\uFFFF'' ELSE patient_name END)';
  END CASE;
END $$;

-- The conditions of the filters, days being ranges of moments. By what is `hidden` from the reader nothing is found.
CREATE OR REPLACE FUNCTION ng_filters(kind text, f jsonb, hidden boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  c text := '';
BEGIN
  IF f ? 'status' THEN c := c || CASE f->>'status' WHEN 'OPEN' THEN ' AND status IN (''TO_READ'', ''IN_PROGRESS'')' ELSE format(' AND status = %L', f->>'status') END; END IF;
  IF hidden AND (f ? 'birthDate' OR f ? 'accessionNumber' OR f ? 'label' OR NOT coalesce(ng_is_known_code(f->>'modality'), true)) THEN c := c || ' AND false'; END IF;
  IF kind = 'patients' THEN
    IF f ? 'birthDate' THEN c := c || format(' AND birth_date = %L::date', f->>'birthDate'); END IF;
    IF f ? 'identityStatus' THEN c := c || format(' AND identity_status = %L', f->>'identityStatus'); END IF;
  ELSE
    IF f ? 'patientId' THEN c := c || format(' AND patient_id = %L::uuid', f->>'patientId'); END IF;
    IF f ? 'from' THEN c := c || format(' AND study_moment >= %L::timestamp', f->>'from'); END IF;
    IF f ? 'to' THEN c := c || format(' AND study_moment < (%L::date + 1)::timestamp AND study_moment > ''-infinity''::timestamp', f->>'to'); END IF;
    IF f ? 'modality' THEN c := c || format(' AND modalities @> ARRAY[%L]', f->>'modality'); END IF;
    IF f ? 'accessionNumber' THEN c := c || format(' AND accession_number = %L', f->>'accessionNumber'); END IF;
    IF f ? 'urgency' THEN c := c || CASE f->>'urgency' WHEN 'PRESSING' THEN ' AND urgency <> ''ROUTINE''' ELSE format(' AND urgency = %L', f->>'urgency') END; END IF;
    IF f ? 'assignee' THEN c := c || CASE f->>'assignee' WHEN 'none' THEN ' AND assignee_id IS NULL' ELSE format(' AND assignee_id = %L::uuid', f->>'assignee') END; END IF;
    IF f ? 'prior' THEN c := c || CASE f->>'prior' WHEN 'true' THEN ' AND is_prior' ELSE ' AND NOT is_prior' END; END IF;
    IF f ? 'label' THEN c := c || format(' AND id IN (SELECT l.study_id FROM study_labels l WHERE l.label_id = %L::uuid)', f->>'label'); END IF;
  END IF;
  RETURN c;
END $$;

-- The parts of a list's statements. Each is put together from fixed pieces and quoted literals, so that PostgreSQL plans for the very values.
-- `arms` are the partitions that the actor may see, `key` the expression of the order, `after` where the page before ended.

-- The order of one partition. PostgreSQL knows of `group_id = …` that it is one value, of `group_id IS NULL` only when the order begins with it. Studies of several
-- partitions have the order of all rows.
CREATE OR REPLACE FUNCTION ng_list_order(arm text, by_key text, way text DEFAULT 'ASC') RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT CASE WHEN starts_with(arm, 'group_id ') THEN replace(by_key, ' ORDER BY ', format(' ORDER BY group_id %s, ', way)) ELSE by_key END
$$;

-- Whether more than an eighth of the first 300 rows fit: a common word may match half of the table.
CREATE OR REPLACE FUNCTION ng_list_is_common(kind text, arms text[], filters text, conditions text, arrival text) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_sort = off SET enable_bitmapscan = off
  AS $$
DECLARE
  source text;
  answer boolean;
BEGIN
  SELECT string_agg(format('(SELECT * FROM %I WHERE %s AND %s%s LIMIT 300)', kind, arm, filters, ng_list_order(arm, arrival)), ' UNION ALL ') INTO source FROM unnest(arms) AS arm;
  EXECUTE format('SELECT count(*) >= 300 AND count(*) FILTER (WHERE %s) * 8 > count(*) FROM (%s) sample', conditions, source) INTO answer;
  RETURN answer;
END $$;

-- How many rows fit, up to `most`, read as they came in: finds enough of what is common sooner than an index of words does.
CREATE OR REPLACE FUNCTION ng_list_count(kind text, arms text[], conditions text, arrival text, most integer) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  source text;
  counted integer;
BEGIN
  -- Rows without a group first: being more, they lie closer together.
  SELECT string_agg(format('(SELECT 1 FROM %I WHERE %s AND %s%s LIMIT %s)', kind, arm, conditions, ng_list_order(arm, arrival), most), ' UNION ALL ' ORDER BY place DESC) INTO source
    FROM unnest(arms) WITH ORDINALITY AS u (arm, place);
  EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM (%s) arms LIMIT %s) counted', source, most) INTO counted;
  RETURN counted;
END $$;

-- Up to `most` rows that fit, found by an index of their values: how many, and the page of them. Null for `most` is all.
CREATE OR REPLACE FUNCTION ng_list_gather(kind text, arms text[], conditions text, key text, after text, way text, page integer, most integer,
  OUT ids uuid[], OUT keys text[], OUT total integer)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  EXECUTE format('WITH hits AS MATERIALIZED (SELECT id, %1$s AS key FROM %2$I WHERE (%3$s) AND %4$s LIMIT %5$L),
      page AS MATERIALIZED (SELECT id, key FROM hits WHERE true%6$s ORDER BY key %7$s, id %7$s LIMIT %8$s)
    SELECT ARRAY(SELECT id FROM page), ARRAY(SELECT key::text FROM page), (SELECT count(*) FROM hits)',
    key, kind, array_to_string(arms, ' OR '), conditions, most, replace(after, '(' || key || ',', '(key,'), way, page) INTO ids, keys, total;
END $$;

-- The page met by walking the index of the order, one partition beside the other. Null when `far` rows of one were met and the page is not full.
-- Rows without a group are met by the index that begins with the group: by the index of all rows half of them or more were in vain. Of a second
-- partition only what may come before the end of the first one's page is met.
CREATE OR REPLACE FUNCTION ng_list_walk(kind text, arms text[], live text, conditions text, key text, type text, after text, way text, page integer, far integer,
  OUT ids uuid[], OUT keys text[])
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_sort = off SET enable_bitmapscan = off
  AS $$
DECLARE
  arm text;
  seen text;
  more_ids uuid[];
  more_keys text[];
  is_cut boolean;
  bound text := '';
BEGIN
  ids := '{}'; keys := '{}';
  -- Rows without a group are usually the most, and their page ends the soonest.
  FOREACH arm IN ARRAY ARRAY(SELECT u.arm FROM unnest(arms) WITH ORDINALITY AS u (arm, place) ORDER BY u.place DESC) LOOP
    seen := format('SELECT * FROM %I WHERE %s AND %s%s', kind, arm, live, after || bound) || ng_list_order(arm, format(' ORDER BY %s %2$s, id %2$s', key, way), way);
    EXECUTE format('SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(key::text), ''{}'')
      FROM (SELECT id, %s AS key FROM (%s LIMIT %L) seen WHERE %s LIMIT %s) page', key, seen, far, conditions, page) INTO more_ids, more_keys;
    IF cardinality(more_ids) < page AND far IS NOT NULL THEN
      EXECUTE format('SELECT EXISTS (%s OFFSET %s LIMIT 1)', replace(seen, 'SELECT *', 'SELECT id'), far) INTO is_cut;
      IF is_cut THEN ids := NULL; keys := NULL; RETURN; END IF;
    END IF;
    IF bound = '' AND cardinality(more_ids) = page THEN
      bound := format(' AND (%s, id) %s (%L::%s, %L::uuid)', key, CASE way WHEN 'ASC' THEN '<' ELSE '>' END, more_keys[page], type, more_ids[page]);
    END IF;
    ids := ids || more_ids; keys := keys || more_keys;
  END LOOP;
  IF cardinality(arms) > 1 THEN
    EXECUTE format('SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(key::text), ''{}'') FROM
      (SELECT id, key FROM (SELECT id, key::%1$s AS key FROM unnest($1, $2) AS met (id, key)) met ORDER BY key %2$s, id %2$s LIMIT %3$s) page',
      type, way, page) INTO ids, keys USING ids, keys;
  END IF;
END $$;

-- One page of a list: ids and sort keys of up to `limit` rows in scope, and how many rows there are, counted to 1,000: 1,001 means that there are more,
-- which the later pages of a list know by `f.many`.
-- Few rows are gathered and sorted; many are met by walking along the order, unless they all lie far from where the page begins.
CREATE OR REPLACE FUNCTION ng_list(kind text, f jsonb, OUT ids uuid[], OUT keys text[], OUT total integer)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_sort = on SET enable_bitmapscan = on
  SET max_parallel_workers_per_gather = 0 SET jit = off
  AS $$
DECLARE
  cap constant integer := 1000;
  few constant integer := 2000;
  far constant integer := 4000;
  many constant boolean := coalesce((f->>'many')::boolean, false);
  page constant integer := (f->>'limit')::integer;
  hidden constant boolean := coalesce((f->>'pseudonyms')::boolean, false);
  way constant text := CASE WHEN (f->>'descending')::boolean THEN 'DESC' ELSE 'ASC' END;
  arms constant text[] := ng_scope_arms((f->>'groupId')::uuid, kind, '');
  live constant text := CASE kind WHEN 'patients' THEN 'deleted_at IS NULL AND merged_into IS NULL' ELSE 'deleted_at IS NULL' END;
  -- What an ordinary index finds; words and modalities come on top.
  filters constant text := live || ng_filters(kind, f - 'modality', hidden);
  -- The order in which rows lie on the disk, more or less.
  arrival constant text := CASE WHEN filters <> live THEN '' WHEN kind = 'patients' THEN ' ORDER BY created_at, id' ELSE ' ORDER BY received_at, id' END;
  text_column constant text := CASE WHEN NOT hidden THEN 'search_text' WHEN kind = 'patients' THEN 'ng_normalize(record_number)' ELSE 'public_text' END;
  key constant record := ng_sort_key(kind, f->>'sort', hidden);
  after constant text := CASE WHEN f ? 'afterId'
    THEN format(' AND (%s, id) %s (%L::%s, %L::uuid)', key.key, CASE way WHEN 'ASC' THEN '>' ELSE '<' END, f->>'afterKey', key.type, f->>'afterId') ELSE '' END;
  -- Where a walk begins and ends: a range of the very order, and in the order of dates one status, is found by its index; two of them are in no order.
  within constant text := CASE WHEN f->>'sort' = 'studyDate' THEN live || ng_filters(kind, CASE f->>'status' WHEN 'OPEN' THEN f - 'status' ELSE f END - ARRAY['patientId', 'modality', 'accessionNumber', 'urgency', 'assignee', 'prior', 'label'], hidden) ELSE live END;
  conditions text := live || ng_filters(kind, f, hidden);
  walking text := conditions;
  alike text;
  words text[];
  is_common boolean := false;
  gathered text[] := arms;
BEGIN
  total := 0; ids := '{}'; keys := '{}';
  IF cardinality(arms) = 0 THEN RETURN; END IF;
  IF f ? 'q' THEN
    words := ng_words(f->>'q');
    IF cardinality(words) = 0 THEN RETURN; END IF;
    SELECT conditions || string_agg(' AND ' || ng_word_condition(text_column, w, '{}', true), ''),
           conditions || string_agg(' AND ' || ng_word_condition(text_column, w, '{}', false), '') INTO conditions, walking FROM unnest(words) w;
  END IF;
  -- An index of groups would be read for most of the table, and slower than the rows that have the words.
  IF f ? 'q' AND 'group_id IS NULL' = ANY (arms) AND (SELECT null_frac > 0.2 FROM pg_stats WHERE schemaname = 'public' AND tablename = kind AND attname = 'group_id') THEN
    gathered := ARRAY[format('(%s) IS TRUE', array_to_string(arms, ' OR '))];
  END IF;
  IF (f ? 'q' OR f ? 'modality') AND NOT (hidden AND kind = 'patients') THEN
    is_common := ng_list_is_common(kind, arms, filters, walking, arrival);
  END IF;
  IF NOT (is_common OR many OR conditions = live) THEN
    SELECT g.ids, g.keys, g.total INTO ids, keys, total FROM ng_list_gather(kind, gathered, conditions, key.key, after, way, page, few + 1) g;
    IF f ? 'q' AND total < 5 AND NOT hidden THEN
      SELECT live || ng_filters(kind, f, hidden) || string_agg(' AND ' || ng_word_condition(text_column, w, ng_alike(w), true), '') INTO alike FROM unnest(words) w;
      IF alike <> conditions THEN
        SELECT g.ids, g.keys, g.total INTO ids, keys, total
          FROM ng_list_gather(kind, gathered, format('((%s) OR (%s))', conditions, alike), key.key, after, way, page, NULL) g;
        total := least(total, cap + 1);
        RETURN;
      END IF;
    END IF;
    IF total <= few THEN
      total := least(total, cap + 1);
      RETURN;
    END IF;
  END IF;
  IF many OR total > few THEN
    total := cap + 1;
  ELSE
    PERFORM set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true);
    total := ng_list_count(kind, arms, walking, arrival, cap + 1);
    PERFORM set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'on', true);
  END IF;
  SELECT w.ids, w.keys INTO ids, keys
    FROM ng_list_walk(kind, arms, within, walking, key.key, key.type, after, way, page, CASE WHEN conditions <> live THEN far END) w;
  IF ids IS NULL THEN
    SELECT g.ids, g.keys INTO ids, keys FROM ng_list_gather(kind, gathered, conditions, key.key, after, way, page, NULL) g;
  END IF;
END $$;

-- The same with the rights of the owner: LIKE, trigrams, tokens and array operators are not leakproof, so under row-level security
-- they would lose their indexes. It answers for rows that ng_scope_arms allows and gives ids only; the rows are read under the policies.
CREATE OR REPLACE FUNCTION ng_search(kind text, f jsonb, OUT ids uuid[], OUT keys text[], OUT total integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  IF kind NOT IN ('patients', 'studies') THEN RAISE EXCEPTION 'unknown list'; END IF;
  SELECT l.ids, l.keys, l.total INTO ids, keys, total FROM ng_list(kind, f) l;
END $$;

REVOKE ALL ON FUNCTION ng_search(text, jsonb), ng_list(text, jsonb), ng_sort_key(text, text, boolean), ng_filters(text, jsonb, boolean),
  ng_list_is_common(text, text[], text, text, text), ng_list_count(text, text[], text, text, integer),
  ng_list_gather(text, text[], text, text, text, text, integer, integer),
  ng_list_walk(text, text[], text, text, text, text, text, text, integer, integer), ng_list_order(text, text, text) FROM PUBLIC;
-- Lists without words or modalities run with the caller's rights: under the policies, with the scope in their statements as well.
GRANT EXECUTE ON FUNCTION ng_search(text, jsonb), ng_list(text, jsonb), ng_sort_key(text, text, boolean), ng_filters(text, jsonb, boolean),
  ng_list_count(text, text[], text, text, integer), ng_list_gather(text, text[], text, text, text, text, integer, integer),
  ng_list_walk(text, text[], text, text, text, text, text, text, integer, integer), ng_list_order(text, text, text) TO negatoscope_app;
