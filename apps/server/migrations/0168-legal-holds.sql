-- What must not be deleted, replaced or erased, whoever asks. Locks: an exclusive one on patients, studies and instances for a moment, for their triggers.

-- One patient with all there is of them, or one study.
CREATE TABLE legal_holds (
  id uuid PRIMARY KEY,
  patient_id uuid REFERENCES patients,
  study_id uuid REFERENCES studies,
  group_id uuid,
  reason text NOT NULL,
  placed_by uuid REFERENCES users ON DELETE SET NULL,
  placed_at timestamptz NOT NULL,
  lifted_by uuid REFERENCES users ON DELETE SET NULL,
  lifted_at timestamptz,
  lift_reason text,
  CHECK (num_nonnulls(patient_id, study_id) = 1)
);
CREATE UNIQUE INDEX legal_holds_of_patient ON legal_holds (patient_id) WHERE lifted_at IS NULL;
CREATE UNIQUE INDEX legal_holds_of_study ON legal_holds (study_id) WHERE lifted_at IS NULL;
CREATE INDEX legal_holds_patient ON legal_holds (patient_id);
CREATE INDEX legal_holds_study ON legal_holds (study_id);
CREATE INDEX legal_holds_placed_by ON legal_holds (placed_by);
CREATE INDEX legal_holds_lifted_by ON legal_holds (lifted_by);
ALTER TABLE legal_holds ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON legal_holds TO negatoscope_app;

-- Whether a study, or all of its patient, is held: of the owner, since a hold is one for those who don't see it, too.
CREATE FUNCTION ng_is_held(patient uuid, study uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM legal_holds h WHERE h.lifted_at IS NULL AND h.patient_id = patient)
     OR EXISTS (SELECT FROM legal_holds h WHERE h.lifted_at IS NULL AND h.study_id = study) $$;
-- Whether anything of a patient is held.
CREATE FUNCTION ng_has_held(patient uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM legal_holds h WHERE h.lifted_at IS NULL AND h.patient_id = patient)
     OR EXISTS (SELECT FROM legal_holds h JOIN studies t ON t.id = h.study_id WHERE h.lifted_at IS NULL AND t.patient_id = patient) $$;
REVOKE ALL ON FUNCTION ng_is_held(uuid, uuid), ng_has_held(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_is_held(uuid, uuid), ng_has_held(uuid) TO negatoscope_app;

-- NG001 is what the application knows it by.
CREATE FUNCTION ng_hold_stands() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  is_held boolean;
BEGIN
  CASE TG_ARGV[0]
    WHEN 'hold' THEN is_held := OLD.lifted_at IS NULL;
    WHEN 'study' THEN is_held := ng_is_held(OLD.patient_id, OLD.id);
    WHEN 'patient' THEN is_held := ng_has_held(OLD.id);
    -- A study leaves a held patient with the hold of a merge, or not at all.
    WHEN 'moved' THEN is_held := EXISTS (SELECT FROM legal_holds h WHERE h.lifted_at IS NULL AND h.patient_id = OLD.patient_id)
      AND NOT ng_is_held(NEW.patient_id, NEW.id);
  END CASE;
  IF is_held THEN RAISE EXCEPTION 'under a legal hold' USING ERRCODE = 'NG001'; END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER legal_holds_stay BEFORE DELETE ON legal_holds FOR EACH ROW EXECUTE FUNCTION ng_hold_stands('hold');
CREATE TRIGGER studies_held BEFORE UPDATE OF deleted_at ON studies FOR EACH ROW
  WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION ng_hold_stands('study');
CREATE TRIGGER studies_held_for_good BEFORE DELETE ON studies FOR EACH ROW EXECUTE FUNCTION ng_hold_stands('study');
-- Looked at when all is done: a merge moves studies first, and the hold behind them.
CREATE CONSTRAINT TRIGGER studies_held_moved AFTER UPDATE OF patient_id ON studies DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.patient_id IS DISTINCT FROM NEW.patient_id) EXECUTE FUNCTION ng_hold_stands('moved');
CREATE TRIGGER patients_held BEFORE UPDATE OF deleted_at ON patients FOR EACH ROW
  WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND NEW.merged_into IS NULL) EXECUTE FUNCTION ng_hold_stands('patient');
CREATE TRIGGER patients_held_for_good BEFORE DELETE ON patients FOR EACH ROW EXECUTE FUNCTION ng_hold_stands('patient');

-- Instances go by thousands: one look for each statement, and none at their series where nothing at all is held. What nobody stands for any more (a result
-- that was taken back) leaves a held study as well: it was the server's own.
CREATE FUNCTION ng_held_instances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM legal_holds WHERE lifted_at IS NULL) AND EXISTS (
    SELECT FROM gone g JOIN series s ON s.id = g.series_id JOIN studies t ON t.id = s.study_id
    WHERE ng_is_held(t.patient_id, t.id) AND NOT EXISTS (
      SELECT FROM withdrawn_instances w WHERE w.sop_instance_uid = g.sop_instance_uid AND w.study_id = t.id))
  THEN RAISE EXCEPTION 'under a legal hold' USING ERRCODE = 'NG001'; END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER instances_held AFTER DELETE ON instances REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION ng_held_instances();
