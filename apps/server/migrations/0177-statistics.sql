-- When a study was first reported and by whom, and indexes for delays by when they ended. Locks: ACCESS EXCLUSIVE on studies for a change of the catalogue without rewriting; writes to studies wait while two indexes are built (a second or so a million rows), and studies that have a report are written once.

ALTER TABLE studies
  -- Of the first signed version of its report: an amendment changes neither.
  ADD COLUMN reported_at timestamptz,
  ADD COLUMN reported_by uuid REFERENCES users ON DELETE SET NULL;
UPDATE studies s SET reported_at = v.signed_at, reported_by = v.signed_by FROM report_versions v WHERE v.study_id = s.id AND v.number = 1;

CREATE INDEX studies_opened ON studies (first_opened_at) WHERE first_opened_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX studies_reported ON studies (reported_at) WHERE reported_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX studies_reported_by ON studies (reported_by) WHERE reported_by IS NOT NULL;
