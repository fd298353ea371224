import type { AnnotationKind } from '@negatoscope/contract';
import type { PixelPoint } from './calibration.ts';
import { middleOf } from './measuring.ts';

type Polyline = readonly PixelPoint[];

/** What an annotation looks like; all in the pixels in which its points were given. */
export interface Shape {
  readonly lines: readonly Polyline[];
  /** Lines that only join what is measured. */
  readonly helpers: readonly Polyline[];
  /** What can be taken hold of, by the point that it is. */
  readonly handles: readonly PixelPoint[];
  /** Where what bends when its line is pulled is taken hold of as a whole. */
  readonly grip?: PixelPoint | undefined;
}

const ELLIPSE_CORNERS = 48;
const HEAD_PX = 12;
const CROSS_PX = 6;
/** A line of more corners than this is bent, not moved corner by corner. */
const MOST_HANDLES = 8;

function ellipse([a, b, c, d]: Polyline): Polyline {
  if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
  const [x, y] = middleOf([a, b]);
  return Array.from({ length: ELLIPSE_CORNERS + 1 }, (_, index) => {
    const turn = (2 * Math.PI * index) / ELLIPSE_CORNERS;
    const [u, v] = [Math.cos(turn) / 2, Math.sin(turn) / 2];
    return [x + u * (b[0] - a[0]) + v * (d[0] - c[0]), y + u * (b[1] - a[1]) + v * (d[1] - c[1])] as const;
  });
}

function arrow([tip, tail]: Polyline): Polyline[] {
  if (tip === undefined || tail === undefined) return [];
  const way = Math.atan2(tail[1] - tip[1], tail[0] - tip[0]);
  const barb = (turn: number): PixelPoint => [tip[0] + HEAD_PX * Math.cos(way + turn), tip[1] + HEAD_PX * Math.sin(way + turn)];
  return [
    [tip, tail],
    [barb(0.45), tip, barb(-0.45)],
  ];
}

const cross = ([x, y]: PixelPoint): Polyline[] => [
  [
    [x - CROSS_PX, y],
    [x + CROSS_PX, y],
  ],
  [
    [x, y - CROSS_PX],
    [x, y + CROSS_PX],
  ],
];

/** The middle of all corners. */
const meanOf = (points: Polyline): PixelPoint | undefined =>
  points.length === 0
    ? undefined
    : [points.reduce((sum, [x]) => sum + x, 0) / points.length, points.reduce((sum, [, y]) => sum + y, 0) / points.length];

const closed = (points: Polyline): Polyline => (points.length > 2 && points[0] !== undefined ? [...points, points[0]] : points);

/** The line between the middles of two lines. */
function between([a, b, c, d]: Polyline): Polyline[] {
  if (a === undefined || b === undefined || c === undefined || d === undefined) return [];
  return [[middleOf([a, b]), middleOf([c, d])]];
}

const pairs = (points: Polyline): Polyline[] => [points.slice(0, 2), points.slice(2, 4)].filter(({ length }) => length === 2);

/** Its points may be fewer than the kind has, while it is drawn. */
export function shapeOf(kind: AnnotationKind, points: Polyline): Shape {
  const handles = points.length > MOST_HANDLES ? [] : points;
  const plain = (lines: Polyline[], helpers: Polyline[] = []): Shape => ({ lines, helpers, handles });
  switch (kind) {
    case 'LENGTH':
    case 'ANGLE':
      return plain([points]);
    case 'BIDIRECTIONAL':
    case 'CARDIOTHORACIC':
      return plain(pairs(points));
    case 'COBB':
      return plain(pairs(points), between(points));
    case 'ELLIPSE':
      return plain([ellipse(points)]);
    case 'RECTANGLE':
      return plain([closed(points)]);
    case 'FREEHAND':
      return { ...plain([closed(points)]), grip: meanOf(points) };
    case 'ARROW':
      return plain(arrow(points));
    case 'PROBE':
    case 'SPINE_LABEL':
      return plain(points.flatMap(cross));
    default:
      return plain([]);
  }
}

/** As the `d` of an SVG path, to a tenth of a pixel. */
export const pathOf = (lines: readonly Polyline[]): string =>
  lines.map((line) => line.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('')).join('');

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface TextPlace extends Box {
  /** The side of the box on which its lines begin. */
  readonly anchor: 'start' | 'end';
}

const TEXT_GAP = 10;
/** Mean width of a letter, as a share of its size. */
const LETTER = 0.56;
export const LINE_HEIGHT = 1.3;

