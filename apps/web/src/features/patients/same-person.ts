import type { Patient } from '@negatoscope/contract';
import { call } from '../../api/client.ts';
import type { PatientFields } from './patient-fields.ts';

/** The words of a name without accents, case and order, which is how people differ from how they were typed. */
export const nameKey = ({ lastName, firstName }: { lastName: string; firstName: string }): string =>
  `${lastName} ${firstName}`
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .sort()
    .join(' ');

/** Patients in scope with this name and birth date. */
export async function samePeople(fields: Pick<PatientFields, 'lastName' | 'firstName' | 'birthDate'>): Promise<Patient[]> {
  const key = nameKey(fields);
  if (key === '' || fields.birthDate === '') return [];
  const { items } = await call('listPatients', { query: { q: key, birthDate: fields.birthDate, limit: 25 } });
  return items.filter((patient) => patient.birthDate === fields.birthDate && nameKey(patient) === key);
}
