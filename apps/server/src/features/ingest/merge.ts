import type { Tx } from '../../platform/db/database.ts';
import { notify } from './batch.ts';

/** Moves the studies of a patient to another of the same partition, with identifiers and reports; its row stays as a pointer. The caller holds both rows' locks. */
export async function mergePatients(tx: Tx, from: string, into: string): Promise<void> {
  await tx.rows('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR NO KEY UPDATE', [from]);
  await tx.run(
    `INSERT INTO patient_identifiers (patient_id, group_id, issuer, value)
     SELECT $2::uuid, group_id, issuer, value FROM patient_identifiers WHERE patient_id = $1 ON CONFLICT DO NOTHING`,
    [from, into],
  );
  await tx.run('UPDATE studies SET patient_id = $2, updated_at = now() WHERE patient_id = $1', [from, into]);
  await tx.run('UPDATE imports SET patient_id = $2 WHERE patient_id = $1', [from, into]);
  await tx.run('UPDATE import_files SET patient_id = $2 WHERE patient_id = $1', [from, into]);
  await tx.run('UPDATE patients SET suspect_id = $2 WHERE suspect_id = $1 AND id <> $2', [from, into]);
  await tx.run('UPDATE patients SET merged_into = $2 WHERE merged_into = $1', [from, into]);
  await tx.run(
    "UPDATE patients SET merged_into = $2, deleted_at = now(), identity_status = 'CONFIRMED', suspect_id = NULL, study_count = 0, updated_at = now() WHERE id = $1",
    [from, into],
  );
  await tx.run('SELECT ng_refresh_patients($1::uuid[])', [[into]]);
  const series = await tx.rows<{ id: string; studyId: string }>(
    'SELECT s.id, s.study_id AS "studyId" FROM series s JOIN studies st ON st.id = s.study_id WHERE st.patient_id = $1',
    [into],
  );
  await notify(tx, series);
}
