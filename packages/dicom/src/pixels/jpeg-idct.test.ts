import { describe, expect, test } from 'vitest';
import { inverseDct } from './jpeg-idct.ts';

/** The cosine of T.81 A.3.3 with its factor, for eight samples. */
const basis = (frequency: number, at: number): number =>
  (frequency === 0 ? Math.SQRT1_2 : 1) * Math.cos(((2 * at + 1) * frequency * Math.PI) / 16);

/** How much farther than half a level samples of 12 bits are from the formula, of blocks with nothing but this coefficient of the first row. */
function excessOf(frequency: number): number {
  let worst = 0;
  for (let level = -8000; level <= 8000; level += 61) {
    const coefficients = new Int32Array(64);
    coefficients[frequency] = level;
    const samples = new Uint16Array(64);
    inverseDct(coefficients, 0, 12, samples);
    for (let x = 0; x < 8; x += 1) {
      const exact = 2048 + (level / 4) * basis(frequency, x) * basis(0, 0);
      worst = Math.max(worst, Math.abs((samples[x] ?? 0) - exact) - 0.5);
    }
  }
  return worst;
}

describe('the inverse DCT (ITU-T T.81 A.3.3)', () => {
  // What libjpeg's constants of 13 bits leave; one that is a last bit off leaves more at one of them.
  test.each([
    [0, 0.001],
    [1, 0.04],
    [2, 0.055],
    [3, 0.125],
    [4, 0.001],
    [5, 0.065],
    [6, 0.055],
    [7, 0.04],
  ])('is as close to the formula as whole numbers of 13 bits can be: coefficient %i', (frequency, most) => {
    expect(excessOf(frequency)).toBeLessThan(most);
  });
});
