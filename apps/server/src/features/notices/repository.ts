import type { Notice } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../platform/db/database.ts';

const MOST = 50;

/** A person's notices, the latest first; of one kind where that is given. */
export const findNotices = (tx: ReadTx, userId: string, kind: Notice['kind'] | null) =>
  tx.rows(
    `SELECT id, kind, study_id, entity_id, at, read_at FROM notices WHERE user_id = $1 AND ($2::text IS NULL OR kind = $2) ORDER BY at DESC, id LIMIT ${MOST}`,
    [userId, kind],
  );

/** How many a person has not read, counted to 100. */
export const countUnread = async (tx: ReadTx, userId: string): Promise<number> =>
  (
    await tx.first('SELECT count(*)::int AS n FROM (SELECT 1 FROM notices WHERE user_id = $1 AND read_at IS NULL LIMIT 100) u', [
      userId,
    ])
  )?.n ?? 0;

/** Marks some of a person's notices as read, or all. */
export const markRead = (tx: Tx, userId: string, ids: readonly string[] | null, now: Date): Promise<number> =>
  tx.run('UPDATE notices SET read_at = $3 WHERE user_id = $1 AND read_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY ($2))', [
    userId,
    ids,
    now,
  ]);

/** Tells one person, if they may sign in; every window of theirs hears of it with the commit. */
export const tellOne = async (tx: Tx, person: string, kind: Notice['kind'], studyId: string | null): Promise<void> =>
  void (await tx.rows('SELECT ng_tell_one($1, $2, $3, NULL)', [person, kind, studyId]));

/** Tells each of these people, as `tellOne`. */
export const tellMany = async (
  tx: Tx,
  people: readonly string[],
  { kind, studyId, entityId }: { readonly kind: Notice['kind']; readonly studyId: string; readonly entityId: string },
): Promise<void> =>
  void (await tx.rows('SELECT ng_tell_one(p.id, $2, $3, $4) FROM unnest($1::uuid[]) AS p (id)', [
    people,
    kind,
    studyId,
    entityId,
  ]));
