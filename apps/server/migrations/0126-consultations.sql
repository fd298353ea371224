-- Consultations, the studies attached to them and what is ordered in them. Locks: none on tables that exist but a moment on patients, studies and users for the references.

CREATE TABLE consultations (
  id uuid PRIMARY KEY,
  patient_id uuid NOT NULL REFERENCES patients,
  -- The partition of the patient.
  group_id uuid,
  -- Who is to conduct it, and who does from IN_PROGRESS on.
  physician_id uuid REFERENCES users ON DELETE SET NULL,
  -- In the clinic's own calendar.
  day date NOT NULL,
  status text NOT NULL CHECK (status IN ('WAITING', 'IN_PROGRESS', 'DONE', 'CANCELLED')),
  reason text NOT NULL,
  symptoms jsonb NOT NULL,
  vital_signs jsonb NOT NULL,
  vital_signs_at timestamptz,
  notes text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  registered_by uuid REFERENCES users ON DELETE SET NULL,
  arrived_at timestamptz NOT NULL,
  started_at timestamptz,
  ended_at timestamptz,
  -- What the last move is taken back to, by whom and until when: {status, physicianId, startedAt, endedAt}.
  before jsonb,
  moved_by uuid,
  moved_at timestamptz
);
CREATE INDEX consultations_day ON consultations (day, id);
CREATE INDEX consultations_patient ON consultations (patient_id, day, id);
CREATE INDEX consultations_physician ON consultations (physician_id) WHERE physician_id IS NOT NULL;
CREATE INDEX consultations_registered_by ON consultations (registered_by) WHERE registered_by IS NOT NULL;

-- A study that has gone to another patient stays attached and is not shown: it comes back when that is undone.
CREATE TABLE consultation_studies (
  consultation_id uuid NOT NULL REFERENCES consultations ON DELETE CASCADE,
  study_id uuid NOT NULL REFERENCES studies,
  group_id uuid,
  attached_at timestamptz NOT NULL,
  PRIMARY KEY (consultation_id, study_id)
);
CREATE INDEX consultation_studies_study ON consultation_studies (study_id);

CREATE TABLE film_orders (
  id uuid PRIMARY KEY,
  consultation_id uuid NOT NULL REFERENCES consultations ON DELETE CASCADE,
  patient_id uuid NOT NULL REFERENCES patients,
  group_id uuid,
  modality text NOT NULL,
  body_part text NOT NULL,
  reason text NOT NULL,
  status text NOT NULL CHECK (status IN ('REQUESTED', 'DONE', 'CANCELLED')),
  -- What it was done by.
  study_id uuid REFERENCES studies,
  ordered_by uuid REFERENCES users ON DELETE SET NULL,
  ordered_at timestamptz NOT NULL
);
CREATE INDEX film_orders_consultation ON film_orders (consultation_id, id);
CREATE INDEX film_orders_patient ON film_orders (patient_id);
CREATE INDEX film_orders_study ON film_orders (study_id) WHERE study_id IS NOT NULL;
CREATE INDEX film_orders_ordered_by ON film_orders (ordered_by) WHERE ordered_by IS NOT NULL;
-- What a modality's worklist will offer.
CREATE INDEX film_orders_open ON film_orders (modality, id) WHERE status = 'REQUESTED';

ALTER TABLE consultations ENABLE ROW LEVEL SECURITY;
ALTER TABLE consultation_studies ENABLE ROW LEVEL SECURITY;
ALTER TABLE film_orders ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON consultations, consultation_studies, film_orders TO negatoscope_app;
