import { frameGroupsOf, functionalGroup } from '../hanging/frame-places.ts';
import { readItems, readNumber, readNumbers, readString, readStrings } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { FIRST_FOCUS, type FrameFocus, frameFocus, fullStack, type SlideFocus, type SlideStack, sparseStack } from './focus.ts';

/** VL Whole Slide Microscopy Image Storage (PS3.4 B.5). */
export const WHOLE_SLIDE_MICROSCOPY = '1.2.840.10008.5.1.4.1.1.77.1.6';

/** A tile of a level: its frame, from 1, and its upper left pixel in the total pixel matrix, from 0. */
export interface SlideTile {
  readonly frame: number;
  readonly x: number;
  readonly y: number;
}

/** The same of a level that says of each tile where it is. */
export interface PlacedTile extends SlideTile {
  readonly focus: SlideFocus;
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
  readonly placed: readonly PlacedTile[] | undefined;
  readonly frames: number;
  /** Compression ratio of what was compressed with loss, 0 where it is not known; undefined without loss. */
  readonly lossyRatio: number | undefined;
  readonly stack: SlideStack;
  /** Whether there are other focal planes or optical paths that can't be told apart from the first one. */
  readonly isOneOfSeveral: boolean;
  /** Of what it is a picture: levels of one slide share it. */
  readonly slide: string;
}

const ONE: SlideStack = { planes: [undefined], paths: [{ id: '', name: undefined }] };

/** A matrix is at most what two attributes UL could name and a tablet could address; beyond that a file is wrong. */
const MOST_PIXELS_A_SIDE = 2 ** 24;
const MOST_PIXELS_OF_A_TILE = 2 ** 13;

const within = (value: number | undefined, most: number): number | undefined =>
  value !== undefined && Number.isInteger(value) && value >= 1 && value <= most ? value : undefined;

/** Tiles lie on whole pixels; what is further away than any matrix reaches is no place. */
const placeOn = (value: number | undefined): number | undefined =>
  value !== undefined && Number.isInteger(value) && Math.abs(value) <= 2 * MOST_PIXELS_A_SIDE ? value : undefined;

interface Placed {
  readonly tiles: readonly PlacedTile[];
  readonly stack: SlideStack;
}

/** Frames by the places that they name (Plane Position (Slide) Sequence) and what they are of there; of several alike the first one. */
function placedTiles(dataset: DicomJsonObject, frames: number): Placed | undefined {
  const groups = frameGroupsOf(dataset);
  const found: (SlideTile & FrameFocus)[] = [];
  for (let frame = 1; frame <= Math.min(frames, groups.perFrame.length); frame += 1) {
    const place = functionalGroup(groups, frame - 1, '0048021A');
    const [column, row] = ['0048021E', '0048021F'].map((tag) => placeOn(readNumber(place, tag)));
    if (column === undefined || row === undefined) continue;
    found.push({ frame, x: column - 1, y: row - 1, ...frameFocus(groups, frame - 1) });
  }
  const stack = sparseStack(dataset, found) ?? ONE;
  const [lowest = 0] = found.map(({ z }) => z ?? 0).sort((a, b) => a - b);
  const planeOf = new Map(stack.planes.map((z, at) => [z, at]));
  const pathOf = new Map(stack.paths.map(({ id }, at) => [id, at]));
  const taken = new Set<string>();
  const tiles = found.flatMap(({ z, pathId, ...tile }): PlacedTile[] => {
    const [path, plane] = [pathOf.get(pathId) ?? 0, planeOf.get(z === undefined ? undefined : z - lowest) ?? 0];
    const key = [tile.x, tile.y, path, plane].join();
    if (taken.has(key)) return [];
    taken.add(key);
    return [{ ...tile, focus: { path, plane } }];
  });
  return tiles.length === 0 ? undefined : { tiles, stack };
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
  const tiles = Math.ceil(columns / tileColumns) * Math.ceil(rows / tileRows);
  const stack = placed === undefined ? fullStack(dataset, frames, tiles) : placed.stack;
  const isSeveral = [readNumber(dataset, '00480302'), readNumber(dataset, '00480303')].some((count) => (count ?? 1) > 1);
  const specimen = readItems(dataset, '00400560')[0];
  return {
    ...{ sopInstanceUid, columns, rows, tileColumns, tileRows, frames, placed: placed?.tiles },
    millimetres: millimetresOf(dataset),
    lossyRatio: lossyRatioOf(dataset),
    stack: stack ?? ONE,
    isOneOfSeveral: isSeveral && (stack ?? ONE).planes.length * (stack ?? ONE).paths.length === 1,
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

const isSame = (a: SlideFocus, b: SlideFocus): boolean => a.path === b.path && a.plane === b.plane;

const isTouched = ({ x, y }: SlideTile, { tileColumns, tileRows }: SlideLevel, part: SlidePart): boolean =>
  x < part.right && x + tileColumns > part.left && y < part.bottom && y + tileRows > part.top;

/** Tiles by their frames: a level of 60,000 is looked through once, not for each drawing on it. */
const indexes = new WeakMap<readonly PlacedTile[], ReadonlyMap<number, PlacedTile>>();

function byFrame(placed: readonly PlacedTile[]): ReadonlyMap<number, PlacedTile> {
  const index = indexes.get(placed) ?? new Map(placed.map((tile) => [tile.frame, tile]));
  indexes.set(placed, index);
  return index;
}

/** Where a frame, from 1, of a level lies, and what it is of; undefined where the level has none such. */
export function slideTileOf(level: SlideLevel, frame: number): PlacedTile | undefined {
  const { placed, columns, rows, tileColumns, tileRows, stack, frames } = level;
  if (placed !== undefined) return byFrame(placed).get(frame);
  const [across, down] = [Math.ceil(columns / tileColumns), Math.ceil(rows / tileRows)];
  const [at, stacked] = [(frame - 1) % (across * down), Math.floor((frame - 1) / (across * down))];
  const focus = { path: Math.floor(stacked / stack.planes.length), plane: stacked % stack.planes.length };
  if (frame < 1 || frame > frames || focus.path >= stack.paths.length) return undefined;
  return { frame, x: (at % across) * tileColumns, y: Math.floor(at / across) * tileRows, focus };
}

/** The tiles of a level that lie in a part of it, of one path and plane, at most `most`; undefined where there are more. Frames of TILED_FULL by PS3.3 C.7.6.17.3. */
export function slideTiles(
  level: SlideLevel,
  part: SlidePart,
  most: number,
  focus: SlideFocus = FIRST_FOCUS,
): readonly SlideTile[] | undefined {
  const { placed, columns, rows, tileColumns, tileRows, frames } = level;
  if (placed !== undefined) {
    const found = placed.filter((tile) => isSame(tile.focus, focus) && isTouched(tile, level, part));
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
  const before = (focus.path * level.stack.planes.length + focus.plane) * across * Math.ceil(rows / tileRows);
  const tiles: SlideTile[] = [];
  for (let row = fromRow; row < toRow; row += 1)
    for (let column = fromColumn; column < toColumn; column += 1) {
      const frame = before + row * across + column + 1;
      if (frame <= frames) tiles.push({ frame, x: column * tileColumns, y: row * tileRows });
    }
  return tiles;
}
