import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { Looked } from './look.ts';

export const noteLooked = (
  tx: Tx,
  feedId: number,
  { version, warnings, mayRecycle, now }: Looked & { readonly now: Date },
): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET version = $2, warnings = $3, checked_at = $4, may_recycle = $5 WHERE id = $1', [
    feedId,
    version,
    warnings,
    now,
    mayRecycle,
  ]);

export const readStatus = (tx: ReadTx, url: string) =>
  tx.first(
    `SELECT id, last_seq, reached_at, failing_since, failure, version, warnings, checked_at, compared_at, known_there, doubt,
       (SELECT count(*)::int FROM orthanc_instances i WHERE i.feed_id = f.id AND i.retry_at IS NOT NULL) AS waiting
     FROM orthanc_feeds f WHERE url = $1`,
    [url],
  );

/** What did not come, the next to be asked for first. */
export const listWaiting = (tx: ReadTx, feedId: number, limit: number) =>
  tx.rows(
    `SELECT orthanc_id, outcome, reason, attempts, retry_at FROM orthanc_instances WHERE feed_id = $1 AND retry_at IS NOT NULL
     ORDER BY retry_at LIMIT $2`,
    [feedId, limit],
  );
