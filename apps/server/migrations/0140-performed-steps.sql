-- What modalities tell of what they do (PS3.4 F.7). Locks: none on tables that exist but a moment on patients for the reference; film_orders is not written while its index is built.

CREATE TABLE performed_steps (
  id uuid PRIMARY KEY,
  -- The device, and what it calls the step. No reference: a node that is taken away stays in its table.
  node_id uuid NOT NULL,
  sop_instance_uid text NOT NULL,
  group_id uuid,
  -- Of the orders; null where it is of none that was given to a worklist.
  patient_id uuid REFERENCES patients,
  -- What was ordered that it is done for; an order that is gone is nobody's.
  order_ids uuid[] NOT NULL,
  status text NOT NULL CHECK (status IN ('IN_PROGRESS', 'COMPLETED', 'DISCONTINUED')),
  -- DICOM JSON, without patient and visit: whose it is the order says.
  attributes jsonb NOT NULL,
  begun_at timestamptz NOT NULL,
  told_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX performed_steps_told ON performed_steps (node_id, sop_instance_uid);
CREATE INDEX performed_steps_patient ON performed_steps (patient_id) WHERE patient_id IS NOT NULL;
CREATE INDEX performed_steps_orders ON performed_steps USING gin (order_ids) WITH (fastupdate = off);
CREATE INDEX film_orders_study_uid ON film_orders (study_instance_uid);

ALTER TABLE performed_steps ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON performed_steps TO negatoscope_app;
