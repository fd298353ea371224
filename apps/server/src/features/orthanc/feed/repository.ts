import { newId } from '../../../kernel/ids.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';
import type { Anchor } from './history.ts';

/** Of the one process that follows, as long as its transaction is open. */
const FOLLOWER_LOCK = 4_871_302_657;

export async function isOnlyFollower(tx: ReadTx): Promise<boolean> {
  const row = await tx.first('SELECT pg_try_advisory_xact_lock($1) AS locked', [FOLLOWER_LOCK]);
  return row?.locked === true;
}

const COLUMNS =
  'id, last_seq, anchors, epoch, sweep_from, begun_again, reached_at, failing_since, failure, warnings, compare_began, compare_from, compared_at, known_there, doubt, doubts_next, may_recycle';

export type FeedRow = FoundBy<typeof findFeed>;

export const findFeed = (tx: ReadTx, url: string) => tx.first(`SELECT ${COLUMNS} FROM orthanc_feeds WHERE url = $1`, [url]);

const insertFeed = (tx: Tx, url: string, epoch: string): Promise<number> =>
  tx.run('INSERT INTO orthanc_feeds (url, epoch) VALUES ($1, $2) ON CONFLICT (url) DO NOTHING', [url, epoch]);

/** In a transaction that may write. */
export async function requireFeed(tx: Tx, url: string): Promise<FeedRow> {
  const found = await findFeed(tx, url);
  if (found !== undefined) return found;
  await insertFeed(tx, url, newId());
  return requireFeed(tx, url);
}

export interface Place {
  readonly lastSeq: number;
  readonly anchors: readonly Anchor[];
}

export const advance = (tx: Tx, id: number, { lastSeq, anchors }: Place): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET last_seq = $2, anchors = $3 WHERE id = $1', [id, lastSeq, JSON.stringify(anchors)]);

/** From the first change on, and through all that is there. */
export const beginAgain = (tx: Tx, id: number, epoch: string): Promise<number> =>
  tx.run(
    `UPDATE orthanc_feeds SET last_seq = 0, anchors = '[]', epoch = $2, sweep_from = 0, begun_again = begun_again + 1 WHERE id = $1`,
    [id, epoch],
  );

export const noteSweep = (tx: Tx, id: number, from: number | null): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET sweep_from = $2 WHERE id = $1', [id, from]);

/** Not more often than every ten seconds, unless it was away. */
export const noteReached = (tx: Tx, id: number, now: Date): Promise<number> =>
  tx.run(
    `UPDATE orthanc_feeds SET reached_at = $2::timestamptz, failing_since = NULL, failure = NULL
     WHERE id = $1 AND (failure IS NOT NULL OR reached_at IS NULL OR reached_at < $2::timestamptz - interval '10 seconds')`,
    [id, now],
  );

export const noteFailing = (tx: Tx, id: number, failure: string, now: Date): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET failure = $2, failing_since = coalesce(failing_since, $3) WHERE id = $1', [id, failure, now]);

/** What is known of these instances; whether they are in the trash here because they were not there any more. */
export const findKnown = (tx: ReadTx, feedId: number, ids: readonly string[]) =>
  tx.rows(
    `SELECT orthanc_id, epoch, md5, outcome, attempts, instance_id, (missing = 'trashed' AND instance_id IS NOT NULL) IS TRUE AS in_trash
     FROM orthanc_instances WHERE feed_id = $1 AND orthanc_id = ANY($2::text[])`,
    [feedId, ids],
  );

/** Instances whose time has come to be asked for again. */
export const findDue = (tx: ReadTx, feedId: number, now: Date, limit: number) =>
  tx.rows('SELECT orthanc_id FROM orthanc_instances WHERE feed_id = $1 AND retry_at <= $2 ORDER BY retry_at LIMIT $3', [
    feedId,
    now,
    limit,
  ]);

export interface InstanceNote {
  readonly orthancId: string;
  readonly md5: Buffer | null;
  /** What is here of it, where something is. */
  readonly instanceId: string | null;
  readonly outcome: 'stored' | 'duplicate' | 'conflict' | 'rejected' | 'ignored' | 'failed';
  readonly reason: string | null;
  readonly attempts: number;
  readonly retryAt: Date | null;
}

/** What became of instances; the bytes that came before stay known while others don't come. */
export const noteInstances = (
  tx: Tx,
  { feedId, epoch, now }: { readonly feedId: number; readonly epoch: string; readonly now: Date },
  notes: readonly InstanceNote[],
): Promise<number> =>
  tx.run(
    `INSERT INTO orthanc_instances AS o (feed_id, orthanc_id, epoch, md5, outcome, reason, attempts, retry_at, seen_at, instance_id)
     SELECT $1, n.orthanc_id, $2::uuid, n.md5, n.outcome, n.reason, n.attempts, n.retry_at, $3, n.instance_id
     FROM unnest($4::text[], $5::bytea[], $6::text[], $7::text[], $8::integer[], $9::timestamptz[], $10::uuid[])
       AS n(orthanc_id, md5, outcome, reason, attempts, retry_at, instance_id)
     ON CONFLICT (feed_id, orthanc_id) DO UPDATE SET epoch = excluded.epoch, md5 = coalesce(excluded.md5, o.md5), outcome = excluded.outcome,
       reason = excluded.reason, attempts = excluded.attempts, retry_at = excluded.retry_at, seen_at = excluded.seen_at,
       instance_id = coalesce(excluded.instance_id, o.instance_id), missing = NULL, missing_since = NULL`,
    [
      feedId,
      epoch,
      now,
      notes.map(({ orthancId }) => orthancId),
      notes.map(({ md5 }) => md5),
      notes.map(({ outcome }) => outcome),
      notes.map(({ reason }) => reason),
      notes.map(({ attempts }) => attempts),
      notes.map(({ retryAt }) => retryAt),
      notes.map(({ instanceId }) => instanceId),
    ],
  );

/** These are there with the bytes that came before: one that did not come again is known all the same. */
export const noteSame = (tx: Tx, feedId: number, epoch: string, ids: readonly string[]): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET epoch = $2, retry_at = CASE WHEN outcome = 'failed' THEN NULL ELSE retry_at END,
       outcome = CASE WHEN outcome = 'failed' THEN 'duplicate' ELSE outcome END, missing = NULL, missing_since = NULL
     WHERE feed_id = $1 AND orthanc_id = ANY($3::text[])`,
    [feedId, epoch, ids],
  );

/** These are no more there: nothing is left to ask for. What came of them stays known. */
export const noteGone = (tx: Tx, feedId: number, ids: readonly string[]): Promise<number> =>
  tx.run(
    'UPDATE orthanc_instances SET retry_at = NULL WHERE feed_id = $1 AND orthanc_id = ANY($2::text[]) AND retry_at IS NOT NULL',
    [feedId, ids],
  );
