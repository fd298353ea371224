-- Links by which somebody sets their password: one for each person and purpose, known by its hash alone. A first password, which somebody else knows, is changed before anything else.
-- Locks: an exclusive one on users for a moment, without a rewrite; a new table that refers to it.
ALTER TABLE users ADD COLUMN password_is_first boolean NOT NULL DEFAULT false;
CREATE TABLE account_links (
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  kind text NOT NULL CHECK (kind IN ('INVITATION', 'RESET')),
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, kind)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON account_links TO negatoscope_app;
