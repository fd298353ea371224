-- Groups of a person beside the main one, which stays users.group_id: what was there before reads as before. Locks: a moment on users and groups for the references.
CREATE TABLE user_groups (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  group_id uuid NOT NULL REFERENCES groups ON DELETE CASCADE,
  PRIMARY KEY (user_id, group_id)
);
CREATE INDEX user_groups_group ON user_groups (group_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_groups TO negatoscope_app;

-- Every process forgets at once whom this gave more, or takes it from, whoever made the change.
CREATE FUNCTION ng_user_groups_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('negatoscope_identity', (CASE TG_OP WHEN 'INSERT' THEN NEW.user_id ELSE OLD.user_id END)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER user_groups_changed AFTER INSERT OR UPDATE OR DELETE ON user_groups FOR EACH ROW EXECUTE FUNCTION ng_user_groups_changed();
