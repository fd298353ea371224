import { describe, expect, test } from 'vitest';
import { jsonItems, jsonString, jsonValues } from '../json-access.ts';
import { codesOf, methodAttributes } from './method.ts';
import { DEID_OPTIONS, type DeidOption } from './types.ts';

/** CID 7050 De-identification Method (PS3.16). */
const CID_7050: Readonly<Record<DeidOption, string>> = {
  cleanPixelData: '113101',
  cleanRecognisableFeatures: '113102',
  cleanGraphics: '113103',
  cleanStructuredContent: '113104',
  cleanDescriptors: '113105',
  retainFullDates: '113106',
  retainModifiedDates: '113107',
  retainPatientCharacteristics: '113108',
  retainDeviceIdentity: '113109',
  retainUids: '113110',
  retainSafePrivate: '113111',
  retainInstitutionIdentity: '113112',
};

describe('what a file says of how it was de-identified (PS3.15 E.2, PS3.3 C.12.1.1.7)', () => {
  test.each(DEID_OPTIONS.map((option) => [option, CID_7050[option]] as const))(
    '%s is %s beside the basic profile',
    (option, code) => {
      expect(codesOf(new Set([option])).map(({ value }) => value)).toEqual(['113100', code]);
      const json = methodAttributes(new Set([option]));
      expect(jsonString(json, '00120062')).toBe('YES');
      expect(jsonValues(json, '00120063').slice(1)).toEqual(['113100', code]);
      const items = jsonItems(json, '00120064');
      expect(items.map((item) => jsonString(item, '00080100'))).toEqual(['113100', code]);
      expect(items.map((item) => jsonString(item, '00080102'))).toEqual(['DCM', 'DCM']);
      for (const item of items) expect(jsonString(item, '00080104')?.length).toBeLessThanOrEqual(64);
    },
  );

  test.each<[readonly DeidOption[], string]>([
    [[], 'REMOVED'],
    [['retainModifiedDates'], 'MODIFIED'],
    [['retainFullDates'], 'UNMODIFIED'],
    [['cleanDescriptors', 'retainUids'], 'REMOVED'],
  ])('with %j dates are %s (0028,0303)', (options, said) => {
    expect(jsonString(methodAttributes(new Set(options)), '00280303')).toBe(said);
  });

  test('codes come in one order whatever was asked for first', () => {
    const all = codesOf(new Set(DEID_OPTIONS)).map(({ value }) => value);
    expect(all).toEqual([...all].sort());
    expect(codesOf(new Set([...DEID_OPTIONS].reverse())).map(({ value }) => value)).toEqual(all);
    expect(new Set(all).size).toBe(DEID_OPTIONS.length + 1);
  });
});
