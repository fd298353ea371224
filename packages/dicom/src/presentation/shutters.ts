import { readNumber, readNumbers, readStrings } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { grayOfLayer } from './colors.ts';
import type { StateNote, StatePoint, StateShutter, StateShutters } from './types.ts';

const MOST_POINTS = 2000;

function polygonOf(dataset: DicomJsonObject): StateShutter | undefined {
  const values = readNumbers(dataset, '00181620') ?? [];
  if (values.length < 6 || values.length % 2 !== 0 || values.length > 2 * MOST_POINTS) return undefined;
  // Rows come before columns (C.7.6.11).
  const points = Array.from({ length: values.length / 2 }, (_, at): StatePoint => [values[2 * at + 1] ?? 0, values[2 * at] ?? 0]);
  return { kind: 'polygon', points };
}

function shapeOf(name: string, dataset: DicomJsonObject): StateShutter | undefined {
  const edge = (tag: string): number => readNumber(dataset, tag) ?? Number.NaN;
  if (name === 'RECTANGULAR') {
    const [left, right, upper, lower] = [edge('00181602'), edge('00181604'), edge('00181606'), edge('00181608')];
    return [left, right, upper, lower].every(Number.isFinite) ? { kind: 'rectangle', left, right, upper, lower } : undefined;
  }
  if (name === 'CIRCULAR') {
    const [row, column] = readNumbers(dataset, '00181610') ?? [];
    const radius = edge('00181612');
    return row === undefined || column === undefined || !(radius > 0) ? undefined : { kind: 'circle', row, column, radius };
  }
  return name === 'POLYGONAL' ? polygonOf(dataset) : undefined;
}

/** Display Shutter of a state (PS3.3 C.7.6.11, C.11.12); a shape that makes no sense covers nothing, and is told. */
export function shuttersOf(dataset: DicomJsonObject, note: (note: StateNote) => void): StateShutters | undefined {
  const shapes: StateShutter[] = [];
  for (const name of readStrings(dataset, '00181600').slice(0, 4)) {
    const shape = shapeOf(name, dataset);
    if (shape !== undefined) shapes.push(shape);
    else note(name === 'BITMAP' ? 'bitmapShutter' : 'damaged');
  }
  if (shapes.length === 0) return undefined;
  return { shapes, gray: grayOfLayer(dataset, { gray: '00181622', lab: '00181624' }) ?? 0 };
}

/** Where a row crosses the lines of polygons, from the left: what lies behind an odd number of them is inside. */
export function polygonCrossings(polygons: readonly (readonly StatePoint[])[], y: number): number[] {
  const crossings: number[] = [];
  for (const points of polygons)
    for (let at = 0, before = points.length - 1; at < points.length; before = at, at += 1) {
      const [[x0 = 0, y0 = 0] = [], [x1 = 0, y1 = 0] = []] = [points[at], points[before]];
      if (y0 > y !== y1 > y) crossings.push(((x1 - x0) * (y - y0)) / (y1 - y0) + x0);
    }
  return crossings.sort((a, b) => a - b);
}

/**
 * From which column to which, not included, a row, both from 1, is seen through a shutter; a polygon may be crossed often. The radius of a circle is a
 * number of pixels along a row (C.7.6.11): where pixels are `aspect` times as high as wide it has fewer rows.
 */
function openParts(shape: StateShutter, row: number, aspect: number): readonly (readonly [from: number, to: number])[] {
  if (shape.kind === 'rectangle')
    return row >= shape.upper && row <= shape.lower ? [[Math.ceil(shape.left), Math.floor(shape.right) + 1]] : [];
  if (shape.kind === 'circle') {
    const half = Math.sqrt(shape.radius ** 2 - ((row - shape.row) * aspect) ** 2);
    return Number.isNaN(half) ? [] : [[Math.ceil(shape.column - half), Math.floor(shape.column + half) + 1]];
  }
  const crossings = polygonCrossings([shape.points], row);
  return Array.from({ length: crossings.length >> 1 }, (_, pair) => [
    Math.ceil(crossings[2 * pair] ?? 0),
    Math.ceil(crossings[2 * pair + 1] ?? 0),
  ]);
}

/** Covers a rendered image outside of all shutters: only what every one leaves open is seen (C.7.6.11.1). */
export function coverByShutters(
  image: { readonly pixels: Uint8Array; readonly rows: number; readonly columns: number; readonly channels: number },
  { shapes, gray, aspect = 1 }: StateShutters,
): void {
  const { rows, columns, channels, pixels } = image;
  const cover = (row: number, from: number, to: number): void => {
    const at = (column: number): number => (row * columns + Math.max(0, Math.min(columns, column - 1))) * channels;
    if (to > from) pixels.fill(gray, at(from), at(to));
  };
  // A row at a time: a polygon has thousands of points, and an image millions of pixels.
  for (let row = 0; row < rows; row += 1)
    for (const shape of shapes) {
      let covered = 1;
      for (const [from, to] of openParts(shape, row + 1, aspect)) {
        cover(row, covered, from);
        covered = Math.max(covered, to);
      }
      cover(row, covered, columns + 1);
    }
}
