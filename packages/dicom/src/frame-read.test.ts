import { describe, expect, test } from 'vitest';
import { seeded } from '../test/build.ts';
import { frameRanges } from './frame-ranges.ts';
import { finishFrameRead, planFrameRead } from './frame-read.ts';
import type { EncapsulatedFrames, FrameTable, NativeFrames, PackedFrames } from './frame-table.ts';

const random = seeded(26);
const FILE = Uint8Array.from({ length: 4000 }, () => Math.floor(random() * 256));
const OFFSET = 100;
const located = { space: 'file', count: 5, announced: 5, warnings: [] } as const;
const native = (frameBytes: number, wordBytes = 1, bigEndian = false): NativeFrames => ({
  ...located,
  kind: 'native',
  offset: OFFSET,
  frameBytes,
  wordBytes,
  bigEndian,
});
const packed = (frameBits: number, wordBytes = 1, bigEndian = false): PackedFrames => ({
  ...located,
  kind: 'packed-bits',
  offset: OFFSET,
  frameBits,
  wordBytes,
  bigEndian,
});
/** Two fragments in the first frame, none that is empty, one in the second. */
const fragments: EncapsulatedFrames = {
  ...{ ...located, count: 2, kind: 'encapsulated' },
  fragmentOffsets: Float64Array.of(200, 300, 500),
  fragmentLengths: Uint32Array.of(10, 20, 30),
  firstFragments: Uint32Array.of(0, 2, 3),
};

/** What a reader of the file gives for a frame. */
function frameOf(table: FrameTable, index: number): Uint8Array {
  const read = planFrameRead(table, index);
  if (read === undefined) throw new Error('There is no such frame.');
  const parts = read.ranges.map(({ offset, length }) => FILE.subarray(offset, offset + length));
  return finishFrameRead(read, Uint8Array.from(parts.flatMap((part) => [...part])));
}
/** The file from the first frame on with its words turned round, as little endian has them. */
const turned = (word: number): Uint8Array =>
  FILE.subarray(OFFSET).map((_, at, all) => all[at - (at % word) + word - 1 - (at % word)] ?? 0);

describe('frames one after the other (PS3.5 8.1)', () => {
  test.each([1, 7, 64, 101])('of %i bytes are where arithmetic says', (frameBytes) => {
    for (let index = 0; index < 5; index += 1) {
      const from = OFFSET + index * frameBytes;
      expect(frameOf(native(frameBytes), index)).toEqual(FILE.subarray(from, from + frameBytes));
    }
  });

  // A frame of an odd number of words, or bytes, begins within a word of the value.
  test.each([
    [2, 64],
    [2, 7],
    [4, 12],
    [4, 10],
    [4, 3],
    [8, 24],
    [8, 13],
  ])('big endian, words of %i bytes, frames of %i: as if the whole value had been turned round', (word, frameBytes) => {
    for (let index = 0; index < 5; index += 1)
      expect(frameOf(native(frameBytes, word, true), index)).toEqual(
        turned(word).subarray(index * frameBytes, (index + 1) * frameBytes),
      );
  });

  test('little endian words are left alone', () =>
    expect(frameOf(native(10, 4), 1)).toEqual(FILE.subarray(OFFSET + 10, OFFSET + 20)));
});

describe('frames of bits, which begin anywhere in a byte (PS3.5 8.1.1)', () => {
  const bitsOf = (bytes: Uint8Array, from: number, count: number): number[] =>
    Array.from({ length: count }, (_, at) => ((bytes[(from + at) >> 3] ?? 0) >> ((from + at) & 7)) & 1);

  test.each([
    [9, 1],
    [64, 1],
    [13, 2],
    [33, 2],
  ])('of %i bits in words of %i bytes', (frameBits, word) => {
    const value = word === 1 ? FILE.subarray(OFFSET) : turned(word);
    for (let index = 0; index < 5; index += 1) {
      const bytes = frameOf(packed(frameBits, word, word > 1), index);
      expect(bitsOf(bytes, (index * frameBits) % 8, frameBits)).toEqual(bitsOf(value, index * frameBits, frameBits));
      expect(bytes.length).toBeLessThanOrEqual(Math.ceil(frameBits / 8) + 1);
    }
  });
});

describe('frames in fragments (PS3.5 A.4)', () => {
  test('are those of their fragments, in order, and never turned round', () => {
    expect(frameRanges(fragments, 0)).toEqual([
      { offset: 200, length: 10 },
      { offset: 300, length: 20 },
    ]);
    expect([...frameOf(fragments, 0)]).toEqual([...FILE.subarray(200, 210), ...FILE.subarray(300, 320)]);
    expect(frameOf(fragments, 1)).toEqual(FILE.subarray(500, 530));
    expect(planFrameRead(fragments, 1)).toMatchObject({ swapWordBytes: 1, skipBytes: 0, lengthBytes: 30 });
  });
});

test.each([-1, 5, 0.5, Number.NaN])('there is no frame %d', (index) => {
  for (const table of [native(8), packed(9), fragments]) expect(planFrameRead(table, index)).toBeUndefined();
  expect(frameRanges({ ...located, kind: 'none', count: 0 }, 0)).toBeUndefined();
});

test('of a file that ends early there is what came', () => {
  const read = planFrameRead(native(10, 2, true), 0);
  expect(read && finishFrameRead(read, FILE.subarray(0, 6))).toHaveLength(6);
});
