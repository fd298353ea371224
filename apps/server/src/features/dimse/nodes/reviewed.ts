import type { ReadTx } from '../../../platform/db/database.ts';

/** Each known node with what it may do in its group (null: in none), as a review of access tells of it. */
export async function reviewedNodes(tx: ReadTx) {
  const rows = await tx.rows(
    `SELECT id, name, ae_title, group_id, may_store, may_query, may_retrieve, may_worklist, may_be_asked, takes_studies, created_at, last_seen_at
     FROM dicom_nodes WHERE removed_at IS NULL ORDER BY lower(name), id`,
  );
  return rows.map((row) => ({
    ...{ id: row.id, name: row.name, aeTitle: row.ae_title, groupId: row.group_id },
    rights: [
      ...(row.may_store ? (['STORE'] as const) : []),
      ...(row.may_query ? (['QUERY'] as const) : []),
      ...(row.may_retrieve ? (['RETRIEVE'] as const) : []),
      ...(row.may_worklist ? (['WORKLIST'] as const) : []),
      ...(row.may_be_asked ? (['IS_ASKED'] as const) : []),
      ...(row.takes_studies ? (['IS_SENT'] as const) : []),
    ],
    ...{ createdAt: row.created_at, lastSeenAt: row.last_seen_at },
  }));
}
