import type { PixelPlane } from '@negatoscope/dicom';
import { cross, dot, type Vector3 } from '../model/geometry.ts';
import type { PlaneRequest } from '../model/volume.ts';

/** Parallel planes of one grid, in the order in which they lie along their normal. */
export interface Stack<T> {
  readonly plane: PixelPlane;
  readonly rows: number;
  readonly columns: number;
  /** Along the normal from the first plane's position, mm, rising. */
  readonly places: readonly number[];
  readonly slices: readonly T[];
  /** How far from a slice what lies there is its own, mm. */
  readonly reachMm: number;
}

export interface Slice<T> {
  readonly plane: PixelPlane | undefined;
  readonly thicknessMm: number | undefined;
  readonly value: T;
}

const ALIKE = 0.9999;
const SAME_MM = 0.01;
const normalOf = ({ row, column }: PixelPlane): Vector3 => cross(row, column);
const away = (a: Vector3, b: Vector3): Vector3 => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

function isAlike(plane: PixelPlane, first: PixelPlane): boolean {
  const isTurned = dot(plane.row, first.row) < ALIKE || dot(plane.column, first.column) < ALIKE;
  const isOther = Math.abs(plane.rowMm - first.rowMm) > SAME_MM || Math.abs(plane.columnMm - first.columnMm) > SAME_MM;
  const moved = away(plane.position, first.position);
  const isShifted = Math.abs(dot(moved, first.row)) > first.columnMm / 2 || Math.abs(dot(moved, first.column)) > first.rowMm / 2;
  return !isTurned && !isOther && !isShifted;
}

const middleOf = (values: readonly number[]): number | undefined => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Undefined for slices without a place, and for those that are turned or shifted against each other: between them nothing can be told. */
export function stackOf<T>(
  slices: readonly Slice<T>[],
  size: { readonly rows: number; readonly columns: number },
): Stack<T> | undefined {
  const first = slices[0]?.plane;
  if (first === undefined) return undefined;
  const placed: { readonly at: number; readonly value: T }[] = [];
  for (const { plane, value } of slices) {
    if (plane === undefined || !isAlike(plane, first)) return undefined;
    placed.push({ at: dot(away(plane.position, first.position), normalOf(first)), value });
  }
  placed.sort((a, b) => a.at - b.at);
  const gaps = placed.slice(1).map(({ at }, index) => at - (placed[index]?.at ?? 0));
  const gap = middleOf(gaps.filter((one) => one > SAME_MM));
  const own = slices[0]?.thicknessMm;
  return {
    ...{ plane: first, rows: size.rows, columns: size.columns },
    places: placed.map(({ at }) => at),
    slices: placed.map(({ value }) => value),
    reachMm: Math.max(own ?? 0, gap ?? 0, SAME_MM * 2) / 2 + SAME_MM,
  };
}

/** The slices on both sides of a place along the normal, by their index; the same one twice beyond the ends. */
export function aroundPlace(places: readonly number[], at: number): readonly [below: number, above: number] {
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  const above = low;
  return (places[above] ?? 0) < at ? [above, above] : [Math.max(0, above - 1), above];
}

/** The slice that a place belongs to; -1 where none reaches so far. */
export function nearestSlice({ places, reachMm }: Pick<Stack<unknown>, 'places' | 'reachMm'>, at: number): number {
  const [below, above] = aroundPlace(places, at);
  const [a, b] = [Math.abs(at - (places[below] ?? Number.NaN)), Math.abs(at - (places[above] ?? Number.NaN))];
  const [index, far] = a <= b ? [below, a] : [above, b];
  return far <= reachMm ? index : -1;
}

/** Goes through the samples of a plane with where each lies in a stack: column, row (0 is the middle of the first), and mm along the normal. */
export function throughStack(
  { plane }: Pick<Stack<unknown>, 'plane'>,
  { origin, right, down, width, height }: Pick<PlaneRequest, 'origin' | 'right' | 'down' | 'width' | 'height'>,
  visit: (sample: number, column: number, row: number, place: number) => void,
): void {
  const from = away(origin, plane.position);
  const normal = normalOf(plane);
  const along = (vector: Vector3): readonly [number, number, number] => [
    dot(vector, plane.row) / plane.columnMm,
    dot(vector, plane.column) / plane.rowMm,
    dot(vector, normal),
  ];
  const [start, toRight, toDown] = [along(from), along(right), along(down)];
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      visit(
        y * width + x,
        start[0] + x * toRight[0] + y * toDown[0],
        start[1] + x * toRight[1] + y * toDown[1],
        start[2] + x * toRight[2] + y * toDown[2],
      );
}
