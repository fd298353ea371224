-- Which DICOM instances a result that stands is said by: a report, and the heat map where there is one. Locks: none on tables that exist but a moment on studies, predictions and their validations for the references.

-- One line for each decision by which a score stands, in turn: a later one takes the place of the one before. It is written with the decision and before the instances are made, so that whoever tries
-- again makes the same ones.
CREATE TABLE prediction_results (
  id uuid PRIMARY KEY,
  prediction_id uuid NOT NULL REFERENCES predictions ON DELETE CASCADE,
  study_id uuid NOT NULL REFERENCES studies,
  group_id uuid,
  validation_id uuid NOT NULL UNIQUE REFERENCES prediction_validations ON DELETE CASCADE,
  seq integer NOT NULL CHECK (seq > 0),
  series_instance_uid text NOT NULL,
  sop_instance_uid text NOT NULL,
  -- The heat map does not change with a decision: a line has that of the one before it, unless that was withdrawn.
  heat_series_instance_uid text NOT NULL,
  heat_sop_instance_uid text NOT NULL,
  made_at timestamptz NOT NULL,
  stored_at timestamptz,
  -- When the score was rejected: the instances are in the archive no more.
  withdrawn_at timestamptz,
  UNIQUE (prediction_id, seq)
);
CREATE INDEX prediction_results_study ON prediction_results (study_id);
CREATE INDEX prediction_results_waiting ON prediction_results (made_at) WHERE stored_at IS NULL AND withdrawn_at IS NULL;

ALTER TABLE prediction_results ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON prediction_results TO negatoscope_app;
