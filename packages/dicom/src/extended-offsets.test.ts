import { describe, expect, it } from 'vitest';
import { concat, encapsulated, explicit, imageAttributes, part10 } from '../test/build.ts';
import { frameRanges, locateFrames, parsePart10 } from './index.ts';

const JPEG = '1.2.840.10008.1.2.4.50';
const words = (...values: (number | bigint)[]) => new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
/** No marker of an image among them: only the table, or their number, tells frames apart. */
const fragments = [4, 6, 2].map((length) => new Uint8Array(length).fill(length));
const TRUE = { offsets: words(0, 12, 26), lengths: words(4, 6, 2) };

/** Frames of a file with this table, each by its bytes; warnings behind them. */
function located(
  { offsets, lengths }: { offsets?: Uint8Array; lengths?: Uint8Array },
  { pixels = encapsulated(fragments), frames = '3', bulkDataThresholdBytes = 1024 } = {},
) {
  const file = part10(
    concat(
      imageAttributes({ rows: 2, columns: 2, bits: 8, frames }),
      ...(offsets === undefined ? [] : [explicit('7FE00001', 'OV', offsets)]),
      ...(lengths === undefined ? [] : [explicit('7FE00002', 'OV', lengths)]),
      pixels,
    ),
    JPEG,
  );
  const table = locateFrames(parsePart10(file, { bulkDataThresholdBytes }), file);
  const bytes = Array.from({ length: table.count }, (_, index) =>
    (frameRanges(table, index) ?? []).map(({ offset, length }) => [...file.subarray(offset, offset + length)]),
  );
  return { frames: bytes, warnings: table.warnings };
}

const WHOLE = fragments.map((fragment) => [[...fragment]]);

describe('the Extended Offset Table (PS3.3 C.7.6.3.1.8)', () => {
  it('has each frame at its offset from the first item, with its length', () => {
    expect(located(TRUE)).toEqual({ frames: WHOLE, warnings: [] });
  });

  it('is read from the file where it is longer than what stays in the header', () => {
    expect(located(TRUE, { bulkDataThresholdBytes: 8 })).toEqual({ frames: WHOLE, warnings: [] });
  });

  it('may give the length of a frame without the byte that made its item even', () => {
    const found = located({ ...TRUE, lengths: words(3, 5, 1) });
    expect(found).toEqual({ frames: [[[4, 4, 4]], [[6, 6, 6, 6, 6]], [[2]]], warnings: [] });
  });

  it('is of one fragment for each frame: with a Basic Offset Table beside it that one is followed', () => {
    const pixels = encapsulated(fragments, [0, 26]);
    expect(located(TRUE, { pixels, frames: '2' })).toEqual({
      frames: [
        [
          [4, 4, 4, 4],
          [6, 6, 6, 6, 6, 6],
        ],
        [[2, 2]],
      ],
      warnings: [],
    });
  });

  it.each([
    ['without lengths', { offsets: TRUE.offsets }],
    ['of fewer offsets than frames', { ...TRUE, offsets: words(0, 12) }],
    ['of fewer lengths than frames', { ...TRUE, lengths: words(4, 6) }],
    ['of more of both', { offsets: words(0, 12, 26, 36), lengths: words(4, 6, 2, 2) }],
    ['whose first frame stands behind the first item', { offsets: words(12, 26, 40), lengths: words(6, 2, 2) }],
    ['whose first offset points into the item', { ...TRUE, offsets: words(1, 12, 26) }],
    ['whose last offset points at no item', { ...TRUE, offsets: words(0, 12, 27) }],
    ['whose frames lie in each other', { ...TRUE, lengths: words(5, 6, 2) }],
    ['that goes back', { ...TRUE, offsets: words(0, 26, 12) }],
    ['that ends behind the file', { ...TRUE, lengths: words(4, 6, 2 ** 20) }],
    ['of more than four gigabytes', { ...TRUE, lengths: words(4, 6, 2 ** 32) }],
    ['of a number without end', { ...TRUE, offsets: words(0, 12, 2n ** 64n - 1n) }],
    ['whose first length is that of more than its item', { ...TRUE, lengths: words(6, 6, 2) }],
    ['whose last length is two less than that of its item', { ...TRUE, lengths: words(4, 6, 0) }],
    ['that is empty', { offsets: new Uint8Array(0), lengths: new Uint8Array(0) }],
  ])('%s is not followed, and the fragments are walked', (_what, table) => {
    const found = located(table);
    expect(found).toEqual({ frames: WHOLE, warnings: ['OFFSET_TABLE_INVALID'] });
  });

  it('that is absent is none, and no warning', () => {
    expect(located({})).toEqual({ frames: WHOLE, warnings: [] });
    expect(located({ lengths: TRUE.lengths })).toEqual({ frames: WHOLE, warnings: [] });
  });
});
