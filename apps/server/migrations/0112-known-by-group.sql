-- Locks: writes to instances wait while the index is built (some seconds a million rows); reads go on.
-- What somebody has is looked for by hash within one partition: by the hash alone a row of another group was fetched and dropped, whose moment would tell that it is there.
CREATE INDEX instances_hash_group ON instances (file_sha256, group_id);
DROP INDEX instances_hash;
