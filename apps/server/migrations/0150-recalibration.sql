-- A score is said as a percentage where its model was recalibrated on the site's own cases. Locks: an exclusive one on predictions for a moment, without a rewrite; a moment on groups and users for the references.

CREATE TABLE model_recalibrations (
  -- Null: of what is in no group.
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  model_name text NOT NULL,
  model_version text NOT NULL,
  -- log odds = intercept + slope · logit, with the covariances of both, within the logits of the cases.
  intercept double precision NOT NULL,
  slope double precision NOT NULL CHECK (slope > 0),
  intercept_variance double precision NOT NULL,
  covariance double precision NOT NULL,
  slope_variance double precision NOT NULL,
  least_logit double precision NOT NULL,
  most_logit double precision NOT NULL,
  reference text NOT NULL,
  cases integer NOT NULL,
  ill integer NOT NULL,
  made_by uuid REFERENCES users ON DELETE SET NULL,
  made_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (site_id, model_name, model_version)
);
CREATE INDEX model_recalibrations_made_by ON model_recalibrations (made_by);
GRANT SELECT, INSERT, UPDATE, DELETE ON model_recalibrations TO negatoscope_app;

-- {share, low, high, cases, at}: as it was when the film was judged, whatever becomes of the recalibration.
ALTER TABLE predictions ADD COLUMN recalibrated jsonb;
