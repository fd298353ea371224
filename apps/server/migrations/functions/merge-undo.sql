-- revision: 1
-- What undoing a merge has to know of studies that are out of the actor's scope by now.

-- Whether one of these studies is of another patient than this one, in whatever group. Of the owner: a study that an administrator gave to another group is not
-- seen by who undoes the merge, and is somebody else's all the same. One that was purged is nobody's.
CREATE OR REPLACE FUNCTION ng_is_of_another(wanted uuid[], patient uuid) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$ SELECT EXISTS (SELECT FROM studies s WHERE s.id = ANY (wanted) AND s.patient_id <> patient) $$;

REVOKE ALL ON FUNCTION ng_is_of_another(uuid[], uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_is_of_another(uuid[], uuid) TO negatoscope_app;
