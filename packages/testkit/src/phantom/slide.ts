import type { Dataset } from '../part10/dataset.ts';
import { createPrng } from '../prng.ts';
import { buildInstance, type GeneratedInstance, type PhantomOptions } from './instance.ts';

export interface SlideOptions extends PhantomOptions {
  /** Of the finest level; default 1,536 × 1,024. */
  readonly columns?: number;
  readonly rows?: number;
  /** Of a tile; default 256. */
  readonly side?: number;
  /** How much smaller each level is than the finest one; default 1, 4, 16. */
  readonly factors?: readonly number[];
  /** Tiles name their places and those of nothing but glass are left out (TILED_SPARSE). */
  readonly isSparse?: boolean;
}

const GLASS = [243, 240, 245] as const;
const TISSUE = [224, 150, 190] as const;
const NUCLEUS = [88, 52, 130] as const;

/** The colour of a point of the phantom's slide, from 0 to 1 in both directions: tissue with nuclei, on glass. */
export function slideColor(x: number, y: number): readonly [number, number, number] {
  const distance = ((x - 0.5) / 0.42) ** 2 + ((y - 0.5) / 0.38) ** 2;
  if (distance > 1 + 0.06 * Math.sin(9 * Math.atan2(y - 0.5, x - 0.5))) return GLASS;
  const [column, row] = [Math.floor(x * 96), Math.floor(y * 64)];
  const seed = Math.imul(column * 73_856_093, 1) ^ Math.imul(row * 19_349_663, 1);
  const [dx, dy] = [x * 96 - column - 0.5, y * 64 - row - 0.5];
  return seed % 3 !== 0 && dx * dx + dy * dy < 0.06 ? NUCLEUS : TISSUE;
}

interface Level {
  readonly columns: number;
  readonly rows: number;
  readonly side: number;
}

function tileBytes({ columns, rows, side }: Level, left: number, top: number): Uint8Array {
  const bytes = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1)
      bytes.set(slideColor((left + column + 0.5) / columns, (top + row + 0.5) / rows), (row * side + column) * 3);
  return bytes;
}

const isGlass = (bytes: Uint8Array): boolean => bytes.every((value, at) => value === GLASS[at % 3]);

/** The tiles of a level with their places, row by row. */
function tilesOf(level: Level): { bytes: Uint8Array; x: number; y: number }[] {
  const tiles: { bytes: Uint8Array; x: number; y: number }[] = [];
  for (let y = 0; y < level.rows; y += level.side)
    for (let x = 0; x < level.columns; x += level.side) tiles.push({ bytes: tileBytes(level, x, y), x, y });
  return tiles;
}

const placeOf = ({ x, y }: { readonly x: number; readonly y: number }): Dataset => ({
  '0048021A': {
    vr: 'SQ',
    value: [{ '0048021E': { vr: 'SL', value: x + 1 }, '0048021F': { vr: 'SL', value: y + 1 } }],
  },
});

/** Whole slide microscopy (PS3.3 A.32.8): an instance for each level, the finest first, 0.5 µm a pixel there. */
export function wholeSlide(options: SlideOptions): GeneratedInstance[] {
  const { columns = 1536, rows = 1024, side = 256, factors = [1, 4, 16], isSparse = false } = options;
  const container = `S${createPrng('slide', options.seed).integer(1000, 9999)}`;
  return factors.map((factor, at) => {
    const level = { columns: Math.ceil(columns / factor), rows: Math.ceil(rows / factor), side };
    const tiles = tilesOf(level).filter(({ bytes }) => !isSparse || !isGlass(bytes));
    const measures = { '00280030': { vr: 'DS', value: [String(0.0005 * factor), String(0.0005 * factor)] } } as const;
    return buildInstance('slide', options, {
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.6',
      Modality: 'SM',
      ImageType: ['DERIVED', 'PRIMARY', 'VOLUME', factor === 1 ? 'NONE' : 'RESAMPLED'],
      SeriesDescription: 'Lame HE',
      InstanceNumber: at + 1,
      SamplesPerPixel: 3,
      PhotometricInterpretation: 'RGB',
      PlanarConfiguration: 0,
      NumberOfFrames: tiles.length,
      Rows: side,
      Columns: side,
      BitsAllocated: 8,
      BitsStored: 8,
      HighBit: 7,
      PixelRepresentation: 0,
      '00400512': { vr: 'LO', value: container },
      '00480006': { vr: 'UL', value: level.columns },
      '00480007': { vr: 'UL', value: level.rows },
      '00209311': { vr: 'CS', value: isSparse ? 'TILED_SPARSE' : 'TILED_FULL' },
      '52009229': { vr: 'SQ', value: [{ '00289110': { vr: 'SQ', value: [measures] } }] },
      ...(isSparse ? { '52009230': { vr: 'SQ', value: tiles.map(placeOf) } } : {}),
      PixelData: Buffer.concat(tiles.map(({ bytes }) => bytes)),
    });
  });
}
