// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../src/platform/db/statements.ts';

declare module '../src/platform/db/statements.ts' {
  interface Statements {
    // ../src/archive/doors.db.test.ts
    'DELETE FROM patients WHERE id = $1 RETURNING id': { values: readonly [string | null]; row: { id: string } };
    'UPDATE patients SET sex = $2 WHERE id = $1': { values: readonly [string | null, 'M' | 'F' | 'O' | 'U'] };
    // ../src/archive/in-scope.db.test.ts
    'SELECT 1': { values: readonly []; row: { '?column?': number } };
    // ../src/archive/kinds-follow.db.test.ts
    'INSERT INTO patient_identifiers (patient_id, value) VALUES ($1, $2), ($1, $3)': { values: readonly [string, string, string] };
    'INSERT INTO imports (id, entrance, patient_id) VALUES ($1, \'UPLOAD\', $2)': { values: readonly [string, string | null] };
    'INSERT INTO import_files (import_id, name, outcome, patient_id) VALUES ($1, \'a\', \'stored\', $2)': { values: readonly [string, string | null] };
    'SELECT ng_refresh_patients($1::uuid[])': { values: readonly [readonly string[] | null]; row: { ng_refresh_patients: string | null } };
    'UPDATE patients SET identity_status = \'IDENTITY_REVIEW\', suspect_id = $2 WHERE id = $1': { values: readonly [string | null, string | null] };
    // ../src/archive/kinds.db.test.ts
    'INSERT INTO patient_identifiers (patient_id, value) VALUES ($1, $2)': { values: readonly [string, string] };
    // ../src/archive/lifecycle/holds.db.test.ts
    'DELETE FROM instances WHERE id = $1': { values: readonly [string | null] };
    'DELETE FROM studies WHERE id = $1': { values: readonly [string | null] };
    'DELETE FROM legal_holds': { values: readonly [] };
    'UPDATE studies SET patient_id = $2 WHERE id = $1': { values: readonly [string | null, string] };
    // ../src/archive/pixels/handles.db.test.ts
    'SELECT count(*)::int AS n FROM studies s WHERE (($1::boolean OR s.group_id = ANY ($2::uuid[]) OR (s.group_id IS NULL AND $3::boolean)) OR ($4::uuid[] IS NOT NULL AND s.id = ANY ($4::uuid[])))': { values: readonly [boolean | null, readonly string[], boolean | null, readonly string[] | null]; row: { n: number } };
    'SELECT count(*)::int AS n FROM studies': { values: readonly []; row: { n: number } };
    // ../src/archive/write/known-files.db.test.ts
    'SET LOCAL enable_hashjoin = off': { values: readonly [] };
    'SET LOCAL enable_mergejoin = off': { values: readonly [] };
    'SET LOCAL enable_seqscan = off': { values: readonly [] };
    'SET LOCAL join_collapse_limit = 1': { values: readonly [] };
    'SELECT idx_tup_fetch AS fetched FROM pg_stat_xact_user_tables WHERE relname = \'instances\'': { values: readonly []; row: { fetched: number | null } };
    // ../src/features/audit/audit.db.test.ts
    'UPDATE audit_events SET action = \'x.y\'': { values: readonly [] };
    'DELETE FROM audit_events': { values: readonly [] };
    'DELETE FROM audit_chain': { values: readonly [] };
    // ../src/features/audit/syslog/send.db.test.ts
    'SELECT failing_since FROM audit_followers': { values: readonly []; row: { failing_since: Date | null } };
    // ../src/features/dicomweb/metadata/series-metadata.db.test.ts
    'SELECT id FROM retired_objects': { values: readonly []; row: { id: string } };
    'SELECT id, study_id, version FROM series WHERE series_instance_uid = $1': { values: readonly [string | null]; row: { id: string; study_id: string; version: number } };
    'SELECT id FROM series WHERE metadata_object IS NULL ORDER BY id LIMIT 1 FOR NO KEY UPDATE': { values: readonly []; row: { id: string } };
    'SELECT count(*)::integer AS rows FROM instance_metadata': { values: readonly []; row: { rows: number } };
    'INSERT INTO instance_metadata (instance_id, series_id, group_id, json)\n           SELECT id, series_id, group_id, $1 FROM instances ORDER BY random() LIMIT 3 ON CONFLICT DO NOTHING': { values: readonly [Buffer] };
    'INSERT INTO instance_metadata (instance_id, series_id, group_id, json)\n       SELECT id, series_id, group_id, $1 FROM instances ON CONFLICT (instance_id) DO UPDATE SET json = excluded.json': { values: readonly [Buffer] };
    // ../src/features/ingest/charset.db.test.ts
    'SELECT id, family_name, given_name, identity_status, study_count, search_text, text_uncertain FROM patients ORDER BY id': { values: readonly []; row: { id: string; family_name: string; given_name: string; identity_status: 'CONFIRMED' | 'IDENTITY_REVIEW'; study_count: number; search_text: string; text_uncertain: boolean } };
    'SELECT s.text_uncertain AS study, p.text_uncertain AS patient, s.description FROM studies s JOIN patients p ON p.id = s.patient_id WHERE study_instance_uid = $1': { values: readonly [string | null]; row: { study: boolean; patient: boolean; description: string | null } };
    // ../src/features/ingest/commit/arrivals.db.test.ts
    'SELECT version FROM series WHERE series_instance_uid = $1': { values: readonly [string | null]; row: { version: number } };
    // ../src/features/ingest/commit/commit-queue.db.test.ts
    'SELECT id, size_bytes AS size FROM instances': { values: readonly []; row: { id: string; size: number } };
    'SELECT received, stored, (SELECT count(*)::int FROM import_files f WHERE f.import_id = i.id) AS files FROM imports i': { values: readonly []; row: { received: number; stored: number; files: number } };
    'SELECT id FROM instances': { values: readonly []; row: { id: string } };
    'SELECT FROM instances': { values: readonly []; row: {} };
    // ../src/features/ingest/concurrency.db.test.ts
    'SELECT st.instance_count, st.series_count, st.size_bytes::int, p.study_count, s.instance_count AS in_series,\n           (SELECT count(*)::int FROM patients) AS patients FROM studies st JOIN patients p ON p.id = st.patient_id JOIN series s ON s.study_id = st.id': { values: readonly []; row: { instance_count: number; series_count: number; size_bytes: number; study_count: number; in_series: number; patients: number } };
    'SELECT count(*)::int AS own FROM groups WHERE is_personal AND home_id IS NULL AND id = ANY($1::uuid[])': { values: readonly [readonly string[]]; row: { own: number } };
    'SELECT id FROM instances WHERE id = $1': { values: readonly [string | null]; row: { id: string } };
    // ../src/features/ingest/damage.db.test.ts
    'SELECT id FROM audit_events WHERE action = \'instance.repaired\' AND entity_id = $1': { values: readonly [string | null]; row: { id: string } };
    'SELECT id FROM conflicts WHERE existing_instance_id = $1': { values: readonly [string | null]; row: { id: string } };
    'UPDATE conflicts SET status = $2 WHERE id = $1': { values: readonly [string | null, 'OPEN' | 'KEPT' | 'REPLACED' | 'DISCARDED'] };
    'SELECT id FROM audit_events WHERE action = \'conflict.repaired\' AND entity_id = $1': { values: readonly [string | null]; row: { id: string } };
    'SELECT id, reason FROM damaged_objects ORDER BY id': { values: readonly []; row: { id: string; reason: 'MISSING' | 'SIZE' | 'HASH' | 'UNREADABLE' } };
    'SELECT s.id, s.metadata_object FROM series s JOIN instances i ON i.series_id = s.id WHERE i.id = $1': { values: readonly [string | null]; row: { id: string; metadata_object: string | null } };
    'SELECT id, metadata_object FROM series WHERE id = $1': { values: readonly [string | null]; row: { id: string; metadata_object: string | null } };
    'SELECT id FROM damaged_objects WHERE kind = \'METADATA\'': { values: readonly []; row: { id: string } };
    // ../src/features/ingest/importers.db.test.ts
    'SELECT user_id, status, stored FROM imports WHERE id = $1': { values: readonly [string | null]; row: { user_id: string | null; status: 'RUNNING' | 'DONE' | 'CANCELLED'; stored: number } };
    'SELECT e.actor, e.actor_id, e.group_id FROM audit_events e JOIN studies s ON s.id::text = e.entity_id\n       WHERE e.action = \'study.import\' AND s.study_instance_uid = $1': { values: readonly [string | null]; row: { actor: string | null; actor_id: string | null; group_id: string | null } };
    'SELECT id FROM imports WHERE entrance = \'DIMSE\' AND user_id IS NULL AND group_id = $1': { values: readonly [string | null]; row: { id: string } };
    'SELECT id FROM imports': { values: readonly []; row: { id: string } };
    // ../src/features/ingest/ingest-fixture.ts
    'INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, group_id) VALUES ($1, $2, \'x\', \'Test\', \'Person\', $3, $4, $5)': { values: readonly [string, string, 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', 'READ' | 'WRITE' | 'ADMIN', string | null] };
    'SELECT role, level, group_id FROM users WHERE id = $1 AND status = \'ACTIVE\'': { values: readonly [string | null]; row: { role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; group_id: string | null } };
    'INSERT INTO groups (id, name) VALUES ($1, $2)': { values: readonly [string, string] };
    // ../src/features/ingest/intake/accepted.http.db.test.ts
    'SELECT id FROM import_spools WHERE import_id = $1': { values: readonly [string | null]; row: { id: string } };
    'UPDATE users SET group_id = (SELECT id FROM groups LIMIT 1) WHERE id = $1': { values: readonly [string | null] };
    'UPDATE users SET level = \'READ\', role = \'STAFF\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE users SET status = \'SUSPENDED\' WHERE id = $1': { values: readonly [string | null] };
    'SELECT permissions FROM import_spools WHERE import_id = $1': { values: readonly [string | null]; row: { permissions: string[] } };
    // ../src/features/ingest/kill.db.test.ts
    'SELECT id, size_bytes FROM instances': { values: readonly []; row: { id: string; size_bytes: number } };
    'SELECT s.id FROM series s WHERE instance_count <> (SELECT count(*) FROM instances WHERE series_id = s.id)': { values: readonly []; row: { id: string } };
    // ../src/features/ingest/made.db.test.ts
    'SELECT id, attributes FROM studies WHERE study_instance_uid = $1': { values: readonly [string | null]; row: { id: string; attributes: ColumnTypes['studies.attributes'] } };
    'SELECT actor, actor_id, patient_id, group_id, details->>\'entrance\' AS entrance, details->>\'by\' AS by, details->>\'stored\' AS stored\n       FROM audit_events WHERE action = \'study.import\' AND entity_id = $1 ORDER BY id': { values: readonly [string | null]; row: { actor: string | null; actor_id: string | null; patient_id: string | null; group_id: string | null; entrance: Extract<ColumnTypes['audit_events.details']['entrance'], string> | null; by: Extract<ColumnTypes['audit_events.details']['by'], string> | null; stored: Extract<ColumnTypes['audit_events.details']['stored'], string> | null } };
    'SELECT s.instance_count, s.series_count, s.deleted_at IS NOT NULL AS deleted, (SELECT count(*)::int FROM conflicts c WHERE c.study_id = s.id) AS conflicts\n       FROM studies s WHERE s.id = $1': { values: readonly [string | null]; row: { instance_count: number; series_count: number; deleted: boolean; conflicts: number } };
    'SELECT i.id, i.sop_class_uid, i.group_id, s.study_id, t.patient_id, t.identity_mismatch FROM instances i\n         JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE i.id = $1': { values: readonly [string | null]; row: { id: string; sop_class_uid: string; group_id: string | null; study_id: string; patient_id: string; identity_mismatch: ColumnTypes['studies.identity_mismatch'] | null } };
    'SELECT id FROM studies WHERE study_instance_uid = $1': { values: readonly [string | null]; row: { id: string } };
    'UPDATE studies SET deleted_at = now() WHERE id = $1': { values: readonly [string | null] };
    'SELECT id FROM studies WHERE study_instance_uid = $1 AND group_id = $2': { values: readonly [string | null, string | null]; row: { id: string } };
    'SELECT group_id FROM instances WHERE id = $1': { values: readonly [string | null]; row: { group_id: string | null } };
    'UPDATE patients SET family_name = \'NOUVEAU\' WHERE id = $1': { values: readonly [string | null] };
    // ../src/features/ingest/packing-attacked.db.test.ts
    'SELECT i.id FROM instances i JOIN series s ON s.id = i.series_id WHERE s.instance_count > 1 ORDER BY random() LIMIT 1': { values: readonly []; row: { id: string } };
    'SELECT id FROM studies WHERE id = $1 FOR NO KEY UPDATE': { values: readonly [string | null]; row: { id: string } };
    'SELECT s.id FROM series s WHERE s.instance_count <> (SELECT count(*) FROM instances i WHERE i.series_id = s.id)': { values: readonly []; row: { id: string } };
    // ../src/features/ingest/packing-fixture.ts
    'SELECT id, study_id, metadata_object, metadata_sha256 FROM series WHERE series_instance_uid = $1': { values: readonly [string | null]; row: { id: string; study_id: string; metadata_object: string | null; metadata_sha256: Buffer | null } };
    'SELECT i.id, s.metadata_object FROM instances i JOIN series s ON s.id = i.series_id\n         WHERE NOT EXISTS (SELECT FROM instance_metadata m WHERE m.instance_id = i.id)': { values: readonly []; row: { id: string; metadata_object: string | null } };
    // ../src/features/ingest/packing.db.test.ts
    'SELECT o.id FROM unnest($1::uuid[]) AS o (id) WHERE NOT EXISTS (SELECT FROM instances i WHERE i.id = o.id)\n         AND NOT EXISTS (SELECT FROM series s WHERE s.metadata_object = o.id) AND NOT EXISTS (SELECT FROM retired_objects r WHERE r.id = o.id)': { values: readonly [readonly string[]]; row: { id: string } };
    'DELETE FROM instance_metadata WHERE instance_id = (SELECT min(i.id::text)::uuid FROM instances i WHERE i.series_id = $1)': { values: readonly [string | null] };
    'INSERT INTO instance_metadata (instance_id, series_id, group_id, json) SELECT i.id, i.series_id, i.group_id, $2::bytea FROM instances i\n       WHERE i.series_id = $1 AND NOT EXISTS (SELECT FROM instance_metadata m WHERE m.instance_id = i.id)': { values: readonly [string | null, Buffer] };
    'UPDATE studies SET deleted_at = now() - interval \'1 hour\' WHERE id = $1': { values: readonly [string | null] };
    'SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1': { values: readonly [string | null]; row: { id: string } };
    'SELECT id FROM series WHERE id = $1 FOR NO KEY UPDATE': { values: readonly [string | null]; row: { id: string } };
    'DELETE FROM instances WHERE id = (SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1)': { values: readonly [string | null] };
    'UPDATE series SET version = version + 1 WHERE id = $1': { values: readonly [string | null] };
    'UPDATE instance_metadata SET json = decode(repeat(\'00\', 6 * 1048576), \'hex\')\n         WHERE instance_id = (SELECT i.id FROM instances i WHERE i.series_id = $1 LIMIT 1)': { values: readonly [string | null] };
    // ../src/features/ingest/pipeline.db.test.ts
    'SELECT p.id, family_name, identity_status, identity_reason, suspect_id FROM patients p JOIN studies s ON s.patient_id = p.id\n       WHERE s.study_instance_uid = $1 AND s.group_id IS NOT DISTINCT FROM $2::uuid': { values: readonly [string | null, string | null]; row: { id: string; family_name: string; identity_status: 'CONFIRMED' | 'IDENTITY_REVIEW'; identity_reason: 'CONTRADICTION' | 'NO_PATIENT_ID' | 'PLACEHOLDER_ID' | 'EDITED' | null; suspect_id: string | null } };
    'SELECT id FROM conflicts WHERE sop_instance_uid = $1': { values: readonly [string | null]; row: { id: string } };
    'SELECT count(DISTINCT e.id)::int AS series, count(*)::int AS instances FROM instances i JOIN series e ON e.id = i.series_id\n       WHERE e.series_instance_uid = $1': { values: readonly [string | null]; row: { series: number; instances: number } };
    'UPDATE studies SET deleted_at = now() WHERE study_instance_uid = $1': { values: readonly [string | null] };
    // ../src/features/ingest/review/conflict-undo.http.db.test.ts
    'SELECT to_jsonb(t) - \'updated_at\' AS study, to_jsonb(p) - \'updated_at\' AS patient,\n         (SELECT jsonb_agg(to_jsonb(s) - \'{version,updated_at,metadata_object,metadata_sha256,mapping_version,is_mapped}\'::text[] ORDER BY s.id) FROM series s WHERE s.study_id = t.id) AS series,\n         (SELECT jsonb_agg(to_jsonb(i) ORDER BY i.id) FROM instances i JOIN series s ON s.id = i.series_id WHERE s.study_id = t.id) AS instances,\n         (SELECT count(*) FROM instance_versions v JOIN series s ON s.id = v.series_id WHERE s.study_id = t.id) AS versions\n       FROM studies t JOIN patients p ON p.id = t.patient_id WHERE t.study_instance_uid = $1': { values: readonly [string | null]; row: { study: unknown; patient: unknown; series: Array<unknown> | null; instances: Array<unknown> | null; versions: number } };
    // ../src/features/ingest/review/merges.http.db.test.ts
    'SELECT p.id, p.merged_into, p.deleted_at, p.identity_status, p.identity_reason, p.suspect_id, p.study_count,\n         (SELECT jsonb_agg(s.id ORDER BY s.id) FROM studies s WHERE s.patient_id = p.id) AS studies,\n         (SELECT jsonb_agg(s.identity_mismatch) FROM studies s WHERE s.patient_id = p.id) AS marks,\n         (SELECT count(*)::int FROM import_files f WHERE f.patient_id = p.id) AS files\n       FROM patients p WHERE p.id = ANY($1::uuid[]) ORDER BY p.id': { values: readonly [readonly string[]]; row: { id: string; merged_into: string | null; deleted_at: Date | null; identity_status: 'CONFIRMED' | 'IDENTITY_REVIEW'; identity_reason: 'CONTRADICTION' | 'NO_PATIENT_ID' | 'PLACEHOLDER_ID' | 'EDITED' | null; suspect_id: string | null; study_count: number; studies: Array<string> | null; marks: Array<ColumnTypes['studies.identity_mismatch'] | null> | null; files: number } };
    'SELECT actor_id IS NOT NULL AS by, patient_id, details FROM audit_events WHERE action = \'patient.merge-undone\' AND entity_id = $1': { values: readonly [string | null]; row: { by: boolean; patient_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'UPDATE patient_merges SET merged_at = merged_at - interval \'30 days\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE studies SET patient_id = $2 WHERE patient_id = $1': { values: readonly [string | null, string] };
    'UPDATE patients SET deleted_at = now() WHERE id = $1': { values: readonly [string | null] };
    'UPDATE studies SET patient_id = $2, group_id = $3\n       WHERE id = (SELECT (m.moved #>> \'{studies,0}\')::uuid FROM patient_merges m WHERE m.id = $1)': { values: readonly [string | null, string, string | null] };
    // ../src/features/ingest/review/mismatch.http.db.test.ts
    'SELECT s.id, s.patient_id, s.identity_mismatch, s.search_text, p.identity_status, p.suspect_id\n       FROM studies s JOIN patients p ON p.id = s.patient_id WHERE s.received_identity->>\'personName\' = $1 ORDER BY s.id DESC': { values: readonly [string | null]; row: { id: string; patient_id: string; identity_mismatch: ColumnTypes['studies.identity_mismatch'] | null; search_text: string; identity_status: 'CONFIRMED' | 'IDENTITY_REVIEW'; suspect_id: string | null } };
    'SELECT actor_id, patient_id, details FROM audit_events WHERE action = \'study.mismatch-accepted\' AND entity_id = $1': { values: readonly [string | null]; row: { actor_id: string | null; patient_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'SELECT study_count FROM patients WHERE id = $1': { values: readonly [string | null]; row: { study_count: number } };
    // ../src/features/ingest/review/reviews.http.db.test.ts
    'SELECT i.id, i.series_id, s.instance_count, s.size_bytes, s.version FROM instances i JOIN series s ON s.id = i.series_id WHERE sop_instance_uid = $1': { values: readonly [string | null]; row: { id: string; series_id: string; instance_count: number; size_bytes: number; version: number } };
    'SELECT replaced_by FROM instance_versions WHERE id = $1': { values: readonly [string | null]; row: { replaced_by: string } };
    'UPDATE conflicts SET object_until = object_until - interval \'31 days\' WHERE id = $1': { values: readonly [string | null] };
    'SELECT study_count, family_name FROM patients WHERE id = $1': { values: readonly [string | null]; row: { study_count: number; family_name: string } };
    'SELECT metadata_object, (SELECT count(*) FROM instance_metadata m WHERE m.series_id = series.id) AS waiting FROM series WHERE id = $1': { values: readonly [string | null]; row: { metadata_object: string | null; waiting: number } };
    'SELECT id FROM instances UNION ALL SELECT id FROM instance_versions': { values: readonly []; row: { id: string } };
    // ../src/features/ingest/test-data.db.test.ts
    'SELECT st.id FROM studies st LEFT JOIN LATERAL (\n             SELECT count(*) AS instances, sum(i.size_bytes) AS bytes, count(DISTINCT s.id) AS series\n             FROM series s JOIN instances i ON i.series_id = s.id WHERE s.study_id = st.id) n ON true\n           WHERE (st.instance_count, st.size_bytes, st.series_count) IS DISTINCT FROM (n.instances, n.bytes, n.series)\n         UNION ALL SELECT p.id FROM patients p WHERE study_count <> (SELECT count(*) FROM studies WHERE patient_id = p.id)\n         UNION ALL SELECT s.id FROM series s WHERE instance_count <> (SELECT count(*) FROM instances WHERE series_id = s.id)': { values: readonly []; row: { id: string } };
    'SELECT (SELECT count(*) FROM instances) AS instances, (SELECT count(*) FROM conflicts) AS conflicts,\n         (SELECT count(*) FROM studies) AS studies, (SELECT count(*) FROM patients) AS patients': { values: readonly []; row: { instances: number; conflicts: number; studies: number; patients: number } };
    // ../src/platform/db/database.db.test.ts
    'INSERT INTO patients (id, group_id, family_name) VALUES ($1, $2, $3)': { values: readonly [string, string | null, string] };
    'SELECT family_name AS name FROM patients ORDER BY family_name': { values: readonly []; row: { name: string } };
    'SELECT current_setting(\'negatoscope.arms\', true) AS scope': { values: readonly []; row: { scope: string | null } };
    'SELECT 1 AS one WHERE $1::boolean': { values: readonly [boolean | null]; row: { one: number } };
    'SELECT 1 / $1::int': { values: readonly [number | null]; row: { '?column?': number | null } };
    'WITH hidden AS (INSERT INTO patients (id, group_id, family_name) VALUES ($1, $2, $3) RETURNING id) SELECT id FROM hidden': { values: readonly [string, string | null, string]; row: { id: string } };
    'SELECT id FROM patients LIMIT 1': { values: readonly []; row: { id: string } };
    'SELECT ng_refresh_patients(ARRAY[$1::uuid])': { values: readonly [string | null]; row: { ng_refresh_patients: string | null } };
    'SELECT pg_terminate_backend(pg_backend_pid())': { values: readonly []; row: { pg_terminate_backend: boolean | null } };
    // ../src/platform/db/stalled.db.long.test.ts
    'SELECT 1 AS one': { values: readonly []; row: { one: number } };
    'SELECT 2': { values: readonly []; row: { '?column?': number } };
    'SELECT pg_sleep(30)': { values: readonly []; row: { pg_sleep: string | null } };
    'SELECT count(*) AS count FROM pg_stat_activity WHERE query LIKE \'%pg_sleep(30)%\' AND pid <> pg_backend_pid()': { values: readonly []; row: { count: number } };
    // ../src/platform/db/uuid-array.db.test.ts
    'SELECT $1::uuid[]::text[] AS ids': { values: readonly [readonly string[] | null]; row: { ids: string[] | null } };
    // ../src/platform/queue/runner.db.test.ts
    'INSERT INTO pgboss.job (name, data, retry_limit) VALUES (\'counted\', \'{"amount":"three"}\', 0)': { values: readonly [] };
    'SELECT state::text AS state FROM pgboss.job WHERE name = $1': { values: readonly [string | null]; row: { state: string } };
    'DELETE FROM pgboss.job WHERE name IN (\'counted\', \'plain\')': { values: readonly [] };
    'DELETE FROM job_counts': { values: readonly [] };
    'UPDATE pgboss.job SET state = \'completed\' WHERE name = \'counted\'': { values: readonly [] };
    // backup/backup.db.test.ts
    'SELECT outcome, failure FROM backups ORDER BY started_at': { values: readonly []; row: { outcome: 'DONE' | 'DAMAGE' | 'FAILED' | null; failure: string | null } };
    // backup/backup.long.test.ts
    'DELETE FROM instances WHERE id = ANY($1::uuid[])': { values: readonly [readonly string[]] };
    // backup/installation.ts
    'SELECT id, encode(file_sha256, \'hex\') AS sha256 FROM instances': { values: readonly []; row: { id: string; sha256: string } };
    // before.db.test.ts
    'SELECT count(*)::int AS n FROM instances': { values: readonly []; row: { n: number } };
    // deid-compressed.http.db.test.ts
    'SELECT i.id, i.size_bytes, i.transfer_syntax_uid AS syntax FROM instances i WHERE i.group_id = $1 ORDER BY i.transfer_syntax_uid, i.id': { values: readonly [string | null]; row: { id: string; size_bytes: number; syntax: string } };
    // dicomweb/blind-imports.http.test.ts
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM conflicts t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM instances t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM patient_identifiers t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM patients t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM series t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    'SELECT count(*) AS n, md5(string_agg(t::text, \'|\' ORDER BY t::text)) AS hash FROM studies t WHERE group_id = $1': { values: readonly [string | null]; row: { n: number; hash: string | null } };
    // dicomweb/damage.http.test.ts
    'SELECT id, sop_instance_uid AS uid FROM instances': { values: readonly []; row: { id: string; uid: string } };
    'SELECT FROM audit_events WHERE action = \'patient.exported\'': { values: readonly []; row: {} };
    // dicomweb/deaf.http.test.ts
    'SELECT pg_notify(\'negatoscope_index\', \'{}\')': { values: readonly []; row: { pg_notify: string } };
    'UPDATE instances SET group_id = $2 WHERE series_id IN (SELECT s.id FROM series s JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1)': { values: readonly [string | null, string | null] };
    'UPDATE patients SET group_id = $2 WHERE id = (SELECT patient_id FROM studies WHERE study_instance_uid = $1)': { values: readonly [string | null, string | null] };
    'UPDATE series SET group_id = $2 WHERE study_id = (SELECT id FROM studies WHERE study_instance_uid = $1)': { values: readonly [string | null, string | null] };
    'UPDATE studies SET group_id = $2 WHERE study_instance_uid = $1': { values: readonly [string | null, string | null] };
    // dicomweb/filling-disk.long.test.ts
    'SELECT sop_instance_uid AS uid FROM instances WHERE id = ANY($1::uuid[])': { values: readonly [readonly string[]]; row: { uid: string } };
    'SELECT sop_instance_uid AS uid FROM import_files WHERE outcome = \'stored\'': { values: readonly []; row: { uid: string | null } };
    'SELECT id, sop_instance_uid AS uid, size_bytes AS size FROM instances': { values: readonly []; row: { id: string; uid: string; size: number } };
    // dicomweb/held-damage.http.test.ts
    'SELECT id FROM instances WHERE sop_instance_uid = $1 AND group_id = $2': { values: readonly [string | null, string | null]; row: { id: string } };
    'SELECT id, kind FROM damaged_objects ORDER BY id': { values: readonly []; row: { id: string; kind: 'INSTANCE' | 'VERSION' | 'CONFLICT' | 'METADATA' | 'DERIVED' } };
    'SELECT actor_id FROM audit_events WHERE action = \'instance.repaired\' AND entity_id = $1': { values: readonly [string | null]; row: { actor_id: string | null } };
    // dicomweb/hidden-values.http.test.ts
    'UPDATE studies SET public_text = search_text': { values: readonly [] };
    'SELECT text, ng_is_known_code(text) AS is_code FROM unnest($1::text[]) AS text': { values: readonly [readonly (string | null)[]]; row: { text: string | null; is_code: boolean | null } };
    // dicomweb/metadata.http.test.ts
    'UPDATE patients SET family_name = \'Renamed\', person_name = \'\', updated_at = now() WHERE external_id = \'1CT1\'': { values: readonly [] };
    // dicomweb/opening-limits.http.test.ts
    'SELECT patient_id FROM studies WHERE study_instance_uid = $1': { values: readonly [string | null]; row: { patient_id: string } };
    // dicomweb/opening.http.test.ts
    'SELECT action, entity_id FROM audit_events WHERE actor_id = $1 AND action LIKE $2 ORDER BY action': { values: readonly [string | null, string | null]; row: { action: string; entity_id: string | null } };
    // dicomweb/progressive.http.test.ts
    'SELECT action FROM audit_events WHERE actor_id = $1 AND action = \'study.frames\'': { values: readonly [string | null]; row: { action: string } };
    // dicomweb/series-mapping.http.test.ts
    'SELECT is_mapped FROM series WHERE series_instance_uid = $1': { values: readonly [string | null]; row: { is_mapped: boolean } };
    'SELECT mapping_lower, mapping_upper, mapping_version = version AS is_seen FROM series WHERE series_instance_uid = $1': { values: readonly [string | null]; row: { mapping_lower: number | null; mapping_upper: number | null; is_seen: boolean | null } };
    'SELECT id FROM series WHERE series_instance_uid = $1 FOR NO KEY UPDATE': { values: readonly [string | null]; row: { id: string } };
    'SELECT i.id, m.json FROM instances i JOIN instance_metadata m ON m.instance_id = i.id WHERE i.sop_instance_uid = $1': { values: readonly [string | null]; row: { id: string; json: Buffer } };
    'UPDATE instance_metadata SET json = $2 WHERE instance_id = $1': { values: readonly [string | null, Buffer] };
    // dicomweb/unchecked-input.http.test.ts
    'UPDATE users SET group_id = $2 WHERE id = $1': { values: readonly [string | null, string | null] };
    // dimse/find.db.test.ts
    'SELECT actor, group_id, details FROM audit_events WHERE action = \'dicom-node.query\' ORDER BY occurred_at DESC LIMIT 1': { values: readonly []; row: { actor: string | null; group_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'SELECT e.action, (e.details->>\'results\')::int AS results FROM audit_shown s JOIN audit_events e ON e.id = s.event_id\n         JOIN patients p ON p.id = s.patient_id WHERE p.external_id = \'P1\' ORDER BY e.id DESC LIMIT 1': { values: readonly []; row: { action: string; results: number | null } };
    // dimse/hostile.db.test.ts
    'SELECT times FROM dicom_node_log WHERE code = \'ALL_REFUSED\' AND kind = \'ASSOCIATION\'': { values: readonly []; row: { times: number } };
    // dimse/log.db.test.ts
    'SELECT kind, is_ours, outcome, code, status, times, done, warned, failed, bytes, instance_uids FROM dicom_node_log WHERE node_id = $1 ORDER BY first_at, kind, outcome': { values: readonly [string | null]; row: { kind: ColumnTypes['dicom_node_log.kind']; is_ours: boolean; outcome: ColumnTypes['dicom_node_log.outcome']; code: ColumnTypes['dicom_node_log.code'] | null; status: number | null; times: number; done: number; warned: number; failed: number; bytes: number; instance_uids: string[] } };
    'SELECT address, calling_aet, called_aet, code, times FROM dicom_callers ORDER BY calling_aet, called_aet': { values: readonly []; row: { address: string; calling_aet: string; called_aet: string; code: ColumnTypes['dicom_callers.code']; times: number } };
    'SELECT kind, times, done, failed FROM dicom_node_days WHERE node_id = $1 AND kind = \'ASSOCIATION\'': { values: readonly [string | null]; row: { kind: ColumnTypes['dicom_node_days.kind']; times: number; done: number; failed: number } };
    'SELECT day, times FROM dicom_node_days WHERE node_id = $1': { values: readonly [string | null]; row: { day: string; times: number } };
    'DELETE FROM dicom_callers': { values: readonly [] };
    'SELECT is_listening, trouble, turned_away FROM dicom_listeners': { values: readonly []; row: { is_listening: boolean; trouble: string | null; turned_away: number } };
    // dimse/nodes.http.db.test.ts
    'SELECT action, actor_id, details FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at': { values: readonly [string | null]; row: { action: string; actor_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'DELETE FROM dicom_listeners': { values: readonly [] };
    'INSERT INTO dicom_listeners (id, is_listening, trouble, connections, associations, turned_away, started_at, reported_at)\n           VALUES (gen_random_uuid(), $1, $2, 4, 3, 9, now(), now() - make_interval(secs => $3))': { values: readonly [boolean, string | null, number | null] };
    'INSERT INTO dicom_node_log (id, node_id, together, kind, is_ours, outcome, code, status, first_at, last_at, times, done, warned, failed, bytes, ms, instance_uids)\n         SELECT gen_random_uuid(), $1, \'old \' || n, \'STORE\', false, \'WARNING\', \'SAME_UID_OTHER_CONTENT\', 45056, now() - interval \'1 day\', now() - interval \'1 day\', 1, 0, 1, 0, 5, 6, ARRAY[\'1.2.3\']\n         FROM generate_series(1, 3) AS n': { values: readonly [string] };
    'INSERT INTO dicom_node_days (node_id, day, kind, is_ours, times, done, warned, failed, bytes)\n         SELECT $1, current_date - n, \'STORE\', false, 10, 8, 1, 1, 3000000000 FROM generate_series(0, 40) AS n': { values: readonly [string] };
    'INSERT INTO dicom_callers (address, calling_aet, called_aet, code, first_at, last_at, times)\n         VALUES (\'10.9.9.9\', \'NEWCT\', \'NEGATOSCOPE\', \'CALLING_AET\', now(), now(), 3), (\'10.9.9.9\', \'\', \'\', \'TOO_MANY_CONNECTIONS\', now(), now(), 70)': { values: readonly [] };
    // dimse/retrieve.db.test.ts
    'DELETE FROM dicom_nodes WHERE ae_title = \'DEST\'': { values: readonly [] };
    'UPDATE patients SET family_name = $1, person_name = \'\', updated_at = now() WHERE external_id = \'P1\'': { values: readonly [string] };
    'SELECT action, actor, group_id, entity_type, details FROM audit_events WHERE action IN (\'dicom-node.retrieve\', \'study.retrieve\') ORDER BY occurred_at DESC, id DESC': { values: readonly []; row: { action: string; actor: string | null; group_id: string | null; entity_type: string | null; details: ColumnTypes['audit_events.details'] } };
    'UPDATE dicom_nodes SET removed_at = now() WHERE id = $1': { values: readonly [string | null] };
    'UPDATE studies SET deleted_at = $2::timestamptz WHERE study_instance_uid = $1': { values: readonly [string | null, Date | string | null] };
    // dimse/store.db.test.ts
    'SELECT id, group_id, size_bytes FROM instances WHERE sop_instance_uid = $1': { values: readonly [string | null]; row: { id: string; group_id: string | null; size_bytes: number } };
    'SELECT id FROM dicom_nodes WHERE id IN ($1, $2) AND last_seen_at IS NOT NULL': { values: readonly [string | null, string | null]; row: { id: string } };
    'SELECT last_seen_at FROM dicom_nodes WHERE id = $1': { values: readonly [string | null]; row: { last_seen_at: Date | null } };
    'UPDATE dicom_nodes SET may_store = false WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET host = \'10.0.0.9\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET group_id = NULL WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET name = \'Other\', version = 2 WHERE id = $1': { values: readonly [string | null] };
    'SELECT e.actor, e.group_id FROM audit_events e JOIN studies s ON s.id::text = e.entity_id\n         WHERE e.action = \'study.import\' AND s.study_instance_uid = $1': { values: readonly [string | null]; row: { actor: string | null; group_id: string | null } };
    'SELECT status, stored FROM imports WHERE entrance = \'DIMSE\' AND group_id = $1': { values: readonly [string | null]; row: { status: 'RUNNING' | 'DONE' | 'CANCELLED'; stored: number } };
    // dimse/support.ts
    'SELECT outcome, reason FROM import_files ORDER BY id': { values: readonly []; row: { outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored'; reason: ColumnTypes['import_files.reason'] | null } };
    'INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, may_query, may_retrieve, may_worklist, group_id, created_at, updated_at)\n       VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, now(), now())': { values: readonly [string, string, string, number, boolean, boolean, boolean, boolean, string | null] };
    // dimse/syntaxes.db.test.ts
    'SELECT file_sha256 FROM import_files WHERE sop_instance_uid = $1 ORDER BY id DESC LIMIT 1': { values: readonly [string | null]; row: { file_sha256: Buffer | null } };
    'SELECT study_instance_uid AS uid FROM studies': { values: readonly []; row: { uid: string } };
    // dimse/tls.db.test.ts
    'UPDATE dicom_nodes SET uses_tls = true WHERE id = $1': { values: readonly [string | null] };
    'SELECT sum(times)::int AS n FROM dicom_callers WHERE calling_aet = \'\' AND code IN (\'NO_TLS\', \'TOO_MANY_CONNECTIONS\')': { values: readonly []; row: { n: number | null } };
    'SELECT code FROM dicom_node_log WHERE node_id = $1 AND code = \'TLS_REQUIRED\'': { values: readonly [string | null]; row: { code: ColumnTypes['dicom_node_log.code'] } };
    'UPDATE dicom_nodes SET uses_tls = true, takes_studies = true, may_be_asked = true WHERE id = $1': { values: readonly [string | null] };
    'SELECT status, code FROM dicom_transfers WHERE id = $1': { values: readonly [string | null]; row: { status: 'WAITING' | 'RUNNING' | 'DONE' | 'PARTIAL' | 'FAILED' | 'CANCELLED'; code: ColumnTypes['dicom_transfers.code'] | null } };
    'SELECT i.id, i.sop_instance_uid FROM instances i JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1': { values: readonly [string | null]; row: { id: string; sop_instance_uid: string } };
    'INSERT INTO commitment_requests (id, node_id, transaction_uid, instances, status, next_at, asked_at)\n         VALUES ($1, $2, \'2.25.77\', $3::jsonb, \'WAITING\', \'2000-01-01\', now())': { values: readonly [string, string, string] };
    // dimse/transfers.http.db.test.ts
    'SELECT i.sop_instance_uid, i.group_id FROM instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id\n       WHERE t.study_instance_uid = $1': { values: readonly [string | null]; row: { sop_instance_uid: string; group_id: string | null } };
    'SELECT kept_at > now() - interval \'20 seconds\' AS is_fresh FROM dicom_transfers WHERE id = $1': { values: readonly [string | null]; row: { is_fresh: boolean | null } };
    'DELETE FROM conflicts': { values: readonly [] };
    'DELETE FROM instances': { values: readonly [] };
    'SELECT kind, is_ours, outcome, code, done, failed FROM dicom_node_log WHERE node_id = $1 AND is_ours ORDER BY first_at': { values: readonly [string | null]; row: { kind: ColumnTypes['dicom_node_log.kind']; is_ours: boolean; outcome: ColumnTypes['dicom_node_log.outcome']; code: ColumnTypes['dicom_node_log.code'] | null; done: number; failed: number } };
    'SELECT actor_id, details FROM audit_events WHERE action = \'dicom-node.searched\' AND entity_id = $1': { values: readonly [string | null]; row: { actor_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'DELETE FROM instances WHERE sop_instance_uid = $1': { values: readonly [string | null] };
    'UPDATE dicom_transfers SET status = \'RUNNING\', kept_at = now() - interval \'5 seconds\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_transfers SET kept_at = now() - interval \'1 minute\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET may_be_asked = $2 WHERE id = $1': { values: readonly [string | null, boolean] };
    'UPDATE users SET role = \'RESEARCHER\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE users SET status = \'INACTIVE\' WHERE id = $1': { values: readonly [string | null] };
    'SELECT actor_id, patient_id, details->>\'instances\' AS instances FROM audit_events WHERE action = \'study.sent\'': { values: readonly []; row: { actor_id: string | null; patient_id: string | null; instances: Extract<ColumnTypes['audit_events.details']['instances'], string> | null } };
    'UPDATE dicom_transfers SET next_at = now() - interval \'1 second\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET port = $2 WHERE id = $1': { values: readonly [string | null, number] };
    'UPDATE dicom_transfers SET tries = 8 WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_transfers SET status = \'RUNNING\', ended_at = NULL, is_cancelled = true, kept_at = now() - interval \'1 minute\'\n         WHERE id = $1': { values: readonly [string | null] };
    'UPDATE dicom_transfer_items SET outcome = \'WAITING\', code = NULL WHERE transfer_id = $1': { values: readonly [string | null] };
    'UPDATE dicom_nodes SET takes_studies = true WHERE id = $1': { values: readonly [string | null] };
    // edited-identity.http.db.test.ts
    'SELECT action, actor_id IS NOT NULL AS by, patient_id FROM audit_events\n       WHERE action LIKE $2 AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text ORDER BY id': { values: readonly [string | null, string | null]; row: { action: string; by: boolean; patient_id: string | null } };
    'UPDATE patients SET identity_status = \'IDENTITY_REVIEW\', identity_reason = \'CONTRADICTION\' WHERE id = $1': { values: readonly [string | null] };
    // http/jobs.http.test.ts
    'INSERT INTO job_counts (name, runs, failures, total_ms, longest_ms, last_ms, last_run_at, last_failed_at, last_failure)\n      VALUES (\'scrub\', 12, 1, 3456, 900, 40, \'2026-11-26T08:00:00Z\', \'2026-11-25T08:00:00Z\', \'STORAGE_FULL\')': { values: readonly [] };
    'INSERT INTO pgboss.job (name, data) VALUES (\'scrub\', \'{}\')': { values: readonly [] };
    'INSERT INTO backups (id, started_at, seen_at, ended_at, outcome, failure, target, is_encrypted, has_database, point_at, objects) VALUES\n      (\'019a0000-0000-7000-8000-000000000001\', now() - interval \'3 hours\', now(), now() - interval \'3 hours\', \'DONE\', NULL, \'/mnt/backup\', true, true, now() - interval \'3 hours\', 12),\n      (\'019a0000-0000-7000-8000-000000000002\', now() - interval \'2 hours\', now(), now(), \'FAILED\', \'TARGET_FULL\', \'/mnt/backup\', true, true, NULL, 0),\n      (\'019a0000-0000-7000-8000-000000000003\', now() - interval \'1 hour\', now() - interval \'1 hour\', NULL, NULL, NULL, \'/mnt/backup\', true, true, NULL, 0),\n      (\'019a0000-0000-7000-8000-000000000004\', now(), now(), NULL, NULL, NULL, \'/mnt/backup\', true, true, NULL, 0)': { values: readonly [] };
    'UPDATE backups SET point_at = now() - interval \'8 days\' WHERE outcome = \'DONE\'': { values: readonly [] };
    // identity/access-review.http.test.ts
    'INSERT INTO patients (id, group_id) VALUES ($1, $2)': { values: readonly [string, string | null] };
    'INSERT INTO patients (id, group_id, deleted_at) VALUES ($1, $2, now())': { values: readonly [string, string | null] };
    'INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, group_id, created_at, updated_at)\n       VALUES ($1, \'Scanner\', \'CT1\', \'10.0.0.1\', 104, true, $2, $3, $3)': { values: readonly [string, string | null, Date | string] };
    'SELECT action, actor_id FROM audit_events WHERE action = \'access-review.export\'': { values: readonly []; row: { action: string; actor_id: string | null } };
    // identity/account-links.http.test.ts
    'SELECT action, details FROM audit_events WHERE entity_id = $1 ORDER BY occurred_at, id': { values: readonly [string | null]; row: { action: string; details: ColumnTypes['audit_events.details'] } };
    'SELECT encode(token_hash, \'escape\') AS hash FROM account_links': { values: readonly []; row: { hash: string } };
    'UPDATE users SET password_hash = NULL WHERE id = $1': { values: readonly [string | null] };
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, now())': { values: readonly [string, string, string] };
    // identity/administrator.db.test.ts
    'SELECT email, role, level, status FROM users': { values: readonly []; row: { email: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED' } };
    'SELECT outcome FROM audit_events WHERE action = \'user.password-reset\'': { values: readonly []; row: { outcome: 'SUCCESS' | 'FAILURE' | 'DENIED' } };
    // identity/csrf-origin.http.test.ts
    'SELECT ip FROM user_sessions': { values: readonly []; row: { ip: string } };
    // identity/emergency-ends.http.test.ts
    'SELECT actor_id AS actor, details ->> \'because\' AS because, patient_id AS patient FROM audit_events\n       WHERE action = \'emergency.ended\' AND details ->> \'user\' = $1': { values: readonly [string | null]; row: { actor: string | null; because: Extract<ColumnTypes['audit_events.details']['because'], string> | null; patient: string | null } };
    'SELECT entity_id FROM audit_events WHERE action = \'emergency.opened\' AND actor_id = $1': { values: readonly [string | null]; row: { entity_id: string | null } };
    'UPDATE users SET password_hash = (SELECT password_hash FROM users WHERE id = $2) WHERE id = $1': { values: readonly [string | null, string | null] };
    // identity/emergency.http.test.ts
    'SELECT phone FROM patients WHERE id = $1': { values: readonly [string | null]; row: { phone: string | null } };
    'SELECT actor_id, details FROM audit_events WHERE action = \'emergency.opened\' AND patient_id = $1 ORDER BY occurred_at DESC, id DESC': { values: readonly [string | null]; row: { actor_id: string | null; details: ColumnTypes['audit_events.details'] } };
    // identity/groups.http.test.ts
    'SELECT action FROM audit_events WHERE entity_id = $1 ORDER BY id': { values: readonly [string | null]; row: { action: string } };
    'UPDATE patients SET deleted_at = NULL': { values: readonly [] };
    // identity/passkeys.http.test.ts
    'SELECT action, details FROM audit_events WHERE entity_id = $1 OR actor_id::text = $1 ORDER BY occurred_at, id': { values: readonly [string | null]; row: { action: string; details: ColumnTypes['audit_events.details'] } };
    'SELECT details FROM audit_events WHERE action = \'auth.passkey-refused\' ORDER BY occurred_at DESC, id DESC LIMIT 1': { values: readonly []; row: { details: ColumnTypes['audit_events.details'] } };
    'UPDATE users SET role = \'PHYSICIAN\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE users SET role = \'RADIOLOGIST\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE user_sessions SET proven_at = NULL WHERE user_id = $1': { values: readonly [string | null] };
    'SELECT id FROM users WHERE id = $1 FOR UPDATE': { values: readonly [string | null]; row: { id: string } };
    'SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = \'Lock\'': { values: readonly []; row: { waiting: number } };
    'UPDATE user_sessions SET revoked_at = now() WHERE user_id = $1': { values: readonly [string | null] };
    'UPDATE users SET status = $2 WHERE id = $1': { values: readonly [string | null, 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'] };
    'DELETE FROM users WHERE id = $1': { values: readonly [string | null] };
    'SELECT factor_reset_at IS NOT NULL AS told, (SELECT count(*)::int FROM recovery_codes r WHERE r.user_id = u.id) AS codes\n           FROM users u WHERE id = $1': { values: readonly [string | null]; row: { told: boolean; codes: number } };
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES (\'https://idp.example\', $1, $2, now())': { values: readonly [string, string] };
    'UPDATE passkeys SET rp_id = \'old.hospital.example\' WHERE user_id = $1': { values: readonly [string | null] };
    'UPDATE passkeys SET rp_id = \'x.example\' WHERE user_id = $1': { values: readonly [string | null] };
    'UPDATE passkeys SET rp_id = NULL WHERE user_id = $1': { values: readonly [string | null] };
    'SELECT rp_id FROM passkeys WHERE user_id = $1': { values: readonly [string | null]; row: { rp_id: string | null } };
    // identity/people.http.test.ts
    'INSERT INTO user_identities (issuer, subject, user_id, linked_at) VALUES ($1, $2, $3, $4)': { values: readonly [string, string, string, Date | string] };
    'SELECT user_id FROM user_identities WHERE subject = $1': { values: readonly [string | null]; row: { user_id: string } };
    'UPDATE users SET last_login_at = $2 WHERE id = $1': { values: readonly [string | null, Date | string | null] };
    'UPDATE user_sessions SET proven_at = proven_at - interval \'16 minutes\' WHERE user_id = $1': { values: readonly [string | null] };
    'INSERT INTO audit_events (id, occurred_at, action, outcome, actor_id, entity_type, entity_id, details)\n         VALUES ($1, now(), \'user.updated\', \'SUCCESS\', $2, \'user\', $3, \'{"fields": ["role", "locale"]}\')': { values: readonly [string, string | null, string | null] };
    'INSERT INTO audit_events (id, occurred_at, action, outcome, entity_type, entity_id, details)\n         VALUES ($1, now() - interval \'1 day\', \'user.linked\', \'SUCCESS\', \'user\', $2, \'{"provider": "chu"}\')': { values: readonly [string, string | null] };
    'SELECT action, actor_id, details FROM audit_events WHERE entity_id = $1': { values: readonly [string | null]; row: { action: string; actor_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'UPDATE users SET status = CASE WHEN $2 = \'active\' THEN \'ACTIVE\' ELSE status END,\n             password_hash = CASE WHEN $2 = \'password\' THEN \'x\' END,\n             last_login_at = CASE WHEN $2 = \'seen\' THEN created_at END WHERE id = $1': { values: readonly [string | null, string | null] };
    // identity/personal-tokens.http.test.ts
    'SELECT * FROM api_tokens WHERE id = $1': { values: readonly [string | null]; row: { id: string; user_id: string; name: string; token_hash: Buffer; permissions: ColumnTypes['api_tokens.permissions']; created_at: Date; expires_at: Date; last_used_at: Date | null; revoked_at: Date | null } };
    'SELECT last_used_at FROM api_tokens WHERE token_hash = $1': { values: readonly [Buffer | null]; row: { last_used_at: Date | null } };
    // identity/providers.http.test.ts
    'UPDATE users SET email = $2 WHERE email = $1': { values: readonly [string | null, string] };
    'SELECT details FROM audit_events WHERE action = \'auth.provider-refused\' ORDER BY occurred_at DESC, id DESC LIMIT 1': { values: readonly []; row: { details: ColumnTypes['audit_events.details'] } };
    'SELECT id, status, role, email FROM users WHERE email = $1': { values: readonly [string | null]; row: { id: string; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; email: string } };
    'SELECT details FROM audit_events WHERE action = \'auth.login\' AND actor_id = $1': { values: readonly [string | null]; row: { details: ColumnTypes['audit_events.details'] } };
    'UPDATE users SET password_is_first = $2 WHERE email = $1': { values: readonly [string | null, boolean] };
    'UPDATE user_identities SET user_id = $2 WHERE issuer = $1 AND subject = \'other\'': { values: readonly [string | null, string] };
    'SELECT first_name, last_name, role, status, group_id FROM users WHERE email = $1': { values: readonly [string | null]; row: { first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null } };
    'SELECT group_id, ARRAY(SELECT m.group_id FROM user_groups m WHERE m.user_id = u.id) AS further FROM users u WHERE email = $1': { values: readonly [string | null]; row: { group_id: string | null; further: string[] } };
    'INSERT INTO user_groups (user_id, group_id) VALUES ($1, $2)': { values: readonly [string, string] };
    'UPDATE users SET status = \'SUSPENDED\' WHERE email = $1': { values: readonly [string | null] };
    'SELECT hash FROM used_once': { values: readonly []; row: { hash: Buffer } };
    'SELECT details FROM audit_events WHERE action LIKE \'%auth%\'': { values: readonly []; row: { details: ColumnTypes['audit_events.details'] } };
    // identity/refresh.http.test.ts
    'SELECT outcome, actor_id FROM audit_events WHERE action = $1 AND session_id = $2': { values: readonly [string | null, string | null]; row: { outcome: 'SUCCESS' | 'FAILURE' | 'DENIED'; actor_id: string | null } };
    'SELECT generation FROM user_sessions WHERE id = $1': { values: readonly [string | null]; row: { generation: number } };
    'SELECT * FROM user_sessions': { values: readonly []; row: { id: string; user_id: string; generation: number; rotated_at: Date; user_agent: string; ip: string; created_at: Date; last_used_at: Date; expires_at: Date; absolute_expires_at: Date; revoked_at: Date | null; provider: string | null; proven_at: Date | null; name: string | null; browser: Buffer | null; by_passkey: boolean } };
    // identity/revocation.http.test.ts
    'SELECT id FROM audit_events WHERE actor_id = $1': { values: readonly [string | null]; row: { id: string } };
    'UPDATE api_tokens SET revoked_at = now() WHERE user_id = $1': { values: readonly [string | null] };
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1': { values: readonly [string | null]; row: { pg_terminate_backend: boolean | null } };
    // identity/revoked-uploads.http.test.ts
    'SELECT count(*) AS count FROM instances i JOIN series s ON s.id = i.series_id JOIN studies t ON t.id = s.study_id WHERE t.study_instance_uid = $1': { values: readonly [string | null]; row: { count: number } };
    // identity/second-factor.http.test.ts
    'UPDATE second_factors SET secret = set_byte(secret, 20, get_byte(secret, 20) # 1) WHERE user_id = $1': { values: readonly [string | null] };
    'UPDATE users SET password_is_first = true WHERE id = $1': { values: readonly [string | null] };
    'SELECT encode(secret, \'hex\') AS a, encode(r.code_hash, \'hex\') AS b FROM second_factors f JOIN recovery_codes r USING (user_id)': { values: readonly []; row: { a: string; b: string } };
    'SELECT action, details FROM audit_events': { values: readonly []; row: { action: string; details: ColumnTypes['audit_events.details'] } };
    // identity/several-groups.http.test.ts
    'DELETE FROM user_groups WHERE user_id = $1': { values: readonly [string | null] };
    // identity/sign-in.http.test.ts
    'SELECT action, outcome, entity_type, details FROM audit_events WHERE actor_id = $1': { values: readonly [string | null]; row: { action: string; outcome: 'SUCCESS' | 'FAILURE' | 'DENIED'; entity_type: string | null; details: ColumnTypes['audit_events.details'] } };
    'UPDATE users SET password_hash = $2 WHERE id = $1': { values: readonly [string | null, string | null] };
    'SELECT outcome, actor_id, entity_id, ip, details FROM audit_events WHERE action = \'auth.login-failed\' AND entity_id = $1': { values: readonly [string | null]; row: { outcome: 'SUCCESS' | 'FAILURE' | 'DENIED'; actor_id: string | null; entity_id: string; ip: string | null; details: ColumnTypes['audit_events.details'] } };
    'SELECT id FROM audit_events WHERE action = \'auth.login-limited\'': { values: readonly []; row: { id: string } };
    // identity/timing.long.test.ts
    'INSERT INTO second_factors (user_id, secret, last_step, confirmed_at) VALUES ($1, \'\\x00\', 0, now())': { values: readonly [string] };
    'INSERT INTO passkeys (id, user_id, credential_id, public_key, sign_count, transports, is_synced, name, created_at)\n         VALUES (gen_random_uuid(), $1, $2, \'\\x00\', 0, \'{}\', false, \'x\', now())': { values: readonly [string, Buffer] };
    // identity/two-processes.http.test.ts
    'SELECT (SELECT count(*) FROM rate_limits) AS rows, (SELECT count(*) FROM audit_events WHERE ip = $1) AS events': { values: readonly [string | null]; row: { rows: number; events: number } };
    'SELECT p::text AS row FROM sign_in_places p UNION ALL SELECT replace(r::text, \' \', \'\') FROM rate_limits r': { values: readonly []; row: { row: string } };
    // identity/users.http.test.ts
    'SELECT action, details FROM audit_events WHERE entity_id = $1 ORDER BY id': { values: readonly [string | null]; row: { action: string; details: ColumnTypes['audit_events.details'] } };
    'SELECT * FROM users ORDER BY id': { values: readonly []; row: { id: string; email: string; email_key: string; password_hash: string | null; first_name: string; last_name: string; role: 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER'; level: 'READ' | 'WRITE' | 'ADMIN'; status: 'ACTIVE' | 'INACTIVE' | 'SUSPENDED'; group_id: string | null; locale: 'fr' | 'en'; last_login_at: Date | null; created_at: Date; updated_at: Date; password_is_first: boolean; factor_reset_at: Date | null } };
    'UPDATE users SET level = \'READ\' WHERE role = \'ADMIN\' AND id <> ALL ($1)': { values: readonly [readonly string[]] };
    'SELECT id FROM users WHERE role = \'ADMIN\' AND level = \'ADMIN\' AND status = \'ACTIVE\'': { values: readonly []; row: { id: string } };
    // moves.http.db.test.ts
    'UPDATE studies SET status = \'VALIDATED\' WHERE study_instance_uid = $1': { values: readonly [string | null] };
    'SELECT action, patient_id, details->>\'fromPatientId\' AS "from" FROM audit_events WHERE entity_id = $1 AND action LIKE \'study.move%\' ORDER BY id': { values: readonly [string | null]; row: { action: string; patient_id: string | null; from: Extract<ColumnTypes['audit_events.details']['fromPatientId'], string> | null } };
    'SELECT id FROM study_moves WHERE id = $1': { values: readonly [string | null]; row: { id: string } };
    'UPDATE study_moves SET moved_at = moved_at - interval \'30 days\' WHERE id = $1': { values: readonly [string | null] };
    'UPDATE patients SET merged_into = $2, deleted_at = now() WHERE id = $1': { values: readonly [string | null, string | null] };
    // nameless.http.db.test.ts
    'SELECT actor_id IS NOT NULL AS by, patient_id FROM audit_events\n       WHERE action = \'study.without-identity\' AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text': { values: readonly [string | null]; row: { by: boolean; patient_id: string | null } };
    'UPDATE series SET nameless = false, nameless_known = false WHERE series_instance_uid = ANY($1)': { values: readonly [readonly string[]] };
    'UPDATE studies SET identity_mismatch = NULL WHERE study_instance_uid = $1': { values: readonly [string | null] };
    'SELECT FROM series WHERE NOT nameless_known': { values: readonly []; row: {} };
    'SELECT actor FROM audit_events WHERE action = \'study.mismatch-found\'\n         AND entity_id = (SELECT id FROM studies WHERE study_instance_uid = $1)::text': { values: readonly [string | null]; row: { actor: string | null } };
    // objects/s3.http.test.ts
    'SELECT count(*) AS n FROM damaged_objects': { values: readonly []; row: { n: number } };
    // orthanc/deletions.db.test.ts
    'SELECT count(*)::int AS n FROM studies WHERE deleted_at IS NOT NULL': { values: readonly []; row: { n: number } };
    'SELECT count(*)::int AS n FROM orthanc_outbox': { values: readonly []; row: { n: number } };
    'SELECT f.doubt, f.known_there AS there, (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND missing IN (\'told\', \'held\')) AS missing,\n           (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND missing = \'held\') AS held\n         FROM orthanc_feeds f WHERE url = $1': { values: readonly [string | null]; row: { doubt: ColumnTypes['orthanc_feeds.doubt'] | null; there: number; missing: number; held: number } };
    'SELECT anchors FROM orthanc_feeds': { values: readonly []; row: { anchors: ColumnTypes['orthanc_feeds.anchors'] } };
    'UPDATE studies SET deleted_at = NULL': { values: readonly [] };
    'DELETE FROM orthanc_outbox': { values: readonly [] };
    'UPDATE orthanc_instances SET missing = NULL, missing_since = NULL, listed_at = NULL, seen_at = $2, md5 = CASE WHEN orthanc_id = ANY($1::text[]) THEN md5 END': { values: readonly [readonly string[], Date | string] };
    'UPDATE orthanc_feeds SET doubt = NULL, doubts_next = false, compare_began = NULL, compare_from = 0, may_recycle = false, sweep_from = NULL,\n           anchors = $1, compared_at = $2': { values: readonly [string, Date | string | null] };
    'SELECT DISTINCT actor, details FROM audit_events WHERE action = \'study.trashed\'': { values: readonly []; row: { actor: string | null; details: ColumnTypes['audit_events.details'] } };
    'INSERT INTO orthanc_sent (md5) VALUES ($1)': { values: readonly [Buffer] };
    'INSERT INTO instances (id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, file_sha256)\n         SELECT gen_random_uuid(), i.series_id, \'2.25.4\', \'1\', \'1\', 1, \'\\x00\' FROM instances i JOIN orthanc_instances o ON o.instance_id = i.id WHERE o.orthanc_id = $1': { values: readonly [string | null] };
    'DELETE FROM instances WHERE sop_instance_uid = \'2.25.4\'': { values: readonly [] };
    'DELETE FROM instances i USING orthanc_instances o WHERE o.instance_id = i.id AND o.orthanc_id = $1': { values: readonly [string | null] };
    'UPDATE orthanc_feeds SET may_recycle = true WHERE url = $1': { values: readonly [string | null] };
    // orthanc/feed.db.test.ts
    'SELECT DISTINCT actor FROM audit_events': { values: readonly []; row: { actor: string | null } };
    'SELECT version, warnings FROM orthanc_feeds': { values: readonly []; row: { version: string | null; warnings: ColumnTypes['orthanc_feeds.warnings'] } };
    'SELECT warnings FROM orthanc_feeds WHERE url = $1': { values: readonly [string | null]; row: { warnings: ColumnTypes['orthanc_feeds.warnings'] } };
    // orthanc/proxy.http.db.test.ts
    'SELECT actor_id, details FROM audit_events WHERE action = \'orthanc.request\' ORDER BY occurred_at DESC, id DESC LIMIT 2': { values: readonly []; row: { actor_id: string | null; details: ColumnTypes['audit_events.details'] } };
    'INSERT INTO orthanc_feeds (url, epoch, doubt, compared_at, known_there) VALUES ($1, gen_random_uuid(), \'TOO_MANY\', $2, 9)': { values: readonly [string, Date | string | null] };
    'INSERT INTO orthanc_instances (feed_id, orthanc_id, epoch, md5, outcome, attempts, seen_at, missing, missing_since)\n         SELECT f.id, n::text, epoch, \'\\x00\', \'stored\', 0, $1, \'held\', $1::timestamptz + CASE n WHEN 3 THEN interval \'1 hour\' ELSE interval \'0\' END\n         FROM orthanc_feeds f, generate_series(1, 3) n': { values: readonly [Date | string] };
    'UPDATE orthanc_feeds SET doubts_next = $1': { values: readonly [boolean] };
    'UPDATE orthanc_feeds SET compared_at = compared_at + interval $$1 hour$$': { values: readonly [] };
    'SELECT action, details FROM audit_events WHERE action IN (\'orthanc.released\', \'orthanc.dismissed\') ORDER BY id': { values: readonly []; row: { action: string; details: ColumnTypes['audit_events.details'] } };
    // orthanc/send.db.test.ts
    'SELECT actor, count(*)::int AS n FROM audit_events WHERE action = \'study.send\' GROUP BY actor': { values: readonly []; row: { actor: string | null; n: number } };
    'UPDATE patients SET family_name = \'CORRIGEE\', given_name = \'Anne\', updated_at = now()\n           WHERE id IN (SELECT patient_id FROM import_files ORDER BY id DESC LIMIT 1)': { values: readonly [] };
    'UPDATE studies SET deleted_at = now() WHERE id IN (SELECT study_id FROM series ORDER BY id DESC LIMIT 2)': { values: readonly [] };
    'DELETE FROM instances WHERE id IN (SELECT instance_id FROM orthanc_outbox ORDER BY instance_id DESC LIMIT 1)': { values: readonly [] };
    'UPDATE studies SET deleted_at = NULL WHERE deleted_at IS NOT NULL': { values: readonly [] };
    'SELECT failure FROM orthanc_outbox': { values: readonly []; row: { failure: string | null } };
    // orthanc/support.ts
    'SELECT sop_instance_uid AS uid, group_id AS "groupId", encode(file_sha256, \'hex\') AS sha256 FROM instances ORDER BY sop_instance_uid': { values: readonly []; row: { uid: string; groupId: string | null; sha256: string } };
    'SELECT outcome, count(*)::int AS n FROM import_files GROUP BY outcome': { values: readonly []; row: { outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored'; n: number } };
    'SELECT last_seq AS "lastSeq", failure, begun_again AS "begunAgain",\n             (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND retry_at IS NOT NULL) AS waiting\n           FROM orthanc_feeds f ORDER BY id LIMIT 1': { values: readonly []; row: { lastSeq: number; failure: string | null; begunAgain: number; waiting: number } };
    // shared-state/redis-state.db.test.ts
    'SELECT 1 / 0': { values: readonly []; row: { '?column?': number } };
    // sharing/cut.http.db.long.test.ts
    'SELECT id, patient_id FROM studies WHERE study_instance_uid = $1': { values: readonly [string | null]; row: { id: string; patient_id: string } };
    'UPDATE users SET status = \'ACTIVE\' WHERE id = $1': { values: readonly [string | null] };
    // sharing/ends.http.db.test.ts
    'UPDATE users SET group_id = $2::uuid WHERE id = $1': { values: readonly [string | null, string | null] };
    'UPDATE users SET role = \'ADMIN\', level = \'ADMIN\' WHERE id = $1': { values: readonly [string | null] };
    // sharing/files.http.db.test.ts
    'INSERT INTO deid_held_files (instance_id, series_id, study_id, group_id, sop_instance_uid, file_sha256, because, rows, columns, frames, held_at, decision, decided_at)\n         SELECT i.id, i.series_id, $1, i.group_id, i.sop_instance_uid, i.file_sha256, \'BURNED_IN\', 8, 8, 1, now(), \'LEFT_OUT\', now() FROM instances i WHERE i.series_id = $2': { values: readonly [string, string | null] };
    'SELECT id FROM shares ORDER BY id': { values: readonly []; row: { id: string } };
    'UPDATE studies SET deleted_at = now() - interval \'40 days\' WHERE id = $1': { values: readonly [string | null] };
    // sharing/matrix.http.db.test.ts
    'SELECT id FROM series WHERE study_id = $1': { values: readonly [string | null]; row: { id: string } };
    // sharing/shares.http.db.test.ts
    'SELECT row_to_json(s) AS row FROM shares s': { values: readonly []; row: { row: unknown } };
    'SELECT row_to_json(a) AS row FROM share_accesses a': { values: readonly []; row: { row: unknown } };
    'SELECT row_to_json(e) AS row FROM audit_events e': { values: readonly []; row: { row: unknown } };
    'UPDATE share_studies SET study_id = $1 WHERE study_id = $2': { values: readonly [string, string | null] };
    // sharing/support.ts
    'SELECT s.id, s.patient_id, e.id AS series_id FROM studies s JOIN series e ON e.study_id = s.id WHERE s.study_instance_uid = $1': { values: readonly [string | null]; row: { id: string; patient_id: string; series_id: string } };
    // support/app.ts
    'INSERT INTO users (id, email, password_hash, first_name, last_name, role, level, status, group_id)\n       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)': { values: readonly [string, string, string | null, string, string, 'ADMIN' | 'RADIOLOGIST' | 'PHYSICIAN' | 'STAFF' | 'RESEARCHER', 'READ' | 'WRITE' | 'ADMIN', 'ACTIVE' | 'INACTIVE' | 'SUSPENDED', string | null] };
    // support/kinds.ts
    'INSERT INTO patients (id, family_name) VALUES ($1, \'RAKOTO\')': { values: readonly [string] };
    'INSERT INTO studies (id, patient_id, study_instance_uid) VALUES ($1, $2, $3)': { values: readonly [string, string, string] };
    'INSERT INTO series (id, study_id, series_instance_uid) VALUES ($1, $2, $3)': { values: readonly [string, string, string] };
    'INSERT INTO instances (id, series_id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, file_sha256) VALUES ($1, $2, $3, \'1\', \'1\', 1, \'\\x00\')': { values: readonly [string, string, string] };
    // whose.http.db.test.ts
    'SELECT action FROM audit_events WHERE entity_id = $1 AND action = \'conflict.view\'': { values: readonly [string | null]; row: { action: string } };
  }
}
