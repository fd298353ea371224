import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { IndexableInstance } from './received.ts';

/** An instance that waits for a person: what it contradicts, and what stands in its place. */
export interface KeptAside {
  readonly staged: IndexableInstance;
  readonly reason: 'SAME_UID_OTHER_CONTENT' | 'STUDY_PATIENT_MISMATCH';
  readonly studyId: string;
  readonly existingInstanceId: string | null;
}

/** Keeps instances aside; one that waits, or was decided to stay aside, is not kept twice. Gives the ids of the objects that are needed. */
export async function writeConflicts(
  tx: Tx,
  { groupId, importId }: { readonly groupId: string | null; readonly importId: string },
  aside: readonly KeptAside[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const { staged, reason, studyId, existingInstanceId } of aside) {
    const { summary } = staged;
    const row = await tx.first(
      `INSERT INTO conflicts (id, group_id, kind, study_id, existing_instance_id, study_instance_uid, series_instance_uid, sop_instance_uid,
         size_bytes, file_sha256, json, import_id)
       SELECT $1::uuid, $2::uuid, $3, $4::uuid, $5::uuid, $6, $7, $8, $9::bigint, $10::bytea, $11::bytea, $12::uuid
       WHERE NOT EXISTS (SELECT FROM conflicts WHERE sop_instance_uid = $8 AND file_sha256 = $10 AND group_id IS NOT DISTINCT FROM $2::uuid AND status = 'KEPT')
       ON CONFLICT (sop_instance_uid, file_sha256, group_id) WHERE status = 'OPEN' DO NOTHING RETURNING id`,
      [
        staged.draft.id,
        groupId,
        reason,
        studyId,
        existingInstanceId,
        summary.studyInstanceUid,
        summary.seriesInstanceUid,
        summary.sopInstanceUid,
        staged.sizeBytes,
        staged.fileSha256,
        staged.json,
        importId,
      ],
      'ingest-insert-conflict',
    );
    if (row !== undefined) ids.push(row.id);
  }
  return ids;
}

/** What of these very bytes is aside already, decided to stay so or not. */
export const findAside = (
  tx: ReadTx,
  groupId: string | null,
  { summary, fileSha256 }: Pick<IndexableInstance, 'summary' | 'fileSha256'>,
): Promise<{ id: string }[]> =>
  tx.rows(
    `SELECT id FROM conflicts WHERE sop_instance_uid = $1 AND file_sha256 = $2 AND group_id IS NOT DISTINCT FROM $3::uuid AND status IN ('OPEN', 'KEPT')`,
    [summary.sopInstanceUid, fileSha256, groupId],
    'ingest-aside',
  );
