import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { unmergeRows } from '../merged-rows.ts';
import { refreshPatients } from '../records/patients.ts';
import { namePartsOf } from '../records/study-rows.ts';
import type { RowKinds } from '../row-kind.ts';
import { notifyStudiesOf } from './merge.ts';

/** A merge as it was noted. */
export type NotedMerge = FoundBy<typeof findMerge>;

export const findMerge = (tx: ReadTx, id: string) =>
  tx.first(
    'SELECT id, group_id, from_patient_id, into_patient_id, moved, merged_at, undone_at FROM patient_merges WHERE id = $1',
    [id],
  );

/** The last merges into a patient, the latest first. */
export const findMerges = (tx: ReadTx, patientId: string) =>
  tx.rows(
    `SELECT m.id, f.id AS from_id, f.record_number, f.family_name, f.given_name, (${namePartsOf('m.merged_by')}) AS by, m.merged_at, m.undone_at
     FROM patient_merges m JOIN patients f ON f.id = m.from_patient_id WHERE m.into_patient_id = $1 ORDER BY m.id DESC LIMIT 50`,
    [patientId],
  );

/**
 * Whether a merge can still be undone; the locks of both patients are held. `stands`: the record is merged into that patient still, who is merged into
 * nobody and not in the trash. `has_moved`: a study of it is somebody else's meanwhile, also in a group that the actor does not see.
 */
export const mergeState = (tx: ReadTx, { from_patient_id: from, into_patient_id: into, moved }: NotedMerge) =>
  tx.first(
    `SELECT EXISTS (SELECT FROM patients f JOIN patients i ON i.id = f.merged_into
         WHERE f.id = $1 AND i.id = $2 AND i.merged_into IS NULL AND i.deleted_at IS NULL AND i.group_id IS NOT DISTINCT FROM f.group_id) AS stands,
       ng_is_of_another($3::uuid[], $2) AS has_moved`,
    [from, into, moved.studies],
  );

/** Takes a merge back: studies, identifiers and all that hung there are where they were. What came since stays. */
export async function undoMerge(
  tx: Tx,
  kinds: RowKinds,
  { merge, actorId, now }: { merge: NotedMerge; actorId: string; now: Date },
): Promise<void> {
  const { from_patient_id: from, into_patient_id: into, moved } = merge;
  await tx.rows('SELECT id FROM studies WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE', [moved.studies]);
  await tx.run('UPDATE studies SET patient_id = $2, updated_at = now() WHERE id = ANY($1::uuid[])', [moved.studies, from]);
  await tx.run(
    `DELETE FROM patient_identifiers i USING jsonb_to_recordset($2::jsonb) AS r(issuer text, value text)
     WHERE i.patient_id = $1 AND i.issuer = r.issuer AND i.value = r.value`,
    [into, JSON.stringify(moved.identifiers)],
  );
  await unmergeRows(tx, kinds, { from, into, rows: moved.rows });
  await tx.run('UPDATE patients SET suspect_id = $2 WHERE id = ANY($1::uuid[]) AND suspect_id = $3', [
    moved.suspects,
    from,
    into,
  ]);
  await tx.run('UPDATE patients SET merged_into = $2 WHERE id = ANY($1::uuid[]) AND merged_into = $3', [
    moved.pointers,
    from,
    into,
  ]);
  const { identityStatus, suspectId } = moved.before;
  await tx.run(
    `UPDATE patients SET merged_into = NULL, deleted_at = NULL, identity_status = $2, suspect_id = (SELECT o.id FROM patients o WHERE o.id = $3::uuid), updated_at = now()
     WHERE id = $1`,
    [from, identityStatus, suspectId],
  );
  await refreshPatients(tx, [from, into]);
  await tx.run('UPDATE patient_merges SET undone_by = $2, undone_at = $3 WHERE id = $1', [merge.id, actorId, now]);
  await notifyStudiesOf(tx, [from, into]);
}
