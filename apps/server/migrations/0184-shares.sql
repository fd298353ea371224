-- Studies that are shared by a link with somebody who has no account. Locks: a moment on users and studies for the references.
CREATE TABLE shares (
  id uuid PRIMARY KEY,
  -- Who shares. Null once the account is deleted: it opens nothing from then on, and the journal keeps the id.
  user_id uuid REFERENCES users ON DELETE SET NULL,
  -- SHA-256 of the 32 random bytes in the link: the link itself stands nowhere.
  secret_hash bytea NOT NULL UNIQUE CHECK (octet_length(secret_hash) = 32),
  -- bcrypt of the code, which has few digits; null for a share without.
  code_hash text,
  profile text NOT NULL CHECK (profile IN ('IDENTIFIED', 'PSEUDONYM')),
  recipient text NOT NULL,
  note text,
  may_download boolean NOT NULL,
  study_count integer NOT NULL,
  max_openings integer CHECK (max_openings > 0),
  openings integer NOT NULL DEFAULT 0,
  wrong_codes integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_opened_at timestamptz,
  withdrawn_at timestamptz,
  -- By too many wrong codes.
  closed_at timestamptz,
  CHECK (expires_at > created_at),
  CHECK (openings <= max_openings)
);
CREATE INDEX shares_user ON shares (user_id, id DESC);

CREATE TABLE share_studies (
  share_id uuid NOT NULL REFERENCES shares ON DELETE CASCADE,
  study_id uuid NOT NULL REFERENCES studies,
  PRIMARY KEY (share_id, study_id)
);
CREATE INDEX share_studies_study ON share_studies (study_id);

-- What became of each try; one that opened is a visit for as long as it has a hash.
CREATE TABLE share_accesses (
  id uuid PRIMARY KEY,
  share_id uuid NOT NULL REFERENCES shares ON DELETE CASCADE,
  at timestamptz NOT NULL,
  ip text,
  outcome text NOT NULL CHECK (outcome IN ('OPENED', 'CODE_WRONG', 'REFUSED', 'DOWNLOADED', 'ENDED')),
  -- SHA-256 of the 32 random bytes in the visit's cookie; null once it has ended.
  visit_hash bytea UNIQUE CHECK (octet_length(visit_hash) = 32),
  used_at timestamptz,
  ends_at timestamptz,
  CHECK (visit_hash IS NULL OR (outcome = 'OPENED' AND used_at IS NOT NULL AND ends_at IS NOT NULL))
);
CREATE INDEX share_accesses_share ON share_accesses (share_id, at DESC);

ALTER TABLE shares ENABLE ROW LEVEL SECURITY;
ALTER TABLE share_studies ENABLE ROW LEVEL SECURITY;
ALTER TABLE share_accesses ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON shares, share_studies, share_accesses TO negatoscope_app;
