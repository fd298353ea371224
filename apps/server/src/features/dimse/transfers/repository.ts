import type { Scope } from '../../../access/index.ts';
import { inPartition, partitionValues } from '../../../archive/in-scope.ts';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import type { FoundBy } from '../../../platform/db/statements.ts';

const NODE =
  'n.id, n.name, n.ae_title, n.host, n.port, n.group_id, n.may_store, n.may_be_asked, n.takes_studies, n.uses_tls, n.tls_fingerprint';

/** Nodes of the scope that people may search or send to. */
export const usableNodes = (tx: ReadTx, scope: Scope) => {
  return tx.rows(
    `SELECT ${NODE} FROM dicom_nodes n WHERE n.removed_at IS NULL AND (n.may_be_asked OR n.takes_studies) AND ${inPartition('n', 1)}
     ORDER BY lower(n.name), n.id`,
    partitionValues(scope),
  );
};
export type UsableNodeRow = FoundBy<typeof usableNodes>;

/** One of these. */
export const usableNode = (tx: ReadTx, scope: Scope, id: string) => {
  return tx.first(`SELECT ${NODE} FROM dicom_nodes n WHERE ${inPartition('n', 1)} AND n.removed_at IS NULL AND n.id = $4`, [
    ...partitionValues(scope),
    id,
  ]);
};

export interface NewTransfer {
  readonly id: string;
  readonly kind: 'RETRIEVE' | 'SEND';
  readonly nodeId: string;
  readonly userId: string;
  /** The personal token by which they ask. */
  readonly tokenId: string | null;
  readonly permissions: readonly string[];
  readonly groupId: string | null;
  readonly now: Date;
}
export const insertTransfer = (
  tx: Tx,
  { id, kind, nodeId, userId, tokenId, permissions, groupId, now }: NewTransfer,
): Promise<number> =>
  tx.run(
    `INSERT INTO dicom_transfers (id, kind, node_id, user_id, token_id, permissions, group_id, status, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'WAITING', $8)`,
    [id, kind, nodeId, userId, tokenId, permissions, groupId, now],
  );

export interface NewItem {
  readonly studyInstanceUid: string;
  readonly sopInstanceUid: string | null;
  readonly instanceId: string | null;
  readonly total: number | null;
}
export const insertItems = (tx: Tx, transferId: string, items: readonly NewItem[]): Promise<number> =>
  tx.run(
    `INSERT INTO dicom_transfer_items (transfer_id, place, study_instance_uid, sop_instance_uid, instance_id, total, outcome)
     SELECT $1::uuid, place, study, sop, instance, total, 'WAITING'
     FROM unnest($2::text[], $3::text[], $4::uuid[], $5::integer[]) WITH ORDINALITY AS i(study, sop, instance, total, place)`,
    [
      transferId,
      items.map(({ studyInstanceUid }) => studyInstanceUid),
      items.map(({ sopInstanceUid }) => sopInstanceUid),
      items.map(({ instanceId }) => instanceId),
      items.map(({ total }) => total),
    ],
  );

/** What is told of a transfer; of a sending each item is an instance, of a retrieval each counts its own. */
const SHOWN =
  `t.id, t.kind, t.node_id, n.name AS node_name, t.status, t.is_cancelled, t.code, t.created_at, t.ended_at, t.next_at, t.user_id, u.first_name, u.last_name,
  i.studies, i.total, i.done, i.warned, i.failed
  FROM dicom_transfers t JOIN dicom_nodes n ON n.id = t.node_id LEFT JOIN users u ON u.id = t.user_id
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT study_instance_uid) AS studies,
      CASE WHEN t.kind = 'SEND' THEN count(*) WHEN bool_or(total IS NULL) THEN NULL ELSE sum(total) END AS total,
      CASE WHEN t.kind = 'SEND' THEN count(*) FILTER (WHERE outcome IN ('DONE', 'WARNING')) ELSE sum(done) + sum(warned) END AS done,
      CASE WHEN t.kind = 'SEND' THEN count(*) FILTER (WHERE outcome = 'WARNING') ELSE sum(warned) END AS warned,
      CASE WHEN t.kind = 'SEND' THEN count(*) FILTER (WHERE outcome = 'FAILED') ELSE sum(failed) END AS failed
    FROM dicom_transfer_items WHERE transfer_id = t.id) AS i` as const;

interface Whose {
  readonly all: boolean;
  readonly userId: string | null;
}

export const findTransfer = (tx: ReadTx, { all, userId }: Whose, id: string) =>
  tx.first(`SELECT ${SHOWN} WHERE t.id = $1 AND ($2::boolean OR t.user_id = $3)`, [id, all, userId]);
export type TransferRow = FoundBy<typeof findTransfer>;

export const listOfTransfers = (
  tx: ReadTx,
  { all, userId }: Whose,
  { after, limit }: { readonly after: readonly [string, string] | undefined; readonly limit: number },
) =>
  tx.rows(
    `SELECT ${SHOWN} WHERE ($1::boolean OR t.user_id = $2)
       AND ($3::timestamptz IS NULL OR (date_trunc('milliseconds', t.created_at), t.id) < ($3::timestamptz, $4::uuid))
     ORDER BY date_trunc('milliseconds', t.created_at) DESC, t.id DESC LIMIT $5`,
    [all, userId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );

export const countTransfers = (tx: ReadTx, { all, userId }: Whose) =>
  tx.first('SELECT count(*) AS n FROM dicom_transfers WHERE $1::boolean OR user_id = $2', [all, userId]);

/** What did not go well, and what was not begun. */
export const problemsOf = (tx: ReadTx, transferId: string, most: number) =>
  tx.rows(
    `SELECT study_instance_uid, sop_instance_uid, outcome, code, status, comment FROM dicom_transfer_items
     WHERE transfer_id = $1 AND outcome IN ('FAILED', 'WARNING') ORDER BY place LIMIT $2`,
    [transferId, most],
  );

/** Those that ended long ago. */
export const pruneTransfers = (tx: Tx, before: Date): Promise<number> =>
  tx.run('DELETE FROM dicom_transfers WHERE ended_at < $1', [before]);
