-- revision: 18
-- Row-level security, the second lock: which rows exist for the transaction's actor. Every policy is made here and reads the arms of the
-- transaction's scope by ng_arm(). Locks: where this file has changed, an exclusive lock on each table for a moment, after the statements that run.

-- The ids of one arm of the scope, from the setting that platform/db/row-scope.ts writes: {"group": ["019a…"], "ungrouped": []}. Null for an arm that the scope
-- doesn't have, which no comparison meets: without the setting nothing is seen. In PL/pgSQL, for the planner would open one in SQL anew for each
-- arm of each table of each statement, a tenth of what a short list costs.
CREATE OR REPLACE FUNCTION ng_arm(kind text) RETURNS uuid[]
  LANGUAGE plpgsql STABLE PARALLEL SAFE
  AS $$
BEGIN
  RETURN pg_catalog.translate(nullif(pg_catalog.current_setting('negatoscope.arms', true), '')::pg_catalog.jsonb OPERATOR(pg_catalog.->>) kind,
    '[]" ', '{}')::pg_catalog.uuid[];
END $$;

-- What the arm of studies has on the levels above and below them; of the owner, so that a policy plans no policies of other tables. Null without that arm.
CREATE OR REPLACE FUNCTION ng_arm_studies(level text) RETURNS uuid[]
  LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
  AS $$
DECLARE
  shared constant uuid[] := ng_arm('studies');
BEGIN
  IF shared IS NULL THEN RETURN NULL; END IF;
  IF level = 'patients' THEN RETURN ARRAY(SELECT DISTINCT t.patient_id FROM studies t WHERE t.id = ANY (shared)); END IF;
  RETURN ARRAY(SELECT r.id FROM series r WHERE r.study_id = ANY (shared));
END $$;
REVOKE ALL ON FUNCTION ng_arm_studies(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ng_arm_studies(text) TO negatoscope_app;

DO $$
DECLARE
  one record;
  -- Settings are read once a query (initplans), and no operator leaks. What is of a partition:
  in_partition constant text := $p$(
    (SELECT ng_arm('all')) = '{}'
    OR group_id = ANY ((SELECT ng_arm('group'))::uuid[])
    OR (group_id IS NULL AND (SELECT ng_arm('ungrouped')) = '{}')
    OR group_id = ANY ((SELECT ng_arm('own'))::uuid[]))$p$;
  -- What is somebody's own import, and what hangs on it.
  is_own constant text := $p$((SELECT ng_arm('all')) = '{}' OR user_id = ANY ((SELECT ng_arm('own'))::uuid[]))$p$;
  of_import constant text := $p$((SELECT ng_arm('all')) = '{}' OR EXISTS (SELECT FROM imports WHERE imports.id = import_id))$p$;
  of_share constant text := $p$((SELECT ng_arm('all')) = '{}' OR EXISTS (SELECT FROM shares WHERE shares.id = share_id))$p$;
  of_transfer constant text := $p$((SELECT ng_arm('all')) = '{}' OR EXISTS (SELECT FROM dicom_transfers t WHERE t.id = transfer_id))$p$;
BEGIN
  FOR one IN SELECT * FROM (VALUES
    ('patients', in_partition, 'id = ANY ((SELECT ng_arm_studies(''patients''))::uuid[])'),
    ('studies', in_partition, 'id = ANY ((SELECT ng_arm(''studies''))::uuid[])'),
    ('series', in_partition, 'study_id = ANY ((SELECT ng_arm(''studies''))::uuid[])'),
    ('instances', in_partition, 'series_id = ANY ((SELECT ng_arm_studies(''series''))::uuid[])'),
    ('instance_metadata', in_partition, 'series_id = ANY ((SELECT ng_arm_studies(''series''))::uuid[])'),
    ('patient_identifiers', in_partition, NULL),
    ('conflicts', in_partition, NULL),
    ('instance_versions', in_partition, NULL),
    ('study_moves', in_partition, NULL),
    ('withdrawn_instances', in_partition, NULL),
    ('annotations', in_partition, NULL),
    ('annotation_edits', in_partition, NULL),
    ('readings', in_partition, NULL),
    ('study_labels', in_partition, NULL),
    ('hanging_rules', in_partition, NULL),
    ('list_views', in_partition, NULL),
    ('notices', is_own, NULL),
    ('kept_documents', in_partition, NULL),
    ('report_drafts', in_partition, NULL),
    ('report_edits', in_partition, NULL),
    ('report_versions', in_partition, NULL),
    ('report_documents', in_partition, NULL),
    ('report_templates', in_partition, NULL),
    ('report_phrases', in_partition, NULL),
    ('predictions', in_partition, NULL),
    ('prediction_opinions', in_partition, NULL),
    ('prediction_validations', in_partition, NULL),
    ('prediction_results', in_partition, NULL),
    ('consultations', in_partition, NULL),
    ('consultation_studies', in_partition, NULL),
    ('film_orders', in_partition, NULL),
    ('performed_steps', in_partition, NULL),
    ('commitment_requests', in_partition, NULL),
    ('patient_merges', in_partition, NULL),
    ('legal_holds', in_partition, NULL),
    ('erased_returns', in_partition, NULL),
    ('deid_projects', in_partition, NULL),
    ('deid_exports', is_own, NULL),
    ('emergency_accesses', is_own, NULL),
    ('deid_held_files', in_partition, NULL),
    ('shares', is_own, NULL),
    ('share_studies', of_share, NULL),
    ('share_accesses', of_share, NULL),
    ('imports', is_own, NULL),
    ('import_files', of_import, NULL),
    ('import_announced', of_import, NULL),
    ('import_spools', of_import, NULL),
    ('dicom_transfers', is_own, NULL),
    ('dicom_transfer_items', of_transfer, NULL)) AS tables (name, condition, in_studies) LOOP
    EXECUTE format('DROP POLICY IF EXISTS own ON %1$I; DROP POLICY IF EXISTS in_scope ON %1$I; DROP POLICY IF EXISTS in_studies ON %1$I', one.name);
    EXECUTE format('CREATE POLICY in_scope ON %I TO negatoscope_app USING %s WITH CHECK %2$s', one.name, one.condition);
    -- The arm of studies is for reading: what is shared changes by nobody whom it is shared with.
    IF one.in_studies IS NOT NULL THEN
      EXECUTE format('CREATE POLICY in_studies ON %I FOR SELECT TO negatoscope_app USING (%s)', one.name, one.in_studies);
    END IF;
  END LOOP;
END $$;
