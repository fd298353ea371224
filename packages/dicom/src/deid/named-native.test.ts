import { describe, expect, test } from 'vitest';
import type { DicomJsonObject } from '../types.ts';
import { nativeSearch, overlapping } from './named-native.ts';

const NAMES = new Set(['LI', 'LEE', 'KOWALSKI']);
const format = (allocated: number, stored: number, high = stored - 1): DicomJsonObject => ({
  '00280100': { vr: 'US', Value: [allocated] },
  '00280101': { vr: 'US', Value: [stored] },
  '00280102': { vr: 'US', Value: [high] },
});
/** 16-bit words as a scanner writes them, of 12 bits, and of either sign. */
const picture = (words = 4096): Buffer => {
  const bytes = Buffer.alloc(words * 2);
  for (let at = 0; at < words; at += 1) bytes.writeInt16LE(((at * 7919) % 4096) - 2048, at * 2);
  return bytes;
};
const withText = (text: string, at: number): Buffer => {
  const bytes = picture();
  bytes.write(text, at, 'latin1');
  return bytes;
};

describe('names in native pixels', () => {
  test('of three letters are found where no pixel can be two letters: 16 bits of which 14 are stored at most (PS3.5 8.1.1)', () => {
    const isNamed = nativeSearch(NAMES, format(16, 12));
    for (const at of [0, 1, 500, 501, 8189])
      for (const text of ['LEE', 'lee']) expect(isNamed(withText(text, at)), `${text} ${at}`).toBe(true);
    // In a longer run of letters, too.
    expect(isNamed(withText('xxLeeyy', 301))).toBe(true);
    for (const stored of [10, 12, 14]) expect(nativeSearch(NAMES, format(16, stored))(picture()), `${stored}`).toBe(false);
  });

  test('of three letters are chance where all bits are stored, and of two anywhere; long ones are found in each', () => {
    for (const [allocated, stored] of [
      [8, 8],
      [16, 16],
      [16, 15],
    ] as const) {
      const isNamed = nativeSearch(NAMES, format(allocated, stored));
      expect([isNamed(withText('LEE', 500)), isNamed(withText('KOWALSKI', 501))]).toEqual([false, true]);
    }
    expect(nativeSearch(NAMES, format(16, 12))(withText('LI', 500))).toBe(false);
    // Twelve bits that old files have at the upper end: their upper byte is any (High Bit, PS3.3 C.7.6.3.1.2).
    expect(nativeSearch(NAMES, format(16, 12, 15))(withText('LEE', 500))).toBe(false);
    // A header that says nothing of its bits is believed in nothing.
    expect(nativeSearch(NAMES, {})(withText('LEE', 500))).toBe(false);
  });

  test('are in one of the pieces whole, wherever these part', () => {
    for (const end of [0, 1, 1_048_576, 1_048_577, 3_000_000]) {
      const pieces = [...overlapping(0, end)];
      for (let name = 0; name + 64 <= end; name += 997)
        expect(pieces.some(({ at, length }) => at <= name && name + 64 <= at + length)).toBe(true);
    }
  });

  test.each([
    ['of ASCII', 'A', 'B', 'A'],
    // Of so many written in other scripts the beginnings are looked for.
    ['of another script', '\u0410', '\u0411', '\u0410\u0410\u0410\u0410\u0412'],
  ])('of which a file has hundreds that begin alike cost each byte one step: letters %s', (_which, letter, other, unlike) => {
    const words = Array.from({ length: 511 }, (_, at) => {
      const number = (at + 1).toString(2).padStart(9, '0');
      return letter.repeat(48) + number.replaceAll('0', letter).replaceAll('1', other);
    });
    const isNamed = nativeSearch(new Set(words), format(16, 12));
    const bytes = Buffer.alloc(1_048_576, unlike, 'utf8');
    expect(isNamed(bytes)).toBe(false);
    bytes.write(words[77] ?? '', 500_000, 'utf8');
    expect(isNamed(bytes)).toBe(true);
  });
});
