import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

/** The reading of all objects that is under way, and the last whole one. */
export type ScrubRow = FoundBy<typeof readState>;

export const readState = (tx: ReadTx) => tx.first('SELECT * FROM scrub_state');

/** Begins to read all objects; what the reading before came to is kept as the last one. */
export const beginPass = (tx: Tx, now: Date, total: number): Promise<number> =>
  tx.run(
    `INSERT INTO scrub_state AS s (started_at, total_objects) VALUES ($1, $2)
     ON CONFLICT (single) DO UPDATE SET last_started_at = s.started_at, last_finished_at = $1, last_objects = s.objects, last_bytes = s.bytes,
       last_busy_ms = s.busy_ms, last_awake_ms = s.awake_ms, started_at = $1, position = NULL, objects = 0, bytes = 0, damaged = 0, busy_ms = 0,
       awake_ms = 0, total_objects = $2`,
    [now, total],
  );

export interface Progress {
  readonly position: string;
  readonly objects: number;
  readonly bytes: number;
  readonly damaged: number;
  readonly busyMs: number;
  readonly awakeMs: number;
}

export const notePosition = (tx: Tx, { position, objects, bytes, damaged, busyMs, awakeMs }: Progress): Promise<number> =>
  tx.run(
    `UPDATE scrub_state SET position = $1, objects = objects + $2, bytes = bytes + $3, damaged = damaged + $4, busy_ms = busy_ms + $5, awake_ms = awake_ms + $6`,
    [position, objects, bytes, damaged, Math.round(busyMs), Math.round(awakeMs)],
  );
