-- Projects of de-identification: what is done to files that leave into each, and its key. A new table: no lock that matters.
CREATE TABLE deid_projects (
  id uuid PRIMARY KEY,
  -- Whose project it is: the group of who made it, or everybody's but researchers'.
  group_id uuid,
  name text NOT NULL,
  note text NOT NULL,
  options text[] NOT NULL,
  dates text NOT NULL CHECK (dates IN ('REMOVED', 'SHIFTED')),
  -- 32 random bytes, sealed with a key that is outside the database.
  sealed_key bytea NOT NULL,
  created_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL
);
CREATE INDEX deid_projects_created_by ON deid_projects (created_by);

ALTER TABLE deid_projects ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON deid_projects TO negatoscope_app;
