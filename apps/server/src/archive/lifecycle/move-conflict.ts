import type { ReadTx } from '../../platform/db/database.ts';

/** Whether a partition has a study or instance of the same UID as one of this patient's: then the patient can't go there. */
export async function isTakenThere(tx: ReadTx, patientId: string, groupId: string | null): Promise<boolean> {
  const row = await tx.first(
    `SELECT EXISTS (SELECT FROM studies s JOIN studies o ON o.study_instance_uid = s.study_instance_uid AND o.id <> s.id
         WHERE s.patient_id = $1 AND o.patient_id <> $1 AND o.group_id IS NOT DISTINCT FROM $2::uuid) AS is_taken`,
    [patientId, groupId],
  );
  return row?.is_taken === true;
}
