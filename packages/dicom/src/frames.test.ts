import { describe, expect, it } from 'vitest';
import { concat, encapsulated, explicit, imageAttributes, part10, u16 } from '../test/build.ts';
import {
  decodeFrameTable,
  encodeFrameTable,
  type FrameTable,
  finishFrameRead,
  frameRanges,
  locateFrames,
  parsePart10,
  planFrameRead,
} from './index.ts';

const JPEG = '1.2.840.10008.1.2.4.50';
const small = (frames?: string) => imageAttributes({ rows: 2, columns: 2, bits: 8, ...(frames === undefined ? {} : { frames }) });
const jpeg = (...rest: number[]) => Uint8Array.of(0xff, 0xd8, 0xff, ...rest);
const words = (...values: bigint[]) => new Uint8Array(BigUint64Array.from(values).buffer);

function locate(dataset: Uint8Array, transferSyntax?: string): { table: FrameTable; frames: number[][]; file: Uint8Array } {
  const file = part10(dataset, transferSyntax);
  const table = locateFrames(parsePart10(file), file);
  const frames = Array.from({ length: Math.min(table.count, 100) }, (_, index) =>
    (frameRanges(table, index) ?? []).flatMap(({ offset, length }) => [...file.subarray(offset, offset + length)]),
  );
  expect(decodeFrameTable(encodeFrameTable(table))).toEqual(table);
  return { table, frames, file };
}

const failure = (dataset: Uint8Array, transferSyntax?: string) => () => locate(dataset, transferSyntax);
const withCode = (code: string) => expect.objectContaining({ code });

describe('uncompressed frames (PS3.5 8.1)', () => {
  const pixels = (...bytes: number[]) => explicit('7FE00010', 'OW', Uint8Array.from(bytes));

  it('follow each other', () => {
    const { frames, table } = locate(concat(small('2'), pixels(1, 2, 3, 4, 5, 6, 7, 8)));
    expect(frames).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    expect(table.warnings).toEqual([]);
    expect([frameRanges(table, 2), frameRanges(table, -1), frameRanges(table, 0.5)]).toEqual([undefined, undefined, undefined]);
  });

  it('that are not there are not counted', () => {
    expect(locate(concat(small('3'), pixels(1, 2, 3, 4, 5, 6))).table).toMatchObject({
      count: 1,
      announced: 3,
      warnings: ['PIXEL_LENGTH_MISMATCH'],
    });
    expect(locate(concat(small('1000000000'), pixels(1, 2, 3, 4))).table).toMatchObject({
      count: 1,
      warnings: ['PIXEL_LENGTH_MISMATCH'],
    });
  });

  it('may be followed by padding, which is noted when it is more than one byte', () => {
    expect(locate(concat(small(), pixels(1, 2, 3, 4, 5, 6, 7, 8))).table).toMatchObject({
      count: 1,
      warnings: ['PIXEL_DATA_EXCESS'],
    });
  });

  it.each(['0', '-1', 'abc'])('with Number of Frames %j are counted by length', (frames) => {
    expect(locate(concat(small(frames), pixels(1, 2, 3, 4, 5, 6, 7, 8))).table).toMatchObject({
      count: 2,
      warnings: ['FRAME_COUNT_INVALID'],
    });
  });

  it('of one bit are packed, frame after frame, without padding (PS3.5 8.1.1)', () => {
    const { table } = locate(concat(imageAttributes({ rows: 3, columns: 3, bits: 1, frames: '3' }), pixels(1, 2, 3, 4)));
    expect(table).toMatchObject({ kind: 'packed-bits', count: 3, frameBits: 9, warnings: [] });
    expect(frameRanges(table, 1)).toEqual([{ offset: table.kind === 'packed-bits' ? table.offset + 1 : 0, length: 2 }]);
    expect(locate(concat(imageAttributes({ rows: 4, columns: 4, bits: 1 }), pixels(1, 2))).table).toMatchObject({
      kind: 'native',
      frameBytes: 2,
    });
  });

  it('of YBR_FULL_422 have two bytes a pixel, unless the length says three (PS3.3 C.7.6.3.1.2)', () => {
    const image = concat(
      explicit('00280002', 'US', u16(3)),
      explicit('00280004', 'CS', 'YBR_FULL_422'),
      explicit('00280010', 'US', u16(2)),
    );
    const rest = concat(explicit('00280011', 'US', u16(2)), explicit('00280100', 'US', u16(8)));
    expect(locate(concat(image, rest, pixels(1, 2, 3, 4, 5, 6, 7, 8))).table).toMatchObject({
      frameBytes: 8,
      count: 1,
      warnings: [],
    });
    expect(locate(concat(image, rest, pixels(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12))).table).toMatchObject({
      frameBytes: 12,
      count: 1,
      warnings: [],
    });
  });

  it.each([
    ['no rows', imageAttributes({ rows: 0, columns: 2, bits: 8 })],
    ['no bits', imageAttributes({ rows: 2, columns: 2, bits: 0 })],
    ['255 bits', imageAttributes({ rows: 2, columns: 2, bits: 255 })],
    ['no samples', imageAttributes({ rows: 2, columns: 2, bits: 8, samples: 0 })],
    ['no attributes', new Uint8Array(0)],
    [
      'rows of another VR',
      concat(explicit('00280010', 'UL', Uint8Array.of(0, 0, 1, 0)), explicit('00280011', 'SS', Uint8Array.of(255, 255))),
    ],
  ])('with %s are refused', (_what, image) =>
    expect(failure(concat(image, pixels(1, 2)))).toThrow(withCode('PIXEL_GEOMETRY_INVALID')),
  );

  it('of the largest size are arithmetic only', () => {
    const image = imageAttributes({ rows: 65_535, columns: 65_535, bits: 64, frames: '2147483647', samples: 65_535 });
    expect(failure(concat(image, pixels(1, 2)))).toThrow(withCode('PIXEL_GEOMETRY_INVALID'));
  });

  it('that are absent are none', () => {
    expect(locate(small()).table).toMatchObject({ kind: 'none', count: 0 });
    expect(locate(concat(small(), pixels())).table).toMatchObject({ kind: 'none', count: 0 });
  });

  it('of big endian words are read in whole words', () => {
    const table: FrameTable = {
      kind: 'native',
      space: 'file',
      count: 3,
      announced: 3,
      warnings: [],
      offset: 100,
      frameBytes: 3,
      bigEndian: true,
      wordBytes: 2,
    };
    const read = planFrameRead(table, 1);
    expect(read).toEqual({ ranges: [{ offset: 102, length: 4 }], swapWordBytes: 2, skipBytes: 1, lengthBytes: 3 });
    expect(read && finishFrameRead(read, Uint8Array.of(4, 3, 6, 5))).toEqual(Uint8Array.of(4, 5, 6));
  });
});

