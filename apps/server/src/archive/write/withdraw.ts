import type { Tx } from '../../platform/db/database.ts';
import { refreshPatients } from '../records/patients.ts';
import { dropEmptySeries, takeOut } from './replace.ts';

interface Place {
  readonly studyId: string;
  readonly patientId: string;
}

/**
 * Takes instances that the server itself has made out of a study, which the caller holds with its patient: what nobody stands for any more is no part of the record. Gives the ids of their objects, which
 * nothing names once this is committed.
 */
export async function withdrawInstances(
  tx: Tx,
  { studyId, patientId }: Place,
  sopInstanceUids: readonly string[],
): Promise<string[]> {
  const rows = await tx.rows(
    `SELECT i.id, i.series_id AS "seriesId", e.study_id AS "studyId", i.size_bytes AS "sizeBytes"
     FROM instances i JOIN series e ON e.id = i.series_id WHERE e.study_id = $1 AND i.sop_instance_uid = ANY($2::text[]) ORDER BY i.id`,
    [studyId, sopInstanceUids],
  );
  for (const row of rows) {
    await takeOut(tx, row);
    await dropEmptySeries(tx, row);
  }
  if (rows.length > 0) await refreshPatients(tx, [patientId]);
  return rows.map(({ id }) => id);
}
