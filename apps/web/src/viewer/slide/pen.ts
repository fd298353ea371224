import type { PointerEvent } from 'react';
import type { Look, Point } from './look.ts';

export type SlideTool = 'move' | 'length' | 'freehand';

/** What is being drawn, in pixels of the finest level; by keys where no pointer does it. */
export interface Draft {
  readonly points: readonly Point[];
  readonly pointerId: number | undefined;
}

/** What draws on a slide: a tool, where one looks, and what was begun. */
export interface Pen {
  readonly tool: SlideTool;
  readonly look: Look;
  readonly draft: () => Draft | undefined;
  readonly show: (draft: Draft | undefined) => void;
  readonly keep: (points: readonly Point[]) => void;
}

/** CSS px from one point of an outline to the next, and below which nothing was drawn. */
const APART = 4;
const MOST_POINTS = 9000;

const far = (a: Point | undefined, b: Point, { scale }: Look): boolean =>
  a === undefined || Math.hypot(a.x - b.x, a.y - b.y) * scale >= APART;

/** A place from the middle of the pane, CSS px, in pixels of the finest level. */
export const onMatrix = ({ x, y }: Point, look: Look): Point => ({ x: look.x + x / look.scale, y: look.y + y / look.scale });

function isEnough({ tool, look }: Pen, points: readonly Point[]): boolean {
  const [first, second] = points;
  if (tool !== 'length') return points.length >= 3;
  return first !== undefined && second !== undefined && far(first, second, look);
}

/** Takes the pointer; each says whether it was for drawing. `at` is from the middle of the pane, CSS px. */
export const penPointer = (pen: Pen) => ({
  down: ({ pointerId, button }: PointerEvent, at: Point): boolean => {
    if (pen.tool === 'move' || button !== 0) return false;
    // A second finger comes nearer; what the first has begun is nothing.
    if (pen.draft()?.pointerId !== undefined) {
      pen.show(undefined);
      return false;
    }
    pen.show({ points: [onMatrix(at, pen.look)], pointerId });
    return true;
  },
  move: ({ pointerId }: PointerEvent, at: Point): boolean => {
    const now = pen.draft();
    if (now === undefined || now.pointerId !== pointerId) return false;
    const to = onMatrix(at, pen.look);
    if (pen.tool === 'length') pen.show({ ...now, points: [now.points[0] ?? to, to] });
    else if (far(now.points.at(-1), to, pen.look)) pen.show({ ...now, points: [...now.points, to].slice(0, MOST_POINTS) });
    return true;
  },
  up: ({ pointerId }: PointerEvent, isKept: boolean): boolean => {
    const now = pen.draft();
    if (now === undefined || now.pointerId !== pointerId) return false;
    if (isKept && isEnough(pen, now.points)) pen.keep(now.points);
    pen.show(undefined);
    return true;
  },
});

/** Sets a point in the middle of the pane: the second one ends a length, one at the place of the last ends an outline. */
export function setPoint(pen: Pen): void {
  const middle = { x: pen.look.x, y: pen.look.y };
  const points = pen.draft()?.points ?? [];
  const isSame = points.length > 0 && !far(points.at(-1), middle, pen.look);
  const isDone = pen.tool === 'length' ? points.length === 1 && !isSame : isSame && points.length >= 3;
  if (isDone) pen.keep(pen.tool === 'length' ? [...points, middle] : points);
  pen.show(isDone ? undefined : { points: isSame ? points : [...points, middle], pointerId: undefined });
}
