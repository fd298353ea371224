import { expect, it } from 'vitest';
import { concat, encapsulated, explicit, imageAttributes, part10, u32 } from '../../test/build.ts';
import { cleaned } from '../../test/deid/support.ts';
import { jpegOf } from '../../test/jpeg-encoder.ts';
import { decodeBase64 } from '../base64.ts';
import { frameRanges } from '../frame-ranges.ts';
import { locateFrames } from '../frames.ts';
import { parsePart10 } from '../parse.ts';
import { decodeJpegDct } from '../pixels/jpeg-dct.ts';

const JPEG = '1.2.840.10008.1.2.4.50';
const NAME = 'DUPONTEL^Zoé';
const named = (bytes: Uint8Array): boolean => Buffer.from(bytes).includes('DUPONTEL');

const segment = (marker: number, text: string): Uint8Array => {
  const content = Buffer.from(text);
  return Uint8Array.from([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff, ...content]);
};
/** A frame of 8 × 8 whose pixels tell which one it is. */
const picture = (level: number) =>
  ({
    rows: 8,
    columns: 8,
    precision: 8,
    quantisation: Array(64).fill(4),
    components: [[[level - 100, 9, ...Array(62).fill(0)]]],
  }) as const;
const bare = (level: number): Uint8Array => jpegOf(picture(level));
/** The same with a name in a comment, an Exif segment and behind the end of the image. */
const telling = (level: number, name = NAME): Uint8Array =>
  concat(
    bare(level).subarray(0, 2),
    segment(0xfe, name),
    segment(0xe1, `Exif\0\0${name}`),
    bare(level).subarray(2),
    Buffer.from(name),
  );

const NONE = new Uint8Array(0);
const IMAGE = explicit('00280004', 'CS', 'MONOCHROME2');
const CT = concat(explicit('00080016', 'UI', '1.2.840.10008.5.1.4.1.1.2'), explicit('00080018', 'UI', '1.2.3.4'));
function fileOf(
  pixels: Uint8Array,
  frames: number,
  { syntax = JPEG, tables = NONE }: { syntax?: string; tables?: Uint8Array } = {},
): Uint8Array {
  return part10(
    concat(CT, IMAGE, imageAttributes({ rows: 8, columns: 8, frames: String(frames), bits: 8 }), tables, pixels),
    syntax,
  );
}

/** Decoded frames of a file, found by whatever table it has. */
function framesOf(file: Uint8Array): number[][] {
  const parsed = parsePart10(file);
  const table = locateFrames(parsed, file);
  expect(table.warnings).toEqual([]);
  return Array.from({ length: table.count }, (_, index) => {
    const ranges = frameRanges(table, index) ?? [];
    return [...decodeJpegDct(concat(...ranges.map(({ offset, length }) => file.subarray(offset, offset + length))))];
  });
}
const samples = (...levels: number[]): number[][] => levels.map((level) => [...decodeJpegDct(bare(level))]);
const LEVELS = [10, 60, 200];
/** The entries of a Basic Offset Table at the beginning of Pixel Data. */
function basicTable(file: Uint8Array): number[] {
  const view = new DataView(file.buffer, file.byteOffset + (parsePart10(file).pixelData?.offset ?? 0));
  return Array.from({ length: view.getUint32(4, true) / 4 }, (_, index) => view.getUint32(8 + index * 4, true));
}
const even = (bytes: Uint8Array): number => bytes.length + (bytes.length % 2);

it('names in comments, application segments and behind images are gone, frames decode to the same pixels, offsets are those of the new fragments', () => {
  const stored = LEVELS.map((level, at) => telling(level, NAME.repeat(at + 1)));
  const file = fileOf(encapsulated(stored), 3);
  expect(named(file)).toBe(true);
  const { result, bytes } = cleaned(file);
  expect(named(bytes)).toBe(false);
  expect(bytes.length).toBe(result.sizeBytes);
  expect(framesOf(bytes)).toEqual(samples(...LEVELS));
  const [first = 0, second = 0] = LEVELS.map((level) => even(bare(level)) + 8);
  expect(basicTable(bytes)).toEqual([0, first, first + second]);
  expect(result.actions.at(-1)).toEqual({ path: '7FE00010', done: 'cleaned', rule: 'jpegComment' });
});

