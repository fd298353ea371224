import { describe, expect, it } from 'vitest';
import { bodyOf, changedFields, EMPTY_PATIENT } from '../patients/patient-fields.ts';
import { describeAgent, isAcceptable, passwordRules } from './rules.ts';

describe('a new password', () => {
  it('has 12 characters at least, counted as people count', () => {
    expect(passwordRules('12345678901').isLong).toBe(false);
    expect(isAcceptable('123456789012')).toBe(true);
    expect(passwordRules('🔑🔑🔑🔑🔑🔑').isLong).toBe(false);
  });
  it('has 72 bytes at most, accents counted as the bytes that they are', () => {
    expect(isAcceptable('a'.repeat(72))).toBe(true);
    expect(isAcceptable('a'.repeat(73))).toBe(false);
    expect(isAcceptable('é'.repeat(37))).toBe(false);
  });
});

describe('a device', () => {
  it('is named by browser and system', () => {
    expect(describeAgent('Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130')).toEqual({
      browser: 'Edge',
      system: 'Windows',
    });
    expect(describeAgent('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604')).toEqual({
      browser: 'Safari',
      system: 'iPhone',
    });
  });
  it('that is a script stays unnamed', () => {
    expect(describeAgent('curl/8.5')).toBeUndefined();
  });
});

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
