import { areaOf, edgesOf, type StateFrame } from './placing.ts';
import type { PresentationState, StateGraphic, StatePoint } from './types.ts';

/** A round line is no longer than once around what is shown, twice over. */
const AROUND = 8;

const stepOf = ([x0, y0]: StatePoint, [x1, y1]: StatePoint, width: number, height: number): number => {
  const share = Math.max(Math.abs(x1 - x0) / width, Math.abs(y1 - y0) / height);
  return Math.min(1, share);
};

function lengthOf({ kind, points, units }: StateGraphic, width: number, height: number): number {
  const [across, down] = units === 'display' ? [1, 1] : [width, height];
  const [first = [0, 0], ...others] = points;
  let [sum, before] = [0, first];
  for (const point of others) {
    sum += stepOf(before, point, across, down);
    before = point;
  }
  return kind === 'circle' || kind === 'ellipse' ? AROUND * Math.min(1, sum) : sum;
}

/**
 * How long each line of a graphic is at most, in widths or heights of what a state shows of a frame, no piece longer than one: what drawing it costs grows
 * with this, not with the number of its points. Filled shapes count twice.
 */
export function drawnLength(state: Pick<PresentationState, 'areas'>, frame: StateFrame): (graphic: StateGraphic) => number {
  const { left, right, top, bottom } = edgesOf(areaOf(state, frame), frame);
  return (graphic) => lengthOf(graphic, right - left, bottom - top) * (graphic.isFilled ? 2 : 1);
}
