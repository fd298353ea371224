import { nameOf } from '../../archive/records/study-rows.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

const COLUMNS =
  `h.id, h.user_id, CASE WHEN h.user_id IS NOT NULL THEN (${nameOf('h.user_id')}) END AS user_name, h.recipient, h.note, h.profile,
  h.code_hash IS NOT NULL AS with_code, h.may_download, h.created_at, h.expires_at, h.max_openings, h.openings, h.last_opened_at, h.withdrawn_at, h.closed_at,
  h.study_count, ARRAY(SELECT t.study_id FROM share_studies t WHERE t.share_id = h.id ORDER BY t.study_id) AS study_ids` as const;

export type ShareRow = FoundBy<typeof findShare>;

/** A share that the transaction's actor sees: their own, or any for administrators; of `userId` where that is given. */
export const findShare = (tx: ReadTx, id: string, userId: string | null) =>
  tx.first(`SELECT ${COLUMNS} FROM shares h WHERE h.id = $1 AND ($2::uuid IS NULL OR h.user_id = $2)`, [id, userId]);

/** Whether a share (h) can be opened at a time, as far as its own row says: `stateOf` in SQL. */
const isOpenAt = <const N extends string>(now: N) =>
  `(h.withdrawn_at IS NULL AND h.closed_at IS NULL AND h.expires_at > ${now} AND (h.max_openings IS NULL OR h.openings < h.max_openings))` as const;

/** The newest first, after the one of an id; ids are in the order of their time. */
export const findShares = (
  tx: ReadTx,
  {
    userId,
    after,
    isOpen,
    now,
    limit,
  }: { userId: string | null; after: string | null; isOpen: boolean | null; now: Date; limit: number },
): Promise<ShareRow[]> =>
  tx.rows(
    `SELECT ${COLUMNS} FROM shares h WHERE ($1::uuid IS NULL OR h.user_id = $1) AND ($2::uuid IS NULL OR h.id < $2)
       AND ($3::boolean IS NULL OR $3 = ${isOpenAt('$4')}) ORDER BY h.id DESC LIMIT $5`,
    [userId, after, isOpen, now, limit],
  );

/** How many there are, counted as far as `cap`. */
export const countShares = async (
  tx: ReadTx,
  { userId, isOpen, now, cap }: { userId: string | null; isOpen: boolean | null; now: Date; cap: number },
): Promise<number> =>
  (
    await tx.first(
      `SELECT count(*)::int AS n FROM (SELECT 1 FROM shares h WHERE ($1::uuid IS NULL OR h.user_id = $1) AND ($2::boolean IS NULL OR $2 =
         ${isOpenAt('$3')}) LIMIT $4) s`,
      [userId, isOpen, now, cap],
    )
  )?.n ?? 0;

/** What became of the tries of a share, the latest first. */
export const findAccesses = (tx: ReadTx, shareId: string, limit: number) =>
  tx.rows('SELECT at, ip, outcome FROM share_accesses WHERE share_id = $1 ORDER BY at DESC, id DESC LIMIT $2', [shareId, limit]);

export interface NewShare {
  readonly id: string;
  readonly userId: string;
  readonly secretHash: Buffer;
  readonly codeHash: string | null;
  readonly profile: 'IDENTIFIED' | 'PSEUDONYM';
  readonly recipient: string;
  readonly note: string | null;
  readonly mayDownload: boolean;
  readonly maxOpenings: number | null;
  readonly now: Date;
  readonly expiresAt: Date;
  readonly studyIds: readonly string[];
}

