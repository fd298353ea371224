-- revision: 1
-- What people are told of, by whoever's act it comes from.

-- One notice for each of these people who may sign in. With the rights of the owner: it is written for somebody else than who acts. It shows nothing: who reads it sees of it what is in their scope.
CREATE OR REPLACE FUNCTION ng_tell(people uuid[], ids uuid[], kind text, study uuid, entity uuid, at timestamptz) RETURNS uuid[]
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  told uuid[];
BEGIN
  WITH made AS (
    INSERT INTO notices (id, user_id, kind, study_id, entity_id, at)
      SELECT n.id, u.id, $3, $4, $5, $6 FROM unnest(people, ids) AS n (person, id) JOIN users u ON u.id = n.person AND u.status = 'ACTIVE'
      RETURNING user_id)
  SELECT coalesce(array_agg(user_id), '{}') INTO told FROM made;
  RETURN told;
END $$;

REVOKE ALL ON FUNCTION ng_tell(uuid[], uuid[], text, uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_tell(uuid[], uuid[], text, uuid, uuid, timestamptz) TO negatoscope_app;

-- What ends is told to who waits for it, by whatever way it ended: imports, transfers and predictions end in several places and processes, and the notice is written with the end itself.
CREATE OR REPLACE FUNCTION ng_tell_one(person uuid, kind text, study uuid, entity uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
BEGIN
  -- Who never looks gathers nothing without end.
  DELETE FROM notices WHERE user_id = person AND notices.at < now() - interval '60 days';
  PERFORM pg_notify('negatoscope_events', 'notices-changed ' || p) FROM unnest(ng_tell(ARRAY[person], ARRAY[gen_random_uuid()], kind, study, entity, now())) AS p;
END $$;
REVOKE ALL ON FUNCTION ng_tell_one(uuid, text, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_tell_one(uuid, text, uuid, uuid) TO negatoscope_app;

CREATE OR REPLACE FUNCTION ng_tell_end() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  physician uuid;
BEGIN
  CASE TG_TABLE_NAME
    WHEN 'imports' THEN PERFORM ng_tell_one(NEW.user_id, 'IMPORT_DONE', NULL, NEW.id);
    WHEN 'dicom_transfers' THEN PERFORM ng_tell_one(NEW.user_id, 'EXPORT_DONE', NULL, NEW.id);
    WHEN 'predictions' THEN
      PERFORM ng_tell_one(NEW.requested_by, CASE NEW.status WHEN 'DONE' THEN 'PREDICTION_DONE' ELSE 'PREDICTION_FAILED' END, NEW.study_id, NEW.id);
    WHEN 'report_versions' THEN
      -- Whose patient it is: who conducts their consultations.
      FOR physician IN SELECT DISTINCT c.physician_id FROM consultations c WHERE c.patient_id = NEW.written_for AND c.physician_id IS DISTINCT FROM NEW.signed_by
        AND c.physician_id IS NOT NULL LOOP
        PERFORM ng_tell_one(physician, 'REPORT_SIGNED', NEW.study_id, NEW.id);
      END LOOP;
  END CASE;
  RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION ng_tell_end() FROM PUBLIC;

CREATE OR REPLACE TRIGGER imports_tell AFTER UPDATE OF status ON imports FOR EACH ROW
  WHEN (OLD.status = 'RUNNING' AND NEW.status = 'DONE' AND NEW.user_id IS NOT NULL) EXECUTE FUNCTION ng_tell_end();
CREATE OR REPLACE TRIGGER dicom_transfers_tell AFTER UPDATE OF status ON dicom_transfers FOR EACH ROW
  WHEN (OLD.status IN ('WAITING', 'RUNNING') AND NEW.status IN ('DONE', 'PARTIAL', 'FAILED') AND NEW.user_id IS NOT NULL) EXECUTE FUNCTION ng_tell_end();
CREATE OR REPLACE TRIGGER predictions_tell AFTER UPDATE OF status ON predictions FOR EACH ROW
  WHEN (OLD.status IN ('QUEUED', 'RUNNING') AND NEW.status IN ('DONE', 'FAILED') AND NEW.requested_by IS NOT NULL) EXECUTE FUNCTION ng_tell_end();
CREATE OR REPLACE TRIGGER report_versions_tell AFTER INSERT ON report_versions FOR EACH ROW EXECUTE FUNCTION ng_tell_end();