it('a Basic Offset Table with a name in it is written anew, a frame of several fragments becomes one', () => {
  // Only the last fragment of a frame may need a byte to be even.
  const parts = [telling(10), telling(60)].flatMap((frame) => [frame.subarray(0, 60), frame.subarray(60)]);
  const second = 8 + 60 + 8 + even(parts[1] ?? CT);
  const { bytes } = cleaned(fileOf(encapsulated(parts, [0, second]), 2));
  expect(named(bytes)).toBe(false);
  expect(framesOf(bytes)).toEqual(samples(10, 60));
  expect(basicTable(bytes)).toEqual([0, even(bare(10)) + 8]);
  const damaged = encapsulated([telling(10), telling(60)], [0x5055_4444, 0x4554_4e4f]);
  expect(framesOf(cleaned(fileOf(damaged, 2)).bytes)).toEqual(samples(10, 60));
});

it('an Extended Offset Table is that of the new fragments, with their lengths before they are made even; the basic one stays empty (PS3.3 C.7.6.3.1.8)', () => {
  const stored = LEVELS.map((level) => telling(level));
  const [first = 0, second = 0] = stored.map((frame) => even(frame) + 8);
  const wide = (values: readonly number[]): Uint8Array => concat(...values.map((value) => u32(value, 0)));
  const tables = concat(
    explicit('7FE00001', 'OV', wide([0, first, first + second])),
    explicit('7FE00002', 'OV', wide(stored.map(({ length }) => length))),
    explicit('7FE00003', 'UV', u32(0x55_44, 0)),
  );
  const { result, bytes } = cleaned(fileOf(encapsulated(stored), 3, { tables }));
  const { json } = parsePart10(bytes);
  const words = (tag: string): number[] =>
    [...new BigUint64Array(decodeBase64(json[tag]?.InlineBinary ?? '').slice().buffer)].map(Number);
  const lengths = LEVELS.map((level) => bare(level).length);
  expect(words('7FE00002')).toEqual(lengths);
  expect(words('7FE00001')[1]).toBe((lengths[0] ?? 0) + ((lengths[0] ?? 0) % 2) + 8);
  expect(json['7FE00003']).toBeUndefined();
  expect(result.output['7FE00001']).toEqual(json['7FE00001']);
  expect(framesOf(bytes)).toEqual(samples(...LEVELS));
});

it('tables of offsets that say something else do not leave: with native pixels, and where they are no table', () => {
  const text = explicit('7FE00001', 'OV', Buffer.from('DUPONTEL'));
  const native = part10(
    concat(CT, IMAGE, imageAttributes({ rows: 8, columns: 8, bits: 8 }), text, explicit('7FE00010', 'OB', new Uint8Array(64))),
  );
  expect(named(native)).toBe(true);
  expect(named(cleaned(native).bytes)).toBe(false);
  const tables = concat(text, explicit('7FE00002', 'OV', Buffer.from('DUPONTEL')));
  expect(named(cleaned(fileOf(encapsulated([telling(10), telling(60)]), 2, { tables })).bytes)).toBe(false);
});

it('what is bare already stays one run of the file, whatever the number of frames, and is told as kept', () => {
  const file = fileOf(encapsulated(LEVELS.map((level) => concat(bare(level), new Uint8Array(bare(level).length % 2)))), 3);
  const { result } = cleaned(file);
  expect(result.pieces.filter((piece) => 'offset' in piece)).toHaveLength(1);
  expect(result.actions.at(-1)).toEqual({ path: '7FE00010', done: 'kept', rule: 'behindPixels' });
});

it.each([
  ['the number of frames is another', fileOf(encapsulated([bare(1)]), 2), 'PIXELS_DAMAGED'],
  ['the number of frames is none', fileOf(encapsulated([bare(1)]), 0), 'PIXELS_DAMAGED'],
  ['a fragment is no JPEG', fileOf(encapsulated([Buffer.from(`${NAME}  `)]), 1), 'PIXELS_DAMAGED'],
  ['there is no fragment', fileOf(encapsulated([]), 1), 'PIXELS_DAMAGED'],
  ['there is no delimiter', fileOf(encapsulated([bare(1)]).subarray(0, -8), 1), 'PIXELS_DAMAGED'],
  ['the syntax is video', fileOf(encapsulated([bare(1)]), 1, { syntax: '1.2.840.10008.1.2.4.102' }), 'PIXELS_NOT_CLEARED'],
  ['the syntax is JPEG XL', fileOf(encapsulated([bare(1)]), 1, { syntax: '1.2.840.10008.1.2.4.110' }), 'PIXELS_NOT_CLEARED'],
  [
    'the syntax is that of native pixels',
    fileOf(encapsulated([bare(1)]), 1, { syntax: '1.2.840.10008.1.2.1' }),
    'PIXELS_NOT_CLEARED',
  ],
])('nothing leaves where %s', (_why, file, code) => {
  expect(() => cleaned(file)).toThrow(expect.objectContaining({ name: 'DeidRefusal', code }));
});
