import type { FrameTable } from '@negatoscope/dicom';
import { describe, expect, it } from 'vitest';
import { frameMemory, frameShare, storedBytes } from './frame-memory.ts';

const located = { space: 'file', count: 2, announced: 2, warnings: [] } as const;
const native: FrameTable = { kind: 'native', ...located, offset: 1000, frameBytes: 500, bigEndian: false, wordBytes: 2 };
/** The first frame of two pieces, the second of one. */
const pieces: FrameTable = {
  kind: 'encapsulated',
  ...located,
  fragmentOffsets: Float64Array.of(1000, 1100, 1200),
  fragmentLengths: Uint32Array.of(40, 60, 7),
  firstFragments: Uint32Array.of(0, 2, 3),
};

describe('the memory of work on one frame', () => {
  it.each<[string, FrameTable, number, number]>([
    ['native', native, 1, 500],
    ['of several pieces', pieces, 0, 100],
    ['of one piece', pieces, 1, 7],
    ['that is not there', native, 2, 0],
  ])('knows how many bytes of a frame are stored: %s', (_what, table, frame, bytes) => {
    expect(storedBytes(table, frame)).toBe(bytes);
  });

  it('is what is stored, twice, and three times what it is decoded', () => {
    expect(frameMemory(pieces, 0, 0)).toBe(200);
    expect(frameMemory(pieces, 0, 1_000)).toBe(3_200);
    expect(frameMemory(pieces, 1, 1_000)).toBe(3_014);
  });

  it('is all there is for one that needs up to twice as much, which is done alone; beyond that it is refused as what it needs', () => {
    expect([99, 100, 101, 200, 201].map((bytes) => frameShare(bytes, 100))).toEqual([99, 100, 100, 100, 201]);
  });
});
