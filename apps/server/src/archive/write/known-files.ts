import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import type { BatchTarget } from './batch-lookup.ts';
import { inGroup } from './in-group.ts';

/** A stored instance of a file that somebody has. */
export type KnownRow = FoundBy<typeof findKnown>;

/** The instances with one of these hashes, where files of the target go and nothing is in the trash. */
export function findKnown(tx: ReadTx, { groupId, patientId }: BatchTarget, hashes: readonly Buffer[]) {
  const { where } = inGroup('i.group_id', groupId, 2);
  return tx.rows(
    `SELECT i.id, i.size_bytes, i.file_sha256 AS sha256, i.sop_instance_uid AS sop, s.series_instance_uid AS series, st.study_instance_uid AS study, st.patient_id
     FROM instances i JOIN series s ON s.id = i.series_id JOIN studies st ON st.id = s.study_id JOIN patients p ON p.id = st.patient_id
     WHERE i.file_sha256 = ANY($1::bytea[]) AND ${where}
       AND st.deleted_at IS NULL AND p.deleted_at IS NULL AND ($3::uuid IS NULL OR st.patient_id = $3::uuid)`,
    [hashes, groupId, patientId],
  );
}
