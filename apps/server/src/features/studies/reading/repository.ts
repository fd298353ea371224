import type { Scope } from '../../../access/index.ts';
import { inPartition, partitionValues } from '../../../archive/in-scope.ts';
import { nameOf } from '../../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export type ReadingRow = FoundBy<typeof findReadings>;

/** Readings of a study that showed a sign of life after `alive`, who began first before the others. */
export const findReadings = (tx: ReadTx, scope: Scope, studyId: string, alive: Date) => {
  return tx.rows(
    `SELECT r.id, r.user_id, r.since, r.has_marked, (${nameOf('r.user_id')}) AS name FROM readings r
     WHERE ${inPartition('r', 1)} AND r.study_id = $4 AND r.seen_at > $5 ORDER BY r.since, r.id`,
    [...partitionValues(scope), studyId, alive],
    'readings-of-study',
  );
};

/** The earliest reading of each person in each of some studies that showed a sign of life after `alive`, who began first before the others. */
export const findReaders = (tx: ReadTx, scope: Scope, studyIds: readonly string[], alive: Date) => {
  return tx.rows(
    `SELECT study_id, user_id, since, name FROM (
       SELECT DISTINCT ON (r.study_id, r.user_id) r.study_id, r.user_id, r.since, (${nameOf('r.user_id')}) AS name FROM readings r
       WHERE ${inPartition('r', 1)} AND r.study_id = ANY ($4::uuid[]) AND r.seen_at > $5 ORDER BY r.study_id, r.user_id, r.since) first
     ORDER BY since, user_id`,
    [...partitionValues(scope), studyIds, alive],
    'readers-of-studies',
  );
};

/** Goes on with a reading of one's own that still counts; false where there is none. */
export const touchReading = async (tx: Tx, reading: { studyId: string; id: string; userId: string; now: Date; alive: Date }) =>
  (await tx.run('UPDATE readings SET seen_at = $4 WHERE study_id = $1 AND id = $2 AND user_id = $3 AND seen_at > $5', [
    reading.studyId,
    reading.id,
    reading.userId,
    reading.now,
    reading.alive,
  ])) > 0;

interface NewReading {
  readonly studyId: string;
  readonly id: string;
  readonly groupId: string | null;
  readonly userId: string;
  readonly now: Date;
  readonly hasMarked: boolean;
}

/** Begins a reading, or begins one anew that nobody has taken away yet; false for an id that is somebody else's. */
export const insertReading = async (tx: Tx, { studyId, id, groupId, userId, now, hasMarked }: NewReading): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO readings AS r (study_id, id, group_id, user_id, since, seen_at, has_marked) VALUES ($1, $2, $3, $4, $5, $5, $6)
     ON CONFLICT (study_id, id) DO UPDATE SET since = excluded.since, seen_at = excluded.seen_at, has_marked = excluded.has_marked
       WHERE r.user_id = excluded.user_id`,
    [studyId, id, groupId, userId, now, hasMarked],
  )) > 0;

/** Takes a reading of one's own away; whether it had marked the study, undefined where there is none. */
export const deleteReading = async (tx: Tx, studyId: string, id: string, userId: string): Promise<boolean | undefined> =>
  (
    await tx.first(
      `WITH gone AS (DELETE FROM readings WHERE study_id = $1 AND id = $2 AND user_id = $3 RETURNING has_marked) SELECT has_marked FROM gone`,
      [studyId, id, userId],
    )
  )?.has_marked;

/** What has been read is read by nobody any more. */
export const deleteReadings = (tx: Tx, studyId: string): Promise<number> =>
  tx.run('DELETE FROM readings WHERE study_id = $1', [studyId]);

/** A person has said how far the reading is: no end of a reading takes that back. */
export const unmarkReadings = (tx: Tx, studyId: string): Promise<number> =>
  tx.run('UPDATE readings SET has_marked = false WHERE study_id = $1 AND has_marked', [studyId]);

/** Studies with readings that no longer count, at most `limit`. */
export const findAbandoned = async (tx: ReadTx, alive: Date, limit: number): Promise<string[]> =>
  (
    await tx.rows(
      'SELECT DISTINCT study_id FROM (SELECT study_id FROM readings WHERE seen_at <= $1 ORDER BY seen_at LIMIT $2) r',
      [alive, limit],
    )
  ).map((row) => row.study_id);

/** Takes a study's readings away that no longer count; gives whose they were and whether they had marked it. */
export const deleteAbandoned = (tx: Tx, studyId: string, alive: Date) =>
  tx.rows(
    `WITH gone AS (DELETE FROM readings WHERE study_id = $1 AND seen_at <= $2 RETURNING user_id, has_marked) SELECT user_id, has_marked FROM gone`,
    [studyId, alive],
  );
