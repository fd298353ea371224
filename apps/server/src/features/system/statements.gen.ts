// Written by `npm run sql`, which asks the migrated database about each statement (docs/decisions/0035); `npm run check` compares. Not edited by hand.
import '../../platform/db/statements.ts';

declare module '../../platform/db/statements.ts' {
  interface Statements {
    // scrub-state.ts
    'SELECT * FROM scrub_state': { values: readonly []; row: { single: boolean; started_at: Date; position: string | null; objects: number; bytes: number; damaged: number; busy_ms: number; awake_ms: number; total_objects: number; last_finished_at: Date | null; last_started_at: Date | null; last_objects: number | null; last_bytes: number | null; last_busy_ms: number | null; last_awake_ms: number | null } };
    'INSERT INTO scrub_state AS s (started_at, total_objects) VALUES ($1, $2)\n     ON CONFLICT (single) DO UPDATE SET last_started_at = s.started_at, last_finished_at = $1, last_objects = s.objects, last_bytes = s.bytes,\n       last_busy_ms = s.busy_ms, last_awake_ms = s.awake_ms, started_at = $1, position = NULL, objects = 0, bytes = 0, damaged = 0, busy_ms = 0,\n       awake_ms = 0, total_objects = $2': { values: readonly [Date | string, number | bigint] };
    'UPDATE scrub_state SET position = $1, objects = objects + $2, bytes = bytes + $3, damaged = damaged + $4, busy_ms = busy_ms + $5, awake_ms = awake_ms + $6': { values: readonly [string | null, number | bigint | null, number | bigint | null, number | null, number | bigint | null, number | bigint | null] };
  }
}
