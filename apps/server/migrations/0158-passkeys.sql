-- Passkeys (W3C Web Authentication): a public key each, and how often its authenticator says that it was used. Recovery codes belong to whatever second factor somebody has.
-- Locks: exclusive ones on three small tables for a moment, without a rewrite; a new table that refers to users.
CREATE TABLE passkeys (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  credential_id bytea NOT NULL UNIQUE,
  -- A COSE key (RFC 9052 7).
  public_key bytea NOT NULL,
  -- 0 for as long as its authenticator does not count.
  sign_count bigint NOT NULL,
  transports text[] NOT NULL,
  -- Its owner's other devices have it too.
  is_synced boolean NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz
);
CREATE INDEX passkeys_user ON passkeys (user_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON passkeys TO negatoscope_app;
ALTER TABLE recovery_codes
  DROP CONSTRAINT recovery_codes_user_id_fkey,
  ADD CONSTRAINT recovery_codes_user_id_fkey FOREIGN KEY (user_id) REFERENCES users ON DELETE CASCADE;

-- What counts once, whichever process it reaches: states that come back from a provider, and now challenges that passkeys have signed.
ALTER TABLE provider_returns RENAME TO used_once;
ALTER TABLE used_once RENAME COLUMN state_hash TO hash;
ALTER INDEX provider_returns_pkey RENAME TO used_once_pkey;
ALTER INDEX provider_returns_expiry RENAME TO used_once_expiry;

-- What a device is called by its owner, the browser that it is (a hash of what it is known by), and whether a passkey alone began the session.
ALTER TABLE user_sessions ADD COLUMN name text, ADD COLUMN browser bytea, ADD COLUMN by_passkey boolean NOT NULL DEFAULT false;
