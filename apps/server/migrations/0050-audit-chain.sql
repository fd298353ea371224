-- What the sequencer has still to chain; filled by a trigger so that no insert can forget it. Empty tables: no lock that matters.
CREATE TABLE audit_pending (
  event_id uuid PRIMARY KEY
);
CREATE FUNCTION audit_enqueue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_pending (event_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
CREATE TRIGGER audit_enqueue AFTER INSERT ON audit_events FOR EACH ROW EXECUTE FUNCTION audit_enqueue();
GRANT SELECT, INSERT, DELETE ON audit_pending TO negatoscope_app;
