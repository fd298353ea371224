import {
  frameFormatOf,
  jsonString,
  locateFrames,
  type PixelMask,
  parsePart10,
  planFrameRead,
  TRANSFER_SYNTAXES,
} from '@negatoscope/dicom';
import { type Dataset, type PixelCase, pixelMatrix, writePart10 } from '@negatoscope/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { framesOf } from '../../../test/dicomweb/transcoding-support.ts';
import { MemoryScratch } from '../../../test/support/memory-objects.ts';
import { isLong } from '../../../test/support/sample.ts';
import { createHeavyWork } from '../../features/dicomweb/index.ts';
import { CodecPool } from '../../platform/codecs/pool.ts';
import { type DeidentifiedFile, deidentifiedFile } from './deidentified-file.ts';
import { onceHash, substitutesOf } from './substitutes.ts';

const codecs = new CodecPool();
const headers = createHeavyWork();
const scratch = new MemoryScratch();
afterAll(async () => {
  await codecs.close();
  headers.close();
});

const ALL_FRAMES: readonly PixelMask[] = [
  { left: 2, top: 1, right: 6, bottom: 4 },
  { left: 10, top: 6, right: 11, bottom: 7 },
];

const open = (file: Buffer, masks: readonly PixelMask[]): Promise<DeidentifiedFile> =>
  deidentifiedFile(
    { read: async (_id, offset, length) => file.subarray(offset, offset + length) },
    { id: 'a', sizeBytes: file.length },
    {
      profile: { options: new Set() },
      substitutes: substitutesOf(onceHash(), '1'),
      decision: { masks, tools: { codecs, headers, scratch } },
    },
  );

async function masked(file: Buffer, masks: readonly PixelMask[]): Promise<Buffer> {
  const left = await open(file, masks);
  try {
    const pieces: Buffer[] = [];
    for await (const piece of left.bytes) pieces.push(Buffer.from(piece));
    const whole = Buffer.concat(pieces);
    expect(whole).toHaveLength(left.sizeBytes);
    return whole;
  } finally {
    await left.discard();
  }
}

/** The samples of all frames of a file, by pixel, as numbers. */
const samplesOf = async (file: Buffer): Promise<number[][]> =>
  (await framesOf(codecs, file)).map(({ pixels, bitsAllocated, pixelRepresentation }) => {
    const [cells, width] = [Buffer.from(pixels), bitsAllocated / 8];
    return Array.from({ length: cells.length / width }, (_cell, at) =>
      pixelRepresentation === 1 ? cells.readIntLE(at * width, width) : cells.readUIntLE(at * width, width),
    );
  });

/** Of a matrix case: what is black, with the bits of a cell above those that are stored left as they are for the sign. */
function blackOf({ photometric, bitsStored, isSigned }: PixelCase): readonly number[] {
  const [low, high] = isSigned ? [-(2 ** (bitsStored - 1)), 2 ** (bitsStored - 1) - 1] : [0, 2 ** bitsStored - 1];
  if (photometric === 'YBR_FULL') return [0, 128, 128];
  if (photometric === 'RGB') return [0, 0, 0];
  // The darkest of the matrix's palette: red and blue rise, green falls.
  if (photometric === 'PALETTE COLOR') return [Number.NaN];
  return [photometric === 'MONOCHROME1' ? high : low];
}

const bitsOf = ({ bitsStored, isSigned }: PixelCase, value: number): number =>
  isSigned && value >= 0 && bitsStored < 16 && value >= 2 ** (bitsStored - 1) ? value - 2 ** bitsStored : value;

function expectMasked(one: PixelCase, found: readonly (readonly number[])[], masks: readonly PixelMask[]): void {
  expect(found).toHaveLength(one.frames);
  const black = blackOf(one);
  const palette = new Set<number>();
  for (const [frame, values] of one.expected.entries())
    for (const [at, value] of values.entries()) {
      const pixel = Math.floor(at / black.length);
      const [x, y] = [pixel % one.columns, Math.floor(pixel / one.columns)];
      const isIn = masks.some(
        (mask) => (mask.frame ?? frame) === frame && x >= mask.left && x < mask.right && y >= mask.top && y < mask.bottom,
      );
      const seen = bitsOf(one, found[frame]?.[at] ?? Number.NaN);
      const wanted = isIn ? (black[at % black.length] ?? 0) : value;
      if (isIn && Number.isNaN(wanted)) palette.add(seen);
      else if (seen !== wanted) expect({ frame, x, y, seen }).toEqual({ frame, x, y, seen: wanted });
    }
  if (Number.isNaN(black[0])) expect(palette.size).toBe(1);
}

const CASES = [...pixelMatrix()];
/** Painting by itself is tried with every native picture where it is (packages/dicom). */
const SYNTAXES = isLong ? (['explicit', 'implicit', 'bigEndian', 'rle'] as const) : (['bigEndian', 'rle'] as const);

