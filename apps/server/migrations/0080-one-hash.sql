-- One hash of each file. Whether two files of the same SOP Instance UID carry the same dataset is found by comparing them, which is rare:
-- hashing every dataset beside its file was a tenth of what an import costs.
-- Locks: ACCESS EXCLUSIVE on instances and conflicts for the change of the catalogue; no rewriting, the index is over open conflicts only.
ALTER TABLE instances DROP COLUMN dataset_sha256;
DROP INDEX conflicts_same;
ALTER TABLE conflicts DROP COLUMN dataset_sha256;
CREATE UNIQUE INDEX conflicts_same ON conflicts (sop_instance_uid, file_sha256, group_id) NULLS NOT DISTINCT WHERE status = 'OPEN';
