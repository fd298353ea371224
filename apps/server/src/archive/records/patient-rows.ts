import type { Patient } from '@negatoscope/contract';
import { isKnownCode } from '@negatoscope/dicom';
import { type Actor, isForReading, seesIdentity } from '../../access/index.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import { inScope } from '../in-scope.ts';

export const PATIENT_COLUMNS = `p.id, p.record_number, p.external_id, p.family_name, p.given_name, p.birth_date, p.sex, p.phone, p.address, p.status,
  p.identity_status, p.text_uncertain, p.group_id, p.study_count, p.last_study_at, p.modalities, p.created_at, p.updated_at`;
/** Neither in the trash nor merged into another. */
export const LIVE = 'p.deleted_at IS NULL AND p.merged_into IS NULL';
/** A patient of a scope by id. */
export const PATIENT_BY_ID =
  `SELECT ${PATIENT_COLUMNS} FROM patients p WHERE p.id = $1 AND ${LIVE} AND ${inScope('patients', 'p', 2)}` as const;
export type PatientRow = RowOf<typeof PATIENT_BY_ID>;

/** The patient as the API shows them; to who sees no identities the record number stands in place of everything that names a person. */
export function patientOf(row: PatientRow, actor: Actor): Patient {
  const identity = seesIdentity(actor);
  return {
    id: row.id,
    recordNumber: row.record_number,
    externalId: identity ? row.external_id : null,
    lastName: identity ? row.family_name : row.record_number,
    firstName: identity ? row.given_name : '',
    birthDate: identity ? row.birth_date : null,
    sex: row.sex,
    phone: identity ? row.phone : null,
    address: identity ? row.address : null,
    status: row.status,
    identityStatus: row.identity_status,
    textUncertain: identity && row.text_uncertain,
    groupId: row.group_id,
    ...(isForReading(actor, row.group_id) ? { onlyReads: true } : {}),
    studyCount: row.study_count,
    lastStudyAt: row.last_study_at,
    modalities: identity ? row.modalities : row.modalities.filter(isKnownCode),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