describe('a masked file has black where it was masked and its own pixels everywhere else', () => {
  test.each(SYNTAXES)('%s', { timeout: 60_000 }, async (syntax) => {
    for (const one of CASES.filter((shape) => shape.syntax === syntax)) {
      const last = one.frames - 1;
      for (const masks of [ALL_FRAMES, ALL_FRAMES.map((mask) => ({ ...mask, frame: last }))]) {
        const left = await masked(Buffer.from(one.instance.bytes), masks);
        const { json } = parsePart10(left);
        expect(jsonString(json, '00280301'), one.name).toBe('NO');
        expectMasked(one, await samplesOf(left), masks);
      }
    }
  });

  const LOSSLESS = ['1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.201'];
  test.each(isLong ? LOSSLESS : LOSSLESS.slice(-1))('%s', { timeout: 60_000 }, async (syntax) => {
    const shapes = CASES.filter(
      (one) =>
        one.syntax === 'explicit' && [8, 16].includes(one.bitsAllocated) && !one.isSigned && one.photometric !== 'YBR_FULL',
    );
    let compared = 0;
    for (const one of shapes) {
      const file = await compressed(one, syntax);
      if (file === undefined) continue;
      compared += 1;
      const left = await masked(file, ALL_FRAMES);
      expect(parsePart10(left).transferSyntaxUid).toBe('1.2.840.10008.1.2.1');
      expectMasked(one, await samplesOf(left), ALL_FRAMES);
    }
    expect(compared).toBeGreaterThan(6);
  });
});

function datasetOf(one: PixelCase, over: Dataset): Dataset {
  const isColour = one.photometric === 'RGB' || one.photometric === 'YBR_FULL';
  return {
    ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.7', SOPInstanceUID: '1.2.3.4', Modality: 'OT', NumberOfFrames: one.frames },
    ...{ Rows: one.rows, Columns: one.columns, SamplesPerPixel: isColour ? 3 : 1, PlanarConfiguration: one.planarConfiguration },
    ...{ BitsAllocated: one.bitsAllocated, BitsStored: one.bitsStored, HighBit: one.bitsStored - 1 },
    ...{ PixelRepresentation: one.isSigned ? 1 : 0, PhotometricInterpretation: one.photometric },
    ...over,
  };
}

/** The frames of a case in another syntax; undefined where its encoder has no such pictures. */
async function compressed(one: PixelCase, transferSyntaxUid: string): Promise<Buffer | undefined> {
  const file = Buffer.from(one.instance.bytes);
  const parsed = parsePart10(file);
  const table = locateFrames(parsed, file);
  if (table.kind === 'none') throw new Error('no frames');
  const format = frameFormatOf(parsed.json, '7FE00010');
  try {
    const pictures = await Promise.all(
      Array.from({ length: table.count }, (_, frame) => {
        const plan = planFrameRead(table, frame);
        const bytes = Buffer.concat((plan?.ranges ?? []).map(({ offset, length }) => file.subarray(offset, offset + length)));
        return codecs.encodeFrame({ ...format, transferSyntaxUid: parsed.transferSyntaxUid, bytes }, transferSyntaxUid);
      }),
    );
    const photometric = pictures[0]?.photometricInterpretation ?? '';
    const PixelData = { frames: pictures.map(({ bytes }) => [bytes]), offsetTable: 'basic' as const };
    return Buffer.from(
      writePart10(datasetOf(one, { PhotometricInterpretation: photometric, PlanarConfiguration: 0, PixelData }), {
        transferSyntaxUid,
      }),
    );
  } catch (error) {
    if (TRANSFER_SYNTAXES.has(transferSyntaxUid) && (error as { code?: string }).code === 'NOT_ACCEPTABLE') return undefined;
    throw error;
  }
}

describe('what can’t be masked with certainty does not leave', () => {
  const plain = CASES.find(({ name }) => name.startsWith('monochrome2-16-16u-1f-explicit'));
  if (plain === undefined) throw new Error('no case');
  const native = (over: Dataset, value: Uint8Array): Buffer =>
    Buffer.from(
      writePart10(datasetOf(plain, { ...over, PixelData: { vr: 'OW', value } }), {
        transferSyntaxUid: '1.2.840.10008.1.2.1',
      }),
    );
  const pixels = 7 * 11;
  test.each([
    ['cells of twelve bits', { BitsAllocated: 12, BitsStored: 12, HighBit: 11 }, Math.ceil((pixels * 12) / 8) + 1],
    ['cells of four bits', { BitsAllocated: 4, BitsStored: 4, HighBit: 3 }, Math.ceil(pixels / 2) + 1],
    ['three samples of one bit', { BitsAllocated: 1, BitsStored: 1, HighBit: 0, SamplesPerPixel: 3 }, 30],
    ['two samples', { SamplesPerPixel: 2 }, pixels * 4],
    ['a high bit outside of the cell', { HighBit: 20 }, pixels * 2 + 2],
    ['fewer pixels than frames need', { NumberOfFrames: 3 }, pixels * 4],
  ])('%s', async (_what, over, length) => {
    const even = length + (length % 2);
    await expect(
      masked(native(over, new Uint8Array(even).fill(7)), [ALL_FRAMES[0] ?? { left: 0, top: 0, right: 1, bottom: 1 }]),
    ).rejects.toMatchObject({
      name: 'NotDeidentified',
    });
  });
});

test('what waits aside is given back whether its bytes are read, begun or never asked for', async () => {
  const rle = CASES.find(({ syntax }) => syntax === 'rle');
  if (rle === undefined) throw new Error('no case');
  const before = scratch.count;
  const file = Buffer.from(rle.instance.bytes);
  for (const steps of [0, 1, 99]) {
    const left = await open(file, ALL_FRAMES);
    expect(scratch.count).toBe(before + 1);
    for (let step = 0; step < steps; step += 1) await left.bytes.next();
    await left.bytes.return(undefined);
    await left.discard();
    expect(scratch.count).toBe(before);
  }
});
