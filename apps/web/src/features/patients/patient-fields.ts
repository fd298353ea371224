import type { Patient } from '@negatoscope/contract';

export interface PatientFields {
  readonly lastName: string;
  readonly firstName: string;
  readonly birthDate: string;
  readonly sex: Patient['sex'];
  readonly externalId: string;
  readonly phone: string;
  readonly address: string;
}
export const PATIENT_FIELDS = [
  'lastName',
  'firstName',
  'birthDate',
  'sex',
  'externalId',
  'phone',
  'address',
] as const satisfies readonly (keyof PatientFields)[];
export const EMPTY_PATIENT: PatientFields = {
  lastName: '',
  firstName: '',
  birthDate: '',
  sex: 'U',
  externalId: '',
  phone: '',
  address: '',
};

export function fieldsOf(patient: Patient): PatientFields {
  return {
    lastName: patient.lastName,
    firstName: patient.firstName,
    birthDate: patient.birthDate ?? '',
    sex: patient.sex,
    externalId: patient.externalId ?? '',
    phone: patient.phone ?? '',
    address: patient.address ?? '',
  };
}
const orNull = (value: string): string | null => (value.trim() === '' ? null : value.trim());
/** The body of a request: empty texts are unknown values. */
export function bodyOf(fields: PatientFields) {
  return {
    lastName: fields.lastName.trim(),
    firstName: fields.firstName.trim(),
    birthDate: orNull(fields.birthDate),
    sex: fields.sex,
    externalId: orNull(fields.externalId),
    phone: orNull(fields.phone),
    address: orNull(fields.address),
  };
}
/** The fields that differ between two readings of one record. */
export const changedFields = (before: PatientFields, after: PatientFields): (keyof PatientFields)[] =>
  PATIENT_FIELDS.filter((field) => before[field].trim() !== after[field].trim());
