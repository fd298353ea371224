// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // erasure/repository.ts
    'INSERT INTO erasures (id, records, studies, marks, reason, asked_by, asked_at) VALUES ($1, $2::uuid[], $3::uuid[], $4::bytea[], $5, $6, $7)\n     ON CONFLICT DO NOTHING': { values: readonly [string, readonly string[], readonly string[], readonly Buffer[], 'PATIENT' | 'CONSENT' | 'UNLAWFUL' | 'COURT' | 'MISTAKE' | 'OTHER', string | null, Date | string] };
    'SELECT e.id, e.records, cardinality(e.studies) AS studies, e.reason, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = e.asked_by) AS by, e.asked_at, e.done_at, e.objects, e.held_at FROM erasures e WHERE e.id = $1': { values: readonly [string | null]; row: { id: string; records: string[]; studies: number | null; reason: 'PATIENT' | 'CONSENT' | 'UNLAWFUL' | 'COURT' | 'MISTAKE' | 'OTHER'; by: string | null; asked_at: Date; done_at: Date | null; objects: number | null; held_at: Date | null } };
    'SELECT e.id, e.records, cardinality(e.studies) AS studies, e.reason, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = e.asked_by) AS by, e.asked_at, e.done_at, e.objects, e.held_at FROM erasures e ORDER BY e.asked_at DESC, e.id DESC LIMIT $1': { values: readonly [number | bigint]; row: { id: string; records: string[]; studies: number | null; reason: 'PATIENT' | 'CONSENT' | 'UNLAWFUL' | 'COURT' | 'MISTAKE' | 'OTHER'; by: string | null; asked_at: Date; done_at: Date | null; objects: number | null; held_at: Date | null } };
    'SELECT id, records, studies, held_at FROM erasures WHERE done_at IS NULL ORDER BY asked_at, id': { values: readonly []; row: { id: string; records: string[]; studies: string[]; held_at: Date | null } };
    'SELECT id FROM erasures WHERE id = $1 AND done_at IS NULL FOR UPDATE': { values: readonly [string | null]; row: { id: string } };
    'UPDATE erasures SET done_at = $2, objects = $3, held_at = NULL WHERE id = $1': { values: readonly [string | null, Date | string | null, number | null] };
    'UPDATE erasures SET held_at = $2 WHERE id = $1 AND held_at IS NULL': { values: readonly [string | null, Date | string | null] };
    'SELECT id, records, studies, marks, reason, asked_at FROM erasures ORDER BY asked_at, id': { values: readonly []; row: { id: string; records: string[]; studies: string[]; marks: Buffer[]; reason: 'PATIENT' | 'CONSENT' | 'UNLAWFUL' | 'COURT' | 'MISTAKE' | 'OTHER'; asked_at: Date } };
    'SELECT id FROM erasures WHERE marks && $1::bytea[] AND done_at IS NOT NULL': { values: readonly [readonly Buffer[] | null]; row: { id: string } };
    'SELECT 1 AS one FROM erasures LIMIT 1': { values: readonly []; row: { one: number } };
    // erasure/returns-repository.ts
    'SELECT looked_until FROM erasure_watch': { values: readonly []; row: { looked_until: Date } };
    'INSERT INTO erasure_watch (looked_until) VALUES ($1) ON CONFLICT (is_one) DO UPDATE SET looked_until = greatest(erasure_watch.looked_until, excluded.looked_until)': { values: readonly [Date | string] };
    'INSERT INTO erased_returns (id, patient_id, group_id, erasure_id, found_at) SELECT $1, $2, $3, $4, $5\n     WHERE NOT EXISTS (SELECT FROM erased_returns r WHERE r.patient_id = $2 AND r.erasure_id = $4)': { values: readonly [string, string, string | null, string, Date | string] };
    'SELECT r.id, r.patient_id, r.group_id, r.erasure_id, r.found_at FROM erased_returns r WHERE r.seen_at IS NULL ORDER BY r.found_at DESC, r.id DESC LIMIT 200': { values: readonly []; row: { id: string; patient_id: string; group_id: string | null; erasure_id: string; found_at: Date } };
    'UPDATE erased_returns SET seen_by = $2, seen_at = $3 WHERE id = $1 AND seen_at IS NULL RETURNING patient_id, group_id': { values: readonly [string | null, string | null, Date | string | null]; row: { patient_id: string; group_id: string | null } };
    // retention/repository.ts
    'SELECT modality, group_id, is_ungrouped, of_minors, counts_from, years, changed_at FROM retention_rules ORDER BY place': { values: readonly []; row: { modality: string | null; group_id: string | null; is_ungrouped: boolean; of_minors: boolean | null; counts_from: 'LAST_STUDY' | 'ADULTHOOD'; years: number; changed_at: Date } };
    'DELETE FROM retention_rules': { values: readonly [] };
    'INSERT INTO retention_rules (id, place, modality, group_id, is_ungrouped, of_minors, counts_from, years, changed_by, changed_at)\n     SELECT r.id, r.place, r.modality, r.group_id, r.is_ungrouped, r.of_minors, r.counts_from, r.years, $2::uuid, $3::timestamptz\n     FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, place int, modality text, group_id uuid, is_ungrouped boolean, of_minors boolean, counts_from text, years int)': { values: readonly [string | null, string | null, Date | string] };
    'LOCK TABLE retention_rules IN SHARE ROW EXCLUSIVE MODE': { values: readonly [] };
  }
}
