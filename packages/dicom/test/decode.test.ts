import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  type DecodedFrame,
  type DecoderName,
  type Decoders,
  decodeFrame,
  type EncodedFrame,
  PixelError,
  plainFrame,
  type WasmDecoder,
} from '../src/index.ts';
import { encodeRle } from '../src/pixels/rle-encode.ts';
import { concat, u16, u32 } from './build.ts';

/** Which decoder a frame is given to, what of its stream is believed, and what is made of the result (PS3.5 8, annex A). */
const syntaxOf = (end: string): string => `1.2.840.10008.1.2${end}`;
const [EXPLICIT, OCTETS, RLE, DEFLATED, JXL] = ['.1', '.1.98', '.5', '.8.1', '.4.110'].map(syntaxOf) as [
  string,
  string,
  string,
  string,
  string,
];
const [BASELINE, EXTENDED, LOSSLESS, LS, J2K, HTJ2K] = ['50', '51', '70', '80', '90', '201'].map((end) =>
  syntaxOf(`.4.${end}`),
) as [string, string, string, string, string, string];

const frame = (transferSyntaxUid: string, bytes: Uint8Array, format: Partial<EncodedFrame> = {}): EncodedFrame => ({
  rows: 2,
  columns: 2,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  transferSyntaxUid,
  bytes,
  ...format,
});
const words = { bitsAllocated: 16, bitsStored: 16, highBit: 15 };
const rgb = { samplesPerPixel: 3, photometricInterpretation: 'RGB' };

interface Given {
  readonly width?: number;
  readonly height?: number;
  readonly componentCount?: number;
  readonly result?: Uint8Array;
  readonly interleaveMode?: number;
  readonly throws?: boolean;
}
interface Told extends Decoders {
  /** Decoders that were asked for, each with what it was given, and how many were deleted. */
  readonly asked: { readonly name: DecoderName | 'lossless'; readonly bytes: Uint8Array }[];
  deleted: number;
}
/** Decoders that answer what a test wants of them. */
function decoders({
  width = 2,
  height = 2,
  componentCount = 1,
  result = new Uint8Array(4),
  interleaveMode,
  throws = false,
}: Given = {}): Told {
  const told: Told = {
    asked: [],
    deleted: 0,
    decoder: async (name): Promise<WasmDecoder> => {
      let bytes = new Uint8Array(0);
      return {
        getEncodedBuffer: (length) => {
          bytes = new Uint8Array(length);
          return bytes;
        },
        decode: () => {
          told.asked.push({ name, bytes });
          if (throws) throw 'a number or an object of its own';
        },
        getDecodedBuffer: () => result,
        getFrameInfo: () => ({ width, height, componentCount }),
        ...(interleaveMode === undefined ? {} : { getInterleaveMode: () => interleaveMode }),
        delete: () => {
          told.deleted += 1;
        },
      };
    },
    lossless: () => ({
      decode: (buffer, offset, length, bytesPerSample) => {
        told.asked.push({ name: 'lossless', bytes: new Uint8Array(buffer, offset, length).slice() });
        if (throws) throw new Error('of its own');
        return bytesPerSample === 2 ? new Uint16Array(result.buffer, result.byteOffset, result.length / 2) : result;
      },
    }),
    inflate: async (bytes, limit) => new Uint8Array(inflateRawSync(bytes, { maxOutputLength: limit })),
  };
  return told;
}
const decode = (one: EncodedFrame, by: Decoders = decoders()): Promise<DecodedFrame> => decodeFrame(by, one);

