import { areaOf, edgesOf, type StateFrame } from './placing.ts';
import type { PresentationState, StateArea, StateGraphic, StatePoint, StateText, StateUnits } from './types.ts';

/** Where the corner of an image's first pixel lies on what it is shown on, and how far a column and a row go. */
export interface StatePlace {
  readonly origin: StatePoint;
  readonly i: StatePoint;
  readonly j: StatePoint;
}

/** Takes a point of a state to the pane, CSS px. */
export type ToPane = (point: StatePoint, units: StateUnits) => StatePoint;

/**
 * Where a state's points lie on a pane (PS3.3 C.10.5.1): those of pixels with the image, those of the display within the area that the state shows,
 * whose upper left corner on the screen is 0\0 however the image is turned.
 */
export function toPaneOf(state: Pick<PresentationState, 'areas'>, frame: StateFrame, { origin, i, j }: StatePlace): ToPane {
  const ofPixels = ([x, y]: StatePoint): StatePoint => [origin[0] + x * i[0] + y * j[0], origin[1] + x * i[1] + y * j[1]];
  const area: StateArea | undefined = areaOf(state, frame);
  const { left, right, top, bottom } = edgesOf(area, frame);
  const [a, b] = [ofPixels([left, top]), ofPixels([right, bottom])];
  const [x0, y0] = [Math.min(a[0], b[0]), Math.min(a[1], b[1])];
  const [width, height] = [Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])];
  return (point, units) => (units === 'pixel' ? ofPixels(point) : [x0 + point[0] * width, y0 + point[1] * height]);
}

const ROUND_STEPS = 72;
const CURVE_STEPS = 8;
/** Longer lines are dense enough to be straight between their points. */
const MOST_CURVED = 2000;
const POINT_PX = 4;

const half = (a: StatePoint, b: StatePoint): StatePoint => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
const minus = (a: StatePoint, b: StatePoint): StatePoint => [a[0] - b[0], a[1] - b[1]];

/** Points of an ellipse about a middle, by the halves of its two diameters. */
const around = (middle: StatePoint, u: StatePoint, v: StatePoint): StatePoint[] =>
  Array.from({ length: ROUND_STEPS }, (_, at) => {
    const angle = (at * 2 * Math.PI) / ROUND_STEPS;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    return [middle[0] + u[0] * cos + v[0] * sin, middle[1] + u[1] * cos + v[1] * sin];
  });

/** A curve through all of the points: each piece leaves as its neighbours have it. */
function curved(points: readonly StatePoint[]): readonly StatePoint[] {
  if (points.length < 3 || points.length > MOST_CURVED) return points;
  const at = (index: number): StatePoint => points[Math.max(0, Math.min(index, points.length - 1))] ?? [0, 0];
  const between = (from: number, share: number): StatePoint => {
    const [p0, p1, p2, p3] = [at(from - 1), at(from), at(from + 1), at(from + 2)];
    const on = (axis: 0 | 1): number => {
      const [a, b, c, d] = [p0[axis], p1[axis], p2[axis], p3[axis]];
      return 0.5 * (2 * b + (c - a) * share + (2 * a - 5 * b + 4 * c - d) * share ** 2 + (3 * b - a - 3 * c + d) * share ** 3);
    };
    return [on(0), on(1)];
  };
  const pieces = points
    .slice(0, -1)
    .flatMap((_, from) => Array.from({ length: CURVE_STEPS }, (__, step) => between(from, step / CURVE_STEPS)));
  return [...pieces, at(points.length - 1)];
}

/** The points of a graphic's line in its own units, and whether it comes back to its beginning. */
function lineOf({ kind, points }: StateGraphic): { readonly points: readonly StatePoint[]; readonly isClosed: boolean } {
  const [a = [0, 0], b = [0, 0], c = [0, 0], d = [0, 0]] = points;
  if (kind === 'circle') {
    const radius = Math.hypot(...minus(b, a));
    return { points: around(a, [radius, 0], [0, radius]), isClosed: true };
  }
  if (kind === 'ellipse') {
    const middle = half(a, b);
    return { points: around(middle, minus(b, middle), [(d[0] - c[0]) / 2, (d[1] - c[1]) / 2]), isClosed: true };
  }
  return { points: kind === 'interpolated' ? curved(points) : points, isClosed: false };
}

