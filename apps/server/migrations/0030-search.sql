-- Lists and search: what a study is found by, indexes in the order of each list, functions that give back ids.
-- Locks: ALTER TABLE and CREATE INDEX on patients and studies, which are empty when this first runs with 0001.
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch;

-- Copies that the worklist is sorted and searched by, without a join. public_text is what one may search by who must not see identities.
ALTER TABLE studies
  ADD COLUMN patient_name text NOT NULL DEFAULT '',
  ADD COLUMN record_number text NOT NULL DEFAULT '',
  ADD COLUMN search_text text NOT NULL DEFAULT '',
  ADD COLUMN public_text text NOT NULL DEFAULT '';

CREATE FUNCTION ng_study_search_text() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  owner_of record;
BEGIN
  SELECT p.name_key, p.record_number, p.search_text INTO owner_of FROM patients p WHERE p.id = NEW.patient_id;
  NEW.patient_name := left(coalesce(owner_of.name_key, ''), 200);
  NEW.record_number := coalesce(owner_of.record_number, '');
  NEW.public_text := ng_normalize(NEW.record_number || ' ' || coalesce(NEW.description, '') || ' ' || array_to_string(NEW.modalities, ' '));
  NEW.search_text := btrim(coalesce(owner_of.search_text, '') || ' '
    || ng_normalize(coalesce(NEW.accession_number, '') || ' ' || coalesce(NEW.description, '') || ' ' || array_to_string(NEW.modalities, ' ')));
  RETURN NEW;
END $$;
CREATE TRIGGER studies_search_text BEFORE INSERT OR UPDATE OF patient_id, description, accession_number, modalities ON studies
  FOR EACH ROW EXECUTE FUNCTION ng_study_search_text();

CREATE FUNCTION ng_patient_renamed() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  UPDATE studies SET patient_id = NEW.id WHERE patient_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER patients_renamed AFTER UPDATE ON patients
  FOR EACH ROW WHEN (OLD.search_text IS DISTINCT FROM NEW.search_text OR OLD.name_key IS DISTINCT FROM NEW.name_key)
  EXECUTE FUNCTION ng_patient_renamed();
UPDATE studies SET patient_id = patient_id;

-- Distinct words of names, for typos. No unique key: two imports that bring the same new name at once must not wait for each other,
-- and a word that stands twice costs nothing. Only functions of the owner read it.
CREATE TABLE name_tokens (token text NOT NULL);
CREATE INDEX name_tokens_token ON name_tokens (token);
CREATE INDEX name_tokens_similar ON name_tokens USING gin (token gin_trgm_ops);
REVOKE ALL ON name_tokens FROM PUBLIC;

CREATE FUNCTION ng_learn_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  INSERT INTO name_tokens (token)
    SELECT DISTINCT word FROM changed, unnest(string_to_array(changed.name_key, ' ')) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND NOT EXISTS (SELECT FROM name_tokens t WHERE t.token = word);
  RETURN NULL;
END $$;
CREATE FUNCTION ng_forget_names() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  DELETE FROM name_tokens WHERE token IN (SELECT DISTINCT word FROM changed, unnest(string_to_array(changed.name_key, ' ')) AS word)
    AND NOT EXISTS (SELECT FROM patients p WHERE array_to_tsvector(string_to_array(rtrim(left(p.search_text, 500)), ' ')) @@ (quote_literal(token))::tsquery);
  RETURN NULL;
END $$;
CREATE TRIGGER patients_learn AFTER INSERT ON patients REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ng_learn_names();
CREATE TRIGGER patients_forget AFTER DELETE ON patients REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION ng_forget_names();
CREATE FUNCTION ng_learn_name() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  INSERT INTO name_tokens (token)
    SELECT DISTINCT word FROM unnest(string_to_array(NEW.name_key, ' ')) AS word
    WHERE length(word) BETWEEN 3 AND 40 AND NOT EXISTS (SELECT FROM name_tokens t WHERE t.token = word);
  RETURN NULL;
END $$;
CREATE TRIGGER patients_relearn AFTER UPDATE ON patients
  FOR EACH ROW WHEN (OLD.name_key IS DISTINCT FROM NEW.name_key) EXECUTE FUNCTION ng_learn_name();

