import { describe, expect, test } from 'vitest';
import { copyAll, WriteMemory } from './write-memory.ts';

const bytesOf = (length: number, first: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (first + at) % 251);

describe('chunks are copied one after the other', () => {
  test.each([
    ['memory of its own', 1000],
    ['memory that is shared with the writers', 300_000],
  ])('into %s, whatever their lengths and where they lie', async (_, length) => {
    const whole = bytesOf(length, 7);
    const { bytes, release } = await new WriteMemory().take(length);
    const chunks: Uint8Array[] = [];
    for (let at = 0, step = 1; at < length; at += step, step = (step * 3) % 65_521 || 1) {
      // Each begins at another place of its own memory, as parts of a body do.
      const own = new Uint8Array(step + 3);
      const piece = whole.subarray(at, at + step);
      own.set(piece, at % 3);
      chunks.push(own.subarray(at % 3, (at % 3) + piece.length), new Uint8Array(0));
    }
    copyAll(chunks, bytes);
    expect(Buffer.compare(Buffer.from(bytes), Buffer.from(whole))).toBe(0);
    release();
  });
});
