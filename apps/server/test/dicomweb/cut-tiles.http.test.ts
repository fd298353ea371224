import type { EncodedFrame } from '@negatoscope/dicom';
import { writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HTJ2K_LOSSLESS, JPEG_2000_LOSSLESS, JPEG_LS_LOSSLESS } from '../../src/platform/codecs/encodable.ts';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import { addressOf, type Gallery, openGallery } from './pictures-support.ts';

const TILE = 16;
/** Two columns and two rows of tiles, of which the last have 7 columns and 5 rows. */
const [WIDTH, HEIGHT] = [TILE + 7, TILE + 5];
const FORMAT = {
  samplesPerPixel: 3,
  bitsAllocated: 8,
  bitsStored: 8,
  highBit: 7,
  pixelRepresentation: 0,
  photometricInterpretation: 'RGB',
  planarConfiguration: 0,
  isFloat: false,
} as const;

/** The colour of one pixel of the slide. */
const colourAt = (x: number, y: number): number[] => [x * 9 + 20, y * 11 + 10, 255 - x - y];

/** A piece of the slide, uncompressed. */
function piece(left: number, top: number, columns: number, rows: number): EncodedFrame {
  const bytes = Uint8Array.from({ length: rows * columns * 3 }, (_, at) => {
    const pixel = Math.floor(at / 3);
    return colourAt(left + (pixel % columns), top + Math.floor(pixel / columns))[at % 3] ?? 0;
  });
  return { ...FORMAT, rows, columns, bytes, transferSyntaxUid: '1.2.840.10008.1.2.1' };
}

/** The four tiles, row by row, those at the edge cut to what belongs to the slide. */
const TILES = [
  piece(0, 0, TILE, TILE),
  piece(TILE, 0, WIDTH - TILE, TILE),
  piece(0, TILE, TILE, HEIGHT - TILE),
  piece(TILE, TILE, WIDTH - TILE, HEIGHT - TILE),
];

const ids = (number: number) => ({
  studyInstanceUid: `2.25.88${number}1`,
  seriesInstanceUid: `2.25.88${number}2`,
  sopInstanceUid: `2.25.88${number}3`,
});

function slide(number: number, transferSyntaxUid: string, streams: readonly Uint8Array[], total: object): Uint8Array {
  const { studyInstanceUid, seriesInstanceUid, sopInstanceUid } = ids(number);
  return writePart10(
    {
      PatientName: 'SLIDE^Cut',
      PatientID: `CUT-${number}`,
      StudyInstanceUID: studyInstanceUid,
      SeriesInstanceUID: seriesInstanceUid,
      SOPInstanceUID: sopInstanceUid,
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.6',
      Modality: 'SM',
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      PlanarConfiguration: 0,
      NumberOfFrames: streams.length,
      Rows: TILE,
      Columns: TILE,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      ...total,
      PixelData: { frames: streams.map((stream) => [stream]), offsetTable: 'empty' },
    },
    { transferSyntaxUid },
  );
}

const TOTAL = { '00480006': { vr: 'UL', value: WIDTH }, '00480007': { vr: 'UL', value: HEIGHT } };

describe('tiles that were cut at the edge of a slide (PS3.3 C.8.12.4)', () => {
  const pool = new CodecPool({ threads: 1 });
  let gallery: Gallery;
  beforeAll(async () => {
    gallery = await openGallery();
  });
  afterAll(async () => {
    await gallery?.close();
    await pool.close();
  });

  const encodeAll = (uid: string): Promise<Uint8Array[]> =>
    Promise.all(TILES.map(async (tile) => (await pool.encodeFrame(tile, uid)).bytes));

  it.each([
    ['JPEG-LS', 1, JPEG_LS_LOSSLESS],
    ['JPEG 2000', 2, JPEG_2000_LOSSLESS],
    ['HTJ2K', 3, HTJ2K_LOSSLESS],
  ] as const)('are drawn at their place in a whole tile, black where nothing is stored: %s', async (_name, number, uid) => {
    await gallery.store([slide(number, uid, await encodeAll(uid), TOTAL)]);
    for (const [index, { rows, columns, bytes }] of TILES.entries()) {
      const { data, width, height, channels } = await gallery.png(
        `${addressOf(ids(number)).instance}/frames/${index + 1}/rendered`,
      );
      expect([width, height, channels]).toEqual([TILE, TILE, 3]);
      const wanted = Uint8Array.from({ length: TILE * TILE * 3 }, (_, at) => {
        const [x, y] = [Math.floor(at / 3) % TILE, Math.floor(at / 3 / TILE)];
        return x < columns && y < rows ? (bytes[(y * columns + x) * 3 + (at % 3)] ?? 0) : 0;
      });
      expect(Buffer.from(data).equals(wanted)).toBe(true);
    }
  });

  it('are refused where the slide has no such edge: another size is damage', async () => {
    const streams = await encodeAll(JPEG_LS_LOSSLESS);
    const whole = { '00480006': { vr: 'UL', value: 2 * TILE }, '00480007': { vr: 'UL', value: HEIGHT } };
    await gallery.store([slide(5, JPEG_LS_LOSSLESS, streams, whole), slide(6, JPEG_LS_LOSSLESS, streams, {})]);
    const status = async (number: number, frame: number): Promise<number> =>
      (await gallery.get(`${addressOf(ids(number)).instance}/frames/${frame}/rendered`, { accept: 'image/png' })).statusCode;
    expect([await status(5, 1), await status(5, 2), await status(5, 3)]).toEqual([200, 422, 200]);
    expect([await status(6, 1), await status(6, 2), await status(6, 3)]).toEqual([200, 422, 422]);
  });
});
