-- Nodes may be allowed to query (C-FIND). Locks: an exclusive one on dicom_nodes for a moment, without a rewrite.

ALTER TABLE dicom_nodes ADD COLUMN may_query boolean NOT NULL DEFAULT false;
