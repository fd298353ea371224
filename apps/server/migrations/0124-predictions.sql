-- What models say of films, the models that were installed, and which is chosen where. Locks: none on tables that exist but a moment on studies, users and groups for the references.

CREATE TABLE models (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  version text NOT NULL,
  -- Of the manifest, which names the hash of every file.
  digest text NOT NULL,
  manifest jsonb NOT NULL,
  card text NOT NULL,
  state text NOT NULL CHECK (state IN ('CHECKING', 'READY', 'REFUSED')),
  reason text,
  installed_by uuid REFERENCES users ON DELETE SET NULL,
  installed_at timestamptz NOT NULL,
  checked_at timestamptz,
  UNIQUE (name, version)
);
CREATE INDEX models_installed_by ON models (installed_by);

CREATE TABLE model_choices (
  -- Null: of all sites that have no choice of their own.
  site_id uuid REFERENCES groups ON DELETE CASCADE,
  question text NOT NULL,
  model_name text NOT NULL,
  model_version text NOT NULL,
  -- Null: the model's own.
  threshold double precision CHECK (threshold > 0 AND threshold < 1),
  chosen_by uuid REFERENCES users ON DELETE SET NULL,
  chosen_at timestamptz NOT NULL,
  UNIQUE NULLS NOT DISTINCT (site_id, question)
);
CREATE INDEX model_choices_chosen_by ON model_choices (chosen_by);

CREATE TABLE predictions (
  id uuid PRIMARY KEY,
  -- The partition of the study; of an upload, which has no study, that of who sent it.
  group_id uuid,
  study_id uuid REFERENCES studies,
  consultation_id uuid,
  question text NOT NULL,
  -- The image, by its UIDs: it may be replaced or go. Null where the film of a study is yet to be chosen.
  series_instance_uid text,
  sop_instance_uid text,
  -- SHA-256 of the file that was read.
  image_sha256 bytea,
  -- Whose choice of a model counts: of the site that the study is of, or the one who sent an upload.
  site_id uuid,
  -- Of an upload: where its bytes wait, what they are, and until when all of it is kept.
  upload_id uuid,
  upload_type text CHECK (upload_type IN ('application/dicom', 'image/png', 'image/jpeg')),
  upload_until timestamptz,
  age_years integer,
  status text NOT NULL CHECK (status IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
  failure_code text,
  turned_degrees integer,
  attempts integer NOT NULL DEFAULT 0,
  warnings text[] NOT NULL DEFAULT '{}',
  -- By which model and threshold it was judged, and what these said; kept as it was whatever is chosen later.
  model_name text NOT NULL DEFAULT '',
  model_version text NOT NULL DEFAULT '',
  model_digest text NOT NULL DEFAULT '',
  threshold double precision,
  probability double precision,
  logit double precision,
  spread double precision,
  confidence double precision,
  confidence_level text CHECK (confidence_level IN ('LOW', 'MEDIUM', 'HIGH')),
  is_positive boolean,
  interpretation jsonb,
  recommendation jsonb,
  features jsonb NOT NULL DEFAULT '[]',
  -- What the gate and the model gave: {gate, area, box, evidence}.
  outputs jsonb,
  -- The heat map, an object of its own.
  heat_object uuid,
  heat_size bigint,
  heat_sha256 bytea,
  -- What was refused and sent on, and why.
  sent_on_from uuid,
  sent_on_code text,
  sent_on_reason text,
  requested_by uuid REFERENCES users ON DELETE SET NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz,
  -- When a person took it over as a result: nothing leaves before.
  validated_at timestamptz,
  CHECK ((study_id IS NULL) = (upload_id IS NOT NULL)),
  CHECK ((status = 'DONE') = (probability IS NOT NULL)),
  CHECK ((status = 'FAILED') = (failure_code IS NOT NULL))
);
CREATE INDEX predictions_study ON predictions (study_id, id);
CREATE INDEX predictions_group ON predictions (group_id, id);
CREATE INDEX predictions_requested_by ON predictions (requested_by) WHERE status IN ('QUEUED', 'RUNNING');
CREATE INDEX predictions_waiting ON predictions (id) WHERE status IN ('QUEUED', 'RUNNING');
CREATE INDEX predictions_uploads ON predictions (upload_until) WHERE upload_until IS NOT NULL;
CREATE UNIQUE INDEX predictions_heat ON predictions (heat_object) WHERE heat_object IS NOT NULL;

ALTER TABLE predictions ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON predictions, models, model_choices TO negatoscope_app;
