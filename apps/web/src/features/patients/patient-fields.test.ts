import { describe, expect, it } from 'vitest';
import { bodyOf, changedFields, EMPTY_PATIENT } from './patient-fields.ts';

describe('a patient form', () => {
  it('sends empty texts as unknown and trims the others', () => {
    expect(bodyOf({ ...EMPTY_PATIENT, lastName: ' Sow ', phone: '  ' })).toMatchObject({
      lastName: 'Sow',
      phone: null,
      birthDate: null,
    });
  });
  it('knows which fields changed, spaces aside', () => {
    expect(changedFields(EMPTY_PATIENT, { ...EMPTY_PATIENT, lastName: 'Sow', address: ' ' })).toEqual(['lastName']);
  });
});
