import { describe, expect, it } from 'vitest';
import { bareFrame as bareEncoded, canBeBare, type EncodedFrame, PixelError } from './index.ts';
import { decodeRle } from './rle.ts';
import { encodeRle } from './rle-encode.ts';

const bytes = (...parts: (number | string | readonly number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...Buffer.from(part, 'latin1')] : part)));
const segment = (marker: number, content: Uint8Array): Uint8Array =>
  bytes(0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 0xff, [...content]);
const [JPEG, JPEG_LS, J2K, HTJ2K, JXL] = ['50', '80', '90', '201', '110'].map((end) => `1.2.840.10008.1.2.4.${end}`) as [
  string,
  string,
  string,
  string,
  string,
];
const FORMAT = {
  rows: 2,
  columns: 200,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
} as const;
const bareFrame = (stream: Uint8Array, transferSyntaxUid: string, format: Partial<EncodedFrame> = {}): Uint8Array =>
  bareEncoded({ ...FORMAT, ...format, transferSyntaxUid, bytes: stream });
const NAME = 'DUPONT^Marie';
const named = (stream: Uint8Array): boolean => Buffer.from(stream).includes('DUPONT');

describe('a JPEG or JPEG-LS stream made bare (ITU-T T.81 B.1, T.87 C.1)', () => {
  const frameHeader = segment(0xc0, bytes(8, 0, 1, 0, 1, 1, 1, 0x11, 0));
  const scan = bytes([...segment(0xda, bytes(1, 1, 0, 0, 63, 0))], 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56);
  const join = (...parts: Uint8Array[]): Uint8Array => Buffer.concat(parts);
  const start = bytes(0xff, 0xd8);
  const end = bytes(0xff, 0xd9);

  it('has neither comments nor application segments, before, between and behind the scans, nor what follows its end', () => {
    const table = segment(0xdb, bytes(0, [...new Uint8Array(64).fill(1)]));
    const comment = segment(0xfe, bytes(NAME));
    const exif = segment(0xe1, bytes('Exif\0\0', NAME));
    const stored = join(start, comment, table, exif, frameHeader, bytes(0xff), comment, scan, comment, scan, end, bytes(NAME));
    expect(Buffer.from(bareFrame(stored, JPEG))).toEqual(Buffer.from(join(start, table, frameHeader, scan, scan, end)));
  });

  it('keeps what decoders take from application segments, written anew: JFIF, Adobe’s and HP’s colour transforms', () => {
    const jfif = segment(0xe0, bytes('JFIF\0', 1, 2, 1, 0, 72, 0, 72, 2, 1, NAME));
    const adobe = segment(0xee, bytes('Adobe', 0, 101, 0x80, 0, 0, 0, 1, NAME));
    const hp = segment(0xe8, bytes('mrfx', 2));
    const bare = Buffer.from(bareFrame(join(start, jfif, adobe, hp, frameHeader, scan, end), JPEG));
    const expected = join(
      start,
      segment(0xe0, bytes('JFIF\0', 1, 2, 0, 0, 1, 0, 1, 0, 0)),
      segment(0xee, bytes('Adobe', 0, 100, 0, 0, 0, 0, 1)),
      hp,
      frameHeader,
      scan,
      end,
    );
    expect(bare).toEqual(Buffer.from(expected));
  });

  it('knows where the data of a JPEG-LS scan end: after FF a bit is stuffed, not a byte', () => {
    const header = segment(0xf7, bytes(8, 0, 1, 0, 1, 1, 1, 0x11, 0));
    const data = join(segment(0xda, bytes(1, 1, 0, 0, 0, 0)), bytes(0xff, 0x7f, 0x12));
    const bare = bareFrame(
      join(start, segment(0xe8, bytes('SPIFF\0', NAME)), header, data, segment(0xfe, bytes(NAME)), end),
      JPEG_LS,
    );
    expect(Buffer.from(bare)).toEqual(Buffer.from(join(start, header, data, end)));
  });

  it.each([
    ['nothing', bytes()],
    ['no JPEG', bytes(NAME)],
    ['a segment that is longer than the stream', bytes(0xff, 0xd8, 0xff, 0xfe, 0xff, 0xff, NAME)],
    ['no marker where one belongs', bytes(0xff, 0xd8, NAME)],
  ])('is refused as PixelError: %s', (_what, stream) => {
    expect(() => bareFrame(stream, JPEG)).toThrow(PixelError);
  });
});

