-- Nodes may be allowed to retrieve (C-MOVE, C-GET). Locks: an exclusive one on dicom_nodes for a moment, without a rewrite.

ALTER TABLE dicom_nodes ADD COLUMN may_retrieve boolean NOT NULL DEFAULT false;
