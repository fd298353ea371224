import type { ReadTx } from '../../platform/db/database.ts';
import { isPersonal } from '../partitions.ts';
import { storableText } from '../search/index-list.ts';
import { LIVE } from './patient-rows.ts';

/** One more than may be meant. */
const MOST = 6;

/**
 * Patients with exactly this identifier or record number and this birth date, and studies, in the groups that people manage; each with the newest study.
 * Nothing where there are more than five: that is nobody's identifier.
 */
export async function findExactly(tx: ReadTx, identifier: string, birthDate: string) {
  const rows = await tx.rows(
    `SELECT p.id, p.group_id, s.id AS study_id FROM patients p
     CROSS JOIN LATERAL (SELECT t.id FROM studies t WHERE t.patient_id = p.id AND t.deleted_at IS NULL ORDER BY t.received_at DESC, t.id DESC LIMIT 1) s
     WHERE ${LIVE} AND p.birth_date = $2::date AND NOT ${isPersonal('p.group_id')}
       AND (p.record_number = $1 OR p.external_id = $1 OR EXISTS (SELECT FROM patient_identifiers i WHERE i.patient_id = p.id AND i.value = $1))
     ORDER BY p.id LIMIT ${MOST}`,
    [storableText(identifier), birthDate],
  );
  return rows.length === MOST ? [] : rows;
}

/** The studies of these patients that are not in the trash. */
export const studiesOfPatients = (tx: ReadTx, patientIds: readonly string[]) =>
  tx.rows('SELECT id, patient_id FROM studies WHERE patient_id = ANY ($1::uuid[]) AND deleted_at IS NULL ORDER BY id', [
    patientIds,
  ]);

/** What these patients are called. */
export const namesOfPatients = (tx: ReadTx, ids: readonly string[]) =>
  tx.rows('SELECT id, family_name, given_name, record_number FROM patients WHERE id = ANY ($1::uuid[])', [ids]);
