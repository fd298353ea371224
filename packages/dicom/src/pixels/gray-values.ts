import type { DecodedFrame } from './frame-format.ts';
import { type ModalityTransform, modalityFunction } from './modality.ts';
import { RangeFinder, type ValueRange } from './range.ts';
import { cellsOf, type StoredBits, storedBits } from './samples.ts';
import { isPadding, storedFunction, type ValuePlan } from './values.ts';

/** Modality values of one frame, row after row. */
export interface FrameValues {
  /**
   * Whole numbers where the transform keeps them whole, in the smallest array that holds all that could occur; Float64Array for double pixel data and
   * integers of 32 bits, else Float32Array, which is good for drawing: what a person reads comes from `valueAt`.
   */
  readonly values: Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Float32Array | Float64Array;
  /** Of the values, padding and what is no number left out; undefined when nothing remains. */
  readonly range: ValueRange | undefined;
  /** 1 for each pixel that is padding; undefined when the frame has none. Its value is no measurement, and it is drawn black. */
  readonly padding: Uint8Array | undefined;
}

type ValueArray = FrameValues['values'];

const WHOLE = [Uint8Array, Int8Array, Uint16Array, Int16Array, Int32Array] as const;
const LIMITS = [
  [0, 255],
  [-128, 127],
  [0, 65_535],
  [-32_768, 32_767],
  [-2_147_483_648, 2_147_483_647],
] as const;

/** Ends of what the transform can give for stored values of this many bits, when it gives whole numbers only. */
function wholeEnds({ bits, isSigned }: StoredBits, modality: ModalityTransform): readonly number[] | undefined {
  if (modality.kind === 'table') return [0, 65_535];
  if (!Number.isInteger(modality.slope) || !Number.isInteger(modality.intercept)) return undefined;
  const least = isSigned ? -(2 ** (bits - 1)) : 0;
  return [least, least + 2 ** bits - 1].map(modalityFunction(modality));
}

function arrayFor(frame: DecodedFrame, modality: ModalityTransform, length: number): ValueArray {
  const ends = frame.isFloat ? undefined : wholeEnds(storedBits(frame), modality);
  const at = ends === undefined ? -1 : LIMITS.findIndex(([low, high]) => Math.min(...ends) >= low && Math.max(...ends) <= high);
  const Whole = WHOLE[at];
  if (Whole !== undefined) return new Whole(length);
  const isWide = frame.bitsAllocated === 64 || (!frame.isFloat && frame.bitsStored > 24);
  return isWide ? new Float64Array(length) : new Float32Array(length);
}

/** Modality values of every pixel of a grayscale frame (PS3.3 C.11.1): for drawing, regions and histograms. */
export function grayValues(frame: DecodedFrame, plan: ValuePlan): FrameValues {
  const cells = cellsOf(frame);
  const [toStored, toValue] = [storedFunction(frame), modalityFunction(plan.modality)];
  const values = arrayFor(frame, plan.modality, cells.length);
  const padding = plan.padding === undefined ? undefined : new Uint8Array(cells.length);
  const finder = new RangeFinder();
  for (let i = 0; i < values.length; i += 1) {
    const stored = toStored(cells[i] ?? 0);
    const value = toValue(stored);
    values[i] = value;
    if (padding !== undefined && isPadding(stored, plan.padding)) padding[i] = 1;
    else finder.add(value);
  }
  return { values, range: finder.range, padding: padding?.includes(1) === true ? padding : undefined };
}