-- One index for each order of each list: over all rows (administrators) and within a partition (everyone else). CASE instead of
-- coalesce(), because only CASE counts as leakproof: without that row-level security takes the index away.
-- The words of a normalised text as a tsvector: its GIN index answers prefixes as ranges of tokens, however short they are. Cut to 500
-- characters, because a lexeme of over 2,046 bytes is an error.
CREATE INDEX patients_live ON patients (group_id, status, identity_status) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_name ON patients (group_id, name_key, id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_birth ON patients ((CASE WHEN birth_date IS NULL THEN 'infinity'::date ELSE birth_date END), id)
  WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_birth_group ON patients (group_id, (CASE WHEN birth_date IS NULL THEN 'infinity'::date ELSE birth_date END), id)
  WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_last ON patients ((CASE WHEN last_study_at IS NULL THEN '-infinity'::date ELSE last_study_at END), id)
  WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_last_group ON patients (group_id, (CASE WHEN last_study_at IS NULL THEN '-infinity'::date ELSE last_study_at END), id)
  WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_record ON patients (record_number, id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_record_group ON patients (group_id, record_number, id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_created ON patients (created_at, id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_by_created_group ON patients (group_id, created_at, id) WHERE deleted_at IS NULL AND merged_into IS NULL;
CREATE INDEX patients_words ON patients USING gin (array_to_tsvector(string_to_array(rtrim(left(search_text, 500)), ' ')));
CREATE INDEX patients_record_search ON patients USING gin (ng_normalize(record_number) gin_trgm_ops);
CREATE INDEX patients_record_words ON patients USING gin (array_to_tsvector(string_to_array(rtrim(left(ng_normalize(record_number), 500)), ' ')));
CREATE INDEX patients_trash ON patients (deleted_at, id) WHERE deleted_at IS NOT NULL;

CREATE INDEX studies_live ON studies (group_id, status) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_date ON studies ((CASE WHEN study_date IS NULL THEN '-infinity'::date ELSE study_date END), id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_date_group ON studies (group_id, (CASE WHEN study_date IS NULL THEN '-infinity'::date ELSE study_date END), id)
  WHERE deleted_at IS NULL;
CREATE INDEX studies_by_received ON studies (received_at, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_received_group ON studies (group_id, received_at, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_name ON studies (patient_name, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_name_group ON studies (group_id, patient_name, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_record ON studies (record_number, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_by_record_group ON studies (group_id, record_number, id) WHERE deleted_at IS NULL;
CREATE INDEX studies_search ON studies USING gin (search_text gin_trgm_ops);
CREATE INDEX studies_words ON studies USING gin (array_to_tsvector(string_to_array(rtrim(left(search_text, 500)), ' ')));
CREATE INDEX studies_public_search ON studies USING gin (public_text gin_trgm_ops);
CREATE INDEX studies_public_words ON studies USING gin (array_to_tsvector(string_to_array(rtrim(left(public_text, 500)), ' ')));
CREATE INDEX studies_trash ON studies (deleted_at, id) WHERE deleted_at IS NOT NULL;

-- The partitions that the transaction's actor may see, each as a condition on group_id; 'true' is all of them, none is nothing.
-- Reads the settings of the transaction, the same as the row-level policies; a wanted group only ever narrows it.
CREATE FUNCTION ng_scope_arms(wanted uuid) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  own constant uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  arms text[] := '{}';
BEGIN
  IF coalesce(current_setting('negatoscope.scope', true), '') = 'all' THEN
    RETURN CASE WHEN wanted IS NULL THEN ARRAY['true'] ELSE ARRAY[format('group_id = %L::uuid', wanted)] END;
  END IF;
  IF own IS NOT NULL AND (wanted IS NULL OR wanted = own) THEN
    arms := arms || format('group_id = %L::uuid', own);
  END IF;
  IF wanted IS NULL AND coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on' THEN
    arms := arms || 'group_id IS NULL'::text;
  END IF;
  RETURN arms;
END $$;

-- Distinct words of names that a mistyped word may have meant, nearest first.
CREATE FUNCTION ng_alike(word text) RETURNS text[]
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET pg_trgm.similarity_threshold = 0.25
  AS $$
DECLARE
  found text[];
BEGIN
  IF length(word) NOT BETWEEN 4 AND 40 OR word !~ '^[[:alpha:]]+$' THEN
    RETURN '{}';
  END IF;
  EXECUTE format($q$
    SELECT array_agg(token ORDER BY distance, likeness DESC) FROM (
      SELECT token, levenshtein_less_equal(token, %1$L, %2$s) AS distance, max(similarity(token, %1$L)) AS likeness
      FROM name_tokens WHERE token %% %1$L GROUP BY token
      ORDER BY 2, 3 DESC LIMIT 20) near
    WHERE distance <= %2$s$q$, word, CASE WHEN length(word) = 4 THEN 1 ELSE 2 END) INTO found;
  RETURN coalesce(found, '{}');
END $$;

-- The condition that one word puts on a row: a substring, or for fewer than three letters the beginning of a word. `alike` stands for
-- words that may have been meant. Without `by_index` it is the form that is quick to evaluate row by row.
CREATE FUNCTION ng_word_condition(text_column text, word text, alike text[], by_index boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  IF NOT by_index THEN
    RETURN CASE WHEN length(word) < 3 THEN format('strpos('' '' || %s, %L) > 0', text_column, ' ' || word) ELSE format('strpos(%s, %L) > 0', text_column, word) END;
  END IF;
  IF cardinality(alike) = 0 AND length(word) >= 3 THEN
    RETURN format('%s LIKE %L', text_column, '%' || word || '%');
  END IF;
  RETURN format('array_to_tsvector(string_to_array(rtrim(left(%s, 500)), '' '')) @@ %L::tsquery', text_column,
    (SELECT string_agg(term, ' | ') FROM (SELECT quote_literal(word) || ':*' AS term UNION ALL SELECT quote_literal(a) FROM unnest(alike) a) terms));
END $$;

-- Which column a list is ordered by, and its type. Who sees pseudonyms gets the order of record numbers
-- in place of names and birth dates, so that the order tells nothing.
CREATE FUNCTION ng_sort_key(kind text, sort text, hidden boolean, OUT key text, OUT type text)
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  type := 'text';
  CASE (kind || ' ' || CASE WHEN hidden AND sort IN ('name', 'birthDate', 'patientName') THEN 'recordNumber' ELSE sort END)
    WHEN 'patients name' THEN key := 'name_key';
    WHEN 'patients recordNumber', 'studies recordNumber' THEN key := 'record_number';
    WHEN 'patients birthDate' THEN key := '(CASE WHEN birth_date IS NULL THEN ''infinity''::date ELSE birth_date END)'; type := 'date';
    WHEN 'patients lastStudyAt' THEN key := '(CASE WHEN last_study_at IS NULL THEN ''-infinity''::date ELSE last_study_at END)'; type := 'date';
    WHEN 'patients createdAt' THEN key := 'created_at'; type := 'timestamptz';
    WHEN 'studies studyDate' THEN key := '(CASE WHEN study_date IS NULL THEN ''-infinity''::date ELSE study_date END)'; type := 'date';
    WHEN 'studies receivedAt' THEN key := 'received_at'; type := 'timestamptz';
    WHEN 'studies patientName' THEN key := 'patient_name';
  END CASE;
END $$;

-- The conditions of a list's filters, each a column of ours and a quoted literal; empty when there are none.
CREATE FUNCTION ng_filters(kind text, f jsonb, hidden boolean) RETURNS text
  LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  dated constant text := '(CASE WHEN study_date IS NULL THEN ''-infinity''::date ELSE study_date END)';
  c text := '';
BEGIN
  IF f ? 'status' THEN c := c || format(' AND status = %L', f->>'status'); END IF;
  IF hidden AND (f ? 'birthDate' OR f ? 'accessionNumber') THEN c := c || ' AND false'; END IF;
  IF kind = 'patients' THEN
    IF f ? 'birthDate' THEN c := c || format(' AND birth_date = %L::date', f->>'birthDate'); END IF;
    IF f ? 'identityStatus' THEN c := c || format(' AND identity_status = %L', f->>'identityStatus'); END IF;
  ELSE
    IF f ? 'patientId' THEN c := c || format(' AND patient_id = %L::uuid', f->>'patientId'); END IF;
    IF f ? 'from' THEN c := c || format(' AND %s >= %L::date', dated, f->>'from'); END IF;
    IF f ? 'to' THEN c := c || format(' AND %1$s <= %2$L::date AND %1$s > ''-infinity''::date', dated, f->>'to'); END IF;
    IF f ? 'modality' THEN c := c || format(' AND modalities @> ARRAY[%L]', f->>'modality'); END IF;
    IF f ? 'accessionNumber' THEN c := c || format(' AND accession_number = %L', f->>'accessionNumber'); END IF;
  END IF;
  RETURN c;
END $$;

-- Distinct words of a search, normalised. Eight are enough for any name and bound what a request may cost.
CREATE FUNCTION ng_words(q text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT coalesce(array_agg(DISTINCT left(w, 64)), '{}')
  FROM (SELECT w FROM unnest(string_to_array(nullif(ng_normalize(q), ''), ' ')) AS w LIMIT 8) first_words
$$;

-- One page of a list: ids and sort keys of up to `limit` rows in scope, and how many rows there are, counted to 10,000, or to 2,000 where
-- rows are matched by text or modality. 2,001 or 10,001 mean that there are more.
-- Each statement is put together from fixed pieces and quoted literals, so that PostgreSQL plans it for the very values.
-- Few rows are gathered and sorted; many are met by walking the index of the order, one partition beside the other.
CREATE FUNCTION ng_list(kind text, f jsonb, OUT ids uuid[], OUT keys text[], OUT total integer)
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp SET enable_seqscan = off SET enable_sort = on SET enable_bitmapscan = on
  SET max_parallel_workers_per_gather = 0 SET jit = off
  AS $$
DECLARE
  few constant integer := 2000;
  page constant integer := (f->>'limit')::integer;
  hidden constant boolean := coalesce((f->>'pseudonyms')::boolean, false);
  way constant text := CASE WHEN (f->>'descending')::boolean THEN 'DESC' ELSE 'ASC' END;
  arms constant text[] := ng_scope_arms((f->>'groupId')::uuid);
  live constant text := CASE kind WHEN 'patients' THEN 'deleted_at IS NULL AND merged_into IS NULL' ELSE 'deleted_at IS NULL' END;
  -- The order in which rows lie on the disk, more or less.
  arrival constant text := CASE kind WHEN 'patients' THEN ' ORDER BY created_at, id' ELSE ' ORDER BY received_at, id' END;
  text_column constant text := CASE WHEN NOT hidden THEN 'search_text' WHEN kind = 'patients' THEN 'ng_normalize(record_number)' ELSE 'public_text' END;
  filters constant text := live || ng_filters(kind, f, hidden);
  conditions text := filters;
  fuzzy text := filters;
  walking text := filters;
  words text[];
  key record;
  after text := '';
  source text;
  all_ids uuid[];
  all_keys text[];
  common boolean := false;
BEGIN
  total := 0; ids := '{}'; keys := '{}';
  IF cardinality(arms) = 0 THEN RETURN; END IF;
  key := ng_sort_key(kind, f->>'sort', hidden);
  IF f ? 'q' THEN
    words := ng_words(f->>'q');
    IF cardinality(words) = 0 THEN RETURN; END IF;
    SELECT filters || string_agg(' AND ' || ng_word_condition(text_column, w, '{}', true), ''),
           filters || string_agg(' AND ' || ng_word_condition(text_column, w, '{}', false), '') INTO conditions, walking FROM unnest(words) w;
  END IF;
  IF (f ? 'q' OR f ? 'modality') AND NOT (hidden AND kind = 'patients') THEN
    -- A common word may match half of the table: then reading rows as they came in finds enough sooner than the text's index does.
    PERFORM set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true);
    SELECT string_agg(format('(SELECT * FROM %I WHERE %s AND %s%s LIMIT 300)', kind, arm, live, arrival), ' UNION ALL ') INTO source FROM unnest(arms) AS arm;
    EXECUTE format('SELECT count(*) FILTER (WHERE %s) * 6 > count(*) FROM (%s) sample', walking, source) INTO common;
    IF common THEN
      conditions := walking;
    ELSE
      PERFORM set_config('enable_bitmapscan', 'on', true), set_config('enable_sort', 'on', true);
    END IF;
  END IF;
  IF f ? 'afterId' THEN
    after := format(' AND (%s, id) %s (%L::%s, %L::uuid)', key.key, CASE way WHEN 'ASC' THEN '>' ELSE '<' END, f->>'afterKey', key.type, f->>'afterId');
  END IF;
  IF conditions <> live THEN
    -- Partitions are asked together where an index finds the rows, one after the other where they are read as they come.
    SELECT format('SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(key::text), ''{}'') FROM (SELECT id, key FROM (%s) parts LIMIT %s) few',
      string_agg(format('(SELECT id, %s AS key FROM %I WHERE (%s) AND %%1$s%s LIMIT %s)', key.key, kind, arm, CASE WHEN common THEN arrival ELSE '' END, few + 1), ' UNION ALL '), few + 1)
      INTO source FROM unnest(CASE WHEN common THEN arms ELSE ARRAY[array_to_string(arms, ' OR ')] END) AS arm;
    EXECUTE format(source, conditions) INTO all_ids, all_keys;
    IF f ? 'q' AND cardinality(all_ids) < 5 AND NOT hidden THEN
      SELECT filters || string_agg(' AND ' || ng_word_condition(text_column, w, ng_alike(w), true), '') INTO fuzzy FROM unnest(words) w;
      IF fuzzy <> conditions THEN
        EXECUTE format(source, format('((%s) OR (%s))', conditions, fuzzy)) INTO all_ids, all_keys;
        walking := format('((%s) OR (%s))', conditions, fuzzy);
      END IF;
    END IF;
    total := cardinality(all_ids);
    IF total <= few THEN
      PERFORM set_config('enable_sort', 'on', true);
      EXECUTE format('SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(key::text), ''{}'') FROM
        (SELECT id, key FROM (SELECT id, key::%1$s AS key FROM unnest($1, $2) AS hit (id, key)) hits WHERE true%2$s ORDER BY key %3$s, id %3$s LIMIT %4$s) page',
        key.type, replace(after, '(' || key.key || ',', '(key,'), way, page) INTO ids, keys USING all_ids, all_keys;
      RETURN;
    END IF;
  END IF;
  IF NOT (f ? 'q' OR f ? 'modality') THEN
    total := ng_count(kind, arms, conditions, 10001);
  END IF;
  PERFORM set_config('enable_sort', 'off', true);
  SELECT string_agg(format('(SELECT id, %1$s AS key FROM %2$I WHERE %3$s AND %4$s%5$s ORDER BY %1$s %6$s, id %6$s LIMIT %7$s)',
    key.key, kind, arm, walking, after, way, page), ' UNION ALL ') INTO source FROM unnest(arms) AS arm;
  EXECUTE format('SELECT coalesce(array_agg(id), ''{}''), coalesce(array_agg(key::text), ''{}'') FROM (SELECT id, key FROM (%1$s) walked ORDER BY key %2$s, id %2$s LIMIT %3$s) page',
    source, way, page) INTO ids, keys;
END $$;

CREATE FUNCTION ng_count(kind text, arms text[], conditions text, cap integer) RETURNS integer
  LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  source text;
  counted integer;
BEGIN
  SELECT string_agg(format('(SELECT 1 FROM %I WHERE %s AND %s LIMIT %s)', kind, arm, conditions, cap), ' UNION ALL ') INTO source FROM unnest(arms) AS arm;
  EXECUTE format('SELECT count(*) FROM (SELECT 1 FROM (%s) arms LIMIT %s) counted', source, cap) INTO counted;
  RETURN counted;
END $$;

-- The same with the rights of the owner: LIKE, trigrams, tokens and array operators are not leakproof, so under row-level security
-- they would lose their indexes. It answers for rows that ng_scope_arms allows and gives ids only; the rows are read under the policies.
CREATE FUNCTION ng_search(kind text, f jsonb, OUT ids uuid[], OUT keys text[], OUT total integer)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  IF kind NOT IN ('patients', 'studies') THEN RAISE EXCEPTION 'unknown list'; END IF;
  SELECT l.ids, l.keys, l.total INTO ids, keys, total FROM ng_list(kind, f) l;
END $$;

REVOKE ALL ON FUNCTION ng_search(text, jsonb), ng_list(text, jsonb), ng_count(text, text[], text, integer), ng_alike(text), ng_words(text),
  ng_scope_arms(uuid), ng_word_condition(text, text, text[], boolean), ng_sort_key(text, text, boolean), ng_filters(text, jsonb, boolean),
  ng_study_search_text(), ng_patient_renamed(), ng_learn_names(), ng_forget_names(), ng_learn_name() FROM PUBLIC;
-- ng_list runs with the caller's rights: under the policies, with the scope in its statements as well.
GRANT EXECUTE ON FUNCTION ng_search(text, jsonb), ng_list(text, jsonb), ng_count(text, text[], text, integer),
  ng_scope_arms(uuid), ng_sort_key(text, text, boolean), ng_filters(text, jsonb, boolean) TO negatoscope_app;
