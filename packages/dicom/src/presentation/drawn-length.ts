import { areaOf, edgesOf, type StateFrame } from './placing.ts';
import type { PresentationState, StateGraphic, StatePoint } from './types.ts';

/** A round line is no longer than once around what is shown, twice over. */
const AROUND = 8;

const stepOf = ([x0, y0]: StatePoint, [x1, y1]: StatePoint, width: number, height: number): number => {
  const share = Math.max(Math.abs(x1 - x0) / width, Math.abs(y1 - y0) / height);
  return Math.min(1, share);
};

function sumOf([first = [0, 0], ...others]: readonly StatePoint[], across: number, down: number): number {
  let [sum, before] = [0, first];
  for (const point of others) {
    sum += stepOf(before, point, across, down);
    before = point;
  }
  return sum;
}

/** How far points lie apart along an axis; never nothing, so that one can be divided by it. */
function spread(points: readonly StatePoint[], axis: 0 | 1): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const point of points) [least, most] = [Math.min(least, point[axis]), Math.max(most, point[axis])];
  return Math.max(most - least, Number.MIN_VALUE);
}

function lengthOf({ kind, points, units, isFilled }: StateGraphic, width: number, height: number): number {
  const [across, down] = units === 'display' ? [1, 1] : [width, height];
  const sum = sumOf(points, across, down);
  if (kind === 'circle' || kind === 'ellipse') return AROUND * Math.min(1, sum);
  // A shape is filled as a whole: a scribble of fifty thousand points crosses itself as often on a square millimetre as on all of the image.
  return isFilled ? Math.max(sum, sumOf(points, spread(points, 0), spread(points, 1))) : sum;
}

/**
 * How long each line of a graphic is at most, in widths or heights of what a state shows of a frame, no piece longer than one: what drawing it costs grows
 * with this, not with the number of its points. Filled shapes count twice, and over their own extent where that is less.
 */
export function drawnLength(state: Pick<PresentationState, 'areas'>, frame: StateFrame): (graphic: StateGraphic) => number {
  const { left, right, top, bottom } = edgesOf(areaOf(state, frame), frame);
  return (graphic) => lengthOf(graphic, right - left, bottom - top) * (graphic.isFilled ? 2 : 1);
}
