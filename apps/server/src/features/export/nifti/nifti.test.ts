import { gunzipSync } from 'node:zlib';
import { encodeRle, TransferSyntax, volumeSeries } from '@negatoscope/testkit';
import { afterAll, expect, test } from 'vitest';
import { MemoryScratch } from '../../../../test/support/memory-objects.ts';
import { deidentifiedFile, onceHash, substitutesOf } from '../../../archive/deidentified/index.ts';
import type { ExportedInstance } from '../../../archive/records/exported.ts';
import { CodecPool } from '../../../platform/codecs/pool.ts';
import { niftiOf } from './index.ts';

const pool = new CodecPool();
afterAll(() => pool.close());

/** Two slices of 8 × 8 in RLE, with the same pixels, 100 and on. */
function compressed(): Buffer[] {
  const cells = Uint16Array.from({ length: 64 }, (_, at) => 100 + at);
  const frame = encodeRle(new Uint8Array(cells.buffer), { rows: 8, columns: 8, samplesPerPixel: 1, bytesPerSample: 2 });
  const series = volumeSeries({
    ...{ seed: 'rle', side: 8, spacingMm: 1, positions: [0, 3].map((z) => [0, 0, z] as const), valueAt: () => 0 },
    transferSyntaxUid: TransferSyntax.rleLossless,
    dataset: { PatientName: 'CACHEE^Jeanne', PixelData: { frames: [[frame]], offsetTable: 'basic' } },
  });
  return [...series].map(({ bytes }) => Buffer.from(bytes));
}

test('compressed images of a series are decoded into one file; the bytes are given back when it fails', async () => {
  const files = compressed();
  const objects = {
    read: async (id: string, offset: number, length: number) =>
      files[Number(id)]?.subarray(offset, offset + length) ?? Buffer.alloc(0),
  };
  const instances = files.map((file, index) => ({ id: String(index), size_bytes: file.length }) as ExportedInstance); // No more is looked at.
  const wish = { profile: { options: new Set<never>() }, substitutes: substitutesOf(onceHash(), '1') };
  const open = ({ id, size_bytes: sizeBytes }: ExportedInstance) => deidentifiedFile(objects, { id, sizeBytes }, wish);
  await open(instances[0] as ExportedInstance);
  const signal = new AbortController().signal;
  const tools = {
    scratch: new MemoryScratch(),
    signal,
    decode: (frame: Parameters<typeof pool.decodeFrame>[0]) => pool.decodeFrame(frame),
  };
  const { bytes, sidecar } = await niftiOf(tools, instances, open);
  const block = gunzipSync(await bytes.read(0, bytes.sizeBytes));
  expect([block.readInt16LE(42), block.readInt16LE(44), block.readInt16LE(46)]).toEqual([8, 8, 2]);
  expect([block.readUInt16LE(352), block.readUInt16LE(352 + 2 * 56), block.readUInt16LE(352 + 2 * 64)]).toEqual([156, 100, 156]);
  expect(sidecar).toMatchObject({ Modality: 'CT', RescaleIntercept: -1024 });
  await bytes.remove();
});
