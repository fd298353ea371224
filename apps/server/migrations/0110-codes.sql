-- What who sees pseudonyms may search by is what they may read: codes that are some. No lock; rows follow at the end of functions/search-texts.sql.

-- Whether a text is a code string (PS3.5 Table 6.2-1, CS), as isCodeString() says in the sources: a test holds one against the other. Of it `studies.public_text` is made.
CREATE FUNCTION ng_is_code(value text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT value COLLATE "C" ~ '^[A-Z0-9_ ]{1,16}$' $$;
REVOKE ALL ON FUNCTION ng_is_code(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_is_code(text) TO negatoscope_app;
