-- A transfer that was asked for by a personal token ends with it. No reference: tokens that were withdrawn are removed some day. Lock: an exclusive one on dicom_transfers for a moment, without a rewrite.
ALTER TABLE dicom_transfers ADD COLUMN token_id uuid;