/** A JPEG stream up to its first scan: start, segments, frame header of `process`, start of scan (ITU-T T.81 B.2.2). */
function jpeg(
  process: number,
  { rows = 2, columns = 2, precision = 8, components = 1, before = new Uint8Array(0) } = {},
): Uint8Array {
  const component = (index: number): number[] => [index + 1, 0x11, 0];
  const content = [
    precision,
    rows >> 8,
    rows & 255,
    columns >> 8,
    columns & 255,
    components,
    ...Array.from({ length: components }, (_, index) => component(index)).flat(),
  ];
  return concat(
    Uint8Array.of(0xff, 0xd8),
    before,
    Uint8Array.of(0xff, process, 0, content.length + 2, ...content),
    Uint8Array.of(0xff, 0xda, 0, 2, 1, 2),
  );
}
const big32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
/** The main header of a JPEG 2000 code stream (ITU-T T.800 A.5). */
function j2k({ rows = 2, columns = 2, components = 1, depth = 7, transform = 0 } = {}): Uint8Array {
  const sizes = [columns, rows, 0, 0, columns, rows, 0, 0].flatMap(big32);
  const siz = [0, 0, ...sizes, 0, components, ...Array.from({ length: components }, () => [depth, 1, 1]).flat()];
  const cod = [0, 0, 0, 1, transform, 0, 0, 0, 0, 0];
  return Uint8Array.of(0xff, 0x4f, 0xff, 0x51, 0, siz.length + 2, ...siz, 0xff, 0x52, 0, cod.length + 2, ...cod, 0xff, 0xd9);
}

