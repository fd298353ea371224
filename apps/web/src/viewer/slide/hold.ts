import type { PointerEvent } from 'react';
import { type Grip, gripAt } from './grip.ts';
import type { Look, Point } from './look.ts';
import { onMatrix } from './pen.ts';
import type { SlideMark } from './slide-marks.ts';

/** What is held, and how far it has gone, in pixels of the finest level; by keys where no pointer holds it: then it goes with the middle of the pane. */
export interface Held {
  readonly grip: Grip;
  readonly from: Point;
  readonly to: Point;
  readonly pointerId: number | undefined;
}

export interface Holding {
  readonly look: Look;
  readonly marks: readonly SlideMark[];
  readonly held: () => Held | undefined;
  readonly show: (held: Held | undefined) => void;
  /** Puts down what was held, where it is now. */
  readonly put: (held: Held) => void;
}

/** CSS px within which a line is meant: a finger is broader. */
const REACH = { mouse: 8, touch: 18 } as const;

const middleOf = ({ x, y }: Look): Point => ({ x, y });

/** What the middle of the pane is on, for who has no pointer. */
export const underMiddle = ({ look, marks }: Pick<Holding, 'look' | 'marks'>): Grip | undefined =>
  gripAt(marks, middleOf(look), REACH.touch / look.scale);

/** Takes the pointer where it holds a drawing; each says whether it does. `at` is from the middle of the pane, CSS px. */
export const holdPointer = ({ look, marks, held, show, put }: Holding) => ({
  down: ({ pointerId, button, pointerType }: PointerEvent, at: Point): boolean => {
    // A second finger comes nearer; what the first has held stays where it was.
    if (held()?.pointerId !== undefined || button !== 0) {
      show(undefined);
      return false;
    }
    const from = onMatrix(at, look);
    const grip = gripAt(marks, from, REACH[pointerType === 'touch' ? 'touch' : 'mouse'] / look.scale);
    show(grip && { grip, from, to: from, pointerId });
    return grip !== undefined;
  },
  move: ({ pointerId }: PointerEvent, at: Point): boolean => {
    const now = held();
    if (now === undefined || now.pointerId !== pointerId) return false;
    show({ ...now, to: onMatrix(at, look) });
    return true;
  },
  up: ({ pointerId }: PointerEvent, isKept: boolean): boolean => {
    const now = held();
    if (now === undefined || now.pointerId !== pointerId) return false;
    show(undefined);
    if (isKept) put(now);
    return true;
  },
});

/** Enter takes what the middle of the pane is on and puts it down where the slide was moved to; Escape leaves it where it was. */
export function holdKey(key: string, { look, marks, held, show, put }: Holding): boolean {
  const now = held();
  const middle = middleOf(look);
  if (now !== undefined && (key === 'Enter' || key === 'Escape')) {
    show(undefined);
    if (key === 'Enter') put({ ...now, to: middle });
    return true;
  }
  const grip = key === 'Enter' ? underMiddle({ look, marks }) : undefined;
  if (grip !== undefined) show({ grip, from: middle, to: middle, pointerId: undefined });
  return grip !== undefined;
}
