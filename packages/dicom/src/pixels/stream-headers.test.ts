import { describe, expect, test } from 'vitest';
import { codestreamStart, readJ2kHeader } from './j2k-header.ts';
import { readJpegHeader } from './stream-headers.ts';

const u16 = (value: number): number[] => [value >> 8, value & 255];
const u32 = (value: number): number[] => [...u16(value >>> 16), ...u16(value & 0xffff)];
const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const segment = (marker: number, ...content: number[]): number[] => [0xff, marker, ...u16(content.length + 2), ...content];
const sof = (marker: number, precision = 8, rows = 4, columns = 6, components = 1): number[] =>
  segment(marker, precision, ...u16(rows), ...u16(columns), components);
const jpeg = (...parts: number[][]): Uint8Array => Uint8Array.from([0xff, 0xd8, ...parts.flat()]);
const JFIF = segment(0xe0, ...ascii('JFIF'), 0, 1, 2, 0, 0, 1, 0, 1, 0, 0);
const adobe = (transform: number): number[] => segment(0xee, ...ascii('Adobe'), 0, 100, 0, 0, 0, 0, transform);

describe('the header of a JPEG stream (ITU-T T.81 B.2.2)', () => {
  test.each<[string, Uint8Array, object]>([
    ['baseline', jpeg(sof(0xc0)), { rows: 4, columns: 6, components: 1, precision: 8, process: 0xc0 }],
    ['extended, 12 bits', jpeg(sof(0xc1, 12)), { precision: 12, process: 0xc1 }],
    [
      'lossless',
      jpeg(sof(0xc3, 16, 512, 65_535, 3)),
      { precision: 16, rows: 512, columns: 65_535, components: 3, process: 0xc3 },
    ],
    ['JPEG-LS (T.87 C.2.2)', jpeg(sof(0xf7, 16)), { precision: 16, process: 0xf7 }],
    [
      'behind tables and comments',
      jpeg(segment(0xdb, 1, 2), segment(0xc4, 1), segment(0xc8, 1), segment(0xcc, 1), segment(0xfe, 65), sof(0xc2)),
      { process: 0xc2 },
    ],
    ['behind fill bytes (B.1.1.2)', jpeg([0xff, 0xff, 0xff], sof(0xc0)), { process: 0xc0 }],
    ['JFIF is YCbCr', jpeg(JFIF, sof(0xc0, 8, 4, 6, 3)), { isJfif: true, colorTransform: undefined }],
    ['Adobe names its transform', jpeg(adobe(2), sof(0xc0, 8, 4, 6, 3)), { isJfif: false, colorTransform: 2 }],
    ['Adobe without a transform is RGB', jpeg(adobe(0), sof(0xc0, 8, 4, 6, 3)), { colorTransform: 0 }],
    [
      'another application segment says nothing',
      jpeg(segment(0xe0, ...ascii('AVI1'), ...Array.from({ length: 12 }, () => 0)), sof(0xc0)),
      { isJfif: false },
    ],
  ])('%s', (_what, bytes, expected) => expect(readJpegHeader(bytes)).toMatchObject({ isSigned: false, ...expected }));

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'no JPEG stream'],
    ['something else', Uint8Array.of(1, 2, 3, 4), 'no JPEG stream'],
    ['garbage behind the beginning', jpeg([1, 2, 3, 4]), 'JPEG marker expected'],
    ['a segment longer than the stream', jpeg([0xff, 0xdb, 0x10, 0, 1]), 'JPEG segment out of range'],
    ['a segment shorter than its length', jpeg([0xff, 0xdb, 0, 1, 1, 1]), 'JPEG segment out of range'],
    ['a frame header that is too short', jpeg(segment(0xc0, 8, 0, 4)), 'JPEG frame header too short'],
    ['a scan before any frame', jpeg(segment(0xda, 1, 2), sof(0xc0)), 'JPEG frame header missing'],
    ['tables alone', jpeg(segment(0xdb, 1, 2)), 'JPEG frame header missing'],
  ])('%s is no frame', (_what, bytes, message) =>
    expect(() => readJpegHeader(bytes)).toThrow(expect.objectContaining({ code: 'FRAME_UNREADABLE', message })),
  );
});

