import { type Rgb, washColor } from '@negatoscope/dicom';
import type { PlaneRequest } from '../model/volume.ts';
import { aroundPlace, nearestSlice, type Stack, throughStack } from './stack.ts';

/** Red, green, blue and alpha of each sample of a plane. */
export type Cut = Uint8ClampedArray<ArrayBuffer>;

export const emptyCut = ({ width, height }: Pick<PlaneRequest, 'width' | 'height'>): Cut =>
  new Uint8ClampedArray(width * height * 4);

/** How much of a pixel of a slice is in something, 0 to 255. */
export type Share<T> = (slice: T, pixel: number) => number;

/** Cuts a plane through what is or is not at a place: the nearest pixel of the nearest slice. */
export function cutMask<T>(cut: Cut, plane: PlaneRequest, stack: Stack<T>, [red, green, blue]: Rgb, share: Share<T>): void {
  const { rows, columns, slices } = stack;
  throughStack(stack, plane, (sample, column, row, place) => {
    const [x, y] = [Math.round(column), Math.round(row)];
    if (x < 0 || y < 0 || x >= columns || y >= rows) return;
    const index = nearestSlice(stack, place);
    const slice = index < 0 ? undefined : slices[index];
    const alpha = slice === undefined ? 0 : share(slice, y * columns + x);
    if (alpha === 0) return;
    cut[sample * 4] = red;
    cut[sample * 4 + 1] = green;
    cut[sample * 4 + 2] = blue;
    cut[sample * 4 + 3] = alpha;
  });
}

/** Mixed of the four pixels around a place of a slice; NaN outside of it, and where one of them has none. */
function mixed(
  values: Float32Array,
  { rows, columns }: Pick<Stack<unknown>, 'rows' | 'columns'>,
  column: number,
  row: number,
): number {
  if (column < -0.5 || row < -0.5 || column > columns - 0.5 || row > rows - 0.5) return Number.NaN;
  const [x, y] = [Math.min(columns - 1, Math.max(0, column)), Math.min(rows - 1, Math.max(0, row))];
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [x1, y1] = [Math.min(columns - 1, x0 + 1), Math.min(rows - 1, y0 + 1)];
  const at = (i: number, j: number): number => values[j * columns + i] ?? Number.NaN;
  const [fx, fy] = [x - x0, y - y0];
  return (at(x0, y0) * (1 - fx) + at(x1, y0) * fx) * (1 - fy) + (at(x0, y1) * (1 - fx) + at(x1, y1) * fx) * fy;
}

/** The value of a stack at a place, of the slices on both sides of it; NaN where there is none. */
export function valueIn(stack: Stack<Float32Array>, column: number, row: number, place: number): number {
  const { places, slices, reachMm } = stack;
  const [below, above] = aroundPlace(places, place);
  const [from = Number.NaN, to = Number.NaN] = [places[below], places[above]];
  // Beyond the ends a slice is as thick as it is.
  if (place < from - reachMm || place > to + reachMm) return Number.NaN;
  const [low, high] = [slices[below], slices[above]];
  if (low === undefined || high === undefined) return Number.NaN;
  const share = to > from ? Math.min(1, Math.max(0, (place - from) / (to - from))) : 0;
  const first = mixed(low, stack, column, row);
  return share === 0 ? first : first * (1 - share) + mixed(high, stack, column, row) * share;
}

/** Cuts a plane through values, each in its colour; undefined is clear. */
export function cutValues(
  cut: Cut,
  plane: PlaneRequest,
  stack: Stack<Float32Array>,
  colorOf: (value: number) => Rgb | undefined,
): void {
  throughStack(stack, plane, (sample, column, row, place) => {
    const value = valueIn(stack, column, row, place);
    const color = Number.isNaN(value) ? undefined : colorOf(value);
    if (color === undefined) return;
    cut.set(color, sample * 4);
    cut[sample * 4 + 3] = 255;
  });
}

/** Doses below a hundredth of the greatest are left clear. */
const LEAST_SHARE = 0.01;
export const doseColor =
  (most: number) =>
  (dose: number): Rgb | undefined =>
    most > 0 && dose / most >= LEAST_SHARE ? washColor(dose / most) : undefined;
