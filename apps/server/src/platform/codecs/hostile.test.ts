import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EncodedFrame } from '@negatoscope/dicom';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong } from '../../../test/support/sample.ts';
import { CodecPool } from './pool.ts';
import { frameOfFile, TEST_DATA } from './test-frames.ts';

const GRAY: EncodedFrame = {
  rows: 4,
  columns: 4,
  samplesPerPixel: 1,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  transferSyntaxUid: '1.2.840.10008.1.2.1',
  bytes: new Uint8Array(16),
};
const unreadable = { code: 'FRAME_UNREADABLE' };

describe('codec threads', () => {
  let folder: string;
  const script = (name: string, code: string) => async (): Promise<URL> => {
    const file = path.join(folder, `${name}.mjs`);
    await writeFile(file, `import { parentPort, threadId } from 'node:worker_threads';\n${code}`);
    return pathToFileURL(file);
  };
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-codecs-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('end a frame that hangs after its time, and no other', async () => {
    const code = `parentPort.on('message', ({ frame }) => { while (frame.rows === 1); parentPort.postMessage({ kind: 'decoded', frame }); });`;
    const pool = new CodecPool({ threads: 1, timeoutMs: 1500 }, script('hang', code));
    const results = await Promise.allSettled([pool.decodeFrame({ ...GRAY, rows: 1 }), pool.decodeFrame(GRAY)]);
    expect(results[0]).toMatchObject({ status: 'rejected', reason: unreadable });
    expect(results[1]).toMatchObject({ status: 'fulfilled' });
    await pool.close();
  });

  it('end a frame that exhausts memory, and no other', async () => {
    const code = `parentPort.on('message', ({ frame }) => {
      const kept = []; while (frame.rows === 1) kept.push(new Array(10000).fill(kept.length));
      parentPort.postMessage({ kind: 'decoded', frame }); });`;
    const pool = new CodecPool({ threads: 1, maxHeapMb: 32 }, script('memory', code));
    await expect(pool.decodeFrame({ ...GRAY, rows: 1 })).rejects.toMatchObject(unreadable);
    await expect(pool.decodeFrame(GRAY)).resolves.toMatchObject({ rows: 4 });
    await pool.close();
  });

  it('are replaced after their jobs and stopped when idle', async () => {
    const code = `parentPort.on('message', () => parentPort.postMessage({ kind: 'decoded', frame: { thread: threadId } }));`;
    const pool = new CodecPool({ threads: 1, jobsPerThread: 2, idleMs: 50 }, script('recycled', code));
    const seen: unknown[] = [];
    for (let i = 0; i < 4; i += 1) seen.push(await pool.decodeFrame(GRAY));
    await new Promise((resolve) => setTimeout(resolve, 150));
    seen.push(await pool.decodeFrame(GRAY));
    expect(new Set(seen.map((frame) => JSON.stringify(frame))).size).toBe(3);
    await pool.close();
  });

  it('refuse more waiting frames than they may hold', async () => {
    const code = `parentPort.on('message', ({ frame }) => setTimeout(() => parentPort.postMessage({ kind: 'decoded', frame }), 100));`;
    const pool = new CodecPool({ threads: 1, maxWaiting: 1 }, script('waiting', code));
    const results = await Promise.allSettled([1, 2, 3].map(() => pool.decodeFrame(GRAY)));
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { code: 'UNAVAILABLE' } });
    await pool.close();
  });
});

const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
/** SIZ of an image of this size in tiles of this size (ITU-T T.800 A.5.1). */
const siz = (side: number, tile: number): Uint8Array =>
  Uint8Array.from([
    0xff,
    0x4f,
    0xff,
    0x51,
    0,
    41,
    0,
    0,
    ...u32(side),
    ...u32(side),
    ...u32(0),
    ...u32(0),
    ...u32(tile),
    ...u32(tile),
    ...u32(0),
    ...u32(0),
    0,
    1,
    7,
    1,
    1,
    0xff,
    0xd9,
  ]);
const sof = (rows: number, columns: number, marker: number): Uint8Array =>
  Uint8Array.from([
    0xff,
    0xd8,
    0xff,
    marker,
    0,
    11,
    8,
    rows >> 8,
    rows & 255,
    columns >> 8,
    columns & 255,
    1,
    1,
    0x11,
    0,
    0xff,
    0xd9,
  ]);
const syntax = (suffix: string): string => `1.2.840.10008.1.2.${suffix}`;

