import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { EncodedFrame } from '@negatoscope/dicom';
import { afterAll, describe, expect, it } from 'vitest';
import { HTJ2K_LOSSLESS, JPEG_2000_LOSSLESS, JPEG_BASELINE, JPEG_LS_LOSSLESS, RLE_LOSSLESS } from './encodable.ts';
import { CodecPool } from './pool.ts';
import { frameOfFile, TEST_DATA } from './test-frames.ts';

const LOSSLESS = [RLE_LOSSLESS, JPEG_LS_LOSSLESS, JPEG_2000_LOSSLESS, HTJ2K_LOSSLESS];
const NATIVE = '1.2.840.10008.1.2.1';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Shape = Partial<Omit<EncodedFrame, 'bytes'>>;
const SHAPE: Omit<EncodedFrame, 'bytes'> = {
  rows: 61,
  columns: 47,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  transferSyntaxUid: NATIVE,
};

/** A frame whose cells `value` makes, little endian. */
function frame(shape: Shape, value: (index: number) => number): EncodedFrame {
  const whole = { ...SHAPE, ...shape };
  const width = whole.bitsAllocated / 8;
  const bytes = Buffer.alloc(whole.rows * whole.columns * whole.samplesPerPixel * width);
  const mask = 2 ** whole.bitsAllocated - 1;
  for (let i = 0; i * width < bytes.length; i += 1) bytes.writeUIntLE((value(i) & mask) >>> 0, i * width, width);
  return { ...whole, bytes };
}
const deep = (bits: number, more: Shape = {}): Shape => ({ bitsAllocated: 16, bitsStored: bits, highBit: bits - 1, ...more });
/** Smooth with steps, and every value between the ends at some place. */
const wave = (low: number, high: number) => (i: number) =>
  i % 97 === 0 ? high : i % 89 === 0 ? low : Math.round(low + ((high - low) * (1 + Math.sin(i / 50))) / 2);
const color: Shape = { samplesPerPixel: 3, photometricInterpretation: 'RGB' };

