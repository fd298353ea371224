import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export interface NewErasing {
  readonly erasureId: string;
  readonly patientId: string | undefined;
  readonly feedId: number;
  /** Orthanc's names of studies that may be there. */
  readonly studies: readonly string[];
  /** Instances here of which something may be there. */
  readonly instanceIds: readonly string[];
  readonly shared: number;
  readonly now: Date;
}

/** Before the rows go by which it is known what is there. An erasure that is done again, on a database that was brought back, asks again. */
export const insertErasing = (tx: Tx, one: NewErasing): Promise<number> =>
  tx.run(
    `INSERT INTO orthanc_erasures AS e (erasure_id, patient_id, feed_id, studies, instances, shared, asked_at, retry_at)
     SELECT $1, $7, $2, $3, array(SELECT o.orthanc_id FROM orthanc_instances o WHERE o.feed_id = $2 AND o.instance_id = ANY($4::uuid[])), $5, $6, $6
     ON CONFLICT (erasure_id, feed_id) DO UPDATE SET studies = e.studies || excluded.studies, instances = e.instances || excluded.instances,
       shared = excluded.shared, retry_at = excluded.retry_at, done_at = NULL`,
    [one.erasureId, one.feedId, one.studies, one.instanceIds, one.shared, one.now, one.patientId ?? null],
  );

export type DueErasing = FoundBy<typeof findDue>;

export const findDue = (tx: ReadTx, url: string, now: Date, limit: number) =>
  tx.rows(
    `SELECT e.erasure_id, e.patient_id, e.feed_id, e.studies, e.instances, e.attempts, e.failure FROM orthanc_erasures e JOIN orthanc_feeds f ON f.id = e.feed_id
     WHERE f.url = $1 AND e.done_at IS NULL AND e.retry_at <= $2 ORDER BY e.retry_at, e.erasure_id LIMIT $3`,
    [url, now, limit],
  );

/** Whether a study or instance of these names is to be deleted there. */
export const isToBeErased = async (tx: ReadTx, url: string, names: { readonly study: string; readonly instance: string }) =>
  (await tx.first(
    `SELECT 1 AS found FROM orthanc_erasures e JOIN orthanc_feeds f ON f.id = e.feed_id
     WHERE f.url = $1 AND e.done_at IS NULL AND ($2 = ANY(e.studies) OR $3 = ANY(e.instances)) LIMIT 1`,
    [url, names.study, names.instance],
  )) !== undefined;

export interface ErasingKey {
  readonly erasureId: string;
  readonly feedId: number;
}

/** A study that is deleted there is counted at once: the next may fail. */
export const countDeleted = (tx: Tx, { erasureId, feedId }: ErasingKey): Promise<number> =>
  tx.run('UPDATE orthanc_erasures SET deleted = deleted + 1 WHERE erasure_id = $1 AND feed_id = $2', [erasureId, feedId]);

export const postpone = (
  tx: Tx,
  { erasureId, feedId }: ErasingKey,
  { attempts, retryAt, failure }: { readonly attempts: number; readonly retryAt: Date; readonly failure: string },
): Promise<number> =>
  tx.run('UPDATE orthanc_erasures SET attempts = $3, retry_at = $4, failure = $5 WHERE erasure_id = $1 AND feed_id = $2', [
    erasureId,
    feedId,
    attempts,
    retryAt,
    failure,
  ]);

/** Gives how many studies were deleted. What was looked for by is forgotten. */
export const noteDone = (tx: Tx, { erasureId, feedId }: ErasingKey, now: Date) =>
  tx.first(
    `UPDATE orthanc_erasures SET done_at = $3, retry_at = NULL, failure = NULL, studies = '{}', instances = '{}'
     WHERE erasure_id = $1 AND feed_id = $2 RETURNING deleted, shared`,
    [erasureId, feedId, now],
  );

/** What is missing there from now on is not missing by a doubtful deletion: nothing is told of it, and no doubt begins. */
export const noteExpected = (tx: Tx, feedId: number, orthancIds: readonly string[], now: Date): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET missing = 'dismissed', missing_since = $3
     WHERE feed_id = $1 AND orthanc_id = ANY($2::text[]) AND missing_since IS NULL`,
    [feedId, orthancIds, now],
  );

/** How it stands with these erasures in the Orthanc that is at this address. */
export const findErasings = (tx: ReadTx, url: string, erasureIds: readonly string[]) =>
  tx.rows(
    `SELECT e.erasure_id, e.failure, e.deleted, e.shared, e.done_at FROM orthanc_erasures e JOIN orthanc_feeds f ON f.id = e.feed_id
     WHERE f.url = $1 AND e.erasure_id = ANY($2::uuid[])`,
    [url, erasureIds],
  );
