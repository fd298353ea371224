-- Name matching for QIDO-RS and C-FIND: wildcards find their index only outside row-level security, so the owner's function searches
-- and applies the transaction's scope itself. No lock beyond creating the function and its index.
CREATE INDEX patients_name_trgm ON patients USING gin (name_key gin_trgm_ops);

-- `pattern` is a LIKE pattern with backslash escapes, already normalised by the caller's wildcard rules; here it loses case and accents.
CREATE FUNCTION qido_patient_ids(pattern text) RETURNS SETOF uuid
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public
AS $fn$
DECLARE
  wanted text := btrim(regexp_replace(lower(public.unaccent('public.unaccent'::regdictionary, normalize(pattern, NFKC))), '[^[:alnum:]%_]+', ' ', 'g'));
  sees_all boolean := coalesce(current_setting('negatoscope.scope', true), '') = 'all';
  own uuid := nullif(current_setting('negatoscope.group_id', true), '')::uuid;
  ungrouped boolean := coalesce(current_setting('negatoscope.ungrouped', true), '') = 'on';
  prefix text;
BEGIN
  IF wanted ~ '^[^%_]+%?$' THEN
    -- A plain name or a prefix is a range of the name index.
    prefix := rtrim(wanted, '%');
    IF wanted LIKE '%\%' THEN
      RETURN QUERY EXECUTE 'SELECT id FROM public.patients WHERE name_key >= $1 AND name_key < $2 AND deleted_at IS NULL AND ($3 OR group_id = $4 OR (group_id IS NULL AND $5))'
        USING btrim(prefix), btrim(prefix) || chr(1114111), sees_all, own, ungrouped;
    ELSE
      RETURN QUERY EXECUTE 'SELECT id FROM public.patients WHERE name_key = $1 AND deleted_at IS NULL AND ($2 OR group_id = $3 OR (group_id IS NULL AND $4))'
        USING prefix, sees_all, own, ungrouped;
    END IF;
  ELSE
    RETURN QUERY EXECUTE format('SELECT id FROM public.patients WHERE name_key LIKE %L AND deleted_at IS NULL AND ($1 OR group_id = $2 OR (group_id IS NULL AND $3))', wanted)
      USING sees_all, own, ungrouped;
  END IF;
END $fn$;
REVOKE ALL ON FUNCTION qido_patient_ids(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION qido_patient_ids(text) TO negatoscope_app;
