import { waysOf } from '@negatoscope/dicom';
import type { PaneSnapshot } from '../engine/index.ts';

type Way = readonly [number, number];

/** Whether an axis of the image lies on the screen as a state has it; a pane without an image has none that doesn't. */
function lies([x, y]: Way, wanted: Way): boolean {
  const length = Math.hypot(x, y);
  return !(length > 0) || (x * wanted[0] + y * wanted[1]) / length > 0.99;
}

/** What the reader has changed of a state that is applied: nearer and moved is how one looks at it, and no other presentation. */
export function changedSince({
  state,
  stateStanding,
  place,
  isOwnWindow,
}: Pick<PaneSnapshot, 'state' | 'stateStanding' | 'place' | 'isOwnWindow'>): boolean {
  if (state === undefined || stateStanding !== 'applied') return false;
  const ways = waysOf(state);
  return isOwnWindow || (place !== undefined && !(lies(place.i, ways.i) && lies(place.j, ways.j)));
}
