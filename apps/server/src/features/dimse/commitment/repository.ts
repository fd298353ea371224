import type { Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

export interface NewRequest {
  readonly id: string;
  readonly nodeId: string;
  readonly groupId: string | null;
  readonly transactionUid: string;
  readonly instances: readonly (readonly [sopClassUid: string, sopInstanceUid: string])[];
  readonly now: Date;
  readonly nextAt: Date;
}

/** One that is asked again is told again; nothing where the transaction is of other instances. */
export const keepRequest = async (tx: Tx, of: NewRequest): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO commitment_requests AS r (id, node_id, group_id, transaction_uid, instances, status, next_at, asked_at)
     VALUES ($1, $2, $3, $4, $5::jsonb, 'WAITING', $6, $7)
     ON CONFLICT (node_id, transaction_uid) DO UPDATE SET status = 'WAITING', tries = 0, next_at = excluded.next_at, asked_at = excluded.asked_at
     WHERE r.instances = excluded.instances`,
    [of.id, of.nodeId, of.groupId, of.transactionUid, JSON.stringify(of.instances), of.nextAt, of.now],
  )) > 0;

export type DueRequest = NonNullable<FoundBy<typeof claimDue>>;

/** What a node waits to be told: requests, and instances of them, without one that it asks for again; and how many were ended. */
export const requestsOf = (tx: Tx, nodeId: string, transactionUid: string) =>
  tx.first(
    `SELECT count(*) FILTER (WHERE status = 'WAITING') AS waiting, count(*) FILTER (WHERE status <> 'WAITING') AS ended,
       coalesce(sum(jsonb_array_length(instances)) FILTER (WHERE status = 'WAITING'), 0) AS instances
     FROM commitment_requests WHERE node_id = $1 AND transaction_uid <> $2`,
    [nodeId, transactionUid],
  );

/** Of a node's ended ones the newest stay. */
export const forgetEnded = (tx: Tx, nodeId: string, most: number): Promise<number> =>
  tx.run(
    `DELETE FROM commitment_requests WHERE id IN (
       SELECT id FROM commitment_requests WHERE node_id = $1 AND status <> 'WAITING' ORDER BY asked_at DESC, id DESC OFFSET $2)`,
    [nodeId, most],
  );

/** Takes one whose time has come, of a node that is not busy: nobody else tries it before `nextAt`. */
export const claimDue = (
  tx: Tx,
  { now, nextAt, busyNodes }: { readonly now: Date; readonly nextAt: Date; readonly busyNodes: readonly string[] },
) =>
  tx.first(
    `UPDATE commitment_requests SET tries = tries + 1, next_at = $2
     WHERE id = (SELECT id FROM commitment_requests WHERE status = 'WAITING' AND next_at <= $1 AND node_id <> ALL ($3::uuid[])
       ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING id, node_id, group_id, transaction_uid, instances, tries`,
    [now, nextAt, busyNodes],
  );

/** A node that was not there is not there for its other requests either: each counts as tried. */
export const nodeLater = (
  tx: Tx,
  { nodeId, now, nextAt }: { readonly nodeId: string; readonly now: Date; readonly nextAt: Date },
): Promise<number> =>
  tx.run(
    `UPDATE commitment_requests SET tries = tries + 1, next_at = $3 WHERE node_id = $1 AND status = 'WAITING' AND next_at <= $2`,
    [nodeId, now, nextAt],
  );

/** False where it was told meanwhile. */
export const endRequest = async (tx: Tx, id: string, status: 'TOLD' | 'GIVEN_UP', now: Date): Promise<boolean> =>
  (await tx.run("UPDATE commitment_requests SET status = $2, told_at = $3 WHERE id = $1 AND status = 'WAITING'", [
    id,
    status,
    now,
  ])) > 0;

export const tryLater = (tx: Tx, id: string, nextAt: Date): Promise<number> =>
  tx.run('UPDATE commitment_requests SET next_at = $2 WHERE id = $1', [id, nextAt]);

export const forgetRequests = (tx: Tx, before: Date): Promise<number> =>
  tx.run("DELETE FROM commitment_requests WHERE status <> 'WAITING' AND asked_at < $1", [before]);

export const requestIdOf = (tx: Tx, nodeId: string, transactionUid: string) =>
  tx.first("SELECT id FROM commitment_requests WHERE node_id = $1 AND transaction_uid = $2 AND status = 'WAITING'", [
    nodeId,
    transactionUid,
  ]);
