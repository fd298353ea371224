import type { Point } from './look.ts';
import type { SlideMark } from './slide-marks.ts';

/** What of a drawing is held: one end of a length, or undefined: all of it. */
export interface Grip {
  readonly mark: SlideMark;
  readonly end: number | undefined;
}

const apart = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y);

/** From a point to the line between two others. */
function distanceTo(at: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = dx * dx + dy * dy;
  const share = length === 0 ? 0 : Math.max(0, Math.min(1, ((at.x - from.x) * dx + (at.y - from.y) * dy) / length));
  return apart(at, { x: from.x + share * dx, y: from.y + share * dy });
}

const isLength = ({ item }: SlideMark): boolean => item.kind === 'LENGTH';

/** Ends by which a drawing is changed; outlines and rectangles are moved as a whole. */
export const endsOf = (mark: SlideMark): readonly Point[] => (isLength(mark) && mark.item.mayChange ? mark.points : []);

function isOnLine(mark: SlideMark, at: Point, reach: number): boolean {
  const { points } = mark;
  const last = isLength(mark) ? points.length - 1 : points.length;
  for (let from = 0; from < last; from += 1) {
    const [a, b] = [points[from], points[(from + 1) % points.length]];
    if (a !== undefined && b !== undefined && distanceTo(at, a, b) <= reach) return true;
  }
  return false;
}

/** What of the drawings that may be changed is at a place, the latest first and ends before lines. `reach` in pixels of the slide, as `at`. */
export function gripAt(marks: readonly SlideMark[], at: Point, reach: number): Grip | undefined {
  const own = marks.filter(({ item }) => item.mayChange).reverse();
  for (const mark of own) {
    const end = endsOf(mark).findIndex((point) => apart(point, at) <= reach);
    if (end >= 0) return { mark, end };
  }
  const mark = own.find((one) => isOnLine(one, at, reach));
  return mark && { mark, end: undefined };
}

/** Where the points of what is held lie once it has gone so far. */
export const movedPoints = ({ mark, end }: Grip, by: Point): readonly Point[] =>
  mark.points.map((point, at) => (end === undefined || end === at ? { x: point.x + by.x, y: point.y + by.y } : point));
