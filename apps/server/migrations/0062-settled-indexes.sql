-- New entries of inverted indexes wait in a list that every search reads from its beginning to its end: up to 4 MB in each of them, 3 ms a search,
-- until it is full or the tables are vacuumed. Lists of 256 kB cost an import as little; the index of names has one or two entries a study and needs none.
-- Locks: ALTER INDEX, which no reader or writer waits for, and what waits now is taken in: a tenth of a second for each of some fifteen indexes at most.
DO $$
DECLARE
  index regclass;
BEGIN
  FOR index IN SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam
    WHERE a.amname = 'gin' AND c.relkind = 'i' AND c.relnamespace = 'public'::regnamespace LOOP
    EXECUTE format('ALTER INDEX %s SET (gin_pending_list_limit = 256)', index);
    PERFORM gin_clean_pending_list(index);
  END LOOP;
END $$;
ALTER INDEX studies_names SET (fastupdate = off);
