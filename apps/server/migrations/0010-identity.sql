-- Every change that takes rights away tells all processes at once, whoever makes it (the server, its command line, a person at psql).
-- CREATE TRIGGER takes a SHARE ROW EXCLUSIVE lock on three small tables, for milliseconds.
CREATE FUNCTION ng_identity_changed() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    PERFORM pg_notify('negatoscope_identity', OLD.id::text);
  ELSE
    PERFORM pg_notify('negatoscope_identity', OLD.user_id::text);
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER users_identity_changed
  AFTER UPDATE OF role, level, status, group_id, password_hash OR DELETE ON users
  FOR EACH ROW EXECUTE FUNCTION ng_identity_changed();
CREATE TRIGGER user_sessions_identity_changed
  AFTER UPDATE OF revoked_at OR DELETE ON user_sessions
  FOR EACH ROW EXECUTE FUNCTION ng_identity_changed();
CREATE TRIGGER api_tokens_identity_changed
  AFTER UPDATE OF revoked_at OR DELETE ON api_tokens
  FOR EACH ROW EXECUTE FUNCTION ng_identity_changed();

CREATE INDEX users_created ON users (created_at DESC, id);
