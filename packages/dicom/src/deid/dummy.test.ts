import { describe, expect, test } from 'vitest';
import { dummyFor, vrFor } from './dummy.ts';

describe('a value that tells nothing (PS3.15 E.1.1, code D)', () => {
  test.each([
    ['00080020', 'DA', ['19000101']],
    ['00080030', 'TM', ['000000']],
    ['0008002A', 'DT', ['19000101000000']],
    ['00100010', 'PN', [{ Alphabetic: 'ANONYMIZED' }]],
    ['00101010', 'AS', ['000Y']],
    ['00280010', 'US', [0]],
    ['00280030', 'DS', [0]],
    ['00080060', 'CS', ['ANONYMIZED']],
    ['0040A160', 'UT', ['ANONYMIZED']],
  ])('of %s is of its VR %s: %j', (tag, vr, Value) => {
    expect(dummyFor(tag, vr)).toEqual({ vr, Value });
  });
  test('is of the VR of PS3.6, whatever the file says', () => {
    for (const said of ['UN', 'LO', 'SQ', 'OB', '__proto__'])
      expect(dummyFor('00080020', said)).toEqual({ vr: 'DA', Value: ['19000101'] });
    expect(vrFor('00091001', 'LO')).toBe('LO');
    expect(vrFor('00080020', 'LO')).toBe('DA');
  });
  test('of bytes is eight zeros, of whatever length they were', () => {
    expect(dummyFor('00281201', 'OW')).toMatchObject({ InlineBinary: 'AAAAAAAAAAA=' });
    expect(dummyFor('00091001', 'OV')).toEqual({ vr: 'OV', InlineBinary: 'AAAAAAAAAAA=' });
    expect(dummyFor('00091001', 'UN')).toEqual({ vr: 'OB', InlineBinary: 'AAAAAAAAAAA=' });
  });
});
