import type { BodyOf, updatePatient } from '@negatoscope/contract';
import type { PatientRow } from '../../archive/records/patient-rows.ts';
import { EDITABLE_FIELDS, type EditableField } from '../../archive/records/patients.ts';
import { requireDate, requireText } from './fields.ts';

export const orNull = (value: string | null | undefined): string | null => (value === undefined || value === '' ? null : value);

/** The columns whose values really change. */
export function changesOf(body: BodyOf<typeof updatePatient>, before: PatientRow): Partial<Record<EditableField, string | null>> {
  const present: Record<EditableField, string | null> = {
    lastName: before.family_name,
    firstName: before.given_name,
    birthDate: before.birth_date,
    sex: before.sex,
    phone: before.phone,
    address: before.address,
    externalId: before.external_id,
    status: before.status,
  };
  const nullable = new Set<EditableField>(['phone', 'address', 'externalId']);
  const changes: Partial<Record<EditableField, string | null>> = {};
  for (const field of EDITABLE_FIELDS) {
    const given = body[field];
    if (given === undefined) continue;
    requireText(field, given);
    if (field === 'birthDate') requireDate(field, given);
    // "TO_READ" only takes a record out of the archive; on any other it changes nothing.
    if (field === 'status' && given === 'TO_READ' && before.status !== 'ARCHIVED') continue;
    const value = nullable.has(field) ? orNull(given) : given;
    if (value !== present[field]) changes[field] = value;
  }
  return changes;
}
