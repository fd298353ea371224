import type { ReadTx, Tx } from '../../../platform/db/database.ts';

/** Of the one process that sends, as long as its transaction is open. */
const SENDER_LOCK = 4_871_302_658;

export async function isOnlySender(tx: ReadTx): Promise<boolean> {
  const row = await tx.first('SELECT pg_try_advisory_xact_lock($1) AS locked', [SENDER_LOCK]);
  return row?.locked === true;
}

/** In the transaction that stores them: what is acknowledged here is written down to be sent, or neither. */
export const queue = (tx: Tx, instanceIds: readonly string[]): Promise<number> =>
  tx.run('INSERT INTO orthanc_outbox (instance_id) SELECT * FROM unnest($1::uuid[]) ON CONFLICT DO NOTHING', [instanceIds]);

/** Those whose time has come, who waits longest first. */
export const findDue = (tx: ReadTx, now: Date, limit: number) =>
  tx.rows('SELECT instance_id, attempts FROM orthanc_outbox WHERE retry_at <= $1 ORDER BY retry_at, instance_id LIMIT $2', [
    now,
    limit,
  ]);

/**
 * Before the first byte leaves: from then on, and for good, a file of these bytes is known as ours. Gives the bytes of all attempts; undefined where the instance
 * waits no more.
 */
export async function noteBegun(tx: Tx, instanceId: string, md5: Buffer): Promise<readonly Buffer[] | undefined> {
  const row = await tx.first(
    `UPDATE orthanc_outbox SET md5s = CASE WHEN $2::bytea = ANY(md5s) THEN md5s ELSE md5s || $2::bytea END
     WHERE instance_id = $1 RETURNING md5s`,
    [instanceId, md5],
  );
  if (row !== undefined) await tx.run('INSERT INTO orthanc_sent (md5) VALUES ($1) ON CONFLICT DO NOTHING', [md5]);
  return row?.md5s;
}

export const noteSent = (tx: Tx, instanceId: string): Promise<number> =>
  tx.run('DELETE FROM orthanc_outbox WHERE instance_id = $1', [instanceId]);

export interface Postponed {
  readonly attempts: number;
  readonly retryAt: Date;
  /** Null where nothing failed: it may not leave for now. */
  readonly failure: string | null;
}

export const postpone = (tx: Tx, instanceId: string, { attempts, retryAt, failure }: Postponed): Promise<number> =>
  tx.run('UPDATE orthanc_outbox SET attempts = $2, retry_at = $3, failure = $4 WHERE instance_id = $1', [
    instanceId,
    attempts,
    retryAt,
    failure,
  ]);

/** Whether a file of these bytes is, or may have been, sent from here. */
export const isSentFromHere = async (tx: ReadTx, md5: Buffer): Promise<boolean> =>
  (await tx.first('SELECT 1 AS found FROM orthanc_sent WHERE md5 = $1', [md5])) !== undefined;

/** What waits, by why it could not leave before; null for what was not tried. */
export const countWaiting = (tx: ReadTx) =>
  tx.rows('SELECT failure, count(*)::int AS count FROM orthanc_outbox GROUP BY failure ORDER BY count DESC, failure');
