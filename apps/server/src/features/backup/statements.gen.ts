// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // repository.ts
    'INSERT INTO backups (id, started_at, seen_at, target, is_encrypted, has_database) VALUES ($1, $2, $2, $3, $4, $5)': { values: readonly [string, Date | string, string, boolean, boolean] };
    'UPDATE backups SET seen_at = $2, objects = $3, copied_objects = $4, copied_bytes = $5, damaged = $6 WHERE id = $1': { values: readonly [string | null, Date | string, number | bigint, number | bigint, number | bigint, number | bigint] };
    'UPDATE backups SET point_at = clock_timestamp() WHERE id = $1 RETURNING point_at AS at, pg_current_xact_id()::text AS transaction': { values: readonly [string | null]; row: { at: Date | null; transaction: string | null } };
    'UPDATE backups SET ended_at = $2, seen_at = $2, outcome = $3, failure = $4, kept_bytes = $5 WHERE id = $1 AND ended_at IS NULL': { values: readonly [string | null, Date | string, 'DONE' | 'DAMAGE' | 'FAILED' | null, string | null, number | bigint | null] };
    'UPDATE backups SET ended_at = $2, seen_at = $2, outcome = \'DONE\', objects = $3 WHERE id = $1 AND ended_at IS NULL': { values: readonly [string | null, Date | string, number | bigint] };
    'SELECT * FROM backups ORDER BY started_at DESC, id DESC LIMIT $1': { values: readonly [number | bigint]; row: { id: string; started_at: Date; seen_at: Date; ended_at: Date | null; outcome: 'DONE' | 'DAMAGE' | 'FAILED' | null; failure: string | null; target: string; is_encrypted: boolean; has_database: boolean; point_at: Date | null; objects: number; copied_objects: number; copied_bytes: number; damaged: number; kept_bytes: number | null } };
    'SELECT * FROM backups WHERE outcome IN (\'DONE\', \'DAMAGE\') ORDER BY started_at DESC, id DESC LIMIT 1': { values: readonly []; row: { id: string; started_at: Date; seen_at: Date; ended_at: Date | null; outcome: 'DONE' | 'DAMAGE' | 'FAILED'; failure: string | null; target: string; is_encrypted: boolean; has_database: boolean; point_at: Date | null; objects: number; copied_objects: number; copied_bytes: number; damaged: number; kept_bytes: number | null } };
  }
}