describe('frames that are not compressed (PS3.5 8.1, 8.2)', () => {
  test('are as they are, without the byte that made them even', async () => {
    const { pixels } = await decode(frame(EXPLICIT, Uint8Array.of(1, 2, 3, 0), { columns: 3, rows: 1 }));
    expect([...pixels]).toEqual([1, 2, 3]);
  });

  test('are taken as they stand, without a copy, where nothing has to be made of them', async () => {
    const color = { samplesPerPixel: 3, photometricInterpretation: 'RGB' } as const;
    const plain = [
      frame(EXPLICIT, Uint8Array.of(1, 2, 3, 0), { columns: 3, rows: 1 }),
      frame(EXPLICIT, Uint8Array.of(1, 2, 3, 4, 5, 6), { ...color, columns: 2, rows: 1 }),
      frame(EXPLICIT, Uint8Array.of(1, 2, 3), { columns: 3, rows: 1, lastTile: { columns: 3, rows: 1 } }),
    ];
    for (const one of plain) {
      const taken = plainFrame(one);
      expect(taken).toEqual(await decode(one));
      expect(taken?.pixels.buffer).toBe(one.bytes.buffer);
    }
    const made = [
      frame(EXPLICIT, Uint8Array.of(5), { columns: 3, rows: 1, bitsAllocated: 1, bitsStored: 1, highBit: 0 }),
      frame(EXPLICIT, Uint8Array.of(1, 2, 3, 4, 5, 6), { ...color, columns: 2, rows: 1, planarConfiguration: 1 }),
      frame(EXPLICIT, Uint8Array.of(1, 2, 3, 4), { ...color, columns: 2, rows: 1, photometricInterpretation: 'YBR_FULL_422' }),
      frame(RLE, Uint8Array.of(1, 2, 3, 4)),
      frame('1.2.3', Uint8Array.of(1, 2, 3, 4)),
    ];
    expect(made.map(plainFrame)).toEqual(made.map(() => undefined));
    expect(() => plainFrame(frame(EXPLICIT, Uint8Array.of(1, 2), { columns: 3, rows: 1 }))).toThrow('too few bytes');
  });

  test('encapsulated all the same are the same (A.4.11)', async () =>
    expect([...(await decode(frame(OCTETS, Uint8Array.of(1, 2, 3, 4)))).pixels]).toEqual([1, 2, 3, 4]));

  test('of an unknown syntax are taken for uncompressed', async () =>
    expect([...(await decode(frame('1.2.3.4', Uint8Array.of(1, 2, 3, 4)))).pixels]).toEqual([1, 2, 3, 4]));

  test('of single bits take a byte each, lowest bit first (8.1.1)', async () => {
    const decoded = await decode(frame(EXPLICIT, Uint8Array.of(0b0000_1001), { bitsAllocated: 1, bitsStored: 1, highBit: 0 }));
    expect([...decoded.pixels]).toEqual([1, 0, 0, 1]);
    expect(decoded).toMatchObject({ bitsAllocated: 8, bitsStored: 1, highBit: 0 });
  });

  test('in planes come with their samples together (PS3.3 C.7.6.3.1.3)', async () => {
    const planes = Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24);
    const decoded = await decode(frame(EXPLICIT, planes, { ...rgb, planarConfiguration: 1 }));
    expect([[...decoded.pixels], decoded.planarConfiguration]).toEqual([[1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24], 0]);
    const wide = await decode(
      frame(EXPLICIT, u16(1, 2, 257, 258, 513, 514), { ...rgb, ...words, rows: 1, planarConfiguration: 1 }),
    );
    expect([...new Uint16Array(wide.pixels.buffer)]).toEqual([1, 257, 513, 2, 258, 514]);
  });

  test('planes mean nothing to a single sample', async () =>
    expect([...(await decode(frame(EXPLICIT, Uint8Array.of(1, 2, 3, 4), { planarConfiguration: 1 }))).pixels]).toEqual([
      1, 2, 3, 4,
    ]));

  test('that share chrominance by two pixels are expanded, unless every sample is there (PS3.3 C.7.6.3.1.2)', async () => {
    const shared = { samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' };
    const half = await decode(frame(EXPLICIT, Uint8Array.of(10, 11, 20, 30, 12, 13, 21, 31), shared));
    expect([...half.pixels]).toEqual([10, 20, 30, 11, 20, 30, 12, 21, 31, 13, 21, 31]);
    expect(half.photometricInterpretation).toBe('YBR_FULL');
    const whole = Uint8Array.from({ length: 12 }, (_, index) => index);
    expect([...(await decode(frame(EXPLICIT, whole, shared))).pixels]).toEqual([...whole]);
  });

  test.each([
    ['bytes are missing', {}, new Uint8Array(3)],
    ['bits are missing', { bitsAllocated: 1, bitsStored: 1, highBit: 0, columns: 5 }, new Uint8Array(1)],
    ['a pair of pixels is cut', { samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422' }, new Uint8Array(7)],
    [
      'a row has an odd number of pixels',
      { samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL_422', columns: 3 },
      new Uint8Array(12),
    ],
  ])('are refused where %s', async (_what, format, bytes) =>
    expect(decode(frame(EXPLICIT, bytes, format))).rejects.toBeInstanceOf(PixelError),
  );
});

describe('frames that are deflated or run-length encoded (PS3.5 A.4.13, annex G)', () => {
  test('deflated ones are inflated, up to what the frame can have', async () => {
    const deflated = new Uint8Array(deflateRawSync(Uint8Array.of(1, 2, 3, 4)));
    expect([...(await decode(frame(DEFLATED, deflated))).pixels]).toEqual([1, 2, 3, 4]);
    const bomb = new Uint8Array(deflateRawSync(new Uint8Array(1_000_000)));
    await expect(decode(frame(DEFLATED, bomb))).rejects.toThrow('deflated frame damaged');
    await expect(decode(frame(DEFLATED, Uint8Array.of(9, 9, 9)))).rejects.toBeInstanceOf(PixelError);
  });

  test('RLE of words and of colours is what was encoded', async () => {
    const gray = frame(RLE, u16(1, 500, 500, 65_535), words);
    expect([...(await decode({ ...gray, bytes: encodeRle({ ...gray, pixels: gray.bytes }) })).pixels]).toEqual([...gray.bytes]);
    const colour = frame(
      RLE,
      Uint8Array.from({ length: 12 }, (_, index) => 20 * index),
      rgb,
    );
    expect([...(await decode({ ...colour, bytes: encodeRle({ ...colour, pixels: colour.bytes }) })).pixels]).toEqual([
      ...colour.bytes,
    ]);
  });

  test('RLE of bits is a segment of packed bits', async () => {
    const packed = concat(u32(1, 64), new Uint8Array(56), Uint8Array.of(0, 0b1010));
    const { pixels } = await decode(frame(RLE, packed, { bitsAllocated: 1, bitsStored: 1, highBit: 0 }));
    expect([...pixels]).toEqual([0, 1, 0, 1]);
  });
});

describe('which decoder is asked is what the stream says (PS3.5 A.4.1 to A.4.4)', () => {
  test.each<[string, string, Uint8Array, DecoderName | 'lossless']>([
    ['baseline', BASELINE, jpeg(0xc0), 'JPEGDecoder'],
    ['progressive, 8 bits', EXTENDED, jpeg(0xc2), 'JPEGDecoder'],
    ['lossless', LOSSLESS, jpeg(0xc3), 'lossless'],
    ['JPEG-LS', LS, jpeg(0xf7), 'JpegLSDecoder'],
    ['JPEG-LS that calls itself lossless JPEG', LOSSLESS, jpeg(0xf7), 'JpegLSDecoder'],
    ['baseline that calls itself JPEG-LS', LS, jpeg(0xc0), 'JPEGDecoder'],
    ['JPEG 2000', J2K, j2k(), 'J2KDecoder'],
    ['HTJ2K', HTJ2K, j2k(), 'HTJ2KDecoder'],
    ['JPEG XL', JXL, new Uint8Array(8), 'JpegXLDecoder'],
  ])('%s', async (_what, syntax, bytes, name) => {
    const told = decoders({ result: Uint8Array.of(1, 2, 3, 4) });
    expect([...(await decode(frame(syntax, bytes), told)).pixels]).toEqual([1, 2, 3, 4]);
    expect(told.asked.map((one) => one.name)).toEqual([name]);
    expect(told.asked[0]?.bytes).toEqual(bytes);
    expect(told.deleted).toBe(name === 'lossless' ? 0 : 1);
  });

  test.each<[string, string, Uint8Array, Partial<EncodedFrame>]>([
    ['arithmetic coding', BASELINE, jpeg(0xc9), {}],
    ['a hierarchy', BASELINE, jpeg(0xc5), {}],
    ['another size than the dataset', BASELINE, jpeg(0xc0, { rows: 3 }), {}],
    ['another width', J2K, j2k({ columns: 3 }), {}],
    ['other components', BASELINE, jpeg(0xc0, { components: 3 }), {}],
    ['more bits than are allocated', LOSSLESS, jpeg(0xc3, { precision: 12 }), {}],
    ['video', syntaxOf('.4.102'), new Uint8Array(9), {}],
    ['no stream at all', J2K, new Uint8Array(0), {}],
  ])('is refused before anybody is asked: %s', async (_what, syntax, bytes, format) => {
    const told = decoders();
    await expect(decode(frame(syntax, bytes, format), told)).rejects.toBeInstanceOf(PixelError);
    expect(told.asked).toEqual([]);
  });

  test.each<[string, Given]>([
    ['another width', { width: 3 }],
    ['another height', { height: 1 }],
    ['other components', { componentCount: 3 }],
    ['too few bytes', { result: new Uint8Array(3) }],
    ['too many', { result: new Uint8Array(12) }],
    ['an error of its own', { throws: true }],
  ])('a decoder that gives %s has failed, and is deleted', async (_what, given) => {
    const told = decoders(given);
    await expect(decode(frame(J2K, j2k()), told)).rejects.toBeInstanceOf(PixelError);
    expect([told.asked.length, told.deleted]).toEqual([1, 1]);
  });

  test('so has the lossless one that throws', async () =>
    expect(decode(frame(LOSSLESS, jpeg(0xc3)), decoders({ throws: true }))).rejects.toThrow('decoder failed'));
});

describe('what the decoder gives', () => {
  test('fills the cells that the dataset allocates, unsigned as the stream is', async () => {
    const decoded = await decode(
      frame(J2K, j2k(), { ...words, bitsStored: 8, highBit: 7 }),
      decoders({ result: Uint8Array.of(1, 128, 255, 0) }),
    );
    expect([...new Uint16Array(decoded.pixels.buffer)]).toEqual([1, 128, 255, 0]);
  });

  test('of a signed stream is signed, whatever the dataset says (ITU-T T.800 A.5.1)', async () => {
    const signed = decoders({ result: Uint8Array.of(1, 128, 255, 0) });
    const decoded = await decode(frame(J2K, j2k({ depth: 0x87 }), { ...words, bitsStored: 8, highBit: 7 }), signed);
    expect([...new Int16Array(decoded.pixels.buffer)]).toEqual([1, -128, -1, 0]);
    expect(decoded.pixelRepresentation).toBe(1);
  });

  test('of signed values in an unsigned stream keeps its bits, the sign at High Bit', async () => {
    const decoded = await decode(
      frame(J2K, j2k({ depth: 11 }), { ...words, bitsStored: 12, highBit: 11, pixelRepresentation: 1 }),
      decoders({ result: u16(0, 1, 0x0fff, 0x0800) }),
    );
    expect([...new Uint16Array(decoded.pixels.buffer)]).toEqual([0, 1, 0x0fff, 0x0800]);
  });

  test('in lines of their own (JPEG-LS, ILV 0) is put together', async () => {
    const result = Uint8Array.of(1, 2, 3, 4, 11, 12, 13, 14, 21, 22, 23, 24);
    const told = (interleaveMode: number) => decoders({ result, componentCount: 3, interleaveMode });
    const stream = frame(LS, jpeg(0xf7, { components: 3 }), rgb);
    expect([...(await decode(stream, told(0))).pixels].slice(0, 6)).toEqual([1, 11, 21, 2, 12, 22]);
    expect([...(await decode(stream, told(2))).pixels]).toEqual([...result]);
  });

  test.each<[string, string, Uint8Array, string, string]>([
    ['JPEG of three components comes as RGB', BASELINE, jpeg(0xc0, { components: 3 }), 'YBR_FULL_422', 'RGB'],
    ['JPEG 2000 whose transform is undone too', J2K, j2k({ components: 3, transform: 1 }), 'YBR_RCT', 'RGB'],
    ['and where only the dataset says so', J2K, j2k({ components: 3 }), 'YBR_ICT', 'RGB'],
    ['one without a transform stays what it is', J2K, j2k({ components: 3 }), 'YBR_FULL', 'YBR_FULL'],
    ['JPEG XL', JXL, new Uint8Array(8), 'XYB', 'RGB'],
  ])('%s (PS3.5 8.2)', async (_what, syntax, bytes, photometricInterpretation, expected) => {
    const told = decoders({ componentCount: 3, result: new Uint8Array(12) });
    const decoded = await decode(frame(syntax, bytes, { ...rgb, photometricInterpretation }), told);
    expect([decoded.photometricInterpretation, decoded.pixels.length]).toEqual([expected, 12]);
  });

  test('RGB that a JPEG stream does not name is said to libjpeg by an Adobe segment; a stream that speaks is believed', async () => {
    const adobe = Uint8Array.of(0xff, 0xee, 0, 14, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, 1);
    const given = async (bytes: Uint8Array, format: Partial<EncodedFrame>): Promise<number> => {
      const told = decoders({ componentCount: 3, result: new Uint8Array(12) });
      await decode(frame(BASELINE, bytes, format), told);
      return (told.asked[0]?.bytes.length ?? 0) - bytes.length;
    };
    expect(await given(jpeg(0xc0, { components: 3 }), rgb)).toBe(16);
    expect(await given(jpeg(0xc0, { components: 3 }), { ...rgb, photometricInterpretation: 'YBR_FULL' })).toBe(0);
    expect(await given(jpeg(0xc0, { components: 3, before: adobe }), rgb)).toBe(0);
  });
});

describe('tiles that were cut at the edge of their slide (PS3.3 C.8.12.4)', () => {
  const cut = { lastTile: { rows: 1, columns: 2 } };

  test('are filled up with black to the size of the others', async () => {
    const told = decoders({ height: 1, result: Uint8Array.of(7, 8) });
    const decoded = await decode(frame(J2K, j2k({ rows: 1 }), cut), told);
    expect([decoded.rows, decoded.columns, [...decoded.pixels]]).toEqual([2, 2, [7, 8, 0, 0]]);
  });

  test('of a size that is neither are refused', async () =>
    expect(decode(frame(J2K, j2k({ columns: 1 }), cut), decoders({ width: 1 }))).rejects.toBeInstanceOf(PixelError));
});

test.each<[string, Partial<EncodedFrame>]>([
  ['no rows', { rows: 0 }],
  ['more columns than a dataset can say', { columns: 65_536 }],
  ['two samples', { samplesPerPixel: 2 }],
  ['cells of 12 bits', { bitsAllocated: 12 }],
  ['more bits stored than allocated', { bitsStored: 9 }],
  ['a high bit below them', { highBit: 6 }],
  ['a high bit outside of the cell', { highBit: 8 }],
  ['more than a frame may take', { rows: 65_535, columns: 65_535 }],
])('a frame of %s is refused before memory is asked for (PS3.3 C.7.6.3.1)', async (_what, format) =>
  expect(decode(frame(EXPLICIT, new Uint8Array(4), format))).rejects.toBeInstanceOf(PixelError),
);
