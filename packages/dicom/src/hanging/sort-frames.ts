import { cross, dot, type PlaneOrientation, type Vector3 } from './geometry.ts';

/** What ordering needs to know of one frame. */
export interface SortableFrame {
  readonly position?: Vector3 | undefined;
  readonly orientation?: PlaneOrientation | undefined;
  readonly instanceNumber?: number | undefined;
  readonly frameNumber: number;
  readonly sopInstanceUid: string;
}

/** Cosine above which two planes count as parallel (about 2.5 degrees): gantry rounding passes, a localizer does not. */
const PARALLEL_COSINE = 0.999;

/** Two frames closer than this along the normal (mm) are at one position: an order by position would be arbitrary. */
const SAME_POSITION_MM = 0.01;

function byNumber(a: SortableFrame, b: SortableFrame): number {
  const left = a.instanceNumber ?? Number.POSITIVE_INFINITY;
  const right = b.instanceNumber ?? Number.POSITIVE_INFINITY;
  if (left !== right) return left < right ? -1 : 1;
  if (a.sopInstanceUid !== b.sopInstanceUid) return a.sopInstanceUid < b.sopInstanceUid ? -1 : 1;
  return a.frameNumber - b.frameNumber;
}

/**
 * Distances (mm) of the frames along their common normal, in the given order; undefined unless all frames are parallel,
 * have a position (PS3.3 C.7.6.2.1.1) and no two share one.
 */
export function positionsAlongNormal(frames: readonly SortableFrame[]): number[] | undefined {
  const reference = frames[0]?.orientation;
  if (reference === undefined || frames.length < 2) return undefined;
  const normal = cross(reference.row, reference.column);
  const distances: number[] = [];
  for (const { position, orientation } of frames) {
    if (position === undefined || orientation === undefined) return undefined;
    if (dot(cross(orientation.row, orientation.column), normal) < PARALLEL_COSINE) return undefined;
    distances.push(dot(position, normal));
  }
  const sorted = [...distances].sort((a, b) => a - b);
  const isDistinct = sorted.every((value, index) => index === 0 || value - (sorted[index - 1] ?? value) > SAME_POSITION_MM);
  return isDistinct ? distances : undefined;
}

export interface SortedFrames<T> {
  readonly frames: readonly T[];
  /** True when the order is that of a stack of parallel slices in space. */
  readonly isSpatial: boolean;
}

/**
 * Orders the frames of a series for display: by position along the normal, first slice the one that Instance Number puts
 * first (so that head-first and feet-first scans keep the direction of the modality); without usable positions by
 * Instance Number, then frame number.
 */
export function sortFrames<T extends SortableFrame>(frames: readonly T[]): SortedFrames<T> {
  const numbered = [...frames].sort(byNumber);
  const distances = positionsAlongNormal(numbered);
  if (distances === undefined) return { frames: numbered, isSpatial: false };
  const isDescending = (distances[0] ?? 0) > (distances[distances.length - 1] ?? 0);
  const order = numbered.map((frame, index) => ({ frame, distance: distances[index] ?? 0 }));
  order.sort((a, b) => (isDescending ? b.distance - a.distance : a.distance - b.distance));
  return { frames: order.map(({ frame }) => frame), isSpatial: true };
}
