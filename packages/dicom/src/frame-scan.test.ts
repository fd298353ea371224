import { describe, expect, it } from 'vitest';
import { concat, ITEM_END, implicit, item, SEQUENCE_END } from '../test/build.ts';
import { ByteWindow } from './byte-window.ts';
import { type Fragments, scanFragments } from './frame-scan.ts';
import type { FrameWarningCode } from './frame-table.ts';
import type { ByteRequest } from './types.ts';

const AT = 500;
const OPTIONS = { offsetTable: [], maxFragments: 100 };

/** Walks what stands at AT of a file. */
function walked(bytes: Uint8Array, { size = AT + bytes.length, windowBytes = 64 } = {}) {
  const file = concat(new Uint8Array(AT), bytes);
  const window = new ByteWindow('file', size, { windowBytes });
  window.pos = AT;
  const warnings = new Set<FrameWarningCode>();
  const requests: ByteRequest[] = [];
  const reader = scanFragments(window, { ...OPTIONS, warnings });
  let step = reader.next();
  for (; !step.done; step = reader.next(file.subarray(step.value.offset, step.value.offset + step.value.length)))
    requests.push(step.value);
  const { value: fragments }: { value: Fragments } = step;
  return { ...fragments, warnings: [...warnings], requests };
}

describe('the fragments of Pixel Data (PS3.5 A.4)', () => {
  it('go from header to header up to the delimiter, and offsets count from the first header', () => {
    const found = walked(concat(item(new Uint8Array(6)), item(new Uint8Array(0)), item(new Uint8Array(2)), SEQUENCE_END));
    expect(found).toMatchObject({ offsets: [AT + 8, AT + 22, AT + 30], lengths: [6, 0, 2], base: AT, warnings: [] });
    expect(walked(SEQUENCE_END)).toMatchObject({ offsets: [], lengths: [], warnings: [] });
  });

  it.each([
    ['a JPEG or JPEG-LS stream', [0xff, 0xd8, 0xff, 0xe0], true],
    ['a JPEG 2000 code stream', [0xff, 0x4f, 0xff, 0x51], true],
    ['a JP2 file', [0, 0, 0, 12, 0x6a, 0x50, 0x20, 0x20], true],
    ['a JPEG XL code stream', [0xff, 0x0a], true],
    ['a JPEG XL file', [0, 0, 0, 12, 0x4a, 0x58, 0x4c, 0x20], true],
    ['the end of a JPEG stream', [0xff, 0xd9, 0xff, 0xe0], false],
    ['a start that is cut by its fragment', [0xff, 0xd8], false],
    ['another box', [0, 0, 0, 12, 0x66, 0x74, 0x79, 0x70], false],
    ['nothing', [], false],
  ])('begin an image where %s stands: %s', (_what, bytes, isStart) => {
    // What stands behind the fragment is none of it.
    const behind = item(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0));
    expect(walked(concat(item(Uint8Array.from(bytes)), behind, SEQUENCE_END)).startsImage).toEqual([isStart, true]);
  });

  it.each([
    ['the file ends between two', item(new Uint8Array(4)), 1, 'PIXEL_DATA_TRUNCATED'],
    ['the file ends in a header', concat(item(new Uint8Array(4)), ITEM_END.subarray(0, 7)), 1, 'PIXEL_DATA_TRUNCATED'],
    ['an element comes', concat(item(new Uint8Array(4)), implicit('FFFCFFFC', new Uint8Array(8))), 1, 'BAD_STRUCTURE'],
    ['the delimiter of an item comes', concat(item(new Uint8Array(4)), ITEM_END, SEQUENCE_END), 1, 'BAD_STRUCTURE'],
    ['a fragment has no length', concat(item(new Uint8Array(4)), item(new Uint8Array(4), 0xffffffff)), 1, 'BAD_STRUCTURE'],
  ] as const)('end, told, where %s', (_what, bytes, count, warning) => {
    const found = walked(bytes);
    expect([found.offsets.length, found.warnings]).toEqual([count, [warning]]);
  });

  it('of which the last is cut have what came of it', () => {
    expect(walked(concat(item(new Uint8Array(4)), item(new Uint8Array(5), 40)))).toMatchObject({
      lengths: [4, 5],
      warnings: ['PIXEL_DATA_TRUNCATED'],
    });
  });

  it('are as many as may be, and not one more', () => {
    const many = (count: number) => concat(...Array.from({ length: count }, () => item(new Uint8Array(2))), SEQUENCE_END);
    expect(walked(many(100)).offsets).toHaveLength(100);
    expect(() => walked(many(101))).toThrow(expect.objectContaining({ code: 'ELEMENT_LIMIT', details: { limit: 100 } }));
  });

  it('that are small come in windows of many, large ones cost a few bytes each', () => {
    const small = Array.from({ length: 60 }, () => item(new Uint8Array(100)));
    expect(walked(concat(...small, SEQUENCE_END)).requests).toHaveLength(1);
    const large = walked(concat(...Array.from({ length: 5 }, () => item(new Uint8Array(70_000))), SEQUENCE_END));
    expect(large.lengths).toEqual(Array.from({ length: 5 }, () => 70_000));
    // But for the first window a header and the marker behind it; behind the last there is no more than the delimiter.
    expect(large.requests.slice(1).map(({ length }) => length)).toEqual([20, 20, 20, 20, 8]);
  });
});
