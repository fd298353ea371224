import type { BodyOf, knownFiles } from '@negatoscope/contract';
import type { Tx } from '../../platform/db/database.ts';
import { countFiles, insertFiles } from './batch-report.ts';
import type { FileResult, ResolvedTarget } from './types.ts';

/**
 * Which of the named files are stored where this import goes; they are noted as its duplicates and need not be sent. Only that group
 * is looked at: what another holds makes no difference to the answer.
 */
export async function findKnownFiles(
  tx: Tx,
  target: ResolvedTarget,
  files: BodyOf<typeof knownFiles>['files'],
): Promise<string[]> {
  type Row = { sha256: Buffer; sop: string; series: string; study: string; patient_id: string };
  const rows = await tx.rows<Row>(
    `SELECT i.file_sha256 AS sha256, i.sop_instance_uid AS sop, s.series_instance_uid AS series, st.study_instance_uid AS study, st.patient_id
     FROM instances i JOIN series s ON s.id = i.series_id JOIN studies st ON st.id = s.study_id JOIN patients p ON p.id = st.patient_id
     WHERE i.file_sha256 = ANY($1::bytea[]) AND i.group_id IS NOT DISTINCT FROM $2::uuid
       AND st.deleted_at IS NULL AND p.deleted_at IS NULL AND ($3::uuid IS NULL OR st.patient_id = $3::uuid)`,
    [files.map((file) => Buffer.from(file.sha256, 'hex')), target.groupId, target.patientId],
  );
  const known = new Map(rows.map((row) => [row.sha256.toString('hex'), row]));
  const results = files.flatMap((file): FileResult[] => {
    const row = known.get(file.sha256);
    if (row === undefined) return [];
    const { name, sizeBytes, sha256 } = file;
    const ids = {
      studyInstanceUid: row.study,
      seriesInstanceUid: row.series,
      sopInstanceUid: row.sop,
      patientId: row.patient_id,
    };
    return [{ name, outcome: 'duplicate', reason: 'SAME_CONTENT', sizeBytes, sha256, ...ids }];
  });
  if (results.length > 0) {
    await insertFiles(
      tx,
      results.map((result) => ({ importId: target.importId, result })),
    );
    await countFiles(tx, target, results);
  }
  return [...known.keys()];
}
