import type { DeidHeldFile, DeidMask, DeidRectangle } from '@negatoscope/contract';

type Size = Pick<DeidHeldFile, 'rows' | 'columns'>;
interface Point {
  readonly x: number;
  readonly y: number;
}

const clamp = (value: number, least: number, most: number): number => Math.min(Math.max(value, least), most);

/** What of a rectangle lies in the picture, in whole pixels; undefined where nothing does. */
export function within({ left, top, right, bottom }: DeidRectangle, { rows, columns }: Size): DeidRectangle | undefined {
  const cut = {
    left: clamp(Math.floor(left), 0, columns),
    top: clamp(Math.floor(top), 0, rows),
    right: clamp(Math.ceil(right), 0, columns),
    bottom: clamp(Math.ceil(bottom), 0, rows),
  };
  return cut.right > cut.left && cut.bottom > cut.top ? cut : undefined;
}

/** The rectangle between two corners. */
export const between = (one: Point, other: Point): DeidRectangle => ({
  left: Math.min(one.x, other.x),
  top: Math.min(one.y, other.y),
  right: Math.max(one.x, other.x),
  bottom: Math.max(one.y, other.y),
});

/** One to begin with where somebody draws without a pointer: across the upper part. */
export const firstMask = ({ rows, columns }: Size): DeidRectangle => ({
  left: 0,
  top: 0,
  right: columns,
  bottom: Math.max(1, Math.round(rows / 10)),
});

const KEYS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

/** A mask after a key: arrows move it, with Shift they move its lower right corner; undefined for other keys. A step is a hundredth of the picture. */
export function moved(mask: DeidMask, { key, shiftKey }: { key: string; shiftKey: boolean }, size: Size): DeidMask | undefined {
  const step = KEYS[key];
  if (step === undefined) return undefined;
  const [x, y] = [step.x * Math.max(1, Math.round(size.columns / 100)), step.y * Math.max(1, Math.round(size.rows / 100))];
  if (shiftKey)
    return {
      ...mask,
      right: clamp(mask.right + x, mask.left + 1, size.columns),
      bottom: clamp(mask.bottom + y, mask.top + 1, size.rows),
    };
  const dx = clamp(x, -mask.left, size.columns - mask.right);
  const dy = clamp(y, -mask.top, size.rows - mask.bottom);
  return { ...mask, left: mask.left + dx, right: mask.right + dx, top: mask.top + dy, bottom: mask.bottom + dy };
}

/** What is suspected and not masked yet. */
export const unmasked = (suspected: readonly DeidRectangle[], masks: readonly DeidMask[]): readonly DeidRectangle[] =>
  suspected.filter(
    (one) =>
      !masks.some(
        ({ frame, left, top, right, bottom }) =>
          frame === undefined && left <= one.left && top <= one.top && right >= one.right && bottom >= one.bottom,
      ),
  );
