import type { DecodedFrame } from './frame-format.ts';
import { modalityFunction } from './modality.ts';
import { cellsOf } from './samples.ts';
import { isPadding, storedFunction, type ValuePlan } from './values.ts';

/** Reads modality values of a grayscale frame one by one, exact; the index is `row * columns + column`. Undefined outside and for padding. */
export function valueReader(frame: DecodedFrame, plan: ValuePlan): (index: number) => number | undefined {
  const cells = cellsOf(frame);
  const [toStored, toValue] = [storedFunction(frame), modalityFunction(plan.modality)];
  return (index) => {
    const cell = cells[index];
    if (cell === undefined) return undefined;
    const stored = toStored(cell);
    return isPadding(stored, plan.padding) ? undefined : toValue(stored);
  };
}

/** The modality value of one pixel, as {@link valueReader} reads it. */
export const valueAt = (frame: DecodedFrame, plan: ValuePlan, index: number): number | undefined =>
  valueReader(frame, plan)(index);
