import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { purgeRows } from '../kinds.ts';
import type { RowKinds } from '../row-kind.ts';

/** Studies and patients at a time. */
const DUE = 10_000;

/** Studies that went to the trash before then, the longest there first; what is held stays there. */
export async function dueStudies(tx: ReadTx, before: Date): Promise<string[]> {
  const rows = await tx.rows(
    'SELECT id FROM studies s WHERE s.deleted_at < $1 AND NOT ng_is_held(s.patient_id, s.id) ORDER BY s.deleted_at LIMIT $2',
    [before, DUE],
  );
  return rows.map(({ id }) => id);
}

/** Patients that went to the trash before then; a merged one is a pointer and stays. */
export async function duePatients(tx: ReadTx, before: Date): Promise<string[]> {
  const rows = await tx.rows(
    'SELECT id FROM patients p WHERE p.deleted_at < $1 AND p.merged_into IS NULL AND NOT ng_has_held(p.id) ORDER BY p.deleted_at LIMIT $2',
    [before, DUE],
  );
  return rows.map(({ id }) => id);
}

export interface PurgedStudy {
  readonly patientId: string;
  readonly groupId: string | null;
  /** Ids of the objects that nothing points to any more. */
  readonly objects: readonly string[];
}

/** Removes the rows of a study and what hangs there; undefined when it was restored meanwhile. */
export async function purgeStudy(tx: Tx, kinds: RowKinds, id: string, before: Date): Promise<PurgedStudy | undefined> {
  const study = await tx.first(
    'SELECT patient_id, group_id FROM studies s WHERE s.id = $1 AND s.deleted_at < $2 AND NOT ng_is_held(s.patient_id, s.id) FOR UPDATE',
    [id, before],
  );
  if (study === undefined) return undefined;
  const objects = await purgeRows(tx, kinds, 'study', id);
  const instances = await tx.rows(
    'DELETE FROM instances WHERE series_id IN (SELECT id FROM series WHERE study_id = $1) RETURNING id',
    [id],
  );
  const series = await tx.rows('DELETE FROM series WHERE study_id = $1 RETURNING metadata_object AS id', [id]);
  await tx.run('DELETE FROM studies WHERE id = $1', [id]);
  for (const row of [...instances, ...series]) if (row.id !== null) objects.push(row.id);
  return { patientId: study.patient_id, groupId: study.group_id, objects };
}

export interface PurgedPatient {
  readonly groupId: string | null;
  readonly objects: readonly string[];
}

/** A patient goes when no study is left and no other record points to this one; undefined when that is not so. */
export async function purgePatient(tx: Tx, kinds: RowKinds, id: string, before: Date): Promise<PurgedPatient | undefined> {
  const patient = await tx.first(
    `SELECT group_id FROM patients p WHERE id = $1 AND deleted_at < $2 AND NOT EXISTS (SELECT FROM studies WHERE patient_id = p.id)
       AND NOT EXISTS (SELECT FROM patients o WHERE o.merged_into = p.id) FOR UPDATE`,
    [id, before],
  );
  if (patient === undefined) return undefined;
  await tx.run('UPDATE patients SET suspect_id = NULL WHERE suspect_id = $1', [id]);
  const objects = await purgeRows(tx, kinds, 'patient', id);
  await tx.run('DELETE FROM patients WHERE id = $1', [id]);
  return { groupId: patient.group_id, objects };
}
