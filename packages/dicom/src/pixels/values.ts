import type { DecodedFrame } from './frame-format.ts';
import { type ModalityTransform, modalityFunction } from './modality.ts';
import type { Padding } from './padding.ts';
import { RangeFinder, type ValueRange } from './range.ts';
import { type Cells, cellsOf, type StoredBits, storedBits, storedValue } from './samples.ts';

/** What turns cells into modality values; a FramePlan is one. */
export interface ValuePlan {
  readonly modality: ModalityTransform;
  readonly padding: Padding | undefined;
}

/** The function that takes a cell of this frame to its stored value (PS3.5 8.1.1): Bits Stored bits that end at High Bit, sign extended. */
export function storedFunction(frame: DecodedFrame): (cell: number) => number {
  if (frame.isFloat) return (cell) => cell;
  const bits = storedBits(frame);
  return (cell) => storedValue(cell, bits);
}

export const isPadding = (stored: number, padding: Padding | undefined): boolean =>
  padding !== undefined && stored >= padding[0] && stored <= padding[1];

/** Which values occur in cells of at most 16 stored bits, by the value's bits. */
export function occurring(cells: Cells, bits: StoredBits): Uint8Array {
  const seen = new Uint8Array(2 ** bits.bits);
  const { shift } = bits;
  const mask = seen.length - 1;
  for (let i = 0; i < cells.length; i += 1) seen[((cells[i] ?? 0) >>> shift) & mask] = 1;
  return seen;
}

/** Range of the modality values of a grayscale frame, padding and what is no number left out; undefined when nothing remains. */
export function valueRange(frame: DecodedFrame, { modality, padding }: ValuePlan): ValueRange | undefined {
  const cells = cellsOf(frame);
  const toValue = modalityFunction(modality);
  const finder = new RangeFinder();
  const bits = storedBits(frame);
  if (!frame.isFloat && bits.bits <= 16) {
    const seen = occurring(cells, bits);
    for (let value = 0; value < seen.length; value += 1) {
      if (seen[value] !== 1) continue;
      const stored = storedValue(value << bits.shift, bits);
      if (!isPadding(stored, padding)) finder.add(toValue(stored));
    }
    return finder.range;
  }
  const toStored = storedFunction(frame);
  for (let i = 0; i < cells.length; i += 1) {
    const stored = toStored(cells[i] ?? 0);
    if (!isPadding(stored, padding)) finder.add(toValue(stored));
  }
  return finder.range;
}
