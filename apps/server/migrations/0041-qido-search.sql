-- QIDO-RS searches as one function of the owner: LIKE, ILIKE, trigrams, tokens and jsonpath are not leakproof, so under row-level security they
-- lose their indexes. It applies the transaction's scope itself and gives ids only; the rows are read under the policies.
-- Locks: ALTER TABLE studies, UPDATE of every study and CREATE INDEX; short on a new database, some minutes for a million studies.
DROP FUNCTION qido_patient_ids(text);
DROP INDEX patients_name_trgm;

-- Every group of a name (PS3.5 6.2.1) in normal form, each between equals signs: '= yamada tarou = 山田 太郎 ='.
CREATE FUNCTION qido_names(family text, given text, received text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT left(coalesce('= ' || string_agg(DISTINCT name, ' = ') || ' =', '='), 1000) FROM (
    SELECT ng_normalize(family || ' ' || given) AS name
    UNION SELECT ng_normalize(part) FROM unnest(string_to_array(received, '=')) AS part) names
  WHERE name <> ''
$$;
ALTER TABLE studies ADD COLUMN patient_names text NOT NULL DEFAULT '=';

CREATE FUNCTION ng_study_patient_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  SELECT qido_names(p.family_name, p.given_name, p.person_name) INTO NEW.patient_names FROM patients p WHERE p.id = NEW.patient_id;
  NEW.patient_names := coalesce(NEW.patient_names, '=');
  RETURN NEW;
END $$;
-- A renamed patient touches patient_id of its studies (0030), which comes through here again.
CREATE TRIGGER studies_patient_names BEFORE INSERT OR UPDATE OF patient_id ON studies FOR EACH ROW EXECUTE FUNCTION ng_study_patient_names();
UPDATE studies SET patient_id = patient_id;

CREATE INDEX studies_patient_names ON studies USING gin (patient_names gin_trgm_ops);
CREATE INDEX patients_dicom_id ON patients ((coalesce(external_id, record_number)));
CREATE INDEX patients_dicom_id_trgm ON patients USING gin ((coalesce(external_id, record_number)) gin_trgm_ops);
CREATE INDEX studies_accession_trgm ON studies USING gin (accession_number gin_trgm_ops);
CREATE INDEX studies_description_trgm ON studies USING gin (description gin_trgm_ops);
CREATE INDEX series_uid_only ON series (series_instance_uid);

-- The column of a searchable attribute; null for anything else, so that nothing of a request becomes part of a statement but as a literal.
CREATE FUNCTION qido_column(tag text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT CASE tag
    WHEN '00100010' THEN 't.patient_names' WHEN '00100020' THEN 'coalesce(p.external_id, p.record_number)'
    WHEN '00100030' THEN 'p.birth_date' WHEN '00100040' THEN 'p.sex'
    WHEN '0020000D' THEN 't.study_instance_uid' WHEN '00080020' THEN 't.study_date' WHEN '00080030' THEN 't.study_time'
    WHEN '00080050' THEN 't.accession_number' WHEN '00080061' THEN 't.modalities' WHEN '00080090' THEN 't.referrer'
    WHEN '00081030' THEN 't.description' WHEN '00200010' THEN 't.study_id' WHEN '00201206' THEN 't.series_count' WHEN '00201208' THEN 't.instance_count'
    WHEN '0020000E' THEN 'r.series_instance_uid' WHEN '00080060' THEN 'r.modality' WHEN '0008103E' THEN 'r.description'
    WHEN '00180015' THEN 'r.body_part' WHEN '00200011' THEN 'r.series_number' WHEN '00201209' THEN 'r.instance_count'
    WHEN '00080018' THEN 'i.sop_instance_uid' WHEN '00080016' THEN 'i.sop_class_uid' WHEN '00083002' THEN 'i.transfer_syntax_uid'
    WHEN '00200013' THEN 'i.instance_number' WHEN '00280010' THEN 'i.rows' WHEN '00280011' THEN 'i.columns'
    WHEN '00280008' THEN 'i.frames' WHEN '00280100' THEN 'i.bits_allocated' END
$$;

-- A name pattern against any group of the name. Wildcards arrive as LIKE's; '^' separates as a space does.
CREATE FUNCTION qido_name_pattern(pattern text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT '%= ' || ltrim(btrim(regexp_replace(lower(unaccent('unaccent'::regdictionary, normalize(pattern, NFKC))), '[^[:alnum:]%_]+', ' ', 'g'))) || ' =%'
$$;

-- Names that hold each word as the beginning of one of theirs, or something alike (typos), in any order; null when there is no word.
CREATE FUNCTION qido_fuzzy_condition(name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT string_agg(replace('array_to_tsvector(string_to_array(rtrim(left(t.search_text, 500)), '' '')) @@ <q>::tsquery'
      || ' AND array_to_tsvector(string_to_array(t.patient_names, '' '')) @@ <q>::tsquery', '<q>', quote_literal(query)), ' AND ')
  FROM (SELECT (SELECT string_agg(term, ' | ') FROM (SELECT quote_literal(word) || ':*' AS term UNION ALL SELECT quote_literal(a) FROM unnest(ng_alike(word)) a) terms) AS query
        FROM unnest(ng_words(replace(replace(name, '*', ' '), '?', ' '))) AS word) queries
$$;

-- The condition of one matching key: {tag | path, op, values | from, to}. Raises for what is no such key.
CREATE FUNCTION qido_condition(level text, key jsonb) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  op constant text := key->>'op';
  col text := qido_column(key->>'tag');
  parts text[];
  path text;
BEGIN
  IF key ? 'path' THEN
    SELECT string_agg(format('."%s".Value[*]', tag), '') INTO path FROM jsonb_array_elements_text(key->'path') AS tag WHERE tag ~ '^[0-9A-F]{8}$';
    col := 'v.said';
  END IF;
  IF col IS NULL THEN RAISE EXCEPTION 'unknown attribute'; END IF;
  CASE op
    WHEN 'in' THEN parts := ARRAY[format('%s = ANY (%L::text[])', col, ARRAY(SELECT jsonb_array_elements_text(key->'values')))];
    WHEN 'number' THEN parts := ARRAY[format(CASE WHEN path IS NULL THEN '%s = ANY (%L::bigint[])' ELSE '%s = ANY (%L::text[])' END, col,
      ARRAY(SELECT jsonb_array_elements_text(key->'values')))];
    WHEN 'overlap' THEN parts := ARRAY[format('%s && %L::text[]', col, ARRAY(SELECT jsonb_array_elements_text(key->'values')))];
    WHEN 'like' THEN parts := ARRAY[format('%s ILIKE %L', col, key->>'value')];
    WHEN 'name' THEN parts := ARRAY[format('%s LIKE %L', col, qido_name_pattern(key->>'value'))];
    WHEN 'fuzzy' THEN parts := ARRAY[coalesce(qido_fuzzy_condition(key->>'value'), 'true')];
    WHEN 'date' THEN
      IF key ? 'from' THEN parts := parts || format('%s >= %L::date', col, key->>'from'); END IF;
      IF key ? 'to' THEN parts := parts || format('%s <= %L::date', col, key->>'to'); END IF;
    WHEN 'text' THEN
      IF key ? 'from' THEN parts := parts || format('%s >= %L', col, key->>'from'); END IF;
      IF key ? 'to' THEN parts := parts || format('%s <= %L', col, key->>'to'); END IF;
    -- Study date and time as one moment (PS3.4 C.2.2.2.5.4); the dates alone find the index.
    WHEN 'moment' THEN
      IF key ? 'from' THEN
        parts := parts || format('t.study_date >= %1$L::date AND (t.study_date > %1$L::date OR t.study_time >= %2$L)', key->>'from', key->>'fromTime');
      END IF;
      IF key ? 'to' THEN
        parts := parts || format('t.study_date <= %1$L::date AND (t.study_date < %1$L::date OR t.study_time <= %2$L)', key->>'to', key->>'toTime');
      END IF;
  END CASE;
  IF path IS NULL THEN RETURN array_to_string(parts, ' AND '); END IF;
  RETURN format('EXISTS (SELECT FROM (SELECT CASE jsonb_typeof(q) WHEN ''object'' THEN coalesce(q->>''Alphabetic'', q->>''Ideographic'', q->>''Phonetic'') ELSE q #>> ''{}'' END
    FROM jsonb_path_query(%s, %L) AS q) AS v (said) WHERE %s)',
    CASE level WHEN 'studies' THEN 't.attributes' ELSE 't.attributes || r.attributes' END, '$' || path, array_to_string(parts, ' AND '));
END $$;

-- The statement of a search: fixed pieces, quoted literals, and so a plan for the very values.
-- f: keys, limit, offset, and groupId when only one partition is wanted. Null when the actor sees nothing.
CREATE FUNCTION qido_statement(level text, f jsonb) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  arms constant text[] := ng_scope_arms((f->>'groupId')::uuid);
  conditions text := 't.deleted_at IS NULL AND p.deleted_at IS NULL';
  key jsonb;
BEGIN
  IF cardinality(arms) = 0 THEN RETURN NULL; END IF;
  conditions := conditions || ' AND (' || replace(array_to_string(arms, ' OR '), 'group_id', 't.group_id') || ')';
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

-- Ids in the order of the answer.
CREATE FUNCTION qido_search(level text, f jsonb) RETURNS uuid[]
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp SET jit = off
  AS $$
DECLARE
  statement constant text := qido_statement(level, f);
  ids uuid[] := '{}';
BEGIN
  IF statement IS NOT NULL THEN
    EXECUTE 'SELECT coalesce(array_agg(id), ''{}'') FROM (' || statement || ') AS found' INTO ids;
  END IF;
  RETURN ids;
END $$;

REVOKE ALL ON FUNCTION qido_search(text, jsonb), qido_statement(text, jsonb), qido_condition(text, jsonb), qido_fuzzy_condition(text),
  qido_name_pattern(text), ng_study_patient_names() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qido_search(text, jsonb) TO negatoscope_app;
