-- Fuzzy names by the trigram index of the names themselves: token vectors were made anew for every study in the order of dates. No lock.
-- Names that hold each word as the beginning of one of theirs, or something alike (typos), in any order; null when there is no word.
CREATE OR REPLACE FUNCTION qido_fuzzy_condition(name text) RETURNS text
  LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp
  AS $$
  SELECT string_agg(condition, ' AND ')
  FROM (SELECT (SELECT '(' || string_agg(format('t.patient_names LIKE %L', pattern), ' OR ') || ')'
                FROM (SELECT '% ' || word || '%' AS pattern UNION SELECT '% ' || alike || ' %' FROM unnest(ng_alike(word)) AS alike) patterns) AS condition
        FROM unnest(ng_words(replace(replace(name, '*', ' '), '?', ' '))) AS word) conditions
$$;
