import { existsSync } from 'node:fs';
import path from 'node:path';
import { type EncodedFrame, type FrameMeasure, IDENTITY, valueAt } from '@negatoscope/dicom';
import { afterAll, describe, expect, it } from 'vitest';
import { JPEG_2000_LOSSLESS } from './encodable.ts';
import { CodecPool } from './pool.ts';
import { frameOfFile, TEST_DATA } from './test-frames.ts';

const pool = new CodecPool();
afterAll(() => pool.close());

const format = (changes: Partial<EncodedFrame>): EncodedFrame => ({
  rows: 8,
  columns: 8,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bytes: new Uint8Array(0),
  ...changes,
});
const twelve = { bitsAllocated: 16, bitsStored: 12, highBit: 11 } as const;

describe('JPEG XL (PS3.5 A.4.12)', () => {
  // Streams of libjxl: 64 pixels, 4 and 60 apart, without loss.
  const EIGHT = '/wpBQFC0CAgEAQBgAEsoJMY3FCQkxcSJAJ8AD1jAAhawgAUsAA==';
  const TWELVE = '/wpBYFC0CAgEAQDIAEsoN8bfjitISIqLJwnwEzMzMz8yMzPzEjMzMy8xMzPzEjMzMy8xMzPzEjMzMy8xMzMz';
  const stream = (base64: string, changes: Partial<EncodedFrame>): EncodedFrame =>
    format({ ...changes, transferSyntaxUid: '1.2.840.10008.1.2.4.110', bytes: Buffer.from(base64, 'base64') });

  it('is decoded, 8 bits, 12 bits, and 8 bits in cells of 16', async () => {
    const ramp = (step: number): number[] => Array.from({ length: 64 }, (_, i) => i * step);
    expect([...(await pool.decodeFrame(stream(EIGHT, {}))).pixels]).toEqual(ramp(4));
    for (const [one, step] of [
      [stream(TWELVE, twelve), 60],
      [stream(EIGHT, { bitsAllocated: 16 }), 4],
    ] as const) {
      const { pixels } = await pool.decodeFrame(one);
      expect([...new Uint16Array(Uint8Array.from(pixels).buffer)]).toEqual(ramp(step));
    }
  });
  it('of another size than the dataset says is refused', async () => {
    await expect(pool.decodeFrame(stream(EIGHT, { rows: 4 }))).rejects.toMatchObject({ code: 'FRAME_UNREADABLE' });
  });
});

describe('the sign of a JPEG 2000 stream (ITU-T T.800 A.5.1)', () => {
  it('makes samples signed that the dataset calls unsigned', async () => {
    const values = Int16Array.from({ length: 64 }, (_, i) => i * 50 - 1600);
    const signed = format({ ...twelve, pixelRepresentation: 1, bytes: new Uint8Array(values.buffer) });
    const { bytes } = await pool.encodeFrame(signed, JPEG_2000_LOSSLESS);
    const mislabelled = { ...signed, bytes, transferSyntaxUid: JPEG_2000_LOSSLESS, pixelRepresentation: 0 } as const;
    const decoded = await pool.decodeFrame(mislabelled);
    const plan = { modality: IDENTITY, padding: undefined };
    expect(decoded.pixelRepresentation).toBe(1);
    expect([0, 31, 63].map((at) => valueAt(decoded, plan, at))).toEqual([-1600, -50, 1550]);
    const measured: FrameMeasure = { found: { min: -1600, max: 1550 }, possible: { min: -2048, max: 2047 } };
    expect(await pool.measureFrame(mislabelled, plan)).toEqual(measured);
  });
  it('leaves to the dataset the sign of bits in an unsigned stream', async () => {
    const cells = Uint16Array.from({ length: 64 }, (_, i) => (i * 50 - 1600) & 0xfff);
    const unsigned = format({ ...twelve, bytes: new Uint8Array(cells.buffer) });
    const { bytes } = await pool.encodeFrame(unsigned, JPEG_2000_LOSSLESS);
    const decoded = await pool.decodeFrame({ ...unsigned, bytes, transferSyntaxUid: JPEG_2000_LOSSLESS, pixelRepresentation: 1 });
    expect([0, 31, 63].map((at) => valueAt(decoded, { modality: IDENTITY, padding: undefined }, at))).toEqual([-1600, -50, 1550]);
  });

  const MISMATCH = 'broken/pydicom/J2K_pixelrep_mismatch.dcm';
  it.skipIf(!existsSync(path.join(TEST_DATA, MISMATCH)))(
    'gives Hounsfield units for a CT whose stream and dataset disagree (absent without the test data)',
    async () => {
      const decoded = await pool.decodeFrame(frameOfFile(MISMATCH));
      const at = (row: number, column: number) =>
        valueAt(decoded, { modality: IDENTITY, padding: undefined }, row * decoded.columns + column);
      // As pydicom's own tests have them: outside of the circle, and a way from bone to air.
      expect(at(0, 0)).toBe(-2000);
      expect([47, 48, 49, 50, 51, 52].map((row) => at(row, 279))).toEqual([621, 412, 138, -193, -520, -767]);
    },
  );
});
