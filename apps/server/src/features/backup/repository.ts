import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

export type BackupRow = FoundBy<typeof latest>;

export interface Begun {
  readonly id: string;
  readonly at: Date;
  readonly target: string;
  readonly isEncrypted: boolean;
  readonly hasDatabase: boolean;
}

export const begin = (tx: Tx, { id, at, target, isEncrypted, hasDatabase }: Begun): Promise<number> =>
  tx.run('INSERT INTO backups (id, started_at, seen_at, target, is_encrypted, has_database) VALUES ($1, $2, $2, $3, $4, $5)', [
    id,
    at,
    target,
    isEncrypted,
    hasDatabase,
  ]);

export interface Progress {
  readonly objects: number;
  readonly copiedObjects: number;
  readonly copiedBytes: number;
  readonly damaged: number;
}

export const noteProgress = (
  tx: Tx,
  id: string,
  at: Date,
  { objects, copiedObjects, copiedBytes, damaged }: Progress,
): Promise<number> =>
  tx.run('UPDATE backups SET seen_at = $2, objects = $3, copied_objects = $4, copied_bytes = $5, damaged = $6 WHERE id = $1', [
    ...([id, at, objects, copiedObjects, copiedBytes, damaged] as const),
  ]);

/** The transaction by whose commit the database is brought to where the backup has it: its number and the time before it. */
export const markPoint = (tx: Tx, id: string) =>
  tx.first(
    'UPDATE backups SET point_at = clock_timestamp() WHERE id = $1 RETURNING point_at AS at, pg_current_xact_id()::text AS transaction',
    [id],
  );

export interface Ended {
  readonly at: Date;
  readonly outcome: NonNullable<BackupRow['outcome']>;
  readonly failure: string | null;
  /** What the whole target holds; null where the run failed. */
  readonly keptBytes: number | null;
}

export const end = (tx: Tx, id: string, { at, outcome, failure, keptBytes }: Ended): Promise<number> =>
  tx.run(
    'UPDATE backups SET ended_at = $2, seen_at = $2, outcome = $3, failure = $4, kept_bytes = $5 WHERE id = $1 AND ended_at IS NULL',
    [id, at, outcome, failure, keptBytes],
  );

/** In a restored database its own backup has not ended yet, nor said what is in it. */
export const endPoint = (tx: Tx, id: string, at: Date, objects: number): Promise<number> =>
  tx.run("UPDATE backups SET ended_at = $2, seen_at = $2, outcome = 'DONE', objects = $3 WHERE id = $1 AND ended_at IS NULL", [
    id,
    at,
    objects,
  ]);

/** The newest, whatever came of them. */
export const latest = (tx: ReadTx, limit: number) =>
  tx.rows('SELECT * FROM backups ORDER BY started_at DESC, id DESC LIMIT $1', [limit]);

/** The newest that can be restored; undefined without one. */
export const latestWhole = (tx: ReadTx) =>
  tx.first("SELECT * FROM backups WHERE outcome IN ('DONE', 'DAMAGE') ORDER BY started_at DESC, id DESC LIMIT 1");