describe('a JPEG 2000 or HTJ2K code stream made bare (ITU-T T.800 A.4)', () => {
  const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff];
  const siz = segment(0x51, new Uint8Array(36));
  const cod = segment(0x52, new Uint8Array(10));
  const comment = segment(0x64, bytes(0, 1, NAME));
  const data = bytes(0xff, 0x93, 1, 2, 3, 0xff, 0x64, 4);
  const tile = (length: number, head: Uint8Array): Uint8Array =>
    bytes([...segment(0x90, bytes(0, 0, u32(length), 0, 1))], [...head], [...data]);
  const stream = (head: Uint8Array, tiles: Uint8Array, after: Uint8Array = bytes()): Uint8Array =>
    bytes(0xff, 0x4f, [...siz], [...cod], [...head], [...tiles], 0xff, 0xd9, [...after]);
  const bare = stream(bytes(), tile(12 + data.length, bytes()));

  it.each([J2K, HTJ2K])(
    'has no comment in its headers, tile-parts of the right length, and nothing behind its end (%s)',
    (syntax) => {
      const lengths = segment(0x55, bytes(0, 0x50, 0, u32(99)));
      const told = stream(bytes([...comment], [...lengths]), tile(12 + comment.length + data.length, comment), bytes(NAME));
      expect(Buffer.from(bareFrame(told, syntax))).toEqual(Buffer.from(bare));
    },
  );

  it('keeps a tile-part whose length is unsaid as it is', () => {
    const unsaid = stream(bytes(), tile(0, bytes()));
    expect(Buffer.from(bareFrame(stream(comment, tile(0, comment)), J2K))).toEqual(Buffer.from(unsaid));
  });

  it('comes out of the boxes of a JP2 file', () => {
    const boxed = bytes(
      u32(12),
      'jP  ',
      0x0d,
      0x0a,
      0x87,
      0x0a,
      u32(8 + NAME.length),
      'xml ',
      NAME,
      u32(8 + bare.length),
      'jp2c',
      [...bare],
    );
    expect(Buffer.from(bareFrame(boxed, J2K))).toEqual(Buffer.from(bare));
  });

  it.each([
    ['nothing', bytes()],
    ['no code stream', bytes(NAME)],
    ['a header without end', bytes(0xff, 0x4f, [...siz])],
    ['a tile-part that is longer than the stream', stream(bytes(), tile(5000, bytes()))],
  ])('is refused as PixelError: %s', (_what, broken) => {
    expect(() => bareFrame(broken, J2K)).toThrow(PixelError);
  });
});

describe('an RLE frame made bare (PS3.5 annex G)', () => {
  const RLE = '1.2.840.10008.1.2.5';
  const pixels = Uint8Array.from({ length: 800 }, (_, i) => (i % 400 < 300 ? 7 : (i * 31) % 251));
  const stored = Buffer.from(encodeRle({ ...FORMAT, pixels }));
  const second = stored.readUInt32LE(8);

  it('has nothing between and behind the segments, nor in the offsets that are none, and the same pixels', () => {
    expect(Buffer.from(bareFrame(stored, RLE))).toEqual(stored);
    const named = Buffer.concat([stored.subarray(0, second), Buffer.from(NAME), stored.subarray(second), Buffer.from(NAME)]);
    named.writeUInt32LE(second + NAME.length, 8);
    named.write(NAME, 40, 'latin1');
    const bare = Buffer.from(bareFrame(named, RLE));
    expect(bare).toEqual(stored);
    expect(decodeRle(bare, 400, 1, 2)).toEqual(pixels);
  });

  it('has neither runs that say nothing nor what a run says beyond the last pixel', () => {
    const one = { rows: 1, columns: 4, bitsAllocated: 8, bitsStored: 8, highBit: 7 };
    const header = [1, 0, 0, 0, 64, 0, 0, 0, ...new Array<number>(56).fill(0)];
    const bareOf = (...runs: number[]): number[] => [...bareFrame(Uint8Array.from([...header, ...runs]), RLE, one)].slice(64);
    expect(bareOf(128, 1, 5, 6, 128, 9, 7, 8, 68, 85, 80, 79)).toEqual([1, 5, 6, 1, 7, 8]);
    expect(bareOf(2, 5, 6, 7, 160, 8)).toEqual([2, 5, 6, 7, 0, 8]);
    expect(bareOf(160, 8)).toEqual([253, 8]);
    const bits = { ...one, rows: 3, columns: 5, bitsAllocated: 1, bitsStored: 1, highBit: 0 };
    expect([...bareFrame(Uint8Array.from([...header, 1, 3, 4, 9, 9]), RLE, bits)].slice(64)).toEqual([1, 3, 4, 0]);
  });

  it.each([
    ['nothing', bytes()],
    ['a segment too few', Buffer.from(encodeRle({ ...FORMAT, bitsAllocated: 8, pixels }))],
    ['a segment that is too short', stored.subarray(0, stored.length - 40)],
    ['segments outside', Buffer.concat([stored.subarray(0, 8), Buffer.alloc(4, 255), stored.subarray(12)])],
  ])('is refused as PixelError: %s', (_what, stream) => {
    expect(() => bareFrame(stream, RLE)).toThrow(PixelError);
  });
});

it('encapsulated uncompressed frames end with the last pixel, also where two share their chrominance (PS3.5 A.4.11)', () => {
  const OCTETS = '1.2.840.10008.1.2.1.98';
  const frame = Uint8Array.from({ length: 800 }, (_, i) => i % 251);
  expect(bareFrame(bytes([...frame], NAME), OCTETS)).toEqual(frame);
  const shared = { samplesPerPixel: 3, bitsAllocated: 8, bitsStored: 8, highBit: 7, photometricInterpretation: 'YBR_FULL_422' };
  expect(bareFrame(bytes([...frame], NAME), OCTETS, shared)).toEqual(frame);
  expect(bareFrame(bytes([...frame.subarray(0, 50)], NAME), OCTETS, { bitsAllocated: 1 })).toEqual(frame.subarray(0, 50));
  expect(() => bareFrame(frame.subarray(1), OCTETS)).toThrow(PixelError);
});

it('is asked only of formats that are known: no other frame leaves as it is stored', () => {
  expect(canBeBare(JPEG)).toBe(true);
  expect([canBeBare(JXL), canBeBare('1.2.840.10008.1.2.8.1')]).toEqual([false, false]);
  expect(() => bareFrame(bytes(NAME), JXL)).toThrow(PixelError);
  expect(named(bareFrame(bytes(0xff, 0xd8, 0xff, 0xd9, NAME), JPEG))).toBe(false);
});
