import { describe, expect, test } from 'vitest';
import { renderColor, renderPalette } from './color.ts';
import type { DecodedFrame } from './frame-format.ts';
import { ybrFullToRgb, ybrPartialToRgb } from './ybr.ts';

/** ITU-R BT.601: the share of red, green and blue in the luminance. */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];
const clamped = (value: number): number => Math.max(0, Math.min(255, value));

/** Red, green and blue of a luminance and two differences, each from its own range (BT.601 2.5.1, solved for the colours). */
function solved(y: number, cb: number, cr: number): number[] {
  const [r, b] = [y + 2 * (1 - RED) * cr, y + 2 * (1 - BLUE) * cb];
  return [r, (y - RED * r - BLUE * b) / GREEN, b].map((one) => clamped(255 * one));
}
const full = (y: number, cb: number, cr: number): number[] => solved(y / 255, (cb - 128) / 255, (cr - 128) / 255);
const partial = (y: number, cb: number, cr: number): number[] => solved((y - 16) / 219, (cb - 128) / 224, (cr - 128) / 224);
const GRID = [0, 16, 60, 100, 128, 150, 200, 235, 255];
const ALL = GRID.flatMap((y) => GRID.flatMap((cb) => GRID.map((cr) => [y, cb, cr] as const)));

const frame = (pixels: Uint8Array, changes: Partial<DecodedFrame> = {}): DecodedFrame => ({
  rows: 1,
  columns: 1,
  samplesPerPixel: 3,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'RGB',
  planarConfiguration: 0,
  isFloat: false,
  pixels,
  ...changes,
});
const words = { bitsAllocated: 16, bitsStored: 16, highBit: 15 };
const bytesOf = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);

describe('luminance and differences become colours (PS3.3 C.7.6.3.1.2)', () => {
  test.each([
    ['YBR_FULL, each of 0 to 255', ybrFullToRgb, full],
    ['YBR_PARTIAL, luminance of 16 to 235, differences of 16 to 240', ybrPartialToRgb, partial],
  ])('%s', (_what, convert, expected) => {
    const rgb = convert(Uint8Array.from(ALL.flat()));
    for (const [index, [y, cb, cr]] of ALL.entries()) {
      const found = [...rgb.subarray(3 * index, 3 * index + 3)];
      const wanted = expected(y, cb, cr);
      // Half a level for rounding; a hundredth for the five digits that coefficients have.
      for (const channel of [0, 1, 2])
        expect(Math.abs((found[channel] ?? 0) - (wanted[channel] ?? 0)), `${[y, cb, cr]} channel ${channel}`).toBeLessThan(0.52);
    }
  });

  test.each([
    ['black', [16, 128, 128], [0, 0, 0]],
    ['white', [235, 128, 128], [255, 255, 255]],
    ['what is darker than black', [0, 128, 128], [0, 0, 0]],
    ['what is brighter than white', [255, 128, 128], [255, 255, 255]],
  ])('in the partial range %s is as in every other', (_what, ybr, rgb) =>
    expect([...ybrPartialToRgb(Uint8Array.from(ybr))]).toEqual(rgb),
  );

  test('a pixel that is cut stays as it is', () =>
    expect([...ybrFullToRgb(Uint8Array.of(100, 128, 128, 9, 9))]).toEqual([100, 100, 100, 9, 9]));
});

describe('a coloured frame', () => {
  test.each([
    ['RGB', [10, 20, 30], [10, 20, 30]],
    ['YBR_FULL', [100, 128, 128], [100, 100, 100]],
    ['YBR_FULL_422', [100, 128, 128], [100, 100, 100]],
    ['YBR_PARTIAL_420', [235, 128, 128], [255, 255, 255]],
  ])('of %s is shown by its own rule', (photometricInterpretation, pixels, rgb) =>
    expect([...renderColor(frame(Uint8Array.from(pixels), { photometricInterpretation }))]).toEqual(rgb),
  );

  test('of deeper samples loses their lowest bits, wherever the stored ones end (PS3.5 8.1.1)', () => {
    expect([...renderColor(frame(bytesOf(0xff00, 0x8000, 0x0100), words))]).toEqual([255, 128, 1]);
    const twelve = { bitsAllocated: 16, bitsStored: 12, highBit: 11 };
    expect([...renderColor(frame(bytesOf(0x0fff, 0x0800, 0x0010), twelve))]).toEqual([255, 128, 1]);
    const shifted = { bitsAllocated: 16, bitsStored: 8, highBit: 11 };
    expect([...renderColor(frame(bytesOf(0x0ff0, 0x0800, 0x0010), shifted))]).toEqual([255, 128, 1]);
  });

  test('leaves a fourth sample out', () => {
    const two = { columns: 2, samplesPerPixel: 4, photometricInterpretation: 'ARGB' };
    expect([...renderColor(frame(Uint8Array.of(1, 2, 3, 99, 4, 5, 6, 99), two))]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('a palette (PS3.3 C.7.9)', () => {
  const table = (bits: number, ...values: number[]) => ({ first: 0, bits, values: Uint16Array.from(values) });
  const palette = (bits: number, ...values: number[]) => {
    const one = table(bits, ...values);
    return { red: one, green: table(bits, ...[...values].reverse()), blue: { ...one, first: 1 } };
  };
  const indexed = { samplesPerPixel: 1, photometricInterpretation: 'PALETTE COLOR', columns: 3 };
  const shown = (of: ReturnType<typeof palette>): number[] => [...renderPalette(frame(Uint8Array.of(0, 1, 2), indexed), of)];

  test('of 8 bits is as it stands, each colour from its own first input', () =>
    expect(shown(palette(8, 10, 20, 30))).toEqual([10, 30, 10, 20, 20, 10, 30, 10, 20]));

  test('of 16 bits gives its upper byte', () =>
    expect(shown(palette(16, 0x0a00, 0x1400, 0xff00))).toEqual([10, 255, 10, 20, 20, 10, 255, 10, 20]));

  test('of 16 bits whose entries are all bytes is one of 8', () =>
    expect(shown(palette(16, 10, 20, 255))).toEqual([10, 255, 10, 20, 20, 10, 255, 10, 20]));
});
