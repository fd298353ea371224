import { createHash } from 'node:crypto';

export type Seed = string | number;

/** A small seeded generator; the same seed gives the same numbers on every platform. Not for secrets. */
export interface Prng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** Uniform in [low, high). */
  between(low: number, high: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  pick<T>(values: readonly T[]): T;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** sfc32, seeded by SHA-256 of the parts so that near seeds give unrelated streams. */
export function createPrng(...parts: readonly Seed[]): Prng {
  const hash = digest(parts.join('\u0000'));
  let a = hash.readInt32LE(0);
  let b = hash.readInt32LE(4);
  let c = hash.readInt32LE(8);
  let d = 1;
  const next = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return (t >>> 0) / 4294967296;
  };
  for (let warm = 0; warm < 12; warm++) next();
  const prng: Prng = {
    next,
    integer: (low, high) => low + Math.floor(next() * (high - low + 1)),
    between: (low, high) => low + next() * (high - low),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    pick: (values) => {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new RangeError('testkit: pick from an empty list');
      return value;
    },
  };
  return prng;
}

/** A UID under 2.25 from a version 8 UUID made of the seed parts (PS3.5 B.2); the same parts give the same UID. */
export function seededUid(...parts: readonly Seed[]): string {
  const hash = digest(`uid\u0000${parts.join('\u0000')}`);
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${hash.subarray(0, 16).toString('hex')}`).toString(10)}`;
}
