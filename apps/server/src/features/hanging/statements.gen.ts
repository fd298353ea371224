// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import type { ColumnTypes } from '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // repository.ts
    'SELECT id, user_id, site_id, modality, region, layout, changed_at FROM hanging_rules WHERE user_id = $1 OR (user_id IS NULL AND (site_id IS NULL OR site_id = ANY ($2::uuid[])))\n     ORDER BY modality, region NULLS FIRST, id': { values: readonly [string | null, readonly string[]]; row: { id: string; user_id: string | null; site_id: string | null; modality: string; region: ColumnTypes['hanging_rules.region'] | null; layout: ColumnTypes['hanging_rules.layout']; changed_at: Date } };
    'SELECT id, user_id, site_id, modality, region, layout, changed_at FROM hanging_rules WHERE id = $1': { values: readonly [string | null]; row: { id: string; user_id: string | null; site_id: string | null; modality: string; region: ColumnTypes['hanging_rules.region'] | null; layout: ColumnTypes['hanging_rules.layout']; changed_at: Date } };
    'SELECT count(*)::int AS n FROM hanging_rules WHERE user_id IS NOT DISTINCT FROM $1::uuid AND site_id IS NOT DISTINCT FROM $2::uuid': { values: readonly [string | null, string | null]; row: { n: number } };
    'INSERT INTO hanging_rules (id, user_id, site_id, modality, region, layout, changed_at) VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)\n     ON CONFLICT (group_id, modality, region) DO UPDATE SET layout = EXCLUDED.layout, changed_at = EXCLUDED.changed_at\n     RETURNING id, user_id, site_id, modality, region, layout, changed_at': { values: readonly [string, string | null, string | null, string, string | null, string, Date | string]; row: { id: string; user_id: string | null; site_id: string | null; modality: string; region: ColumnTypes['hanging_rules.region'] | null; layout: ColumnTypes['hanging_rules.layout']; changed_at: Date } };
    'DELETE FROM hanging_rules WHERE id = $1': { values: readonly [string | null] };
  }
}
