-- revision: 2
-- The words of a search.

-- Loads pg_trgm into this connection: only then may who is no superuser name its settings in a function.
SELECT similarity('', '');

-- Distinct words of names that a mistyped word may have meant, nearest first.
CREATE OR REPLACE FUNCTION ng_alike(word text) RETURNS text[]
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
CREATE OR REPLACE FUNCTION ng_word_condition(text_column text, word text, alike text[], by_index boolean) RETURNS text
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

-- Distinct words of a search, normalised. Eight are enough for any name and bound what a request may cost.
CREATE OR REPLACE FUNCTION ng_words(q text) RETURNS text[]
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT coalesce(array_agg(DISTINCT left(w, 64)), '{}')
  FROM (SELECT w FROM unnest(string_to_array(nullif(ng_normalize(q), ''), ' ')) AS w LIMIT 8) first_words
$$;

REVOKE ALL ON FUNCTION ng_alike(text), ng_words(text), ng_word_condition(text, text, text[], boolean) FROM PUBLIC;
