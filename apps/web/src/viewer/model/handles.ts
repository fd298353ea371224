import type { AnnotationKind } from '@negatoscope/contract';
import type { PixelPoint } from './calibration.ts';
import { crossOf, middleOf, vectorOf } from './measuring.ts';

type Points = readonly PixelPoint[];

export const plus = ([x, y]: PixelPoint, [dx, dy]: PixelPoint, times = 1): PixelPoint => [x + times * dx, y + times * dy];
const dotOf = (a: PixelPoint, b: PixelPoint): number => a[0] * b[0] + a[1] * b[1];

export const translated = (points: Points, by: PixelPoint): Points => points.map((point) => plus(point, by));

const replaced = (points: Points, index: number, point: PixelPoint): Points =>
  points.map((one, at) => (at === index ? point : one));

/** The opposite corner stays, and so do the directions of the sides. */
function rectangleCorner(points: Points, index: number, to: PixelPoint): Points {
  const at = (step: number): PixelPoint => points[(index + step) % 4] ?? to;
  const [opposite, next, before] = [at(2), at(1), at(3)];
  const [along, across] = [vectorOf([opposite, next]), vectorOf([opposite, before])];
  const way = vectorOf([opposite, to]);
  const area = crossOf(along, across);
  if (area === 0) return replaced(points, index, to);
  const moved = (step: number, direction: PixelPoint, share: number): readonly [number, PixelPoint] => [
    (index + step) % 4,
    plus(opposite, direction, share),
  ];
  const corners = new Map([
    [index, to],
    moved(1, along, crossOf(way, across) / area),
    moved(3, across, crossOf(along, way) / area),
  ]);
  return points.map((point, place) => corners.get(place) ?? point);
}

/** The opposite end stays; the other axis goes with the middle. */
function ellipseEnd(points: Points, index: number, to: PixelPoint): Points {
  const other = index ^ 1;
  const [end, opposite] = [points[index], points[other]];
  if (end === undefined || opposite === undefined) return points;
  const axis = vectorOf([opposite, end]);
  const long = dotOf(axis, axis);
  if (long === 0) return points;
  const moved = plus(opposite, axis, dotOf(vectorOf([opposite, to]), axis) / long);
  const shift = vectorOf([middleOf([end, opposite]), middleOf([moved, opposite])]);
  return points.map((point, place) => (place === index ? moved : place === other ? point : plus(point, shift)));
}

/** Moves an end of the long axis: the short one keeps its place along it, its lengths and its right angle. In millimetres, or pixels that are square. */
function longAxisEnd(points: Points, index: number, to: PixelPoint): Points {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return points;
  const before = vectorOf([a, b]);
  const [from, end] = index === 0 ? [to, b] : [a, to];
  const after = vectorOf([from, end]);
  const [long, now] = [dotOf(before, before), Math.sqrt(dotOf(after, after))];
  if (long === 0 || now === 0) return points;
  const carried = (point: PixelPoint): PixelPoint => {
    const way = vectorOf([a, point]);
    const [along, aside] = [dotOf(way, before) / long, crossOf(before, way) / Math.sqrt(long)];
    return plus(plus(from, after, along), [-after[1], after[0]], aside / now);
  };
  return [from, end, carried(c), carried(d)];
}

/** Moves an end of the short axis, which stays at a right angle to the long one; the other end keeps its length and goes along. */
function shortAxisEnd(points: Points, index: number, to: PixelPoint): Points {
  const [a, b, c, d] = points;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return points;
  const axis = vectorOf([a, b]);
  const long = dotOf(axis, axis);
  if (long === 0) return points;
  const aside = (point: PixelPoint): number => crossOf(axis, vectorOf([a, point])) / long;
  const along = Math.max(0, Math.min(1, dotOf(vectorOf([a, to]), axis) / long));
  const foot = plus(a, axis, along);
  const at = (share: number): PixelPoint => plus(foot, [-axis[1], axis[0]], share);
  const other = aside(index === 2 ? d : c);
  return index === 2 ? [a, b, at(aside(to)), at(other)] : [a, b, at(other), at(aside(to))];
}

/** The points of an annotation after one of them was moved, as its kind allows; `aspect` is the height of a pixel by its width. */
export function withHandleAt(kind: AnnotationKind, points: Points, index: number, to: PixelPoint, aspect: number): Points {
  if (kind === 'RECTANGLE') return rectangleCorner(points, index, to);
  if (kind === 'ELLIPSE') return ellipseEnd(points, index, to);
  if (kind !== 'BIDIRECTIONAL') return replaced(points, index, to);
  const square = ([x, y]: PixelPoint): PixelPoint => [x, y * aspect];
  const move = index < 2 ? longAxisEnd : shortAxisEnd;
  return move(points.map(square), index, square(to)).map(([x, y]): PixelPoint => [x, y / aspect]);
}
