// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // repository.ts
    'SELECT id, user_id, site_id, name, content, changed_at FROM list_views WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))\n     ORDER BY user_id NULLS FIRST, name, id': { values: readonly [string | null, readonly string[]]; row: { id: string; user_id: string | null; site_id: string | null; name: string; content: ColumnTypes['list_views.content']; changed_at: Date } };
    'SELECT id, user_id, site_id, name, content, changed_at FROM list_views WHERE id = $1': { values: readonly [string | null]; row: { id: string; user_id: string | null; site_id: string | null; name: string; content: ColumnTypes['list_views.content']; changed_at: Date } };
    'SELECT count(*)::int AS n FROM list_views\n       WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid AND name NOT IN (\'\', $3)': { values: readonly [string | null, string | null, string | null]; row: { n: number } };
    'INSERT INTO list_views (id, user_id, site_id, name, content, changed_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)\n     ON CONFLICT (group_id, name) DO NOTHING RETURNING id, user_id, site_id, name, content, changed_at': { values: readonly [string, string | null, string | null, string, string, Date | string]; row: { id: string; user_id: string | null; site_id: string | null; name: string; content: ColumnTypes['list_views.content']; changed_at: Date } };
    'SELECT content FROM list_views WHERE group_id IS NOT DISTINCT FROM $1::uuid AND name = $2 FOR UPDATE': { values: readonly [string | null, string | null]; row: { content: ColumnTypes['list_views.content'] } };
    'INSERT INTO list_views (id, user_id, site_id, name, content, changed_at) VALUES ($1, $2, $3, $4, $5::jsonb, $6)\n     ON CONFLICT (group_id, name) DO UPDATE SET content = EXCLUDED.content, changed_at = EXCLUDED.changed_at\n     RETURNING id, user_id, site_id, name, content, changed_at': { values: readonly [string, string | null, string | null, string, string, Date | string]; row: { id: string; user_id: string | null; site_id: string | null; name: string; content: ColumnTypes['list_views.content']; changed_at: Date } };
    'DELETE FROM list_views WHERE id = $1': { values: readonly [string | null] };
  }
}
