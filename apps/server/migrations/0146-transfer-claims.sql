-- Who works at a transfer, and when one that met nobody is tried again. Locks: an exclusive one on dicom_transfers for a moment, without a rewrite.

ALTER TABLE dicom_transfers
  -- Made anew by each who takes it up: who had it before, and was paused, writes nothing of it any more.
  ADD COLUMN claim uuid,
  -- Tries that met nobody, and when the next one is; null is at once.
  ADD COLUMN tries integer NOT NULL DEFAULT 0,
  ADD COLUMN next_at timestamptz;
