import { describe, expect, it } from 'vitest';
import { patientNumbers } from './identity.ts';
import type { PatientBanner } from './study-model.ts';

const anna = {
  name: 'ROW^Anna',
  patientId: '7',
  issuer: 'A',
  birthDate: '19700101',
  age: '050Y',
  studyDate: '20260101',
} as PatientBanner;

describe('patients on the screen', () => {
  it('one in several examinations is one', () => {
    const before = { ...anna, studyDate: '20200101', age: '044Y', name: 'Row^Anna ' };
    expect(patientNumbers([anna, before, undefined])).toEqual([1, 1, undefined]);
  });

  it('the same Patient ID of another issuer, another name or birth date is another patient', () => {
    const others = [{ issuer: 'B' }, { name: 'ROW^Eve' }, { birthDate: '19700102' }, { patientId: '8' }, { name: undefined }];
    for (const other of others) expect(patientNumbers([anna, { ...anna, ...other }, anna])).toEqual([1, 2, 1]);
  });
});
