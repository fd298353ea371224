import type { PixelPoint } from './calibration.ts';

type Points = readonly PixelPoint[];

/** A closed line that is taken hold of: with a corner at that place, and how much each corner goes along with it, 0 to 1. */
export interface Held {
  readonly points: Points;
  readonly weights: readonly number[];
}

/** How far a pull is felt along the line, to each side, as a share of its length. */
const FELT_SHARE = 1 / 6;
/** So many corners at least are within reach of a pull, so that a line of few bends and does not break. */
const CORNERS_FELT = 24;
/** What a line may have (`ANNOTATION_POINTS.FREEHAND`). */
const MOST_CORNERS = 10_000;

const between = (a: PixelPoint, b: PixelPoint, share: number): PixelPoint => [
  a[0] + share * (b[0] - a[0]),
  a[1] + share * (b[1] - a[1]),
];

/** How a line lies in the patient: rows are `aspect` times as far apart as columns. */
const measureOf =
  (aspect: number) =>
  (a: PixelPoint, b: PixelPoint): number =>
    Math.hypot(b[0] - a[0], aspect * (b[1] - a[1]));

/** The place of a closed line that is nearest to a point: behind which corner, and how far on towards the next, 0 to 1. */
function nearestOn(points: Points, [x, y]: PixelPoint, aspect: number): { readonly behind: number; readonly share: number } {
  let best = { behind: 0, share: 0, away: Infinity };
  points.forEach((a, behind) => {
    const b = points[(behind + 1) % points.length] ?? a;
    const [dx, dy, px, py] = [b[0] - a[0], aspect * (b[1] - a[1]), x - a[0], aspect * (y - a[1])];
    const long = dx * dx + dy * dy;
    const share = long === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / long));
    const away = Math.hypot(px - share * dx, py - share * dy);
    if (away < best.away) best = { behind, share, away };
  });
  return best;
}

/** A closed line that begins at its place nearest to a point. */
function beganAt(points: Points, at: PixelPoint, aspect: number): Points {
  const { behind, share } = nearestOn(points, at, aspect);
  const [a, b] = [points[behind] ?? at, points[(behind + 1) % points.length] ?? at];
  const on = [...points.slice(behind + 1), ...points.slice(0, behind + 1)];
  if (share === 0) return [a, ...on.slice(0, -1)];
  return share === 1 ? on : [between(a, b, share), ...on];
}

/** Takes hold of a closed line where it is nearest to a point. `aspect`: height of a pixel by its width. */
export function heldAt(points: Points, at: PixelPoint, aspect: number): Held {
  const lengthOf = measureOf(aspect);
  const line = beganAt(points, at, aspect);
  const sides = line.map((point, index) => lengthOf(point, line[(index + 1) % line.length] ?? point));
  const total = sides.reduce((sum, side) => sum + side, 0);
  const [felt, step] = [total * FELT_SHARE, (2 * total * FELT_SHARE) / CORNERS_FELT];
  const [held, weights]: [PixelPoint[], number[]] = [[], []];
  let along = 0;
  line.forEach((point, index) => {
    const [side, next] = [sides[index] ?? 0, line[(index + 1) % line.length] ?? point];
    const isFelt = along < felt || along + side > total - felt;
    const parts = isFelt && step > 0 && line.length + held.length < MOST_CORNERS ? Math.max(1, Math.ceil(side / step)) : 1;
    for (let part = 0; part < parts; part += 1) {
      const place = along + (side * part) / parts;
      const away = Math.min(place, total - place);
      held.push(between(point, next, part / parts));
      weights.push(away < felt ? (1 + Math.cos((Math.PI * away) / felt)) / 2 : 0);
    }
    along += side;
  });
  return held.length > MOST_CORNERS
    ? { points: line, weights: line.map((_, index) => (index === 0 ? 1 : 0)) }
    : { points: held, weights };
}

/** The line after a pull of the place that is held. */
export const pulled = ({ points, weights }: Held, [dx, dy]: PixelPoint): Points =>
  points.map(([x, y], index) => [x + dx * (weights[index] ?? 0), y + dy * (weights[index] ?? 0)]);
