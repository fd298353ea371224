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
  /** Focal planes of each level, 1 µm apart; the further from the middle one the paler. */
  readonly planes?: number;
  /** Optical paths: the second and further ones have another colour each. */
  readonly paths?: number;
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

interface Focus {
  readonly path: number;
  readonly plane: number;
  readonly planes: number;
}

/** How a colour looks in another path, and out of focus: tests tell planes and paths apart by it. */
export const slideFocus = ([red, green, blue]: readonly [number, number, number], { path, plane, planes }: Focus) => {
  const [a, b, c] = path % 3 === 0 ? [red, green, blue] : path % 3 === 1 ? [blue, red, green] : [green, blue, red];
  const paler = (value: number): number =>
    value + Math.round(((255 - value) * Math.abs(plane - Math.floor(planes / 2))) / planes);
  return [paler(a), paler(b), paler(c)] as const;
};

function tileBytes({ columns, rows, side }: Level, left: number, top: number, focus: Focus): Uint8Array {
  const bytes = new Uint8Array(side * side * 3);
  for (let row = 0; row < side; row += 1)
    for (let column = 0; column < side; column += 1)
      bytes.set(
        slideFocus(slideColor((left + column + 0.5) / columns, (top + row + 0.5) / rows), focus),
        (row * side + column) * 3,
      );
  return bytes;
}

const isGlass = (bytes: Uint8Array, focus: Focus): boolean =>
  bytes.every((value, at) => value === slideFocus(GLASS, focus)[at % 3]);

interface Tile {
  readonly bytes: Uint8Array;
  readonly x: number;
  readonly y: number;
  readonly focus: Focus;
}

/** The tiles of a level with their places: of each path each plane, row by row (PS3.3 C.7.6.17.3). */
function tilesOf(level: Level, paths: number, planes: number): Tile[] {
  const tiles: Tile[] = [];
  for (let path = 0; path < paths; path += 1)
    for (let plane = 0; plane < planes; plane += 1)
      for (let y = 0; y < level.rows; y += level.side)
        for (let x = 0; x < level.columns; x += level.side) {
          const focus = { path, plane, planes };
          tiles.push({ bytes: tileBytes(level, x, y, focus), x, y, focus });
        }
  return tiles;
}

const placeOf = ({ x, y, focus: { path, plane } }: Tile): Dataset => ({
  '0048021A': {
    vr: 'SQ',
    value: [
      {
        '0048021E': { vr: 'SL', value: x + 1 },
        '0048021F': { vr: 'SL', value: y + 1 },
        '0040074A': { vr: 'DS', value: String(plane) },
      },
    ],
  },
  '00480207': { vr: 'SQ', value: [{ '00480106': { vr: 'SH', value: String(path + 1) } }] },
});

/** What TILED_FULL says of planes and paths, and the names of paths. */
const stackOf = (paths: number, planes: number): Dataset =>
  paths * planes === 1
    ? {}
    : {
        '00480302': { vr: 'UL', value: paths },
        '00480303': { vr: 'UL', value: planes },
        '00480105': {
          vr: 'SQ',
          value: Array.from(
            { length: paths },
            (_, at): Dataset => ({
              '00480106': { vr: 'SH', value: String(at + 1) },
              '00480107': { vr: 'ST', value: at === 0 ? 'Champ clair' : `Filtre ${at}` },
            }),
          ),
        },
      };

/** Whole slide microscopy (PS3.3 A.32.8): an instance for each level, the finest first, 0.5 µm a pixel there. */
export function wholeSlide(options: SlideOptions): GeneratedInstance[] {
  const { columns = 1536, rows = 1024, side = 256, factors = [1, 4, 16], isSparse = false, planes = 1, paths = 1 } = options;
  const container = `S${createPrng('slide', options.seed).integer(1000, 9999)}`;
  return factors.map((factor, at) => {
    const level = { columns: Math.ceil(columns / factor), rows: Math.ceil(rows / factor), side };
    const tiles = tilesOf(level, paths, planes).filter(({ bytes, focus }) => !isSparse || !isGlass(bytes, focus));
    const measures: Dataset = {
      '00280030': { vr: 'DS', value: [String(0.0005 * factor), String(0.0005 * factor)] },
      ...(planes > 1 ? { '00180088': { vr: 'DS', value: '0.001' } } : {}),
    };
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
      ...stackOf(paths, planes),
      '00209311': { vr: 'CS', value: isSparse ? 'TILED_SPARSE' : 'TILED_FULL' },
      '52009229': { vr: 'SQ', value: [{ '00289110': { vr: 'SQ', value: [measures] } }] },
      ...(isSparse ? { '52009230': { vr: 'SQ', value: tiles.map(placeOf) } } : {}),
      PixelData: Buffer.concat(tiles.map(({ bytes }) => bytes)),
    });
  });
}
