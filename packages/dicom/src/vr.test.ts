import { describe, expect, it } from 'vitest';
import { isVrShaped, UN, vrByCode, vrByName, vrCode } from './vr.ts';

/** Value representations of PS3.5 table 6.2-1, with the bytes of a word where byte order means something (7.3). */
const TEXT = 'AE AS CS DA DS DT IS LO LT PN SH ST TM UC UI UR UT'.split(' ');
const WORDS: readonly (readonly [string, number])[] = [
  ['AT', 2],
  ['FD', 8],
  ['FL', 4],
  ['OB', 1],
  ['OD', 8],
  ['OF', 4],
  ['OL', 4],
  ['OV', 8],
  ['OW', 2],
  ['SL', 4],
  ['SQ', 1],
  ['SS', 2],
  ['SV', 8],
  ['UL', 4],
  ['UN', 1],
  ['US', 2],
  ['UV', 8],
];
/** Those with a 32-bit length behind two reserved bytes (PS3.5 7.1.2, table 7.1-1). */
const LONG = 'OB OD OF OL OV OW SQ SV UC UN UR UT UV'.split(' ');

describe('value representations (PS3.5 6.2)', () => {
  const all = [...TEXT.map((name) => [name, 1] as const), ...WORDS];

  it.each(all)('%s has words of %i bytes, and the length that its header has room for', (name, wordBytes) => {
    expect(vrByName(name)).toMatchObject({ name, wordBytes, isLong: LONG.includes(name) });
    expect(vrByCode(vrCode(name))).toBe(vrByName(name));
  });

  it('are 34, and any other is read as UN', () => {
    expect(all).toHaveLength(34);
    expect(vrByName('ZZ')).toBe(UN);
    expect(vrByCode(vrCode('ZZ'))).toBeUndefined();
    expect([UN.isLong, UN.kind]).toEqual([true, 'binary']);
  });

  it('may have several values, but for long texts, an address, bytes and sequences (PS3.5 6.4)', () => {
    const single = TEXT.filter((name) => ['text', 'ascii'].includes(vrByName(name).kind));
    expect(single).toEqual(['LT', 'ST', 'UR', 'UT']);
    // Those that Specific Character Set (0008,0005) is about (PS3.5 6.1.2.3).
    expect(TEXT.filter((name) => ['text', 'texts', 'name'].includes(vrByName(name).kind))).toEqual(
      'LO LT PN SH ST UC UT'.split(' '),
    );
    expect(WORDS.map(([name]) => name).filter((name) => vrByName(name).kind === 'binary')).toEqual(
      'OB OD OF OL OV OW UN'.split(' '),
    );
  });

  it.each([
    ['AA', true],
    ['ZZ', true],
    ['OB', true],
    ['@A', false],
    ['A@', false],
    ['[A', false],
    ['A[', false],
    ['ob', false],
    ['O\0', false],
    ['\0\0', false],
    ['??', false],
  ])('%j is made as one: %s', (name, isOne) => expect(isVrShaped(vrCode(name))).toBe(isOne));
});
