-- Whom a long list showed, as it is written while somebody waits for the answer: one row, put in the order of patients (audit_shown) afterwards. A new table: no lock that matters.
CREATE TABLE audit_shown_lists (
  event_id uuid PRIMARY KEY,
  occurred_at timestamptz NOT NULL,
  -- No foreign keys: what was seen of an erased patient stays, by its id.
  patients uuid[] NOT NULL
);
-- Ids hardly become smaller, and whoever waits would wait for the attempt.
ALTER TABLE audit_shown_lists ALTER COLUMN patients SET STORAGE EXTERNAL;
-- It is never long and changes all the time: what the statistics said of it yesterday is of no use.
ALTER TABLE audit_shown_lists SET (autovacuum_vacuum_threshold = 50, autovacuum_vacuum_scale_factor = 0);
GRANT SELECT, INSERT ON audit_shown_lists TO negatoscope_app;