const clamp = (value: number, least: number, most: number): number => Math.max(least, Math.min(most, value));

/**
 * Where the text of a shape stands: to the right of it, or to the left where there is no room, or with its middle `at` a place that somebody gave it; always
 * within the pane. `y` is its upper edge.
 */
export function textPlace(
  shape: Shape,
  lines: readonly string[],
  size: number,
  pane: Pick<Box, 'width' | 'height'>,
  at?: PixelPoint,
): TextPlace {
  const all = [...shape.lines.flat(), ...shape.handles];
  const width = Math.max(0, ...lines.map(({ length }) => length)) * size * LETTER;
  const height = lines.length * size * LINE_HEIGHT;
  if (at !== undefined) {
    const x = clamp(at[0] - width / 2, 0, Math.max(0, pane.width - width));
    return { x, y: clamp(at[1] - height / 2, 0, Math.max(0, pane.height - height)), width, height, anchor: 'start' };
  }
  const far = all.reduce<PixelPoint>((best, point) => (point[0] > best[0] ? point : best), all[0] ?? [0, 0]);
  const near = all.reduce<PixelPoint>((best, point) => (point[0] < best[0] ? point : best), all[0] ?? [0, 0]);
  const isRight = far[0] + TEXT_GAP + width <= pane.width || near[0] - TEXT_GAP - width < 0;
  const side = isRight ? far : near;
  const y = clamp(side[1] - height / 2, 0, Math.max(0, pane.height - height));
  const left = isRight ? clamp(far[0] + TEXT_GAP, 0, Math.max(0, pane.width - width)) : near[0] - TEXT_GAP - width;
  return { x: left, y, width, height, anchor: isRight ? 'start' : 'end' };
}

/** The place of a piece of a line that is nearest to a point. */
function onPiece([x, y]: PixelPoint, a: PixelPoint, b: PixelPoint): PixelPoint {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const long = dx * dx + dy * dy;
  const along = long === 0 ? 0 : clamp(((x - a[0]) * dx + (y - a[1]) * dy) / long, 0, 1);
  return [a[0] + along * dx, a[1] + along * dy];
}

const apart = (a: PixelPoint, b: PixelPoint): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The place of lines that is nearest to a point; undefined where there are none. */
function nearestOf(lines: readonly Polyline[], point: PixelPoint): PixelPoint | undefined {
  let best: PixelPoint | undefined;
  for (const line of lines)
    line.forEach((end, index) => {
      const place = onPiece(point, line[index - 1] ?? end, end);
      if (best === undefined || apart(place, point) < apart(best, point)) best = place;
    });
  return best;
}

/** A text that stands nearer to its figure than this needs no line to it, px. */
const NEAR_PX = 14;

/** The line from a figure to its text that stands elsewhere; none where they are close to each other. */
export function leaderOf({ lines, handles }: Shape, { x, y, width, height }: Box): Polyline[] {
  const figure = nearestOf([...lines, ...handles.map((handle) => [handle])], [x + width / 2, y + height / 2]);
  if (figure === undefined || width === 0) return [];
  const edge: PixelPoint = [clamp(figure[0], x, x + width), clamp(figure[1], y, y + height)];
  return apart(figure, edge) < NEAR_PX ? [] : [[figure, edge]];
}

/** What of an annotation is taken hold of: the number of a handle, its line, what moves all of it, or the text beside it. */
export type Part = number | 'line' | 'grip' | 'text';

/** What of a shape lies within reach of a point, px; undefined when nothing does. A text is taken hold of in its box and close to it. */
export function hitOf(
  { lines, handles, grip }: Shape,
  text: Box | undefined,
  point: PixelPoint,
  reach: number,
): Part | undefined {
  const away = handles.map((handle) => apart(point, handle));
  const nearest = Math.min(...away);
  if (nearest <= reach) return away.indexOf(nearest);
  const on = nearestOf(lines, point);
  const toLine = on === undefined ? Infinity : apart(point, on);
  if (grip !== undefined && apart(point, grip) <= Math.min(reach, toLine)) return 'grip';
  if (toLine <= reach) return 'line';
  if (text === undefined || text.width === 0 || reach < 0) return undefined;
  const around = reach / 2;
  const isBeside = point[0] >= text.x - around && point[0] <= text.x + text.width + around;
  return isBeside && point[1] >= text.y - around && point[1] <= text.y + text.height + around ? 'text' : undefined;
}
