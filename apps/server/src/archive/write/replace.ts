import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { storedJson } from '../metadata/stored.ts';
import { notifySeries } from '../notify.ts';

/** The instance that has a UID in a partition. */
export const findHolder = (tx: ReadTx, sopInstanceUid: string, groupId: string | null): Promise<{ id: string } | undefined> =>
  tx.first('SELECT id FROM instances WHERE sop_instance_uid = $1 AND group_id IS NOT DISTINCT FROM $2::uuid', [
    sopInstanceUid,
    groupId,
  ]);

/**
 * Turns an instance's row into an old version, which another takes the place of, and takes it out of the counts. Its object stays. False when
 * it is gone.
 */
export async function retireInstance(
  tx: Tx,
  objects: ObjectStore,
  { oldId, newId }: { oldId: string; newId: string },
): Promise<boolean> {
  const old = await tx.first(
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
  await takeOut(tx, { id: oldId, seriesId: old.series_id, studyId: old.study_id, sizeBytes: old.size_bytes });
  return true;
}

/** An instance and where it stands. */
export type PlacedInstance = FoundBy<typeof findPlaced>;

/** Deletes an instance's row and takes it out of the counts. Its object stays. */
export async function takeOut(tx: Tx, placed: PlacedInstance): Promise<void> {
  await tx.run('DELETE FROM instances WHERE id = $1', [placed.id]);
  await count(tx, placed, -1);
}

/** Counts an instance of a series in (1) or out (-1), and tells every process that the series has changed. */
async function count(tx: Tx, { seriesId, studyId, sizeBytes }: PlacedInstance, by: 1 | -1): Promise<void> {
  await tx.run(
    'UPDATE studies SET instance_count = instance_count + $2, size_bytes = size_bytes + $3, updated_at = now() WHERE id = $1',
    [studyId, by, by * sizeBytes],
  );
  await tx.run(
    'UPDATE series SET instance_count = instance_count + $2, size_bytes = size_bytes + $3, version = version + 1, updated_at = now() WHERE id = $1',
    [seriesId, by, by * sizeBytes],
  );
  await notifySeries(tx, [{ id: seriesId, studyId }]);
}

/** An instance of the scope and where it stands; undefined when it was replaced, or is gone. */
export const findPlaced = (tx: ReadTx, id: string) =>
  tx.first(
    `SELECT i.id, i.series_id AS "seriesId", s.study_id AS "studyId", i.size_bytes AS "sizeBytes"
     FROM instances i JOIN series s ON s.id = i.series_id WHERE i.id = $1`,
    [id],
  );

/** The old version that an instance took the place of. */
export interface OldVersion extends PlacedInstance {
  readonly fileSha256: Buffer;
  /** Raw deflate of its DICOM JSON. */
  readonly json: Buffer | null;
}

/** A value that stands in JSON of the database, where it always is. Fails with BrokenInvariant where it is missing. */
export function keptValue<T>(value: T | null): T {
  if (value === null) throw new BrokenInvariant('JSON of the database lacks a value that is always there.');
  return value;
}

export async function findVersion(tx: ReadTx, replacedBy: string): Promise<OldVersion | undefined> {
  const row = await tx.first(
    `SELECT v.id, v.series_id AS "seriesId", s.study_id AS "studyId", (v.row->>'size_bytes')::bigint AS "sizeBytes",
       decode(substr(v.row->>'file_sha256', 3), 'hex') AS "fileSha256", v.json
     FROM instance_versions v JOIN series s ON s.id = v.series_id WHERE v.replaced_by = $1`,
    [replacedBy],
  );
  return row && { ...row, sizeBytes: keptValue(row.sizeBytes), fileSha256: keptValue(row.fileSha256) };
}

/** An old version becomes the instance again, in the partition where its series is now; conflicts that name the other one name it. */
export async function restoreVersion(tx: Tx, version: OldVersion, json: Buffer, instead: string): Promise<void> {
  // A column that is younger than the version has its default.
  await tx.run(
    `INSERT INTO instances SELECT (jsonb_populate_record(NULL::instances, '{"repairs": 0}'::jsonb || v.row || jsonb_build_object('group_id', v.group_id))).*
     FROM instance_versions v WHERE v.id = $1`,
    [version.id],
  );
  await tx.run(
    'INSERT INTO instance_metadata (instance_id, series_id, group_id, json) SELECT id, series_id, group_id, $2::bytea FROM instances WHERE id = $1',
    [version.id, json],
  );
  await tx.run('DELETE FROM instance_versions WHERE id = $1', [version.id]);
  await tx.run("UPDATE conflicts SET existing_instance_id = $2 WHERE existing_instance_id = $1 AND status IN ('OPEN', 'KEPT')", [
    instead,
    version.id,
  ]);
  await count(tx, version, 1);
}

/** A series goes when no instance, nor an old version of one, is left in it. */
export async function dropEmptySeries(tx: Tx, { seriesId, studyId }: PlacedInstance): Promise<void> {
  const dropped = await tx.first(
    `DELETE FROM series WHERE id = $1 AND NOT EXISTS (SELECT FROM instances WHERE series_id = $1)
       AND NOT EXISTS (SELECT FROM instance_versions WHERE series_id = $1) RETURNING metadata_object`,
    [seriesId],
  );
  if (dropped === undefined) return;
  if (dropped.metadata_object !== null)
    await tx.run('INSERT INTO retired_objects (id) VALUES ($1) ON CONFLICT DO NOTHING', [dropped.metadata_object]);
  await tx.run(
    `UPDATE studies SET series_count = (SELECT count(*) FROM series WHERE study_id = $1), updated_at = now(),
       modalities = (SELECT coalesce(array_agg(DISTINCT modality ORDER BY modality), '{}') FROM series WHERE study_id = $1) WHERE id = $1`,
    [studyId],
  );
}

/** Takes away the mark that the decision about a conflict left on a study: it carries the decision's moment. */
export const clearMarkOf = (tx: Tx, studyId: string, conflictId: string): Promise<number> =>
  tx.run(
    `UPDATE studies SET identity_mismatch = NULL, updated_at = now()
     WHERE id = $1 AND (identity_mismatch->>'at')::timestamptz = (SELECT decided_at FROM conflicts WHERE id = $2)`,
    [studyId, conflictId],
  );
