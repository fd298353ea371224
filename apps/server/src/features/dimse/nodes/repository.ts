import type { NodeBody } from '@negatoscope/contract';
import type { ReadTx, Tx } from '../../../platform/db/database.ts';
import { type FoundBy, statement } from '../../../platform/db/statements.ts';

const COLUMNS =
  'id, name, ae_title, host, port, may_store, may_query, may_retrieve, may_worklist, may_be_asked, takes_studies, uses_tls, tls_fingerprint, group_id, version, last_seen_at, updated_at';

export type NodeRow = FoundBy<typeof findNode>;

const NODE_BY_ID = `SELECT ${COLUMNS} FROM dicom_nodes WHERE id = $1 AND removed_at IS NULL` as const;

/** One that was not taken away: asked for with each instance that is sent, so it is prepared. */
export const nodeById = (id: string) => statement(NODE_BY_ID, [id], 'dicom-node');

export const findNode = (tx: ReadTx, id: string) => tx.first(nodeById(id));

export const findNodes = (tx: ReadTx): Promise<NodeRow[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM dicom_nodes WHERE removed_at IS NULL ORDER BY lower(name), id`);

/** Several may have the same title at different addresses. */
export const findByTitle = (tx: ReadTx, aeTitle: string): Promise<NodeRow[]> =>
  tx.rows(`SELECT ${COLUMNS} FROM dicom_nodes WHERE ae_title = $1 AND removed_at IS NULL ORDER BY id`, [aeTitle]);

/** Titles of the devices of a group that have a worklist: a film is asked of whichever of them is free. */
export const findWorklistTitles = (tx: ReadTx, groupId: string | null) =>
  tx.rows(
    'SELECT DISTINCT ae_title FROM dicom_nodes WHERE may_worklist AND removed_at IS NULL AND group_id IS NOT DISTINCT FROM $1::uuid ORDER BY ae_title',
    [groupId],
  );

/** Not more often than once in ten seconds: a scanner may associate for each image. */
export const noteSeen = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run(
    `UPDATE dicom_nodes SET last_seen_at = $2::timestamptz
     WHERE id = $1 AND (last_seen_at IS NULL OR last_seen_at < $2::timestamptz - interval '10 seconds')`,
    [id, now],
  );

interface Written extends NodeBody {
  readonly id: string;
  readonly now: Date;
}

const valuesOf = (node: NodeBody) =>
  [
    ...([node.name, node.aeTitle, node.host, node.port, node.mayStore, node.mayQuery, node.mayRetrieve] as const),
    ...([node.mayWorklist, node.mayBeAsked, node.takesStudies, node.usesTls, node.tlsFingerprint, node.groupId] as const),
  ] as const;

export const insertNode = (tx: Tx, node: Written) =>
  tx.first(
    `INSERT INTO dicom_nodes (id, name, ae_title, host, port, may_store, may_query, may_retrieve, may_worklist, may_be_asked, takes_studies,
       uses_tls, tls_fingerprint, group_id, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15) RETURNING ${COLUMNS}`,
    [node.id, ...valuesOf(node), node.now],
  );

/** Nothing where it was changed since that version. */
export const updateNode = (tx: Tx, node: Written & { readonly version: number }) =>
  tx.first(
    `UPDATE dicom_nodes SET name = $2, ae_title = $3, host = $4, port = $5, may_store = $6, may_query = $7, may_retrieve = $8, may_worklist = $9,
       may_be_asked = $10, takes_studies = $11, uses_tls = $12, tls_fingerprint = $13, group_id = $14, updated_at = $15, version = version + 1
     WHERE id = $1 AND version = $16 AND removed_at IS NULL RETURNING ${COLUMNS}`,
    [node.id, ...valuesOf(node), node.now, node.version],
  );

export const removeNode = (tx: Tx, id: string, now: Date) =>
  tx.first(`UPDATE dicom_nodes SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL RETURNING ${COLUMNS}`, [id, now]);

export const restoreNode = (tx: Tx, id: string, now: Date) =>
  tx.first(
    `UPDATE dicom_nodes SET removed_at = NULL, updated_at = $2, version = version + 1 WHERE id = $1 AND removed_at IS NOT NULL RETURNING ${COLUMNS}`,
    [id, now],
  );
