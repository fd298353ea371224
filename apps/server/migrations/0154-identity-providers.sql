-- Who comes by an identity provider is known by its issuer and their subject there, never by an address. Two new tables; no lock on others but a reference to users.
CREATE TABLE user_identities (
  issuer text NOT NULL,
  subject text NOT NULL,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  linked_at timestamptz NOT NULL,
  PRIMARY KEY (issuer, subject)
);
CREATE INDEX user_identities_user ON user_identities (user_id);

-- Hashes of states that have come back from a provider: each counts once, whichever process it reaches.
CREATE TABLE provider_returns (
  state_hash bytea PRIMARY KEY,
  expires_at timestamptz NOT NULL
);
CREATE INDEX provider_returns_expiry ON provider_returns (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON user_identities, provider_returns TO negatoscope_app;
