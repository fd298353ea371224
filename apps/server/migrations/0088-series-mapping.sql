-- Locks: ACCESS EXCLUSIVE on series for the change of the catalogue (no rewriting); SHARE on series while the index is built: every series is in it once.
-- What is black and white, in modality values, in frames of a series that store no window: found from all frames once the series is packed.
ALTER TABLE series
  ADD COLUMN mapping_lower double precision,
  ADD COLUMN mapping_upper double precision,
  -- The version of the series that was measured; the two above are null where no frame needs them.
  ADD COLUMN mapping_version bigint;
-- The series that the job has still to look at; empty most of the time.
CREATE INDEX series_unmapped ON series (updated_at) WHERE mapping_version IS DISTINCT FROM version;