export async function insertShare(tx: Tx, share: NewShare): Promise<void> {
  await tx.run(
    `INSERT INTO shares (id, user_id, secret_hash, code_hash, profile, recipient, note, may_download, max_openings, created_at, expires_at, study_count)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...([share.id, share.userId, share.secretHash, share.codeHash, share.profile, share.recipient, share.note] as const),
      ...([share.mayDownload, share.maxOpenings, share.now, share.expiresAt, share.studyIds.length] as const),
    ],
  );
  await tx.run('INSERT INTO share_studies (share_id, study_id) SELECT $1, unnest($2::uuid[])', [share.id, share.studyIds]);
}

/** Withdraws one that stands. 0 where it was withdrawn before. */
export const withdraw = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE shares SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL', [id, now]);

const STANDING =
  `h.id, h.user_id, h.profile, h.recipient, h.may_download, h.code_hash, h.created_at, h.expires_at, h.max_openings, h.openings, h.withdrawn_at, h.closed_at,
  ARRAY(SELECT t.study_id FROM share_studies t WHERE t.share_id = h.id ORDER BY t.study_id) AS study_ids` as const;

export type StandingRow = FoundBy<typeof findBySecret>;

/** The share of a secret, whatever became of it. */
export const findBySecret = (tx: ReadTx, hash: Buffer) =>
  tx.first(`SELECT ${STANDING}, h.secret_hash FROM shares h WHERE h.secret_hash = $1`, [hash], 'share-by-secret');

/** A visit that nobody has ended, with its share. */
export const findVisit = (tx: ReadTx, hash: Buffer) =>
  tx.first(
    `SELECT ${STANDING}, a.id AS visit_id, a.used_at, a.ends_at FROM share_accesses a JOIN shares h ON h.id = a.share_id WHERE a.visit_hash = $1`,
    [hash],
    'share-visit',
  );
/** The same by its id. */
export const findVisitById = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT ${STANDING}, a.id AS visit_id, a.used_at, a.ends_at FROM share_accesses a JOIN shares h ON h.id = a.share_id
     WHERE a.id = $1 AND a.visit_hash IS NOT NULL`,
    [id],
    'share-visit-by-id',
  );
export type VisitRow = FoundBy<typeof findVisit>;

/** Takes one of the tries of a code; 0 where there is none left. */
export const takeCodeTry = (tx: Tx, id: string, most: number): Promise<number> =>
  tx.run('UPDATE shares SET wrong_codes = wrong_codes + 1 WHERE id = $1 AND wrong_codes < $2 AND closed_at IS NULL', [id, most]);

export const giveCodeTryBack = (tx: Tx, id: string): Promise<number> =>
  tx.run('UPDATE shares SET wrong_codes = wrong_codes - 1 WHERE id = $1 AND closed_at IS NULL', [id]);

/** Closes a share for good whose tries of a code are used up; 0 where they are not, or where that was done. */
export const closeGuessed = (tx: Tx, id: string, most: number, now: Date): Promise<number> =>
  tx.run('UPDATE shares SET closed_at = $3 WHERE id = $1 AND wrong_codes >= $2 AND closed_at IS NULL', [id, most, now]);

/** Counts an opening of one that stands at this moment; 0 where it doesn't any more. */
export const countOpening = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(`UPDATE shares h SET openings = h.openings + 1, last_opened_at = $2 WHERE h.id = $1 AND ${isOpenAt('$2')}`, [id, now]);

interface Access {
  readonly id: string;
  readonly shareId: string;
  readonly at: Date;
  readonly ip: string;
}

export const insertVisit = (
  tx: Tx,
  { id, shareId, at, ip, hash, endsAt }: Access & { readonly hash: Buffer; readonly endsAt: Date },
) =>
  tx.run(
    "INSERT INTO share_accesses (id, share_id, at, ip, outcome, visit_hash, used_at, ends_at) VALUES ($1, $2, $3, $4, 'OPENED', $5, $3, $6)",
    [id, shareId, at, ip, hash, endsAt],
  );

/** Notes what became of a try. Of a share that is gone, with its last study for example, nothing is noted: the journal has it. */
export const insertAccess = (
  tx: Tx,
  { id, shareId, at, ip, outcome }: Access & { readonly outcome: 'CODE_WRONG' | 'REFUSED' | 'DOWNLOADED' | 'ENDED' },
): Promise<number> =>
  tx.run(
    `INSERT INTO share_accesses (id, share_id, at, ip, outcome)
     SELECT $1::uuid, h.id, $3::timestamptz, $4::text, $5::text FROM shares h WHERE h.id = $2::uuid FOR KEY SHARE`,
    [id, shareId, at, ip, outcome],
  );

/** Notes that a visit goes on. */
export const touchVisit = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE share_accesses SET used_at = $2 WHERE id = $1 AND visit_hash IS NOT NULL', [id, now]);

/** Ends a visit; gives whose it was, undefined where there is none of this cookie. */
export const endVisit = (tx: Tx, hash: Buffer) =>
  tx.first('UPDATE share_accesses SET visit_hash = NULL WHERE visit_hash = $1 RETURNING id, share_id', [hash]);

/** Removes shares that have been over for so long; one of which no study is left has gone with the last. Gives their number. */
export const removeOld = (tx: Tx, endedBefore: Date): Promise<number> =>
  tx.run('DELETE FROM shares WHERE least(expires_at, withdrawn_at, closed_at) < $1', [endedBefore]);
