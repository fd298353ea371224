-- An account needs no password: people may come by an identity provider only. A session says by which provider it was begun, null for a password.
-- Locks: exclusive ones on two small tables for a moment, without a rewrite.
ALTER TABLE users ALTER COLUMN password_hash DROP NOT NULL;
ALTER TABLE user_sessions ADD COLUMN provider text;
