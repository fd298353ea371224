import { describe, expect, test } from 'vitest';
import { concat, implicit, item, SEQUENCE_END } from '../../test/build.ts';
import { drive, exact } from '../../test/drive.ts';
import { ByteWindow } from '../byte-window.ts';
import { pixelDataEnd } from './pixel-end.ts';
import { DeidRefusal } from './types.ts';

const START = 6;
/** Where Pixel Data ends that begin after six bytes of something else; undefined where they are damaged. */
function endOf(
  pixels: Uint8Array,
  { length, size = START + pixels.length }: { length?: number; size?: number } = {},
): number | undefined {
  const file = concat(new Uint8Array(START), pixels);
  const window = new ByteWindow('file', file.length, { windowBytes: 16 });
  const info = { tag: '7FE00010', vr: 'OB', space: 'file', offset: START, length, bigEndian: false, encapsulated: true } as const;
  try {
    return drive(pixelDataEnd(window, info, size), { file }, exact).result;
  } catch (error) {
    if (error instanceof DeidRefusal && error.code === 'PIXELS_DAMAGED') return undefined;
    throw error;
  }
}
const name = new Uint8Array(Buffer.from('DUPONTEL'));

describe('the end of Pixel Data (PS3.5 A.4)', () => {
  test('of a length is where that says', () => {
    expect(endOf(name, { length: 4 })).toBe(START + 4);
    expect(endOf(name, { length: 0 })).toBe(START);
  });

  test('of undefined length is behind their delimiter, whatever follows', () => {
    const whole = concat(item(), item(new Uint8Array(6)), item(new Uint8Array(40)), SEQUENCE_END);
    expect(endOf(whole)).toBe(START + whole.length);
    expect(endOf(concat(whole, name))).toBe(START + whole.length);
    expect(endOf(SEQUENCE_END)).toBe(START + 8);
  });

  test.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array(0)],
    ['half a header', item().subarray(0, 7)],
    ['no delimiter', item(new Uint8Array(6))],
    ['a delimiter that has a length', concat(item(), SEQUENCE_END.subarray(0, 4), Uint8Array.of(2, 0, 0, 0), new Uint8Array(2))],
    ['something else between the fragments', concat(item(), name, SEQUENCE_END)],
    ['an element between the fragments', concat(item(), implicit('00100010', 'DUPONTEL'), SEQUENCE_END)],
    ['a fragment that is longer than the file', concat(item(new Uint8Array(4), 4_000_000_000), SEQUENCE_END)],
    ['a fragment that is cut', concat(item(new Uint8Array(6), 20))],
  ])('that have %s are damaged', (_what, pixels) => expect(endOf(pixels)).toBeUndefined());

  test('may not reach beyond the dataset', () => {
    expect(endOf(concat(item(new Uint8Array(20)), SEQUENCE_END), { size: START + 10 })).toBeUndefined();
  });
});
