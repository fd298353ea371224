import type { Patient } from '@negatoscope/contract';
import { wordsIn } from './texts.ts';
import { coded, HL7, type Resource, resource, type Writing } from './values.ts';

const GENDERS: Readonly<Record<Patient['sex'], string>> = { M: 'male', F: 'female', O: 'other', U: 'unknown' };

/** The system of record numbers of this installation: its public address tells it from others. */
export const recordNumbersOf = ({ publicUrl }: Pick<Writing, 'publicUrl'>): string => `${publicUrl}/fhir/record-number`;

/** A patient; for who sees no identities, the record number alone stands for the person. */
export function patientResource(patient: Patient, hasIdentity: boolean, writing: Writing): Resource {
  const words = wordsIn(writing.language);
  const { lastName, firstName, birthDate, phone, address, externalId } = patient;
  const recordNumber = {
    use: 'official',
    type: { coding: [coded(`${HL7}/v2-0203`, 'MR', 'Medical record number')], text: words.recordNumber },
    system: recordNumbersOf(writing),
    value: patient.recordNumber,
  };
  const person = {
    name: [{ use: 'official', family: lastName, given: [firstName] }],
    telecom: [{ ...(phone === null || phone.trim() === '' ? {} : { system: 'phone', value: phone }) }],
    birthDate,
    address: [{ text: address }],
  };
  const external = { use: 'secondary', type: { text: words.externalId }, value: externalId };
  return resource({
    resourceType: 'Patient',
    id: patient.id,
    meta: { lastUpdated: patient.updatedAt },
    language: writing.language,
    identifier: [recordNumber, ...(hasIdentity && externalId !== null ? [external] : [])],
    ...(hasIdentity ? person : {}),
    gender: GENDERS[patient.sex],
  });
}