const BOMBS: [string, Partial<EncodedFrame>][] = [
  ['a JPEG 2000 image of 2^32-1 pixels a side', { transferSyntaxUid: syntax('4.90'), bytes: siz(0xffffffff, 0xffffffff) }],
  [
    'a JPEG 2000 image in millions of tiles',
    { transferSyntaxUid: syntax('4.90'), rows: 65535, columns: 65535, bytes: siz(65535, 1) },
  ],
  ['a JPEG 2000 image that ends after its header', { transferSyntaxUid: syntax('4.90'), bytes: siz(4, 4) }],
  ['an HTJ2K image that ends after its header', { transferSyntaxUid: syntax('4.201'), bytes: siz(4, 4) }],
  ['an HTJ2K image of another size than its dataset', { transferSyntaxUid: syntax('4.201'), bytes: siz(60000, 60000) }],
  ['a JPEG image of 65,500 pixels a side', { transferSyntaxUid: syntax('4.50'), bytes: sof(65500, 65500, 0xc0) }],
  ['a JPEG image without scans', { transferSyntaxUid: syntax('4.50'), bytes: sof(4, 4, 0xc0) }],
  ['a progressive JPEG image without scans', { transferSyntaxUid: syntax('4.55'), bytes: sof(4, 4, 0xc2) }],
  ['a lossless JPEG image without scans', { transferSyntaxUid: syntax('4.70'), bytes: sof(4, 4, 0xc3) }],
  ['a JPEG-LS image without scans', { transferSyntaxUid: syntax('4.80'), bytes: sof(4, 4, 0xf7) }],
  ['hierarchical JPEG', { transferSyntaxUid: syntax('4.50'), bytes: sof(4, 4, 0xc5) }],
  [
    'RLE with offsets outside',
    { transferSyntaxUid: syntax('5'), bytes: Uint8Array.from([1, 0, 0, 0, 255, 255, 255, 255, ...new Array(60).fill(0)]) },
  ],
  ['RLE with too many segments', { transferSyntaxUid: syntax('5'), bytes: new Uint8Array(64).fill(255) }],
  [
    'RLE that is too short',
    { transferSyntaxUid: syntax('5'), bytes: Uint8Array.from([1, 0, 0, 0, 64, 0, 0, 0, ...new Array(56).fill(0), 0, 1]) },
  ],
  ['a deflated frame that is none', { transferSyntaxUid: syntax('8.1'), bytes: new Uint8Array(40).fill(255) }],
  ['JPEG XL that is none', { transferSyntaxUid: syntax('4.110'), bytes: new Uint8Array(40).fill(255) }],
  ['a video', { transferSyntaxUid: syntax('4.102') }],
  ['too few bytes', { bytes: new Uint8Array(15) }],
  ['no rows', { rows: 0 }],
  ['65,535 rows and columns of colour', { rows: 65535, columns: 65535, samplesPerPixel: 3 }],
  ['0 bits allocated', { bitsAllocated: 0 }],
  ['255 bits allocated', { bitsAllocated: 255, bitsStored: 255, highBit: 254 }],
  ['more bits stored than allocated', { bitsStored: 12, highBit: 11 }],
  ['rows that are no number', { rows: Number.NaN }],
  ['empty bytes', { transferSyntaxUid: syntax('4.91'), bytes: new Uint8Array(0) }],
];

describe('hostile frames', () => {
  const pool = new CodecPool({ timeoutMs: 20_000 });
  afterAll(() => pool.close());

  it.each(BOMBS)('%s is FRAME_UNREADABLE', async (_name, changes) => {
    await expect(pool.decodeFrame({ ...GRAY, ...changes })).rejects.toMatchObject(unreadable);
    await expect(pool.decodeFrame(GRAY)).resolves.toMatchObject({ rows: 4 });
  });

  const CORPUS = [
    'pydicom-data/JPEG-LL.dcm',
    'pydicom/SC_rgb_dcmtk_+eb+cy+np.dcm',
    'pydicom/MR_small_RLE.dcm',
    'pydicom/MR_small_jpeg_ls_lossless.dcm',
    'pydicom/JPEG2000.dcm',
    'pydicom-data/HTJ2KLossless_08_RGB.dcm',
    'cornerstone3D/CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm',
  ];
  it.skipIf(!existsSync(path.join(TEST_DATA, 'MANIFEST.csv'))).each(CORPUS)(
    'damage in %s costs that frame at most',
    { timeout: 240_000 },
    async (file) => {
      const frame = frameOfFile(file);
      // A fixed sequence, so that a failure can be repeated.
      let seed = 12_345;
      const random = (below: number): number => {
        seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
        return (seed >>> 8) % below;
      };
      const codes = new Set<string>();
      for (let round = 0; round < (isLong ? 12 : 4); round += 1) {
        const end = round % 4 === 3 ? random(frame.bytes.length) : frame.bytes.length;
        const bytes = Uint8Array.from(frame.bytes.subarray(0, end));
        for (let i = 0; i < 8; i += 1) bytes[random(round % 2 === 0 ? 200 : bytes.length)] = random(256);
        codes.add(
          await pool.decodeFrame({ ...frame, bytes }).then(
            () => 'decoded',
            (error: { code: string }) => error.code,
          ),
        );
      }
      expect([...codes].filter((code) => code !== 'decoded' && code !== 'FRAME_UNREADABLE')).toEqual([]);
      await expect(pool.decodeFrame(frame)).resolves.toMatchObject({ rows: frame.rows });
    },
  );
});
