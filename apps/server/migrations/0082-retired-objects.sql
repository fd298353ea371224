-- Objects that nothing names any more, but that a reader who began before may still want: they are deleted after a while.
-- Locks: none but those of a new table.
CREATE TABLE retired_objects (
  id uuid PRIMARY KEY,
  retired_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, DELETE ON retired_objects TO negatoscope_app;
