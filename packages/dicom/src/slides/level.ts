import { frameGroupsOf, functionalGroup } from '../hanging/frame-places.ts';
import { readItems, readNumber, readNumbers, readString, readStrings } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

/** VL Whole Slide Microscopy Image Storage (PS3.4 B.5). */
export const WHOLE_SLIDE_MICROSCOPY = '1.2.840.10008.5.1.4.1.1.77.1.6';

/** A tile of a level: its frame, from 1, and its upper left pixel in the total pixel matrix, from 0. */
export interface SlideTile {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
}

/** One resolution of a slide: an instance whose frames are tiles of one matrix of pixels (PS3.3 C.8.12.4). */
export interface SlideLevel {
  readonly sopInstanceUid: string;
  /** Of the total pixel matrix. */
  readonly columns: number;
  readonly rows: number;
  readonly tileColumns: number;
  readonly tileRows: number;
  /** From the middle of one pixel to the next; undefined where the file does not say. */
  readonly millimetres: { readonly x: number; readonly y: number } | undefined;
  /** Undefined where the tiles are all there, row by row. */
  readonly placed: readonly SlideTile[] | undefined;
  readonly frames: number;
  /** Compression ratio of what was compressed with loss, 0 where it is not known; undefined without loss. */
  readonly lossyRatio: number | undefined;
  /** Whether there are more focal planes or optical paths than the first one, which is what `tiles` are of. */
  readonly isOneOfSeveral: boolean;
  /** Of what it is a picture: levels of one slide share it. */
  readonly slide: string;
}

/** A matrix is at most what two attributes UL could name and a tablet could address; beyond that a file is wrong. */
const MOST_PIXELS_A_SIDE = 2 ** 24;
const MOST_PIXELS_OF_A_TILE = 2 ** 13;

const within = (value: number | undefined, most: number): number | undefined =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;

/** Frames by the places that they name (Plane Position (Slide) Sequence); of several focal planes or paths at a place the first one. */
function placedTiles(dataset: DicomJsonObject, frames: number): SlideTile[] | undefined {
  const groups = frameGroupsOf(dataset);
  const taken = new Set<string>();
  const tiles: SlideTile[] = [];
  for (let frame = 1; frame <= Math.min(frames, groups.perFrame.length); frame += 1) {
    const place = functionalGroup(groups, frame - 1, '0048021A');
    const [column, row] = [readNumber(place, '0048021E'), readNumber(place, '0048021F')];
    if (column === undefined || row === undefined || taken.has(`${column},${row}`)) continue;
    taken.add(`${column},${row}`);
    tiles.push({ frame, x: column - 1, y: row - 1 });
  }
  return tiles.length === 0 ? undefined : tiles;
}

/** Pixel Spacing (PS3.3 10.7.1.3): between rows first. */
function millimetresOf(dataset: DicomJsonObject): SlideLevel['millimetres'] {
  const measures = functionalGroup(frameGroupsOf(dataset), 0, '00289110');
  const [y, x] = readNumbers(measures ?? dataset, '00280030') ?? [];
  return x !== undefined && y !== undefined && x > 0 && y > 0 && Number.isFinite(x * y) ? { x, y } : undefined;
}

function lossyRatioOf(dataset: DicomJsonObject): number | undefined {
  if (readString(dataset, '00282110') !== '01') return undefined;
  return readNumbers(dataset, '00282112')?.at(-1) ?? 0;
}

/** A level of a slide; undefined of labels, of pictures of the whole glass, and of what says too little of itself to be put together. */
export function slideLevelOf(dataset: DicomJsonObject): SlideLevel | undefined {
  const kind = readStrings(dataset, '00080008')[2];
  if (readString(dataset, '00080016') !== WHOLE_SLIDE_MICROSCOPY || kind === 'LABEL' || kind === 'OVERVIEW') return undefined;
  const [columns, rows] = ['00480006', '00480007'].map((tag) => within(readNumber(dataset, tag), MOST_PIXELS_A_SIDE));
  const [tileColumns, tileRows] = ['00280011', '00280010'].map((tag) => within(readNumber(dataset, tag), MOST_PIXELS_OF_A_TILE));
  const frames = within(readNumber(dataset, '00280008') ?? 1, MOST_PIXELS_A_SIDE);
  const sopInstanceUid = readString(dataset, '00080018');
  if (!columns || !rows || !tileColumns || !tileRows || !frames || sopInstanceUid === undefined) return undefined;
  const placed = readString(dataset, '00209311') === 'TILED_FULL' ? undefined : placedTiles(dataset, frames);
  const specimen = readItems(dataset, '00400560')[0];
  return {
    ...{ sopInstanceUid, columns, rows, tileColumns, tileRows, frames, placed },
    millimetres: millimetresOf(dataset),
    lossyRatio: lossyRatioOf(dataset),
    isOneOfSeveral: [readNumber(dataset, '00480302'), readNumber(dataset, '00480303')].some((count) => (count ?? 1) > 1),
    slide: [readString(dataset, '00200052'), readString(dataset, '00400512'), readString(specimen, '00400551')].join('|'),
  };
}

/** A part of a level, in its pixels: from and to, the end outside. */
export interface SlidePart {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const isTouched = ({ x, y }: SlideTile, { tileColumns, tileRows }: SlideLevel, part: SlidePart): boolean =>
  x < part.right && x + tileColumns > part.left && y < part.bottom && y + tileRows > part.top;

/** The tiles of a level that lie in a part of it, at most `most`; undefined where there are more. Of TILED_FULL the frames of the first path and plane (PS3.3 C.7.6.17.3). */
export function slideTiles(level: SlideLevel, part: SlidePart, most: number): readonly SlideTile[] | undefined {
  const { placed, columns, rows, tileColumns, tileRows, frames } = level;
  if (placed !== undefined) {
    const found = placed.filter((tile) => isTouched(tile, level, part));
    return found.length > most ? undefined : found;
  }
  const across = Math.ceil(columns / tileColumns);
  const [fromColumn, toColumn] = [
    Math.max(0, Math.floor(part.left / tileColumns)),
    Math.min(across, Math.ceil(part.right / tileColumns)),
  ];
  const [fromRow, toRow] = [
    Math.max(0, Math.floor(part.top / tileRows)),
    Math.min(Math.ceil(rows / tileRows), Math.ceil(part.bottom / tileRows)),
  ];
  if (Math.max(0, toColumn - fromColumn) * Math.max(0, toRow - fromRow) > most) return undefined;
  const tiles: SlideTile[] = [];
  for (let row = fromRow; row < toRow; row += 1)
    for (let column = fromColumn; column < toColumn; column += 1) {
      const frame = row * across + column + 1;
      if (frame <= frames) tiles.push({ frame, x: column * tileColumns, y: row * tileRows });
    }
  return tiles;
}
