-- What people say of a film that a model reads: their own opinion, before its score is shown where a site reads blind, and what becomes of the score. Locks: predictions for the new columns and indexes (a scan of the table), a moment on studies, users and groups for the references.

ALTER TABLE predictions
  -- As the site had it when it was asked: whoever has seen a score does not become blind again, and no opinion is called blind that was not.
  ADD COLUMN is_blind boolean NOT NULL DEFAULT false,
  -- When a physician first said what they see, or what becomes of the score.
  ADD COLUMN read_at timestamptz,
  -- Of the newest validation, which stands. validated_at is NULL while it is REJECTED.
  ADD COLUMN validation_status text CHECK (validation_status IN ('VALIDATED', 'REJECTED', 'AMENDED')),
  ADD CONSTRAINT predictions_validated CHECK ((validated_at IS NOT NULL) = coalesce(validation_status IN ('VALIDATED', 'AMENDED'), false)),
  ADD CONSTRAINT predictions_validated_done CHECK (validation_status IS NULL OR status = 'DONE');

-- Rows are added and never changed: the first one of a person is what they said, later ones amend it.
CREATE TABLE prediction_opinions (
  id uuid PRIMARY KEY,
  prediction_id uuid NOT NULL REFERENCES predictions ON DELETE CASCADE,
  study_id uuid REFERENCES studies,
  group_id uuid,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  number integer NOT NULL CHECK (number > 0),
  opinion text NOT NULL CHECK (opinion IN ('SUSPECTED', 'NOT_SUSPECTED', 'UNREADABLE')),
  comment text NOT NULL,
  -- Whether its author had not been shown a score of this study.
  is_blind boolean NOT NULL,
  created_at timestamptz NOT NULL,
  UNIQUE (prediction_id, user_id, number)
);
CREATE INDEX prediction_opinions_study ON prediction_opinions (study_id);
CREATE INDEX prediction_opinions_user ON prediction_opinions (user_id);

-- Rows are added and never changed: the one of the highest number stands.
CREATE TABLE prediction_validations (
  id uuid PRIMARY KEY,
  prediction_id uuid NOT NULL REFERENCES predictions ON DELETE CASCADE,
  study_id uuid NOT NULL REFERENCES studies,
  group_id uuid,
  user_id uuid REFERENCES users ON DELETE SET NULL,
  number integer NOT NULL CHECK (number > 0),
  status text NOT NULL CHECK (status IN ('VALIDATED', 'REJECTED', 'AMENDED')),
  comment text NOT NULL,
  finding text CHECK (finding IN ('TUBERCULOSIS', 'NO_TUBERCULOSIS', 'UNDETERMINED')),
  source text CHECK (source IN ('CULTURE', 'XPERT', 'CLINICAL')),
  created_at timestamptz NOT NULL,
  UNIQUE (prediction_id, number),
  CHECK ((finding IS NULL) = (source IS NULL))
);
CREATE INDEX prediction_validations_study ON prediction_validations (study_id);
CREATE INDEX prediction_validations_user ON prediction_validations (user_id);

CREATE TABLE blind_readings (
  -- Null: of all sites that have no rule of their own.
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  is_on boolean NOT NULL,
  changed_by uuid REFERENCES users ON DELETE SET NULL,
  changed_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (site_id)
);
CREATE INDEX blind_readings_changed_by ON blind_readings (changed_by);

ALTER TABLE prediction_opinions ENABLE ROW LEVEL SECURITY;
ALTER TABLE prediction_validations ENABLE ROW LEVEL SECURITY;
-- What was said stands: only where it is follows its study.
GRANT SELECT, INSERT, DELETE, UPDATE (group_id, study_id) ON prediction_opinions, prediction_validations TO negatoscope_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON blind_readings TO negatoscope_app;
