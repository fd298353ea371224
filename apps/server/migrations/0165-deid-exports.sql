-- Exports without identity that are made by the job process and wait for who asked. A new table: no lock that matters.
CREATE TABLE deid_exports (
  id uuid PRIMARY KEY,
  user_id uuid REFERENCES users ON DELETE CASCADE,
  -- What the asker's token allowed, where one asked by a token; the person's rights are looked at again and again.
  token_id uuid,
  permissions text[] NOT NULL,
  project_id uuid REFERENCES deid_projects,
  patient_ids uuid[] NOT NULL,
  study_uids text[],
  status text NOT NULL DEFAULT 'WAITING' CHECK (status IN ('WAITING', 'RUNNING', 'DONE', 'FAILED', 'CANCELLED')),
  code text,
  is_cancelled boolean NOT NULL DEFAULT false,
  -- Who works at it, and when they last said so.
  claim uuid,
  kept_at timestamptz,
  tries integer NOT NULL DEFAULT 0,
  total integer,
  done integer NOT NULL DEFAULT 0,
  refused integer NOT NULL DEFAULT 0,
  refusals jsonb NOT NULL DEFAULT '[]',
  -- What is in the ZIP: who may not see all of it any more does not get it.
  study_ids uuid[],
  result_id uuid,
  size_bytes bigint,
  created_at timestamptz NOT NULL,
  ended_at timestamptz,
  expires_at timestamptz
);
CREATE INDEX deid_exports_user ON deid_exports (user_id, created_at DESC);
CREATE INDEX deid_exports_project ON deid_exports (project_id);
CREATE INDEX deid_exports_open ON deid_exports (created_at) WHERE status IN ('WAITING', 'RUNNING');

ALTER TABLE deid_exports ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON deid_exports TO negatoscope_app;
