import type { DecodedFrame } from './frame-format.ts';
import { type ModalityTransform, modalityFunction } from './modality.ts';
import { type Cells, cellsOf, type StoredBits, storedBits, storedValue } from './samples.ts';
import { fullWindow, type Voi, voiFunction } from './voi.ts';

/** How grayscale frames are shown: Modality LUT, VOI LUT, Presentation LUT, in this order (PS3.4 N.2.1). */
export interface GrayPlan {
  readonly modality: ModalityTransform;
  /** Undefined: the window that shows every value of the frame. */
  readonly voi: Voi | undefined;
  /** True for MONOCHROME1 and Presentation LUT Shape INVERSE (PS3.3 C.7.6.3.1.2, C.11.6.1). */
  readonly isInverted: boolean;
  /** Stored values of Pixel Padding (PS3.3 C.7.5.1.1.2), both included: shown black, and not part of the frame's range. */
  readonly padding: readonly [number, number] | undefined;
}

const toByte = (presented: number, isInverted: boolean): number =>
  Math.round(255 * Math.max(0, Math.min(1, isInverted ? 1 - presented : presented)));

const isPadding = (stored: number, { padding }: GrayPlan): boolean =>
  padding !== undefined && stored >= padding[0] && stored <= padding[1];

interface Range {
  min: number;
  max: number;
}

/** Range of the modality values of the stored values in use. */
function rangeOf(values: Iterable<number>, plan: GrayPlan): Range {
  const modality = modalityFunction(plan.modality);
  const range = { min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };
  for (const stored of values) {
    if (isPadding(stored, plan)) continue;
    const value = modality(stored);
    if (!Number.isFinite(value)) continue;
    if (value < range.min) range.min = value;
    if (value > range.max) range.max = value;
  }
  return range.min <= range.max ? range : { min: 0, max: 1 };
}

function voiOf(plan: GrayPlan, values: () => Iterable<number>): Voi {
  if (plan.voi !== undefined) return plan.voi;
  const { min, max } = rangeOf(values(), plan);
  return fullWindow(min, max);
}

/** Which values occur in cells of at most 16 stored bits, by the value's bits. */
function occurring(cells: Cells, bits: StoredBits): Uint8Array {
  const seen = new Uint8Array(2 ** bits.bits);
  const { shift } = bits;
  const mask = seen.length - 1;
  for (let i = 0; i < cells.length; i += 1) seen[((cells[i] ?? 0) >>> shift) & mask] = 1;
  return seen;
}

function* storedOf(seen: Uint8Array, bits: StoredBits): Generator<number> {
  for (let value = 0; value < seen.length; value += 1) if (seen[value] === 1) yield storedValue(value << bits.shift, bits);
}

/** Gray of every value that occurs, by the value's bits: one table for all steps of the pipeline. */
function grayTable(seen: Uint8Array, bits: StoredBits, plan: GrayPlan): Uint8Array {
  const modality = modalityFunction(plan.modality);
  const present = voiFunction(voiOf(plan, () => storedOf(seen, bits)));
  const table = new Uint8Array(seen.length);
  for (let value = 0; value < table.length; value += 1) {
    if (seen[value] !== 1) continue;
    const stored = storedValue(value << bits.shift, bits);
    table[value] = isPadding(stored, plan) ? 0 : toByte(present(modality(stored)), plan.isInverted);
  }
  return table;
}

function renderByTable(cells: Cells, bits: StoredBits, plan: GrayPlan): Uint8Array {
  const table = grayTable(occurring(cells, bits), bits, plan);
  const { shift } = bits;
  const mask = table.length - 1;
  const gray = new Uint8Array(cells.length);
  for (let i = 0; i < gray.length; i += 1) gray[i] = table[((cells[i] ?? 0) >>> shift) & mask] ?? 0;
  return gray;
}

/** 32-bit and floating-point values, one by one; what is no number becomes black. */
function renderByValue(cells: Cells, stored: (cell: number) => number, plan: GrayPlan): Uint8Array {
  const modality = modalityFunction(plan.modality);
  function* values(): Generator<number> {
    for (let i = 0; i < cells.length; i += 1) yield stored(cells[i] ?? 0);
  }
  const present = voiFunction(voiOf(plan, values));
  const gray = new Uint8Array(cells.length);
  for (let i = 0; i < gray.length; i += 1) {
    const value = stored(cells[i] ?? 0);
    const shown = present(modality(value));
    gray[i] = isPadding(value, plan) || Number.isNaN(shown) ? 0 : toByte(shown, plan.isInverted);
  }
  return gray;
}

/** A grayscale frame as 8-bit gray, one byte a pixel, 0 black. `frame` has one sample a pixel. */
export function renderGray(frame: DecodedFrame, plan: GrayPlan): Uint8Array {
  const cells = cellsOf(frame);
  if (frame.isFloat) return renderByValue(cells, (cell) => cell, plan);
  const bits = storedBits(frame);
  if (bits.bits <= 16) return renderByTable(cells, bits, plan);
  return renderByValue(cells, (cell) => storedValue(cell, bits), plan);
}
