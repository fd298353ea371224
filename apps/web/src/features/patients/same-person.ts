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

const MOST_ALIKE = 5;
/** A name of fewer letters is anybody's. */
export const LEAST_LETTERS = 3;

/** Patients in scope whose name is like one that is being typed, by the search, which forgives a letter: with another birth date only where the name is the very same. */
export async function alikePeople(
  fields: Pick<PatientFields, 'lastName' | 'firstName' | 'birthDate'>,
  signal: AbortSignal,
): Promise<Patient[]> {
  const q = `${fields.lastName} ${fields.firstName}`.trim();
  const { items } = await call('listPatients', { query: { q, limit: 25 }, signal });
  const key = nameKey(fields);
  const mayBe = (patient: Patient): boolean =>
    fields.birthDate === '' || patient.birthDate === null || patient.birthDate === fields.birthDate || nameKey(patient) === key;
  return items.filter(mayBe).slice(0, MOST_ALIKE);
}

/** Patients in scope with this name and birth date. */
export async function samePeople(fields: Pick<PatientFields, 'lastName' | 'firstName' | 'birthDate'>): Promise<Patient[]> {
  const key = nameKey(fields);
  if (key === '' || fields.birthDate === '') return [];
  const { items } = await call('listPatients', { query: { q: key, birthDate: fields.birthDate, limit: 25 } });
  return items.filter((patient) => patient.birthDate === fields.birthDate && nameKey(patient) === key);
}
