-- Audit events: the application may add and read them, never change or remove them. Runs on an empty table.
CREATE TABLE audit_events (
  id uuid PRIMARY KEY,
  occurred_at timestamptz NOT NULL,
  action text NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('SUCCESS', 'FAILURE', 'DENIED')),
  -- No foreign keys: erasing a person leaves the events as they were.
  actor_id uuid,
  session_id uuid,
  entity_type text,
  entity_id text,
  patient_id uuid,
  group_id uuid,
  ip text,
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_events_time ON audit_events (occurred_at DESC, id DESC);
CREATE INDEX audit_events_actor ON audit_events (actor_id, occurred_at DESC);
CREATE INDEX audit_events_entity ON audit_events (entity_id, occurred_at DESC);
CREATE INDEX audit_events_patient ON audit_events (patient_id, occurred_at DESC) WHERE patient_id IS NOT NULL;

-- The chain stands beside the events: one sequencer links committed events, a second lock against silent change.
CREATE TABLE audit_chain (
  sequence bigint PRIMARY KEY,
  event_id uuid NOT NULL UNIQUE,
  -- Monthly segment, YYYY-MM.
  segment text NOT NULL,
  previous_hash bytea NOT NULL,
  hash bytea NOT NULL
);
GRANT SELECT, INSERT ON audit_events, audit_chain TO negatoscope_app;
