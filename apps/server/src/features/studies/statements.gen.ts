// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // reading/repository.ts
    'SELECT r.id, r.user_id, r.since, r.has_marked, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = r.user_id) AS name FROM readings r\n     WHERE ($1::boolean OR r.group_id = ANY ($2::uuid[]) OR (r.group_id IS NULL AND $3::boolean)) AND r.study_id = $4 AND r.seen_at > $5 ORDER BY r.since, r.id': { values: readonly [boolean | null, readonly string[], boolean | null, string | null, Date | string | null]; row: { id: string; user_id: string; since: Date; has_marked: boolean; name: string | null } };
    'SELECT study_id, user_id, since, name FROM (\n       SELECT DISTINCT ON (r.study_id, r.user_id) r.study_id, r.user_id, r.since, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = r.user_id) AS name FROM readings r\n       WHERE ($1::boolean OR r.group_id = ANY ($2::uuid[]) OR (r.group_id IS NULL AND $3::boolean)) AND r.study_id = ANY ($4::uuid[]) AND r.seen_at > $5 ORDER BY r.study_id, r.user_id, r.since) first\n     ORDER BY since, user_id': { values: readonly [boolean | null, readonly string[], boolean | null, readonly string[], Date | string | null]; row: { study_id: string; user_id: string; since: Date; name: string | null } };
    'UPDATE readings SET seen_at = $4 WHERE study_id = $1 AND id = $2 AND user_id = $3 AND seen_at > $5': { values: readonly [string | null, string | null, string | null, Date | string, Date | string | null] };
    'INSERT INTO readings AS r (study_id, id, group_id, user_id, since, seen_at, has_marked) VALUES ($1, $2, $3, $4, $5, $5, $6)\n     ON CONFLICT (study_id, id) DO UPDATE SET since = excluded.since, seen_at = excluded.seen_at, has_marked = excluded.has_marked\n       WHERE r.user_id = excluded.user_id': { values: readonly [string, string, string | null, string, Date | string, boolean] };
    'WITH gone AS (DELETE FROM readings WHERE study_id = $1 AND id = $2 AND user_id = $3 RETURNING has_marked) SELECT has_marked FROM gone': { values: readonly [string | null, string | null, string | null]; row: { has_marked: boolean } };
    'DELETE FROM readings WHERE study_id = $1': { values: readonly [string | null] };
    'UPDATE readings SET has_marked = false WHERE study_id = $1 AND has_marked': { values: readonly [string | null] };
    'SELECT DISTINCT study_id FROM (SELECT study_id FROM readings WHERE seen_at <= $1 ORDER BY seen_at LIMIT $2) r': { values: readonly [Date | string | null, number | bigint]; row: { study_id: string } };
    'WITH gone AS (DELETE FROM readings WHERE study_id = $1 AND seen_at <= $2 RETURNING user_id, has_marked) SELECT user_id, has_marked FROM gone': { values: readonly [string | null, Date | string | null]; row: { user_id: string; has_marked: boolean } };
  }
}
