import { describe, expect, it } from 'vitest';
import { groupFragments } from './frame-grouping.ts';
import type { Fragments } from './frame-scan.ts';
import type { FrameWarningCode } from './frame-table.ts';

const BASE = 1_000;

/** Fragments one behind the other, each of so many bytes behind its item header of 8; the offset table names those of `table`. */
function fragmentsOf(
  lengths: readonly number[],
  { table = [], images = [] }: { table?: number[]; images?: number[] } = {},
): Fragments {
  let at = BASE;
  const offsets = lengths.map((length) => {
    const offset = at + 8;
    at = offset + length;
    return offset;
  });
  return {
    offsets,
    lengths: [...lengths],
    startsImage: lengths.map((_, index) => images.includes(index)),
    offsetTable: table.map((index) => (offsets[index] ?? BASE + 7) - 8 - BASE),
    base: BASE,
  };
}

function grouped(fragments: Fragments, announced: number): { starts: number[]; warnings: FrameWarningCode[] } {
  const warnings = new Set<FrameWarningCode>();
  return { starts: groupFragments(fragments, announced, warnings), warnings: [...warnings] };
}

describe('which fragments make which frame (PS3.5 A.4)', () => {
  it('an offset table that names as many frames as announced is followed, without a warning', () => {
    const fragments = fragmentsOf([10, 20, 30, 40], { table: [0, 1, 3] });
    expect(grouped(fragments, 3)).toEqual({ starts: [0, 1, 3, 4], warnings: [] });
  });

  it('without a table, as many fragments as frames are one each', () => {
    expect(grouped(fragmentsOf([10, 20, 30]), 3)).toEqual({ starts: [0, 1, 2, 3], warnings: [] });
  });

  it('a single frame has them all', () => {
    expect(grouped(fragmentsOf([10, 20, 30]), 1)).toEqual({ starts: [0, 3], warnings: [] });
  });

  it('markers of images tell, where there are as many as frames and the first fragment has one', () => {
    expect(grouped(fragmentsOf([10, 20, 30, 40], { images: [0, 2] }), 2)).toEqual({ starts: [0, 2, 4], warnings: [] });
    expect(() => grouped(fragmentsOf([10, 20, 30, 40], { images: [1, 2] }), 2)).toThrow(
      expect.objectContaining({ code: 'FRAME_COUNT_MISMATCH', details: { fragments: 4, announced: 2 } }),
    );
  });

  it.each([
    ['that does not begin with the first', [1, 2]],
    ['that points between items', [0, 9]],
    ['that names one twice', [0, 0, 2]],
    ['that goes back', [0, 2, 1]],
  ])('a table %s is told and not followed', (_what, table) => {
    expect(grouped(fragmentsOf([10, 20, 30], { table }), 3)).toEqual({
      starts: [0, 1, 2, 3],
      warnings: ['OFFSET_TABLE_INVALID'],
    });
  });

  it('a good table of another number of frames is followed when nothing else tells, and both are told', () => {
    const warnings = ['OFFSET_TABLE_INVALID', 'FRAME_COUNT_MISMATCH'];
    expect(grouped(fragmentsOf([10, 20, 30, 40], { table: [0, 2] }), 3)).toEqual({ starts: [0, 2, 4], warnings });
    // One entry says no more than that there is a first frame.
    expect(() => grouped(fragmentsOf([10, 20, 30, 40], { table: [0] }), 3)).toThrow(
      expect.objectContaining({ code: 'FRAME_COUNT_MISMATCH' }),
    );
  });

  it('fewer fragments than frames are one each, told', () => {
    expect(grouped(fragmentsOf([10, 20]), 5)).toEqual({ starts: [0, 1, 2], warnings: ['FRAME_COUNT_MISMATCH'] });
  });

  it('more images than frames are as many as are announced, told', () => {
    expect(grouped(fragmentsOf([10, 20, 30], { images: [0, 1, 2] }), 2)).toEqual({
      starts: [0, 1, 2],
      warnings: ['FRAME_COUNT_MISMATCH'],
    });
  });

  it('no fragment at all is no frame', () => {
    expect(grouped(fragmentsOf([]), 4)).toEqual({ starts: [0], warnings: ['FRAME_COUNT_MISMATCH'] });
  });
});
