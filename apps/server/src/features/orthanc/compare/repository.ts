import type { OrthancDoubt } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';

/** From the first of the list on. */
export const begin = (tx: Tx, feedId: number, now: Date): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET compare_began = $2, compare_from = 0 WHERE id = $1', [feedId, now]);

export const goOn = (tx: Tx, feedId: number, from: number): Promise<number> =>
  tx.run('UPDATE orthanc_feeds SET compare_from = $2 WHERE id = $1', [feedId, from]);

/** These are there. What is in the trash because it was not is taken anew instead. */
export const noteListed = (tx: Tx, feedId: number, ids: readonly string[], now: Date): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET listed_at = $3, missing = NULL, missing_since = NULL
     WHERE feed_id = $1 AND orthanc_id = ANY($2::text[]) AND (missing IS DISTINCT FROM 'trashed' OR instance_id IS NULL)`,
    [feedId, ids, now],
  );

/** What came from there or was sent there, and was not seen on the list since a moment; not more than so many. */
export const findUnlisted = (tx: ReadTx, feedId: number, began: Date, limit: number) =>
  tx.rows(
    `SELECT orthanc_id FROM orthanc_instances
     WHERE feed_id = $1 AND md5 IS NOT NULL AND missing_since IS NULL AND coalesce(listed_at, seen_at) < $2 AND seen_at < $2
     ORDER BY orthanc_id LIMIT $3`,
    [feedId, began, limit],
  );

/** How many are known there, how many of these were not on the list since a moment, how many are missing since another and not held (nobody doubts of those), and about how many of what is here something is still to be done. */
export const countThere = (tx: ReadTx, feedId: number, began: Date, since: Date) =>
  tx.first(
    `SELECT (count(*) FILTER (WHERE missing_since IS NULL))::int AS known,
       (count(*) FILTER (WHERE missing_since IS NULL AND coalesce(listed_at, seen_at) < $2 AND seen_at < $2))::int AS unlisted,
       (count(*) FILTER (WHERE missing_since >= $3 AND missing NOT IN ('held', 'dismissed')))::int AS lately,
       (count(*) FILTER (WHERE missing_since IS NOT NULL AND missing = 'told' AND instance_id IS NOT NULL))::int AS due
     FROM orthanc_instances WHERE feed_id = $1 AND md5 IS NOT NULL`,
    [feedId, began, since],
  );

export const noteMissing = (
  tx: Tx,
  feedId: number,
  ids: readonly string[],
  { missing, now }: { readonly missing: 'told' | 'held'; readonly now: Date },
): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET missing = $3, missing_since = $4
     WHERE feed_id = $1 AND orthanc_id = ANY($2::text[]) AND missing_since IS NULL`,
    [feedId, ids, missing, now],
  );

/** All that was not on the list since a moment. */
export const holdUnlisted = (tx: Tx, feedId: number, began: Date, now: Date): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET missing = 'held', missing_since = $3
     WHERE feed_id = $1 AND md5 IS NOT NULL AND missing_since IS NULL AND coalesce(listed_at, seen_at) < $2 AND seen_at < $2`,
    [feedId, began, now],
  );

/** What is missing, and was before a moment, with what is here of it. */
export const findTold = (tx: ReadTx, feedId: number, before: Date, limit: number) =>
  tx.rows(
    `SELECT orthanc_id, instance_id FROM orthanc_instances
     WHERE feed_id = $1 AND missing_since < $2 AND missing IN ('told', 'released') AND instance_id IS NOT NULL
     ORDER BY missing_since, orthanc_id LIMIT $3`,
    [feedId, before, limit],
  );

export const noteDone = (tx: Tx, feedId: number, instanceIds: readonly string[], missing: 'trashed' | 'sent'): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET missing = $3
     WHERE feed_id = $1 AND instance_id = ANY($2::uuid[]) AND missing_since IS NOT NULL AND missing IN ('told', 'released')`,
    [feedId, instanceIds, missing],
  );

export interface End {
  readonly now: Date;
  readonly there: number;
  /** Why what was found is held; undefined where nothing is to be said against it. */
  readonly doubt: OrthancDoubt | undefined;
}

/** A doubt is told as long as something is held for it. */
export const end = (tx: Tx, feedId: number, { now, there, doubt }: End): Promise<number> =>
  tx.run(
    `UPDATE orthanc_feeds f SET compare_began = NULL, compare_from = 0, compared_at = $2, known_there = $3, doubts_next = false,
       doubt = CASE WHEN EXISTS (SELECT 1 FROM orthanc_instances i
         WHERE i.feed_id = f.id AND i.missing_since IS NOT NULL AND i.missing = 'held') THEN coalesce($4, f.doubt) END
     WHERE id = $1`,
    [feedId, now, there, doubt ?? null],
  );

/** What is missing there, and about how much of it nothing is done. */
export const countMissing = (tx: ReadTx, feedId: number) =>
  tx.first(
    `SELECT (count(*) FILTER (WHERE missing IN ('told', 'held', 'released')))::int AS missing, (count(*) FILTER (WHERE missing = 'held'))::int AS held
     FROM orthanc_instances WHERE feed_id = $1 AND missing_since IS NOT NULL`,
    [feedId],
  );

/** What a moment's comparison left held is dealt with as somebody says. */
export const decideHeld = (
  tx: Tx,
  feedId: number,
  { missing, until }: { readonly missing: 'released' | 'dismissed'; readonly until: Date },
): Promise<number> =>
  tx.run(
    `UPDATE orthanc_instances SET missing = $2
     WHERE feed_id = $1 AND missing_since <= $3 AND missing = 'held'`,
    [feedId, missing, until],
  );

/** The doubt of a feed, locked; when it was last compared. */
export const lockDoubt = (tx: Tx, url: string) =>
  tx.first('SELECT id, doubt, doubts_next, compared_at FROM orthanc_feeds WHERE url = $1 FOR UPDATE', [url]);

/** It is told no longer than something is held for it. */
export const endDoubt = (tx: Tx, feedId: number): Promise<number> =>
  tx.run(
    `UPDATE orthanc_feeds f SET doubt = NULL WHERE id = $1 AND NOT doubts_next AND NOT EXISTS (SELECT 1 FROM orthanc_instances i
       WHERE i.feed_id = f.id AND i.missing_since IS NOT NULL AND i.missing = 'held')`,
    [feedId],
  );
