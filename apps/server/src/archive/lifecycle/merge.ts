import type { Tx } from '../../platform/db/database.ts';
import { mergeRows, type RowKinds } from '../kinds.ts';
import { notifySeries } from '../notify.ts';
import { refreshPatients } from '../records/patients.ts';

/**
 * Moves the studies of a patient to another of the same partition, with identifiers and all that hangs there; its row stays as a pointer. The
 * caller holds both rows' locks. Gives the ids of these studies.
 */
export async function mergePatients(tx: Tx, kinds: RowKinds, from: string, into: string): Promise<ReadonlySet<string>> {
  const moved = await tx.rows('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR NO KEY UPDATE', [from]);
  await tx.run(
    `INSERT INTO patient_identifiers (patient_id, group_id, issuer, value)
     SELECT $2::uuid, group_id, issuer, value FROM patient_identifiers WHERE patient_id = $1 ON CONFLICT DO NOTHING`,
    [from, into],
  );
  await tx.run('UPDATE studies SET patient_id = $2, updated_at = now() WHERE patient_id = $1', [from, into]);
  await mergeRows(tx, kinds, from, into);
  await tx.run('UPDATE patients SET suspect_id = $2 WHERE suspect_id = $1 AND id <> $2', [from, into]);
  await tx.run('UPDATE patients SET merged_into = $2 WHERE merged_into = $1', [from, into]);
  await tx.run(
    "UPDATE patients SET merged_into = $2, deleted_at = now(), identity_status = 'CONFIRMED', suspect_id = NULL, study_count = 0, updated_at = now() WHERE id = $1",
    [from, into],
  );
  await refreshPatients(tx, [into]);
  const series = await tx.rows(
    'SELECT s.id, s.study_id AS "studyId" FROM series s JOIN studies st ON st.id = s.study_id WHERE st.patient_id = $1',
    [into],
  );
  await notifySeries(tx, series);
  return new Set(moved.map(({ id }) => id));
}

/** A patient who waited for the identity review is somebody of their own. */
export const confirmPatient = (tx: Tx, id: string): Promise<number> =>
  tx.run("UPDATE patients SET identity_status = 'CONFIRMED', suspect_id = NULL, updated_at = now() WHERE id = $1", [id]);

export interface LockedPatient {
  readonly id: string;
  readonly group_id: string | null;
  readonly identity_status: string;
  readonly suspect_id: string | null;
  readonly merged_into: string | null;
  readonly deleted: boolean;
}

/** Patients by their ids, locked in one order. */
export async function lockPatients(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, LockedPatient>> {
  const rows = await tx.rows(
    `SELECT id, group_id, identity_status, suspect_id, merged_into, deleted_at IS NOT NULL AS deleted FROM patients
     WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