describe('compressed frames (PS3.5 A.4)', () => {
  const image = (frames: string, ...fragments: Uint8Array[]) => concat(small(frames), encapsulated(fragments));

  it('are one fragment each', () => {
    expect(locate(image('2', jpeg(1), jpeg(2)), JPEG).frames).toEqual([[...jpeg(1)], [...jpeg(2)]]);
  });

  it('may be several fragments when there is one frame', () => {
    expect(locate(image('1', jpeg(1), Uint8Array.of(2, 3)), JPEG).frames).toEqual([[...jpeg(1), 2, 3]]);
  });

  it('are told apart by the basic offset table', () => {
    const [a, b, c] = [Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5, 6)];
    const { frames, table } = locate(concat(small('2'), encapsulated([a, b, c], [0, 20])), JPEG);
    expect(frames).toEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(table.warnings).toEqual([]);
  });

  it('are told apart by image markers when no table helps', () => {
    expect(locate(image('2', jpeg(1), Uint8Array.of(9, 9), jpeg(2)), JPEG).frames).toEqual([[...jpeg(1), 9, 9], [...jpeg(2)]]);
  });

  it.each([[[0, 21]], [[4, 20]], [[0, 0]], [[0, 4_000_000_000]], [[20, 0]]])('ignore the wrong offset table %j', (offsets) => {
    const { frames, table } = locate(concat(small('2'), encapsulated([jpeg(1), Uint8Array.of(9, 9), jpeg(2)], offsets)), JPEG);
    expect(frames).toEqual([[...jpeg(1), 9, 9], [...jpeg(2)]]);
    expect(table.warnings).toEqual(['OFFSET_TABLE_INVALID']);
  });

  it('that cannot be told apart are refused', () => {
    expect(failure(image('2', u16(1), u16(2), u16(3)), JPEG)).toThrow(withCode('FRAME_COUNT_MISMATCH'));
  });

  it('fewer than announced are counted as they are', () => {
    expect(locate(image('5', jpeg(1), jpeg(2)), JPEG).table).toMatchObject({
      count: 2,
      announced: 5,
      warnings: ['FRAME_COUNT_MISMATCH'],
    });
    expect(locate(image('1'), JPEG).table).toMatchObject({ count: 0, warnings: ['FRAME_COUNT_MISMATCH'] });
  });

  it('of a file that is cut are located up to the cut', () => {
    const file = part10(image('2', jpeg(1), jpeg(2, 3, 4, 5, 6)), JPEG).subarray(0, -12);
    const table = locateFrames(parsePart10(file), file);
    expect(table).toMatchObject({ count: 2, warnings: ['PIXEL_DATA_TRUNCATED'] });
    for (const range of frameRanges(table, 1) ?? []) expect(range.offset + range.length).toBeLessThanOrEqual(file.length);
  });

  it('stop at what is no item', () => {
    const pixels = encapsulated([jpeg(1)]).subarray(0, -8);
    expect(locate(concat(small('1'), pixels, explicit('FFFCFFFC', 'OB', u16(1, 2, 3, 4, 5, 6))), JPEG).table).toMatchObject({
      count: 1,
      warnings: ['BAD_STRUCTURE'],
    });
  });

  it('of a video are one stream (PS3.5 8.2.5)', () => {
    const { table } = locate(image('900', u16(1), u16(2)), '1.2.840.10008.1.2.4.102');
    expect(table).toMatchObject({ count: 1, announced: 900, warnings: ['VIDEO_STREAM'] });
  });

  it('are found by the extended offset table without a walk (PS3.3 C.7.6.3.1.8)', () => {
    const fragments = [jpeg(1), jpeg(2), jpeg(3, 4, 5)];
    const extended = (offsets: Uint8Array, lengths: Uint8Array) =>
      concat(small('3'), explicit('7FE00001', 'OV', offsets), explicit('7FE00002', 'OV', lengths), encapsulated(fragments));
    const right = locate(extended(words(0n, 12n, 24n), words(4n, 4n, 6n)), JPEG);
    expect(right.frames).toEqual(fragments.map((fragment) => [...fragment]));
    expect(right.table.warnings).toEqual([]);
    const wrongs = [
      extended(words(0n, 12n), words(4n, 4n)),
      extended(words(0n, 13n, 24n), words(4n, 4n, 6n)),
      extended(words(0n, 12n, 2n ** 63n), words(4n, 4n, 6n)),
      extended(words(0n, 12n, 24n), words(4n, 4n, 99n)),
      extended(words(24n, 12n, 0n), words(4n, 4n, 6n)),
    ];
    for (const wrong of wrongs) {
      const { frames, table } = locate(wrong, JPEG);
      expect([frames, table.warnings]).toEqual([fragments.map((fragment) => [...fragment]), ['OFFSET_TABLE_INVALID']]);
    }
  });

  it('have a limit on fragments', () => {
    const file = part10(image('1', u16(1), u16(2), u16(3)), JPEG);
    expect(() => locateFrames(parsePart10(file), file, { maxFragments: 2 })).toThrow(withCode('ELEMENT_LIMIT'));
  });
});