interface Siz {
  readonly width?: number;
  readonly height?: number;
  readonly offset?: number;
  readonly tile?: number;
  readonly components?: number;
  readonly depth?: number;
}
/** SOC and SIZ of a code stream (ITU-T T.800 A.5.1). */
const siz = ({ width = 6, height = 4, offset = 0, tile = 64, components = 1, depth = 7 }: Siz = {}): number[] => [
  ...[0xff, 0x4f, 0xff, 0x51],
  ...u16(38 + 3 * components),
  ...u16(0),
  ...[width, height, offset, offset, tile, tile, 0, 0].flatMap(u32),
  ...u16(components),
  ...Array.from({ length: components }, () => [depth, 1, 1]).flat(),
];
const cod = (transform: number): number[] => [0xff, 0x52, ...u16(12), 0, 0, ...u16(1), transform, 5, 4, 4, 0, 0];
const sot = [0xff, 0x90, ...u16(10), 0, 0, 0, 0, 0, 0, 0, 1];
const j2k = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat());

describe('the header of a JPEG 2000 code stream (ITU-T T.800 A.5.1)', () => {
  test.each<[string, Uint8Array, object]>([
    ['8 bits', j2k(siz(), cod(0)), { rows: 4, columns: 6, components: 1, precision: 8, isSigned: false, colorTransform: 0 }],
    ['16 bits, signed', j2k(siz({ depth: 0x80 | 15 }), cod(0)), { precision: 16, isSigned: true }],
    ['three components, transformed', j2k(siz({ components: 3 }), cod(1)), { components: 3, colorTransform: 1 }],
    ['an image that begins within its grid', j2k(siz({ width: 10, height: 10, offset: 3 }), cod(0)), { rows: 7, columns: 7 }],
    ['COD behind other segments', j2k(siz(), [0xff, 0x64, ...u16(4), 0, 65], cod(1)), { colorTransform: 1 }],
    ['without COD before the first tile', j2k(siz(), sot, cod(1)), { colorTransform: undefined }],
    ['cut behind SIZ', j2k(siz(), [0xff, 0x52, 0, 12]), { colorTransform: undefined }],
  ])('%s', (_what, bytes, expected) => expect(readJ2kHeader(bytes)).toMatchObject({ process: 0, isJfif: false, ...expected }));

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'no JPEG 2000 code stream'],
    ['a stream that is cut in SIZ', j2k(siz()).subarray(0, 44), 'no JPEG 2000 code stream'],
    [
      'a JPEG',
      jpeg(
        sof(0xc0),
        Array.from({ length: 50 }, () => 0),
      ),
      'no JPEG 2000 code stream',
    ],
    ['tiles of no size', j2k(siz({ tile: 0 }), cod(0)), 'JPEG 2000 tile size is zero'],
    ['more tiles than a stream can count', j2k(siz({ width: 70_000, height: 1, tile: 1 }), cod(0)), 'too many tiles'],
  ])('%s is no frame', (_what, bytes, message) =>
    expect(() => readJ2kHeader(bytes)).toThrow(expect.objectContaining({ code: 'FRAME_UNREADABLE', message })),
  );

  const box = (type: string, ...content: number[]): number[] => [...u32(content.length + 8), ...ascii(type), ...content];
  const signature = box('jP  ', 0x0d, 0x0a, 0x87, 0x0a);

  test('is found in the boxes of a JP2 file, which PS3.5 A.4.4 forbids', () => {
    const file = j2k(signature, box('ftyp', ...ascii('jp2 ')), box('jp2c', ...siz(), ...cod(1)));
    expect(readJ2kHeader(file)).toMatchObject({ rows: 4, columns: 6, colorTransform: 1 });
    expect(codestreamStart(new DataView(file.buffer))).toBe(12 + 12 + 8);
  });

  test.each([
    ['boxes without a code stream', j2k(signature, box('ftyp'))],
    ['a box that is shorter than its own head', j2k(signature, [...u32(4), ...ascii('free')], box('jp2c'))],
  ])('%s are no frame', (_what, file) => expect(() => readJ2kHeader(file)).toThrow('JPEG 2000 box without code stream'));
});
