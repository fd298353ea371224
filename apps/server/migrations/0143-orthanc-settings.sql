-- What was seen of an Orthanc's settings. Locks: an exclusive one on orthanc_feeds, a table of a few rows, for a moment.
ALTER TABLE orthanc_feeds
  ADD COLUMN version text,
  ADD COLUMN warnings text[] NOT NULL DEFAULT '{}',
  ADD COLUMN checked_at timestamptz;