describe('the stored frame table', () => {
  it('takes under five bytes a frame for 100,000 frames', () => {
    const count = 100_000;
    const fragmentLengths = Uint32Array.from({ length: count }, (_, index) => 9000 + ((index * 7919) % 4000));
    const fragmentOffsets = new Float64Array(count);
    let at = 2 ** 33;
    for (let index = 0; index < count; index += 1) {
      fragmentOffsets[index] = at;
      at += (fragmentLengths[index] ?? 0) + 8;
    }
    const firstFragments = Uint32Array.from({ length: count + 1 }, (_, index) => index);
    const table: FrameTable = {
      kind: 'encapsulated',
      space: 'file',
      count,
      announced: count,
      warnings: [],
      fragmentOffsets,
      fragmentLengths,
      firstFragments,
    };
    const bytes = encodeFrameTable(table);
    expect(bytes.length).toBeLessThan(5 * count);
    const decoded = decodeFrameTable(bytes);
    expect(decoded.count).toBe(count);
    // Comparing 300,000 numbers one by one takes the runner seconds.
    expect(Buffer.compare(encodeFrameTable(decoded), bytes)).toBe(0);
    for (const frame of [0, 1, 50_000, count - 1]) expect(frameRanges(decoded, frame)).toEqual(frameRanges(table, frame));
  });

  it('is refused when it is not one', () => {
    const file = part10(concat(small('2'), encapsulated([jpeg(1), jpeg(2)])), JPEG);
    const bytes = encodeFrameTable(locateFrames(parsePart10(file), file));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeFrameTable(bytes.subarray(0, length))).toThrow(withCode('FRAME_TABLE_INVALID'));
    }
    expect(() => decodeFrameTable(Uint8Array.of(1, 3, 0, 255, 255, 255, 255, 255, 255, 255, 255, 127))).toThrow(
      withCode('FRAME_TABLE_INVALID'),
    );
    expect(() => decodeFrameTable(Uint8Array.of(9))).toThrow(withCode('FRAME_TABLE_INVALID'));
  });
});
