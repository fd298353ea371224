import { isInScope, type StateTarget } from './references.ts';
import type { PresentationState, StateArea } from './types.ts';

/** A frame that a state is for, and its size. */
export interface StateFrame extends StateTarget {
  readonly rows: number;
  readonly columns: number;
}
export type Way = readonly [number, number];

/** Where a state has the first column and the first row go, right and down on the screen: turned clockwise, then flipped (PS3.3 C.10.6). */
export function waysOf({ rotation, isFlipped }: Pick<PresentationState, 'rotation' | 'isFlipped'>): {
  readonly i: Way;
  readonly j: Way;
} {
  const ways: Readonly<Record<number, readonly [Way, Way]>> = {
    0: [
      [1, 0],
      [0, 1],
    ],
    90: [
      [0, 1],
      [-1, 0],
    ],
    180: [
      [-1, 0],
      [0, -1],
    ],
    270: [
      [0, -1],
      [1, 0],
    ],
  };
  const [i, j] = ways[rotation] ?? [[1, 0] as const, [0, 1] as const];
  const flipped = ([x, y]: Way): Way => [x === 0 ? 0 : -x, y];
  return isFlipped ? { i: flipped(i), j: flipped(j) } : { i, j };
}

/** What of a frame a state shows; undefined where it does not say: all of it. */
export const areaOf = ({ areas }: Pick<PresentationState, 'areas'>, frame: StateFrame): StateArea | undefined =>
  areas.find(({ scope }) => isInScope(scope, frame));

/** Differs where a pane must be placed anew. */
export const areaKey = (state: PresentationState, frame: StateFrame): string =>
  JSON.stringify([state.sopInstanceUid, state.rotation, state.isFlipped, areaOf(state, frame), frame.rows, frame.columns]);

/** The area in image pixels from the frame's corner: both ends are within (C.10.4). */
export function edgesOf(area: StateArea | undefined, { rows, columns }: Pick<StateFrame, 'rows' | 'columns'>) {
  const { from, to } = area ?? { from: [1, 1], to: [columns, rows] };
  return {
    left: Math.min(from[0], to[0]) - 1,
    right: Math.max(from[0], to[0]),
    top: Math.min(from[1], to[1]) - 1,
    bottom: Math.max(from[1], to[1]),
  };
}
