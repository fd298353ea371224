import { Conflict, Patient, Study } from '@negatoscope/contract';
import type { z } from 'zod';
import { idOf, make } from './sample.ts';

type Fields<T extends z.ZodType> = Partial<z.input<T>>;

const NAMES = ['MARTIN', 'BERNARD', 'PETIT', 'DURAND', 'LEROY'] as const;

/** The nth patient. */
export const patientOf = (number: number, fields: Fields<typeof Patient> = {}): Patient =>
  make(Patient, {
    id: idOf(100 + number),
    recordNumber: `NG-${number}`,
    lastName: NAMES[number % NAMES.length] ?? '',
    firstName: 'Anna',
    birthDate: '1970-02-03',
    sex: 'F',
    status: 'TO_READ',
    identityStatus: 'CONFIRMED',
    studyCount: 1,
    ...fields,
  });

/** The nth study, of the nth patient. */
export const studyOf = (number: number, fields: Fields<typeof Study> = {}): Study => {
  const { id, recordNumber, externalId, lastName, firstName, birthDate, sex, textUncertain } = patientOf(number);
  return make(Study, {
    id: idOf(200 + number),
    studyInstanceUid: `2.25.${number}`,
    patient: { id, recordNumber, externalId, lastName, firstName, birthDate, sex, textUncertain },
    studyDate: '2026-03-01',
    studyTime: '08:15:00',
    description: `Thorax ${number}`,
    modalities: ['CT'],
    seriesCount: 2,
    instanceCount: 120,
    status: 'TO_READ',
    ...fields,
  });
};

const SIDE = {
  patientName: 'MARTIN Anna',
  patientId: 'P1',
  birthDate: '1970-02-03',
  studyDate: '2026-03-01',
  description: 'Thorax',
  sizeBytes: 1000,
  receivedAt: '2026-03-01T08:00:00.000Z',
};

/** The nth conflict, which waits. */
export const conflictOf = (number: number, fields: Fields<typeof Conflict> = {}): Conflict =>
  make(Conflict, {
    id: idOf(300 + number),
    kind: 'SAME_UID_OTHER_CONTENT',
    sopInstanceUid: `2.25.${number}.1`,
    studyInstanceUid: `2.25.${number}`,
    status: 'OPEN',
    existing: SIDE,
    incoming: { ...SIDE, patientName: 'STRANGE Bob' },
    ...fields,
  });
