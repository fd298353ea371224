// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // deid/project-rows.ts
    'SELECT p.id, p.group_id, p.name, p.note, p.options, p.dates, p.sealed_key, p.created_by, p.created_at, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = p.created_by) AS by_name FROM deid_projects p ORDER BY p.created_at DESC, p.id DESC LIMIT $1': { values: readonly [number | bigint]; row: { id: string; group_id: string | null; name: string; note: string; options: ColumnTypes['deid_projects.options']; dates: ColumnTypes['deid_projects.dates']; sealed_key: Buffer; created_by: string | null; created_at: Date; by_name: string | null } };
    'SELECT p.id, p.group_id, p.name, p.note, p.options, p.dates, p.sealed_key, p.created_by, p.created_at, (SELECT btrim(u.first_name || \' \' || u.last_name) FROM users u WHERE u.id = p.created_by) AS by_name FROM deid_projects p WHERE p.id = $1': { values: readonly [string | null]; row: { id: string; group_id: string | null; name: string; note: string; options: ColumnTypes['deid_projects.options']; dates: ColumnTypes['deid_projects.dates']; sealed_key: Buffer; created_by: string | null; created_at: Date; by_name: string | null } };
    'SELECT count(*)::int AS n FROM deid_projects': { values: readonly []; row: { n: number } };
    'INSERT INTO deid_projects (id, group_id, name, note, options, dates, sealed_key, created_by, created_at)\n     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)': { values: readonly [string, string | null, string, string, readonly string[], 'REMOVED' | 'SHIFTED', Buffer, string | null, Date | string] };
  }
}
