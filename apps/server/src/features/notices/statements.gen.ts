// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // repository.ts
    'SELECT id, kind, study_id, entity_id, at, read_at FROM notices WHERE user_id = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY at DESC, id LIMIT 50': { values: readonly [string | null, 'IMPORT_DONE' | 'EXPORT_DONE' | 'PREDICTION_DONE' | 'PREDICTION_FAILED' | 'REPORT_SIGNED' | 'STUDY_ASSIGNED' | 'EMERGENCY_ACCESS' | 'SHARE_CLOSED' | null]; row: { id: string; kind: 'IMPORT_DONE' | 'EXPORT_DONE' | 'PREDICTION_DONE' | 'PREDICTION_FAILED' | 'REPORT_SIGNED' | 'STUDY_ASSIGNED' | 'EMERGENCY_ACCESS' | 'SHARE_CLOSED'; study_id: string | null; entity_id: string | null; at: Date; read_at: Date | null } };
    'SELECT count(*)::int AS n FROM (SELECT 1 FROM notices WHERE user_id = $1 AND read_at IS NULL LIMIT 100) u': { values: readonly [string | null]; row: { n: number } };
    'UPDATE notices SET read_at = $3 WHERE user_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY ($2))': { values: readonly [string | null, readonly string[] | null, Date | string | null] };
    'SELECT ng_tell_one($1, $2, $3, NULL)': { values: readonly [string | null, string | null, string | null]; row: { ng_tell_one: string | null } };
    'SELECT ng_tell_one(p.id, $2, $3, $4) FROM unnest($1::uuid[]) AS p (id)': { values: readonly [readonly (string | null)[], string | null, string | null, string | null]; row: { ng_tell_one: string | null } };
  }
}
