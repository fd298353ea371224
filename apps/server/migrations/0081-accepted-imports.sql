-- Archives that were accepted with 202 and are read by a job: the row, the archive's durable file and the job are there before the answer.
-- Locks: ACCESS EXCLUSIVE on imports for the change of the catalogue; a constant default rewrites nothing.
CREATE TABLE import_spools (
  -- Also the name of its file in the spool folder.
  id uuid PRIMARY KEY,
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  -- The order in which archives came, from 0.
  place integer NOT NULL,
  name text NOT NULL,
  size_bytes bigint NOT NULL,
  -- What its sender could do, a token's part of what its person could: the job never does more.
  permissions text[] NOT NULL,
  UNIQUE (import_id, place)
);
ALTER TABLE import_spools ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON import_spools TO negatoscope_app
  USING ((SELECT current_setting('negatoscope.scope', true)) = 'all' OR EXISTS (SELECT FROM imports WHERE imports.id = import_id));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_spools TO negatoscope_app;
-- Entries of the import's archives whose outcome is in its report: a job that begins again goes on behind them.
ALTER TABLE imports ADD COLUMN spool_read integer NOT NULL DEFAULT 0;
