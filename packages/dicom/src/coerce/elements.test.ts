import { describe, expect, test } from 'vitest';
import { explicit, implicit } from '../../test/build.ts';
import { element, elementHeader, item } from './elements.ts';

const EXPLICIT = { isExplicit: true, littleEndian: true };
const IMPLICIT = { isExplicit: false, littleEndian: true };
const BIG = { isExplicit: true, littleEndian: false };
const value = Uint8Array.of(1, 2, 3, 4);
const VRS = 'AE AS AT CS DA DS DT FD FL IS LO LT OB OD OF OL OV OW PN SH SL SQ SS ST SV TM UC UI UL UN UR US UT UV'.split(' ');

describe('data elements as they are written (PS3.5 7.1.2, 7.1.3)', () => {
  test.each(VRS)('%s with its VR, and without', (vr) => {
    expect(element(0x00091001, vr, value, EXPLICIT)).toEqual(explicit('00091001', vr, value));
    expect(element(0x00091001, vr, value, IMPLICIT)).toEqual(implicit('00091001', value));
  });

  test('big endian has its numbers turned round and its letters not (A.3)', () => {
    expect([...element(0x00100020, 'LO', value, BIG)]).toEqual([0x00, 0x10, 0x00, 0x20, 0x4c, 0x4f, 0, 4, 1, 2, 3, 4]);
    expect([...element(0x00100020, 'UT', value, BIG)]).toEqual([
      0x00, 0x10, 0x00, 0x20, 0x55, 0x54, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4,
    ]);
  });

  test('a tag of an upper group is no number below zero', () =>
    expect([...elementHeader(0xfffcfffc, 'OB', 0, EXPLICIT)].slice(0, 4)).toEqual([0xfc, 0xff, 0xfc, 0xff]));

  test('an item has neither VR nor, ever, the long form (7.5)', () => {
    expect([...item(value, EXPLICIT)]).toEqual([0xfe, 0xff, 0x00, 0xe0, 4, 0, 0, 0, 1, 2, 3, 4]);
    expect([...item(value, BIG)]).toEqual([0xff, 0xfe, 0xe0, 0x00, 0, 0, 0, 4, 1, 2, 3, 4]);
  });

  test.each([
    ['LO', EXPLICIT, 0xfffe, true],
    ['LO', EXPLICIT, 0x10000, false],
    ['UT', EXPLICIT, 0x10000, true],
    ['LO', IMPLICIT, 0x10000, true],
    ['UT', EXPLICIT, 0xfffffffe, true],
    // That is the undefined length.
    ['UT', EXPLICIT, 0xffffffff, false],
    ['UT', IMPLICIT, 0xffffffff, false],
  ])('%s in %j of %i bytes can be: %s', (vr, encoding, length, isPossible) => {
    const write = () => elementHeader(0x00100010, vr, length, encoding);
    if (isPossible) expect(write().length).toBe(encoding.isExplicit && vr === 'UT' ? 12 : 8);
    else expect(write).toThrow(expect.objectContaining({ code: 'BAD_LENGTH' }));
  });
});
