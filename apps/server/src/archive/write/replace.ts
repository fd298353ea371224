import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { storedJson } from '../metadata/stored.ts';
import { notifySeries } from '../notify.ts';

/** The instance that has a UID in a partition. */
export const findHolder = (tx: ReadTx, sopInstanceUid: string, groupId: string | null): Promise<{ id: string } | undefined> =>
  tx.first<{ id: string }>('SELECT id FROM instances WHERE sop_instance_uid = $1 AND group_id IS NOT DISTINCT FROM $2::uuid', [
    sopInstanceUid,
    groupId,
  ]);

interface Retiring {
  readonly id: string;
  readonly series_id: string;
  readonly study_id: string;
  readonly size_bytes: number;
  readonly json: Buffer | null;
  readonly metadata_object: string | null;
}

/**
 * Turns an instance's row into an old version, which another takes the place of, and takes it out of the counts. Its object stays. False when
 * it is gone.
 */
export async function retireInstance(
  tx: Tx,
  objects: ObjectStore,
  { oldId, newId }: { oldId: string; newId: string },
): Promise<boolean> {
  const old = await tx.first<Retiring>(
    `SELECT i.id, i.series_id, s.study_id, i.size_bytes, m.json, s.metadata_object
     FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id WHERE i.id = $1`,
    [oldId],
  );
  if (old === undefined) return false;
  const json = (await storedJson(objects, old)) ?? null;
  await tx.run(
    `INSERT INTO instance_versions (id, group_id, series_id, replaced_by, row, json)
     SELECT i.id, i.group_id, i.series_id, $2::uuid, to_jsonb(i), $3::bytea FROM instances i WHERE i.id = $1`,
    [oldId, newId, json],
  );
  await tx.run('DELETE FROM instances WHERE id = $1', [oldId]);
  await tx.run('UPDATE studies SET instance_count = instance_count - 1, size_bytes = size_bytes - $2 WHERE id = $1', [
    old.study_id,
    old.size_bytes,
  ]);
  await tx.run(
    'UPDATE series SET instance_count = instance_count - 1, size_bytes = size_bytes - $2, version = version + 1, updated_at = now() WHERE id = $1',
    [old.series_id, old.size_bytes],
  );
  await notifySeries(tx, [{ id: old.series_id, studyId: old.study_id }]);
  return true;
}
