import type { Slice } from './slice.ts';
import { plus, times, type Vector } from './vector.ts';

/** Column, row (counted from the lowest) and slice → mm to the right, to the front and upwards (RAS). */
export interface Affine {
  /** Steps of one column, row and slice. */
  readonly column: Vector;
  readonly row: Vector;
  readonly slice: Vector;
  /** Centre of the first voxel. */
  readonly origin: Vector;
}

/** DICOM counts to the left and to the back (PS3.3 C.7.6.2.1.1). */
const toRas = ([x, y, z]: Vector): Vector => [-x, -y, z];

/** Of a pile whose lowest slice is `first`. Rows are written from the bottom up, so that readers who expect the usual handedness of NIfTI files have it. */
export function affineOf({ across, down, normal, position, dx, dy, format }: Slice, step: number): Affine {
  return {
    column: toRas(times(across, dx)),
    row: toRas(times(down, -dy)),
    slice: toRas(times(normal, step)),
    origin: toRas(plus(position, down, (format.rows - 1) * dy)),
  };
}

/** Rotation as the quaternion (a, b, c, d) with a ≥ 0 of three axes of length 1 that are right-handed. */
export function quaternionOf(x: Vector, y: Vector, z: Vector): readonly [number, number, number, number] {
  const trace = x[0] + y[1] + z[2];
  // The greatest of the four is found first, so that nothing is divided by little.
  const squares = [1 + trace, 1 + x[0] - y[1] - z[2], 1 - x[0] + y[1] - z[2], 1 - x[0] - y[1] + z[2]];
  const most = squares.indexOf(Math.max(...squares));
  const root = Math.sqrt(Math.max(...squares));
  const [half, of] = [root / 2, 0.5 / root];
  const found: readonly [number, number, number, number][] = [
    [half, (y[2] - z[1]) * of, (z[0] - x[2]) * of, (x[1] - y[0]) * of],
    [(y[2] - z[1]) * of, half, (y[0] + x[1]) * of, (z[0] + x[2]) * of],
    [(z[0] - x[2]) * of, (y[0] + x[1]) * of, half, (z[1] + y[2]) * of],
    [(x[1] - y[0]) * of, (z[0] + x[2]) * of, (z[1] + y[2]) * of, half],
  ];
  const [a, b, c, d] = found[most] ?? [1, 0, 0, 0];
  return a < 0 ? [-a, -b, -c, -d] : [a, b, c, d];
}
