import type { PixelPoint } from './calibration.ts';
import { cross, dot, type Vector3 } from './geometry.ts';
import type { FrameModel } from './study-model.ts';

type Plane = Pick<FrameModel, 'orientation' | 'position' | 'drawingSpacing'>;

const planeOf = ({ orientation, position, drawingSpacing }: Plane) => ({
  row: orientation?.row ?? ([1, 0, 0] as const),
  column: orientation?.column ?? ([0, 1, 0] as const),
  origin: position ?? ([0, 0, 0] as const),
  ...drawingSpacing,
});

/**
 * The place in space of a position in image pixels, from the corner of the frame; Image Position (Patient) is the middle of the first pixel
 * (PS3.3 C.7.6.2.1.1). A frame without a position lies at the origin.
 */
export function toWorld(frame: Plane, [x, y]: PixelPoint): [number, number, number] {
  const { row, column, origin, rowMm, columnMm } = planeOf(frame);
  const at = (axis: 0 | 1 | 2): number => origin[axis] + row[axis] * columnMm * (x - 0.5) + column[axis] * rowMm * (y - 0.5);
  return [at(0), at(1), at(2)];
}

/** The position in image pixels of a place in space, seen along the normal of the frame. */
export function toImage(frame: Plane, world: Vector3): PixelPoint {
  const { row, column, origin, rowMm, columnMm } = planeOf(frame);
  const away: Vector3 = [world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]];
  return [dot(away, row) / columnMm + 0.5, dot(away, column) / rowMm + 0.5];
}

/** How far a place is from the plane of a frame, in mm. */
export function distanceFrom(frame: Plane, world: Vector3): number {
  const { row, column, origin } = planeOf(frame);
  return Math.abs(dot([world[0] - origin[0], world[1] - origin[1], world[2] - origin[2]], cross(row, column)));
}
