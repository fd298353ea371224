import { type DecodedFrame, PixelError } from './frame-format.ts';
import { type LookupTable, lookUp } from './lookup.ts';
import { type ModalityTransform, modalityFunction } from './modality.ts';
import type { Padding } from './padding.ts';
import { type Cells, cellsOf, type StoredBits, storedBits, storedValue } from './samples.ts';
import { isPadding, occurring, storedFunction } from './values.ts';
import type { Voi } from './voi.ts';
import { voiFunction } from './voi-functions.ts';

/** How grayscale frames are shown: Modality LUT, VOI LUT, Presentation LUT, in this order (PS3.4 N.2.1). */
export interface GrayPlan {
  readonly modality: ModalityTransform;
  /** Undefined is for colour only: a grayscale frame without a window of its own is shown by the mapping of its series. */
  readonly voi: Voi | undefined;
  /** True for MONOCHROME1 and Presentation LUT Shape INVERSE (PS3.3 C.7.6.3.1.2, C.11.6.1). */
  readonly isInverted: boolean;
  /** Stored values that are padding: shown black, inverted or not. */
  readonly padding: Padding | undefined;
  /** Presentation LUT of a presentation state (C.11.6), in the place of a shape. */
  readonly presentation?: LookupTable | undefined;
}

/** Presentation values by a table, whose inputs are spread over what the step before can give (PS3.3 C.11.6.1). */
function throughTable(present: (value: number) => number, table: LookupTable): (value: number) => number {
  const [most, scale] = [table.values.length - 1, 1 / (2 ** table.bits - 1)];
  return (value) => lookUp(table, table.first + Math.round(Math.max(0, Math.min(1, present(value))) * most)) * scale;
}

/** The function that takes a modality value to its gray from 0 (black) to 255; what is no number is black. Padding is for the caller. */
export function presentGray(voi: Voi, isInverted: boolean, table?: LookupTable): (value: number) => number {
  const present = table === undefined ? voiFunction(voi) : throughTable(voiFunction(voi), table);
  return (value) => {
    const shown = present(value);
    return Number.isNaN(shown) ? 0 : Math.round(255 * Math.max(0, Math.min(1, isInverted ? 1 - shown : shown)));
  };
}

/** Gray of every value that occurs, by the value's bits: one table for all steps of the pipeline. */
function grayTable(
  seen: Uint8Array,
  bits: StoredBits,
  { modality, padding }: GrayPlan,
  present: (value: number) => number,
): Uint8Array {
  const toValue = modalityFunction(modality);
  const table = new Uint8Array(seen.length);
  for (let value = 0; value < table.length; value += 1) {
    if (seen[value] !== 1) continue;
    const stored = storedValue(value << bits.shift, bits);
    table[value] = isPadding(stored, padding) ? 0 : present(toValue(stored));
  }
  return table;
}

function renderByTable(cells: Cells, bits: StoredBits, plan: GrayPlan, present: (value: number) => number): Uint8Array {
  const table = grayTable(occurring(cells, bits), bits, plan, present);
  const { shift } = bits;
  const mask = table.length - 1;
  const gray = new Uint8Array(cells.length);
  for (let i = 0; i < gray.length; i += 1) gray[i] = table[((cells[i] ?? 0) >>> shift) & mask] ?? 0;
  return gray;
}

/** A grayscale frame as 8-bit gray, one byte a pixel, 0 black. `frame` has one sample a pixel. Fails with PixelError without a window. */
export function renderGray(frame: DecodedFrame, plan: GrayPlan): Uint8Array {
  if (plan.voi === undefined) throw new PixelError('no window');
  const cells = cellsOf(frame);
  const present = presentGray(plan.voi, plan.isInverted, plan.presentation);
  const bits = storedBits(frame);
  if (!frame.isFloat && bits.bits <= 16) return renderByTable(cells, bits, plan, present);
  // Values of 32 bits and floats, one by one.
  const [toStored, toValue] = [storedFunction(frame), modalityFunction(plan.modality)];
  const gray = new Uint8Array(cells.length);
  for (let i = 0; i < gray.length; i += 1) {
    const stored = toStored(cells[i] ?? 0);
    gray[i] = isPadding(stored, plan.padding) ? 0 : present(toValue(stored));
  }
  return gray;
}
