-- How much room all backups of a target take, once one of them is whole.
-- Locks: an exclusive one on a table of some thousand rows, for a moment, without a rewrite.
ALTER TABLE backups ADD COLUMN kept_bytes bigint;
