import { hasArm, idsOf, ownOf, type Scope } from '../../access/scope.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { movePatientRows } from '../kinds.ts';
import { notifySeries } from '../notify.ts';
import type { RowKinds } from '../row-kind.ts';

/**
 * What was imported by people who don't see identities stands in partitions of their own and waits for somebody who does: whoever sees the group of
 * the importer. `p` is the patient, `g` the partition; the parameters of the scope are $1 to $3.
 */
export const HELD = `patients p JOIN groups g ON g.id = p.group_id AND g.is_personal
  WHERE p.deleted_at IS NULL AND p.merged_into IS NULL
    AND ($1::boolean OR g.home_id = ANY ($2::uuid[]) OR (g.home_id IS NULL AND $3::boolean))`;

export const heldScope = (scope: Scope): [all: boolean, homes: string[], ungrouped: boolean] => [
  hasArm(scope, 'all'),
  [...idsOf(scope, 'group')],
  hasArm(scope, 'ungrouped'),
];

/**
 * The scope of who reviews what is held: their own, and the own one of those who import into a group of it: their partitions and the reports of their imports. Nothing else of other people is in sight, in
 * the database either.
 */
export async function reviewScope(tx: ReadTx, scope: Scope): Promise<Scope> {
  if (hasArm(scope, 'all')) return scope;
  const rows = await tx.rows(
    'SELECT id FROM groups WHERE is_personal AND (home_id = ANY ($1::uuid[]) OR (home_id IS NULL AND $2::boolean))',
    [[...idsOf(scope, 'group')], hasArm(scope, 'ungrouped')],
    'held-partitions',
  );
  return [...scope, ...rows.map(({ id }) => ownOf(id))];
}

/** The record in the importer's group that the images may belong to: of the same study, else of the same Patient ID. */
export const HELD_SUSPECT = `(SELECT coalesce(o.merged_into, o.id) FROM (
    SELECT 1 AS rank, os.patient_id AS id FROM studies hs JOIN studies os ON os.study_instance_uid = hs.study_instance_uid
      WHERE hs.patient_id = p.id AND os.group_id IS NOT DISTINCT FROM g.home_id
    UNION ALL
    SELECT 2, oi.patient_id FROM patient_identifiers hi JOIN patient_identifiers oi ON oi.value = hi.value
      WHERE hi.patient_id = p.id AND oi.group_id IS NOT DISTINCT FROM g.home_id) found
  JOIN patients o ON o.id = found.id ORDER BY found.rank, o.id LIMIT 1)`;

/** `home`: where it is filed: the importer's group. */
export type HeldPatient = FoundBy<typeof findHeld>;

/** A held patient of a scope, or undefined. */
export const findHeld = (tx: ReadTx, scope: Scope, id: string) =>
  tx.first(`SELECT p.id, p.group_id, g.home_id AS home, ${HELD_SUSPECT} AS suspect_id FROM ${HELD} AND p.id = $4`, [
    ...heldScope(scope),
    id,
  ]);

/** All instances of the patient where a study or an instance of the same UID is in the group already, none otherwise. */
export const rowsInTheWay = (tx: ReadTx, { id, home }: HeldPatient) =>
  tx.rows(
    `WITH held AS (SELECT i.id, i.size_bytes, i.file_sha256, i.sop_instance_uid, t.study_instance_uid
       FROM studies t JOIN series s ON s.study_id = t.id JOIN instances i ON i.series_id = s.id WHERE t.patient_id = $1)
     SELECT id, size_bytes, file_sha256 FROM held WHERE EXISTS (
       SELECT FROM held h WHERE EXISTS (SELECT FROM studies o WHERE o.study_instance_uid = h.study_instance_uid AND o.group_id IS NOT DISTINCT FROM $2::uuid)
         OR EXISTS (SELECT FROM instances o WHERE o.sop_instance_uid = h.sop_instance_uid AND o.group_id IS NOT DISTINCT FROM $2::uuid))
     ORDER BY id`,
    [id, home],
  );

/** Locks the row of a held patient. */
export const lockHeld = (tx: Tx, { id }: HeldPatient): Promise<object[]> =>
  tx.rows('SELECT id FROM patients WHERE id = $1 FOR UPDATE', [id]);

/** Locks the record of the importer's group that it may be filed into; false when there is none. */
export const lockRecordToFileInto = async (tx: Tx, held: HeldPatient, id: string): Promise<boolean> =>
  (await tx.first(
    `SELECT id FROM patients WHERE id = $1 AND group_id IS NOT DISTINCT FROM $2::uuid AND deleted_at IS NULL AND merged_into IS NULL FOR UPDATE`,
    [id, held.home],
  )) !== undefined;

/** Whether an instance of these studies was replaced: then there is an old version, which belongs to rows that are here. */
const hasVersions = async (tx: ReadTx, series: readonly string[]): Promise<boolean> =>
  (await tx.first('SELECT 1 FROM instance_versions WHERE series_id = ANY($1::uuid[]) LIMIT 1', [series])) !== undefined;

/**
 * Takes the studies of a held patient away, whose files are decided anew; the patient stands in the group then, without studies. False, and
 * nothing is done, when an instance was replaced meanwhile. Conflicts among the importer's own files are of no study then.
 */
export async function takeStudiesAway(tx: Tx, kinds: RowKinds, { id, home }: HeldPatient): Promise<boolean> {
  const studies = await tx.rows('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR UPDATE', [id]);
  const ids = studies.map((study) => study.id);
  const series = await tx.rows('SELECT id, study_id AS "studyId" FROM series WHERE study_id = ANY($1::uuid[])', [ids]);
  const seriesIds = series.map((one) => one.id);
  if (await hasVersions(tx, seriesIds)) return false;
  await tx.run('UPDATE conflicts SET study_id = NULL WHERE study_id = ANY($1::uuid[])', [ids]);
  await tx.run('DELETE FROM instances WHERE series_id = ANY($1::uuid[])', [seriesIds]);
  await tx.run('DELETE FROM series WHERE study_id = ANY($1::uuid[])', [ids]);
  await tx.run('DELETE FROM studies WHERE id = ANY($1::uuid[])', [ids]);
  await movePatientRows(tx, kinds, id, home);
  await notifySeries(tx, series);
  return true;
}
