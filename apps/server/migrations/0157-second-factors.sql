-- A second factor by time (RFC 6238): its secret is sealed with a key outside the database, each step counts once. Recovery codes are known by their hashes.
-- Locks: exclusive ones on two small tables for a moment, without a rewrite; two new tables that refer to users.
CREATE TABLE second_factors (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  secret bytea NOT NULL,
  -- The last step of half a minute whose code was used.
  last_step bigint NOT NULL,
  confirmed_at timestamptz NOT NULL
);
CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES second_factors ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);
-- When an administrator took one off, until its owner sets up another.
ALTER TABLE users ADD COLUMN factor_reset_at timestamptz;
-- When the person of a session has shown last who they are.
ALTER TABLE user_sessions ADD COLUMN proven_at timestamptz;
GRANT SELECT, INSERT, UPDATE, DELETE ON second_factors, recovery_codes TO negatoscope_app;
