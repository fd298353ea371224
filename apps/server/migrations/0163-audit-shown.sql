-- Which patients a search or a list showed: one narrow row for each, so that it is found who saw a patient among others. A new table: no lock that matters.
CREATE TABLE audit_shown (
  -- No foreign keys: what was seen of an erased patient stays, by its id.
  patient_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (patient_id, occurred_at, event_id)
);
GRANT SELECT, INSERT ON audit_shown TO negatoscope_app;
