-- Nodes may speak by TLS (PS3.15 B.9). Locks: an exclusive one on dicom_nodes for a moment, without a rewrite.

ALTER TABLE dicom_nodes
  ADD COLUMN uses_tls boolean NOT NULL DEFAULT false,
  -- SHA-256 of its certificate, where that is of no known authority.
  ADD COLUMN tls_fingerprint text;
