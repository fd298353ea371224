import { cross, dot, type Vector3 } from './geometry.ts';
import type { FrameModel } from './study-model.ts';

/** Where a frame lies: what of it is needed. */
export type Placed = Pick<FrameModel, 'position' | 'orientation' | 'rows' | 'columns' | 'drawingSpacing' | 'frameOfReferenceUid'>;

/** Two places in image pixels, from the corner of the frame (0.5, 0.5 is the middle of its first pixel). */
export interface ReferenceLine {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

/** Planes that differ by less than 3 degrees meet nowhere that would say anything. */
const LEAST_SINE = Math.sin((3 * Math.PI) / 180);

interface Side {
  readonly origin: Vector3;
  readonly row: Vector3;
  readonly column: Vector3;
  readonly normal: Vector3;
  readonly width: number;
  readonly height: number;
}

const add = (a: Vector3, b: Vector3, factor: number): Vector3 => [
  a[0] + factor * b[0],
  a[1] + factor * b[1],
  a[2] + factor * b[2],
];

/** A frame as a rectangle in space, mm from its corner; undefined without a place. */
function sideOf({ position, orientation, rows, columns, drawingSpacing }: Placed): Side | undefined {
  if (position === undefined || orientation === undefined) return undefined;
  const { rowMm, columnMm } = drawingSpacing;
  const { row, column } = orientation;
  // The position is the middle of the first pixel (PS3.3 C.7.6.2.1.1).
  const origin = add(add(position, row, -columnMm / 2), column, -rowMm / 2);
  return { origin, row, column, normal: cross(row, column), width: columns * columnMm, height: rows * rowMm };
}

/** The part of a line (`at` + t × `along`, mm from the corner of a rectangle) that lies within it, as t from and to. */
function clip(
  at: readonly [number, number],
  along: readonly [number, number],
  size: readonly [number, number],
): readonly [number, number] | undefined {
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const axis of [0, 1] as const) {
    if (Math.abs(along[axis]) < 1e-9) {
      if (at[axis] < 0 || at[axis] > size[axis]) return undefined;
      continue;
    }
    const ends = [-at[axis] / along[axis], (size[axis] - at[axis]) / along[axis]];
    from = Math.max(from, Math.min(...ends));
    to = Math.min(to, Math.max(...ends));
  }
  return from < to ? [from, to] : undefined;
}

/**
 * Where the plane of one frame cuts another, within both of them; undefined where they share no frame of reference (PS3.3 C.7.4.1), lie in one plane,
 * or do not meet.
 */
export function referenceLine(cutting: Placed, shown: Placed): ReferenceLine | undefined {
  if (cutting.frameOfReferenceUid === undefined || cutting.frameOfReferenceUid !== shown.frameOfReferenceUid) return undefined;
  const [plane, image] = [sideOf(cutting), sideOf(shown)];
  if (plane === undefined || image === undefined) return undefined;
  const crossed = cross(plane.normal, image.normal);
  const sine = Math.hypot(...crossed);
  if (sine < LEAST_SINE) return undefined;
  const direction: Vector3 = [crossed[0] / sine, crossed[1] / sine, crossed[2] / sine];
  // From the image's corner, within the image, straight to the plane.
  const away = add(plane.origin, image.origin, -1);
  const toPlane = cross(direction, image.normal);
  const start = add(image.origin, toPlane, dot(away, plane.normal) / dot(toPlane, plane.normal));
  const within = (side: Side): readonly [number, number] | undefined => {
    const from = add(start, side.origin, -1);
    const on = (axis: Vector3): readonly [number, number] => [dot(from, axis), dot(direction, axis)];
    const [x, y] = [on(side.row), on(side.column)];
    return clip([x[0], y[0]], [x[1], y[1]], [side.width, side.height]);
  };
  const [own, other] = [within(image), within(plane)];
  if (own === undefined || other === undefined) return undefined;
  const [from, to] = [Math.max(own[0], other[0]), Math.min(own[1], other[1])];
  if (from >= to) return undefined;
  const { rowMm, columnMm } = shown.drawingSpacing;
  const pixel = (t: number): readonly [number, number] => {
    const place = add(add(start, direction, t), image.origin, -1);
    return [dot(place, image.row) / columnMm, dot(place, image.column) / rowMm];
  };
  return { from: pixel(from), to: pixel(to) };
}
