-- revision: 1
-- Whom long lists showed, from the form in which it is written to the one in which it is found.

-- Puts the patients of the oldest lists, so many, in the order of patients; gives how many lists those were. By one statement: whoever reads both sees each sighting once. With the
-- rights of the owner, for the application may add to the journal and take nothing away. Two at once take different lists.
CREATE OR REPLACE FUNCTION ng_order_shown(most integer) RETURNS integer
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
  WITH taken AS (
    DELETE FROM audit_shown_lists WHERE event_id IN (SELECT event_id FROM audit_shown_lists ORDER BY occurred_at, event_id LIMIT most FOR UPDATE SKIP LOCKED)
    RETURNING event_id, occurred_at, patients
  ), added AS (
    -- In the order of the index: rows of a patient whom many of these lists showed come to lie beside each other.
    INSERT INTO audit_shown (patient_id, occurred_at, event_id)
      SELECT p.id, t.occurred_at, t.event_id FROM taken t CROSS JOIN unnest(t.patients) AS p (id) ORDER BY p.id, t.occurred_at, t.event_id
      ON CONFLICT DO NOTHING
  )
  SELECT count(*)::integer FROM taken $$;

REVOKE ALL ON FUNCTION ng_order_shown(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_order_shown(integer) TO negatoscope_app;