describe('frames in another transfer syntax (PS3.5 8.2, annexes A and G)', () => {
  const pool = new CodecPool({ threads: 1 });
  afterAll(() => pool.close());

  const GRAY: [string, EncodedFrame][] = [
    ['8 bits', frame({}, wave(0, 255))],
    ['12 of 16 bits', frame(deep(12), wave(0, 4095))],
    ['16 bits', frame(deep(16), wave(0, 65_535))],
    ['16 bits, signed', frame(deep(16, { pixelRepresentation: 1 }), wave(-32_768, 32_767))],
    ['12 of 16 bits, signed and extended', frame(deep(12, { pixelRepresentation: 1 }), wave(-2048, 2047))],
    ['12 of 16 bits, signed and not extended', frame(deep(12, { pixelRepresentation: 1 }), (i) => wave(-2048, 2047)(i) & 0xfff)],
    ['12 of 16 bits with an overlay in bit 15', frame(deep(12), (i) => wave(0, 4095)(i) | (i % 3 === 0 ? 0x8000 : 0))],
    ['palette indices', frame({ photometricInterpretation: 'PALETTE COLOR' }, (i) => (i * 7) % 256)],
    ['one pixel', frame({ rows: 1, columns: 1 }, () => 200)],
    ['one row of one value', frame({ rows: 1, columns: 700 }, () => 3)],
    ['two rows of noise', frame({ rows: 2, columns: 129 }, (i) => Math.imul(i + 1, 2_654_435_761) >>> 24)],
  ];
  it.each(GRAY.flatMap(([what, one]) => LOSSLESS.map((uid) => [what, uid, one] as const)))(
    '%s come back from %s as they were',
    async (_what, uid, one) => {
      const { bytes, photometricInterpretation } = await pool.encodeFrame(one, uid);
      expect(photometricInterpretation).toBe(one.photometricInterpretation);
      const { pixels } = await pool.decodeFrame({ ...one, transferSyntaxUid: uid, bytes, photometricInterpretation });
      expect(sha256(pixels)).toBe(sha256(one.bytes));
    },
  );

  const CELLS: [string, Shape, (i: number) => number][] = [
    ['8 bits in cells of 16', { bitsAllocated: 16, bitsStored: 8, highBit: 7 }, (i) => (i * 7) & 255],
    ['4 bits in cells of 16', { bitsAllocated: 16, bitsStored: 4, highBit: 3 }, (i) => i & 15],
    [
      'signed 8 bits in cells of 16',
      { bitsAllocated: 16, bitsStored: 8, highBit: 7, pixelRepresentation: 1 },
      (i) => ((i * 7) & 255) - 128,
    ],
  ];
  it.each(CELLS.flatMap(([what, shape, value]) => LOSSLESS.map((uid) => [what, uid, frame(shape, value)] as const)))(
    '%s come back from %s as they were (PS3.5 8.1.1)',
    async (_what, uid, one) => {
      const { bytes } = await pool.encodeFrame(one, uid);
      const { pixels } = await pool.decodeFrame({ ...one, transferSyntaxUid: uid, bytes });
      expect(sha256(pixels)).toBe(sha256(one.bytes));
    },
  );

  it.each(LOSSLESS)('colour comes back from %s as it was, JPEG 2000 transforming it', async (uid) => {
    const one = frame(color, (i) => wave(0, 255)(i) ^ (i % 5));
    const { bytes, photometricInterpretation } = await pool.encodeFrame(one, uid);
    const isWavelet = uid === JPEG_2000_LOSSLESS || uid === HTJ2K_LOSSLESS;
    expect(photometricInterpretation).toBe(isWavelet ? 'YBR_RCT' : 'RGB');
    const back = await pool.decodeFrame({ ...one, transferSyntaxUid: uid, bytes, photometricInterpretation });
    expect([back.photometricInterpretation, sha256(back.pixels)]).toEqual(['RGB', sha256(one.bytes)]);
  });

  it('RLE holds 32 bits and 16 bits of colour', async () => {
    const shapes: Shape[] = [
      { bitsAllocated: 32, bitsStored: 32, highBit: 31 },
      { ...color, ...deep(16) },
    ];
    for (const shape of shapes) {
      const one = frame(shape, (i) => Math.imul(i, 65_599));
      const { bytes } = await pool.encodeFrame(one, RLE_LOSSLESS);
      const { pixels } = await pool.decodeFrame({ ...one, transferSyntaxUid: RLE_LOSSLESS, bytes });
      expect(sha256(pixels)).toBe(sha256(one.bytes));
    }
  });

  it('JPEG baseline is near to what it was, colour with shared chrominance', async () => {
    for (const [one, expected] of [
      [frame({ rows: 64, columns: 64 }, (i) => (i % 64) * 3), 'MONOCHROME2'],
      [frame({ ...color, rows: 64, columns: 64 }, (i) => Math.floor((i % 192) / 3) * 3), 'YBR_FULL_422'],
      [frame({ rows: 128, columns: 128 }, (i) => Math.imul(i + 1, 2_654_435_761) >>> 24), 'MONOCHROME2'],
    ] as const) {
      const { bytes, photometricInterpretation } = await pool.encodeFrame(one, JPEG_BASELINE);
      expect(photometricInterpretation).toBe(expected);
      // SOF0, not progressive (ITU-T T.81 F.2).
      expect([bytes[0], bytes[1], Buffer.from(bytes).includes(Buffer.from([0xff, 0xc0]))]).toEqual([0xff, 0xd8, true]);
      const { pixels } = await pool.decodeFrame({ ...one, transferSyntaxUid: JPEG_BASELINE, bytes, photometricInterpretation });
      const error = pixels.reduce((sum, value, i) => sum + Math.abs(value - (one.bytes[i] ?? 0)), 0) / pixels.length;
      expect(error).toBeLessThan(10);
    }
  });

  const REFUSED: [string, string, EncodedFrame][] = [
    ['single bits', RLE_LOSSLESS, { ...frame({}, () => 0), bitsAllocated: 1, bitsStored: 1, highBit: 0 }],
    ['32 bits in JPEG-LS', JPEG_LS_LOSSLESS, frame({ bitsAllocated: 32, bitsStored: 32, highBit: 31 }, () => 0)],
    ['16 bits in JPEG baseline', JPEG_BASELINE, frame(deep(16), () => 0)],
    ['palette indices in JPEG baseline', JPEG_BASELINE, frame({ photometricInterpretation: 'PALETTE COLOR' }, () => 0)],
    ['signed bytes in JPEG 2000', JPEG_2000_LOSSLESS, frame({ pixelRepresentation: 1 }, () => 0)],
    ['colour of 16 bits in JPEG 2000', JPEG_2000_LOSSLESS, frame({ ...color, ...deep(16) }, () => 0)],
    ['YBR_FULL in JPEG 2000', JPEG_2000_LOSSLESS, frame({ ...color, photometricInterpretation: 'YBR_FULL' }, () => 0)],
    ['anything in JPEG lossless', '1.2.840.10008.1.2.4.70', frame({}, () => 0)],
    ['anything in a video', '1.2.840.10008.1.2.4.102', frame({}, () => 0)],
  ];
  it.each(REFUSED)('%s are NOT_ACCEPTABLE', async (_what, uid, one) => {
    await expect(pool.encodeFrame(one, uid)).rejects.toMatchObject({ code: 'NOT_ACCEPTABLE' });
  });

  it('a frame that can not be compressed costs its thread and no other frame', async () => {
    let seed = 1;
    const noise = frame({ ...color, rows: 300, columns: 300 }, () => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
      return seed >>> 24;
    });
    await pool.encodeFrame(noise, JPEG_LS_LOSSLESS).catch((error: unknown) => {
      expect(error).toMatchObject({ code: 'FRAME_UNREADABLE' });
    });
    await expect(
      pool.encodeFrame(
        frame({}, () => 7),
        JPEG_LS_LOSSLESS,
      ),
    ).resolves.toBeDefined();
  });

  const FILES = [
    'pydicom/MR_small_bigendian.dcm',
    'pydicom/MR_small_RLE.dcm',
    'pydicom/MR_small_jpeg_ls_lossless.dcm',
    'pydicom/JPEG2000.dcm',
    'pydicom/CT_small.dcm',
    'pydicom-data/HTJ2KLossless_08_RGB.dcm',
  ];
  it.skipIf(!existsSync(path.join(TEST_DATA, 'MANIFEST.csv'))).each(FILES)('%s in every lossless syntax', async (file) => {
    const one = frameOfFile(file);
    const before = await pool.decodeFrame(one);
    for (const uid of LOSSLESS) {
      const { bytes, photometricInterpretation } = await pool.encodeFrame(one, uid);
      const { pixels } = await pool.decodeFrame({
        ...one,
        transferSyntaxUid: uid,
        bytes,
        photometricInterpretation,
        planarConfiguration: 0,
      });
      expect(sha256(pixels)).toBe(sha256(before.pixels));
    }
  });
});
