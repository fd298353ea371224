-- For which address (the relying party's id) a passkey was made: after another PUBLIC_URL it opens nothing, and must not stand for a factor that is never asked. NULL: made by an
-- earlier version, for an address that is noted at its next use.
-- Locks: an exclusive one on a small table for a moment, without a rewrite.
ALTER TABLE passkeys ADD COLUMN rp_id text;