const written = ([x, y]: StatePoint): string => `${x.toFixed(2)} ${y.toFixed(2)}`;

/** The SVG path of a graphic on a pane. A point is a small cross. */
export function pathOfGraphic(graphic: StateGraphic, toPane: ToPane): string {
  const [first] = graphic.points;
  if (graphic.kind === 'point' && first !== undefined) {
    const [x, y] = toPane(first, graphic.units);
    return `M${written([x - POINT_PX, y])}L${written([x + POINT_PX, y])}M${written([x, y - POINT_PX])}L${written([x, y + POINT_PX])}`;
  }
  const { points, isClosed } = lineOf(graphic);
  return `${through(points, graphic.units, toPane)}${isClosed ? 'Z' : ''}`;
}

const through = (points: readonly StatePoint[], units: StateUnits, toPane: ToPane): string =>
  `M${points.map((point) => written(toPane(point, units))).join('L')}`;

/** Points of a piece: what drawing one costs grows with the square of them, for every line may cross every other. */
const PIECE = 64;

/** The same in pieces, each of which begins where the one before ends: drawn one by one, a line of fifty thousand points costs what its length does. */
export function piecesOfGraphic(graphic: StateGraphic, toPane: ToPane): string[] {
  const { points, isClosed } = lineOf(graphic);
  if (isClosed || points.length <= PIECE) return [pathOfGraphic(graphic, toPane)];
  const count = Math.ceil((points.length - 1) / PIECE);
  return Array.from({ length: count }, (_, at) => through(points.slice(at * PIECE, (at + 1) * PIECE + 1), graphic.units, toPane));
}

const LINE_HEIGHT = 1.2;
const [LEAST_PX, MOST_PX, USUAL_PX] = [11, 24, 13];
const BESIDE_PX = 6;
/** Of most letters, by their size. */
const LETTER_WIDTH = 0.6;

/** A text on a pane: its lines, and the line to what it is of. */
export interface PlacedText {
  readonly lines: readonly string[];
  readonly x: number;
  /** Of the first line's foot. */
  readonly y: number;
  readonly size: number;
  readonly lineHeight: number;
  readonly align: 'start' | 'middle' | 'end';
  readonly anchor: { readonly from: StatePoint; readonly to: StatePoint } | undefined;
}

/**
 * A text always stands upright, as large as its box has room for and no smaller than can be read. `letters` is how many times as large as usual letters
 * are where it stands.
 */
export function placeText({ text, box, anchor }: StateText, toPane: ToPane, letters = 1): PlacedText {
  const lines = text.split('\n');
  const at = anchor && toPane(anchor.at, anchor.units);
  if (box === undefined) {
    const [x, y] = at ?? [0, 0];
    const size = USUAL_PX * letters;
    return { lines, x: x + BESIDE_PX, y: y - BESIDE_PX, size, lineHeight: size * LINE_HEIGHT, align: 'start', anchor: undefined };
  }
  const [a, b] = [toPane(box.from, box.units), toPane(box.to, box.units)];
  const [left, right, top, bottom] = [Math.min(a[0], b[0]), Math.max(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[1], b[1])];
  const longest = Math.max(1, ...lines.map(({ length }) => length));
  const room = Math.min((bottom - top) / lines.length / LINE_HEIGHT, (right - left) / longest / LETTER_WIDTH);
  const size = Math.min(MOST_PX * letters, Math.max(LEAST_PX * letters, room));
  const align = box.align === 'left' ? 'start' : box.align === 'right' ? 'end' : 'middle';
  const x = align === 'start' ? left : align === 'end' ? right : (left + right) / 2;
  const from: StatePoint | undefined = at && [Math.min(right, Math.max(left, at[0])), Math.min(bottom, Math.max(top, at[1]))];
  return {
    ...{ lines, x, size, align },
    y: top + size,
    lineHeight: size * LINE_HEIGHT,
    anchor: at === undefined || from === undefined || anchor?.isVisible !== true ? undefined : { from, to: at },
  };
}
