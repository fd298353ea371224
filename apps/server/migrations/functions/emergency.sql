-- revision: 1
-- The end of what was opened in an emergency, where that comes from what becomes of the patient.

-- What stands of these records ends; gives what that was. With the rights of the owner: who merges records or erases a patient sees nobody else's accesses. It shows whose they were, for the journal alone.
CREATE OR REPLACE FUNCTION ng_end_emergencies(records uuid[], at timestamptz) RETURNS TABLE (id uuid, user_id uuid, patient_id uuid)
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
  UPDATE emergency_accesses e SET ended_at = at WHERE e.patient_id = ANY (records) AND e.ended_at IS NULL AND e.expires_at > at
    RETURNING e.id, e.user_id, e.patient_id $$;

REVOKE ALL ON FUNCTION ng_end_emergencies(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_end_emergencies(uuid[], timestamptz) TO negatoscope_app;
