import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { refreshPatients } from '../records/patients.ts';
import { inGroup } from './in-group.ts';
import { dropEmptySeries, takeOut } from './replace.ts';

interface Place {
  readonly studyId: string;
  readonly patientId: string;
}

/**
 * Takes instances that the server itself has made out of a study, which the caller holds with its patient: what nobody stands for any more is no part of the record, and does not become one again by a copy that is
 * imported. Gives the ids of their objects, which nothing names once this is committed.
 */
export async function withdrawInstances(
  tx: Tx,
  { studyId, patientId }: Place,
  sopInstanceUids: readonly string[],
): Promise<string[]> {
  await tx.run(
    `INSERT INTO withdrawn_instances (sop_instance_uid, group_id, study_id, withdrawn_at)
     SELECT DISTINCT uid, t.group_id, t.id, now() FROM studies t CROSS JOIN unnest($2::text[]) AS uid WHERE t.id = $1 ON CONFLICT DO NOTHING`,
    [studyId, sopInstanceUids],
  );
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

/** Of these instances those that were withdrawn from a partition. */
export async function findWithdrawn(
  tx: ReadTx,
  sopInstanceUids: readonly string[],
  groupId: string | null,
): Promise<ReadonlySet<string>> {
  const { where, kind } = inGroup('w.group_id', groupId, 2);
  const rows = await tx.rows(
    `SELECT w.sop_instance_uid FROM withdrawn_instances w WHERE w.sop_instance_uid = ANY($1::text[]) AND ${where}`,
    [sopInstanceUids, groupId],
    `ingest-withdrawn${kind}`,
  );
  return new Set(rows.map(({ sop_instance_uid }) => sop_instance_uid));
}
