-- Access to one patient out of one's scope, for a reason and a time. Locks: a moment on users and patients for the references, and an exclusive one on notices, which is small, for what they may tell.
CREATE TABLE emergency_accesses (
  id uuid PRIMARY KEY,
  -- Null once the account is deleted; the journal keeps its id.
  user_id uuid REFERENCES users ON DELETE SET NULL,
  patient_id uuid NOT NULL REFERENCES patients,
  reason text NOT NULL,
  opened_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- Before its time, by themselves or an administrator.
  ended_at timestamptz,
  ended_by uuid REFERENCES users ON DELETE SET NULL,
  CHECK (expires_at > opened_at)
);
CREATE INDEX emergency_accesses_user ON emergency_accesses (user_id, expires_at) WHERE ended_at IS NULL;
CREATE INDEX emergency_accesses_patient ON emergency_accesses (patient_id);
CREATE INDEX emergency_accesses_time ON emergency_accesses (opened_at DESC, id DESC);
CREATE INDEX emergency_accesses_ended_by ON emergency_accesses (ended_by) WHERE ended_by IS NOT NULL;
ALTER TABLE emergency_accesses ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON emergency_accesses TO negatoscope_app;

-- Every process forgets at once whom this gave more, or takes it from.
CREATE FUNCTION ng_emergency_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('negatoscope_identity', (CASE TG_OP WHEN 'INSERT' THEN NEW.user_id ELSE OLD.user_id END)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER emergency_accesses_changed AFTER INSERT OR UPDATE OR DELETE ON emergency_accesses FOR EACH ROW EXECUTE FUNCTION ng_emergency_changed();

ALTER TABLE notices DROP CONSTRAINT notices_kind_check;
ALTER TABLE notices ADD CONSTRAINT notices_kind_check CHECK (kind IN
  ('IMPORT_DONE', 'EXPORT_DONE', 'PREDICTION_DONE', 'PREDICTION_FAILED', 'REPORT_SIGNED', 'STUDY_ASSIGNED', 'EMERGENCY_ACCESS'));
