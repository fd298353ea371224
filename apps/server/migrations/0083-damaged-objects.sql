-- What is known of objects that are not as they were received, and how far the reading of all objects has come.
-- Locks: ACCESS EXCLUSIVE on instances and series for the change of the catalogue (a constant default rewrites nothing);
-- SHARE on series while its index is built: one entry a series.
CREATE TABLE damaged_objects (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('INSTANCE', 'VERSION', 'CONFLICT', 'METADATA')),
  reason text NOT NULL CHECK (reason IN ('MISSING', 'SIZE', 'HASH', 'UNREADABLE')),
  found_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON damaged_objects TO negatoscope_app;

-- Every process keeps the ids in memory.
CREATE FUNCTION ng_tell_damage() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      PERFORM pg_notify('negatoscope_objects', '+' || NEW.id::text);
    ELSE
      PERFORM pg_notify('negatoscope_objects', '-' || OLD.id::text);
    END IF;
    RETURN NULL;
  END
  $$;
CREATE TRIGGER damaged_objects_told AFTER INSERT OR DELETE ON damaged_objects FOR EACH ROW EXECUTE FUNCTION ng_tell_damage();

-- How often a stored instance was damaged and healed: what was made of its bytes before must not be taken for what they are now.
ALTER TABLE instances ADD COLUMN repairs integer NOT NULL DEFAULT 0;
-- SHA-256 of metadata_object; null for one that was packed before it was kept.
ALTER TABLE series ADD COLUMN metadata_sha256 bytea;
CREATE INDEX series_metadata_object ON series (metadata_object) WHERE metadata_object IS NOT NULL;

-- One row: the reading that is under way and the last whole one.
CREATE TABLE scrub_state (
  single boolean PRIMARY KEY DEFAULT true CHECK (single),
  started_at timestamptz NOT NULL,
  -- The last object that was read, in the order of ids.
  position uuid,
  objects bigint NOT NULL DEFAULT 0,
  bytes bigint NOT NULL DEFAULT 0,
  damaged integer NOT NULL DEFAULT 0,
  busy_ms bigint NOT NULL DEFAULT 0,
  awake_ms bigint NOT NULL DEFAULT 0,
  total_objects bigint NOT NULL,
  last_finished_at timestamptz,
  last_started_at timestamptz,
  last_objects bigint,
  last_bytes bigint,
  last_busy_ms bigint,
  last_awake_ms bigint
);
GRANT SELECT, INSERT, UPDATE, DELETE ON scrub_state TO negatoscope_app;
