import { describe, expect, test } from 'vitest';
import type { FrameTable } from './frame-table.ts';
import { decodeFrameTable, encodeFrameTable } from './frame-table-codec.ts';

const located = { space: 'file', count: 2, announced: 2, warnings: [] } as const;
const native: FrameTable = { kind: 'native', ...located, offset: 1000, frameBytes: 524_288, bigEndian: false, wordBytes: 2 };
const fragments = (lengths: readonly number[], firsts: readonly number[], gap = 8): FrameTable => {
  let at = 2000;
  const offsets = lengths.map((length) => {
    at += gap;
    const offset = at;
    at += length;
    return offset;
  });
  return {
    kind: 'encapsulated',
    ...located,
    count: firsts.length - 1,
    announced: firsts.length - 1,
    fragmentOffsets: Float64Array.from(offsets),
    fragmentLengths: Uint32Array.from(lengths),
    firstFragments: Uint32Array.from(firsts),
  };
};

describe('a frame table as bytes of the database', () => {
  test.each<[string, FrameTable]>([
    ['none', { kind: 'none', ...located, count: 0, announced: 3, warnings: ['PIXEL_DATA_TRUNCATED'] }],
    ['native', native],
    ['native, big endian words of 4 bytes', { ...native, bigEndian: true, wordBytes: 4 } as FrameTable],
    ['native behind four gigabytes', { ...native, offset: 2 ** 40 + 5 } as FrameTable],
    ['of the inflated space', { ...native, space: 'inflated' } as FrameTable],
    ['bits', { kind: 'packed-bits', ...located, offset: 77, frameBits: 13, bigEndian: false, wordBytes: 1 }],
    ['of one fragment a frame', fragments([10, 12, 6], [0, 1, 2, 3])],
    ['of several fragments a frame, one empty', fragments([10, 0, 6, 4_294_967_294], [0, 3, 4])],
    [
      'with every warning',
      { ...native, warnings: ['FRAME_COUNT_MISMATCH', 'OFFSET_TABLE_INVALID', 'PIXEL_DATA_EXCESS'] } as FrameTable,
    ],
  ])('%s is read as it was written', (_what, table) => {
    expect(decodeFrameTable(encodeFrameTable(table))).toEqual(table);
  });

  test.each<[string, number[]]>([
    ['nothing', []],
    ['another version', [2, 0, 0, 0, 0, 0]],
    ['an unknown kind', [1, 9, 0, 1, 1, 0, 1, 1, 1]],
    ['a number that never ends', [1, 1, 0, ...Array.from({ length: 20 }, () => 0x80)]],
    ['a number above 2^53', [1, 1, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]],
    ['more warnings than bytes', [1, 0, 0, 1, 1, 100]],
    ['more fragments than bytes', [1, 3, 0, 1, 1, 0, 0xff, 0xff, 0x03]],
    ['more frames than fragments', [1, 3, 0, 5, 5, 0, 1, 8, 4, 1, 1, 1, 1, 1]],
    ['frames of fragments that are not there', [1, 3, 0, 1, 1, 0, 1, 8, 4, 9]],
  ])('%s is FRAME_TABLE_INVALID, whatever it announces', (_what, bytes) => {
    expect(() => decodeFrameTable(Uint8Array.from(bytes))).toThrow(expect.objectContaining({ code: 'FRAME_TABLE_INVALID' }));
  });

  test('a warning that a newer version wrote is left out', () => {
    const bytes = encodeFrameTable({ ...native, warnings: ['BAD_STRUCTURE'] } as FrameTable);
    const at = bytes.indexOf(5, 5);
    expect(decodeFrameTable(Uint8Array.from(bytes, (byte, index) => (index === at ? 99 : byte))).warnings).toEqual([]);
  });
});
