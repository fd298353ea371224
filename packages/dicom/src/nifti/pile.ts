import { NiftiRefusal } from './refusal.ts';
import type { Slice } from './slice.ts';
import { dot, lengthOf, minus, plus, type Vector } from './vector.ts';

const LEAST_TOLERANCE_MM = 0.01;
/** Of the distance of two slices: positions are often rounded to a tenth of a millimetre. */
const UNEVEN = 0.02;
/** Of a pixel, over the whole pile. */
const BESIDE = 0.05;

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? 0;

/** The distance of two neighbours along the normal. Fails with NiftiRefusal: MISSING_SLICES, UNEVEN_SPACING. */
function evenStep(heights: readonly number[]): number {
  const [first = 0, last = 0] = [heights[0], heights.at(-1)];
  const step = (last - first) / (heights.length - 1);
  const off = Math.max(...heights.map((at, index) => Math.abs(at - first - index * step)));
  if (off <= Math.max(LEAST_TOLERANCE_MM, UNEVEN * step)) return step;
  const gaps = heights.slice(1).map((at, index) => at - (heights[index] ?? 0));
  const usual = medianOf(gaps);
  const isWhole = gaps.every((gap) => Math.abs(gap / usual - Math.round(gap / usual)) < 2 * UNEVEN);
  const missing = gaps.reduce((sum, gap) => sum + Math.round(gap / usual) - 1, 0);
  if (isWhole && missing > 0) throw new NiftiRefusal('MISSING_SLICES', missing);
  throw new NiftiRefusal('UNEVEN_SPACING', off);
}

/** Each slice lies straight over the first. Fails with NiftiRefusal: TILTED, NOT_ALIGNED. */
function requireStraight({ position, normal, dx, dy }: Slice, positions: readonly Vector[], step: number): void {
  const beside = positions.map((one) => {
    const from = minus(one, position);
    return plus(from, normal, -dot(from, normal));
  });
  const allowed = Math.max(LEAST_TOLERANCE_MM, BESIDE * Math.min(dx, dy));
  const most = Math.max(...beside.map(lengthOf));
  if (most <= allowed) return;
  const last = beside.at(-1) ?? [0, 0, 0];
  const count = beside.length - 1;
  const isLine = beside.every((one, index) => lengthOf(plus(one, last, -index / count)) <= allowed);
  if (!isLine) throw new NiftiRefusal('NOT_ALIGNED', most);
  throw new NiftiRefusal('TILTED', (Math.atan2(lengthOf(last) / count, step) * 180) / Math.PI);
}

/**
 * The distance of the slices of a pile, ascending along their normal, in mm; a single one is as thick as it says. Fails with NiftiRefusal: NO_THICKNESS,
 * MISSING_SLICES, UNEVEN_SPACING, TILTED, NOT_ALIGNED.
 */
export function stepOf(slices: readonly Slice[]): number {
  const [first, another] = slices;
  if (first === undefined) throw new NiftiRefusal('NO_GEOMETRY');
  if (another === undefined) {
    if (first.thickness === undefined || first.thickness <= 0) throw new NiftiRefusal('NO_THICKNESS');
    return first.thickness;
  }
  const positions = slices.map(({ position }) => position);
  const step = evenStep(positions.map((one) => dot(one, first.normal)));
  requireStraight(first, positions, step);
  return step;
}
