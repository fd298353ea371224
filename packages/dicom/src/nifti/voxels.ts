import type { DecodedFrame } from '../pixels/frame-format.ts';
import { cellsOf } from '../pixels/samples.ts';
import { storedFunction } from '../pixels/values.ts';
import type { NiftiPlan, NiftiType } from './plan.ts';
import { NiftiRefusal } from './refusal.ts';

const ARRAYS = {
  UINT8: Uint8Array,
  INT8: Int8Array,
  INT16: Int16Array,
  UINT16: Uint16Array,
  FLOAT32: Float32Array,
} as const satisfies Record<NiftiType, unknown>;

/**
 * The voxels of one frame, `index` among those that were given to the plan, as they stand in the file: little endian, rows from the bottom up. Fails with
 * NiftiRefusal (PIXELS_DAMAGED) where it was decoded to something else than its header says.
 */
export function niftiVoxels(frame: DecodedFrame, { columns, rows, type, applied }: NiftiPlan, index: number): Uint8Array {
  const cells = cellsOf(frame);
  if (frame.samplesPerPixel !== 1 || cells.length !== rows * columns) throw new NiftiRefusal('PIXELS_DAMAGED');
  const toStored = storedFunction(frame);
  const { slope, intercept } = applied?.[index] ?? { slope: 1, intercept: 0 };
  const voxels = new ARRAYS[type](rows * columns);
  for (let row = 0; row < rows; row += 1) {
    const [from, to] = [row * columns, (rows - 1 - row) * columns];
    for (let column = 0; column < columns; column += 1)
      voxels[to + column] = toStored(cells[from + column] ?? 0) * slope + intercept;
  }
  return new Uint8Array(voxels.buffer);
}
