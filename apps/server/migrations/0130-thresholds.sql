-- A threshold belongs to a version of a model at a site, whichever model is chosen there now. Locks: predictions for its index (a scan of the table), model_choices for a column that goes; a moment on groups and users for the references.

CREATE TABLE model_thresholds (
  -- Null: of all sites that have none of their own.
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  model_name text NOT NULL,
  model_version text NOT NULL,
  threshold double precision NOT NULL CHECK (threshold > 0 AND threshold < 1),
  set_by uuid REFERENCES users ON DELETE SET NULL,
  set_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (site_id, model_name, model_version)
);
CREATE INDEX model_thresholds_set_by ON model_thresholds (set_by);
INSERT INTO model_thresholds (site_id, model_name, model_version, threshold, set_by, set_at)
  SELECT site_id, model_name, model_version, threshold, chosen_by, chosen_at FROM model_choices WHERE threshold IS NOT NULL;
ALTER TABLE model_choices DROP COLUMN threshold;
GRANT SELECT, INSERT, UPDATE, DELETE ON model_thresholds TO negatoscope_app;

-- Figures are of a time.
CREATE INDEX predictions_asked ON predictions (created_at) WHERE study_id IS NOT NULL;
