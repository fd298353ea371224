import { createPrng, type Seed } from '../prng.ts';

const SIDE = 1024;
const cache = new Map<string, Int16Array>();

/** A 1024 x 1024 field of noise with standard deviation 100, slightly correlated as in a reconstructed image; kept for a seed. */
function noiseField(kind: 'white' | 'grainy'): Int16Array {
  const known = cache.get(kind);
  if (known) return known;
  const prng = createPrng('noise', kind);
  const white = new Float32Array(SIDE * SIDE);
  for (let index = 0; index < white.length; index++) {
    // Sum of four uniforms: near enough to normal, and far cheaper.
    white[index] = (prng.next() + prng.next() + prng.next() + prng.next() - 2) * 173.2;
  }
  const field = new Int16Array(SIDE * SIDE);
  const mask = field.length - 1;
  for (let index = 0; index < field.length; index++) {
    if (kind === 'white') field[index] = white[index] ?? 0;
    else {
      const cross =
        (white[(index + 1) & mask] ?? 0) +
        (white[(index - 1) & mask] ?? 0) +
        (white[(index + SIDE) & mask] ?? 0) +
        (white[(index - SIDE) & mask] ?? 0);
      field[index] = ((white[index] ?? 0) + 0.55 * cross) / 1.49;
    }
  }
  cache.set(kind, field);
  return field;
}

/** Adds noise of the given standard deviation in place; `seed` chooses where in the noise field each call starts. */
export function addNoise(values: Int16Array, deviation: number, kind: 'white' | 'grainy', ...seed: readonly Seed[]): void {
  const field = noiseField(kind);
  const mask = field.length - 1;
  const scale = Math.round((deviation / 100) * 65536);
  let at = createPrng(...seed).integer(0, mask);
  for (let index = 0; index < values.length; index++) {
    values[index] = (values[index] ?? 0) + (((field[at & mask] ?? 0) * scale) >> 16);
    at++;
  }
}

export interface StoredRange {
  /** Added to every value before it is clipped. */
  readonly offset: number;
  readonly low: number;
  readonly high: number;
}

/** Copies values with noise added, offset and clipped to the stored range, in one pass. */
export function storeWithNoise(values: Int16Array, deviation: number, range: StoredRange, ...seed: readonly Seed[]): Int16Array {
  const field = noiseField('grainy');
  const mask = field.length - 1;
  const scale = Math.round((deviation / 100) * 65536);
  const { offset, low, high } = range;
  const out = new Int16Array(values.length);
  const start = createPrng(...seed).integer(0, mask);
  for (let index = 0; index < out.length; index++) {
    const value = (values[index] ?? 0) + (((field[(start + index) & mask] ?? 0) * scale) >> 16) + offset;
    out[index] = Math.max(low, Math.min(high, value));
  }
  return out;
}
