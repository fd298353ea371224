import { describe, expect, test } from 'vitest';
import { seeded } from '../../test/build.ts';
import { PixelError } from './frame-format.ts';
import { interleavePlanes, unpackBits, widenSamples } from './layout.ts';
import { expandChroma422 } from './ybr.ts';

const random = seeded(20_261_126);
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, () => Math.floor(random() * 256));

describe('bits (PS3.5 8.1.1)', () => {
  test.each([1, 7, 8, 9, 64, 1001])('%i of them come lowest first, packed again the same', (count) => {
    const packed = bytes(Math.ceil(count / 8));
    const bits = unpackBits(packed, count);
    const again = new Uint8Array(packed.length);
    for (const [at, bit] of bits.entries()) again[at >> 3] = (again[at >> 3] ?? 0) | (bit << (at & 7));
    const rest = count % 8 === 0 ? 255 : 2 ** (count % 8) - 1;
    expect(again).toEqual(packed.map((byte, at) => (at === packed.length - 1 ? byte & rest : byte)));
    expect(bits).toHaveLength(count);
  });

  test('that are missing are told', () => expect(() => unpackBits(bytes(2), 17)).toThrow(PixelError));
});

describe('planes (PS3.3 C.7.6.3.1.3)', () => {
  test.each([
    [3, 1],
    [3, 2],
    [4, 1],
    [3, 4],
  ])('of %i samples of %i bytes: each byte has one place', (samples, width) => {
    const pixels = 7;
    const planar = bytes(pixels * samples * width);
    const together = interleavePlanes(planar, samples, width);
    for (let pixel = 0; pixel < pixels; pixel += 1)
      for (let sample = 0; sample < samples; sample += 1)
        for (let byte = 0; byte < width; byte += 1)
          expect(together[(pixel * samples + sample) * width + byte]).toBe(planar[(sample * pixels + pixel) * width + byte]);
  });

  test('of a pixel that is cut leave it out', () => expect(interleavePlanes(bytes(10), 3, 1)).toHaveLength(9));
});

describe('chrominance that two pixels share (PS3.3 C.7.6.3.1.2)', () => {
  test('is that of both, each with its own luminance', () => {
    const shared = bytes(4 * 6);
    const whole = expandChroma422(shared, 3, 4);
    for (let pixel = 0; pixel < 12; pixel += 1) {
      const pair = 4 * (pixel >> 1);
      expect([...whole.subarray(3 * pixel, 3 * pixel + 3)]).toEqual([
        shared[pair + (pixel & 1)],
        shared[pair + 2],
        shared[pair + 3],
      ]);
    }
  });

  test.each([
    [3, 3, 100],
    [2, 4, 15],
  ])('%i × %i of %i bytes can’t be', (rows, columns, length) =>
    expect(() => expandChroma422(bytes(length), rows, columns)).toThrow(PixelError),
  );
});

describe('samples in wider cells', () => {
  const stored = Uint16Array.of(0, 1, 0x07ff, 0x0800, 0x0fff);
  const asBytes = new Uint8Array(stored.buffer);

  test('keep their bits, or their sign from the bit that says it', () => {
    const wide = (sign: number): number[] => [...new Int32Array(widenSamples(asBytes, 2, 4, sign).buffer)];
    expect(wide(0)).toEqual([0, 1, 2047, 2048, 4095]);
    expect(wide(12)).toEqual([0, 1, 2047, -2048, -1]);
    expect([...new Int16Array(widenSamples(asBytes, 2, 2, 12).buffer)]).toEqual([0, 1, 2047, -2048, -1]);
    expect([...new Int16Array(widenSamples(Uint8Array.of(1, 127, 128, 255), 1, 2, 8).buffer)]).toEqual([1, 127, -128, -1]);
  });

  test('wherever their bytes lie', () => {
    const shifted = Uint8Array.of(99, ...asBytes).subarray(1);
    expect(widenSamples(shifted, 2, 4, 0)).toEqual(widenSamples(asBytes, 2, 4, 0));
  });

  test.each([
    [2, 1],
    [4, 2],
    [4, 1],
  ] as const)('do not fit from %i into %i bytes', (from, to) =>
    expect(() => widenSamples(asBytes, from, to, 0)).toThrow(PixelError),
  );
});
