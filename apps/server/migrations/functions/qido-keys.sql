-- revision: 3
-- The matching keys of QIDO-RS as conditions (PS3.4 C.2.2.2).

-- The text of one value of DICOM JSON; of a Person Name all its groups, as PS3.5 6.2.1 writes them.
CREATE OR REPLACE FUNCTION qido_said(value jsonb) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT CASE jsonb_typeof(value)
    WHEN 'object' THEN rtrim(concat(value->>'Alphabetic', '=', value->>'Ideographic', '=', value->>'Phonetic'), '=')
    ELSE value #>> '{}' END
$$;

-- Names letter by letter, without case and accents, each between equals signs: '=subj_001=', '=yamada tarou=山田 太郎='.
CREATE OR REPLACE FUNCTION qido_spelled(names text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT regexp_replace(regexp_replace('=' || lower(unaccent('unaccent'::regdictionary, normalize(names, NFKC))) || '=', '[\^ ]+', ' ', 'g'), ' *= *', '=', 'g')
$$;

-- Where an attribute's names are compared; null for one that has none.
CREATE OR REPLACE FUNCTION qido_names_of(tag text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT CASE tag
    WHEN '00100010' THEN 'concat_ws(''='', p.person_name, btrim(p.family_name || '' '' || p.given_name))'
    WHEN '00080090' THEN 'qido_said(t.attributes #> ''{00080090,Value,0}'')' END
$$;

-- The column of a searchable attribute; null for anything else, so that nothing of a request becomes part of a statement but as a literal.
CREATE OR REPLACE FUNCTION qido_column(tag text) RETURNS text
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
CREATE OR REPLACE FUNCTION qido_name_pattern(pattern text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT '%= ' || ltrim(btrim(regexp_replace(lower(unaccent('unaccent'::regdictionary, normalize(pattern, NFKC))), '[^[:alnum:]%_]+', ' ', 'g'))) || ' =%'
$$;

-- Names that hold each word as the beginning of one of theirs, or something alike (typos), in any order; null when there is no word.
CREATE OR REPLACE FUNCTION qido_fuzzy_condition(name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT string_agg(condition, ' AND ')
  FROM (SELECT (SELECT '(' || string_agg(format('t.patient_names LIKE %L', pattern), ' OR ') || ')'
                FROM (SELECT '% ' || word || '%' AS pattern UNION SELECT '% ' || alike || ' %' FROM unnest(ng_alike(word)) AS alike) patterns) AS condition
        FROM unnest(ng_words(replace(replace(name, '*', ' '), '?', ' '))) AS word) conditions
$$;

-- The condition of one matching key: {tag | path, op, values | value | from, to}. Raises for what is no such key. With `form`, a regular expression, only what looks like it is
-- matched, and with `vrs` only in attributes of these VRs, one set (`US|SS`) for each of the path: what is not shown matches nothing.
-- `patient` is a patient's row and has neither tag nor path.
-- `name` and `spelled` compare every group of a Person Name; `spelled` also what normal form leaves out.
CREATE OR REPLACE FUNCTION qido_condition(level text, key jsonb) RETURNS text
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  op constant text := key->>'op';
  names text := qido_names_of(key->>'tag');
  col text := qido_column(key->>'tag');
  parts text[];
  path text;
  wanted constant text[] := ARRAY(SELECT v FROM jsonb_array_elements_text(key->'values') AS v WHERE NOT key ? 'form' OR v ~ (key->>'form'));
BEGIN
  IF op = 'patient' THEN RETURN format('t.patient_id = %L::uuid', key->>'value'); END IF;
  IF key ? 'path' THEN
    SELECT string_agg(format('."%s"%s.Value[*]', tag, CASE WHEN vrs ~ '^[A-Z|]+$' THEN format(' ? (@.vr like_regex "^(%s)$")', vrs) END), '' ORDER BY n) INTO path
      FROM ROWS FROM (jsonb_array_elements_text(key->'path'), jsonb_array_elements_text(key->'vrs')) WITH ORDINALITY AS p (tag, vrs, n) WHERE tag ~ '^[0-9A-F]{8}$';
    col := 'v.said';
    names := 'v.said';
  END IF;
  IF col IS NULL THEN RAISE EXCEPTION 'unknown attribute'; END IF;
  CASE op
    WHEN 'in' THEN parts := ARRAY[format('%s = ANY (%L::text[])', col, wanted)];
    WHEN 'number' THEN parts := ARRAY[format(CASE WHEN path IS NULL THEN '%s = ANY (%L::bigint[])' ELSE '%s = ANY (%L::text[])' END, col, wanted)];
    WHEN 'overlap' THEN parts := ARRAY[format('%s && %L::text[]', col, wanted)];
    WHEN 'like' THEN parts := ARRAY[format('%s ILIKE %L', col, key->>'value')];
    WHEN 'name' THEN
      -- Patients' names stand in normal form beside the study.
      IF key->>'tag' IS DISTINCT FROM '00100010' THEN col := format('qido_names('''', '''', %s)', names); END IF;
      parts := ARRAY[format('%s LIKE %L', col, qido_name_pattern(key->>'value'))];
    WHEN 'spelled' THEN parts := ARRAY[format('qido_spelled(%s) LIKE %L', names, '%' || qido_spelled(key->>'value') || '%')];
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
  IF key ? 'form' AND op IN ('like', 'text') THEN parts := parts || format('%s ~ %L', col, key->>'form'); END IF;
  IF path IS NULL THEN RETURN array_to_string(parts, ' AND '); END IF;
  RETURN format('EXISTS (SELECT FROM (SELECT qido_said(q) FROM jsonb_path_query(%s, %L) AS q) AS v (said) WHERE %s)',
    CASE level WHEN 'studies' THEN 't.attributes' ELSE 't.attributes || r.attributes' END, '$' || path, array_to_string(parts, ' AND '));
END $$;

REVOKE ALL ON FUNCTION qido_said(jsonb), qido_spelled(text), qido_names_of(text), qido_condition(text, jsonb), qido_fuzzy_condition(text),
  qido_name_pattern(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qido_said(jsonb) TO negatoscope_app;
