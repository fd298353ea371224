import type { AnnotationGeometry } from '@negatoscope/contract';
import type { PixelPoint } from '../model/calibration.ts';
import { distanceFrom, toImage } from '../model/frame-plane.ts';
import type { Vector3 } from '../model/geometry.ts';
import type { FrameModel } from '../model/study-model.ts';

/** Half of a slice of which no thickness is told, mm. */
const HALF_UNKNOWN_MM = 0.5;

/**
 * The points of an annotation in pixels of a frame. Points in patient space lie on it when it is of their frame of reference and none is farther from its
 * plane than half a slice; undefined otherwise.
 */
export function placedPoints(geometry: AnnotationGeometry, frame: FrameModel): readonly PixelPoint[] | undefined {
  const { points, space } = geometry;
  if (space === 'PIXEL')
    return Array.from({ length: points.length / 2 }, (_, at) => [points[2 * at] ?? 0, points[2 * at + 1] ?? 0] as const);
  const { frameOfReferenceUid, position, orientation, calibration } = frame;
  if (position === undefined || orientation === undefined || calibration.kind !== 'calibrated') return undefined;
  if (frameOfReferenceUid !== geometry.frameOfReferenceUid) return undefined;
  const places = Array.from(
    { length: points.length / 3 },
    (_, at): Vector3 => [points[3 * at] ?? 0, points[3 * at + 1] ?? 0, points[3 * at + 2] ?? 0],
  );
  const half = frame.sliceThicknessMm === undefined ? HALF_UNKNOWN_MM : frame.sliceThicknessMm / 2;
  return places.every((place) => distanceFrom(frame, place) <= half) ? places.map((place) => toImage(frame, place)) : undefined;
}

/** Where somebody has put the text of an annotation that lies on a frame, in its pixels; undefined where nobody has. */
export function placedText({ textAt }: AnnotationGeometry, frame: FrameModel): PixelPoint | undefined {
  if (textAt === undefined) return undefined;
  const [x, y, z] = textAt;
  return z === undefined ? [x, y] : toImage(frame, [x, y, z]);
}

/** Points in pixels of a frame, as they are kept, with the middle of the text where it was moved. */
export const pixelGeometry = (points: readonly PixelPoint[], textAt?: PixelPoint): AnnotationGeometry => ({
  space: 'PIXEL',
  points: points.flat(),
  ...(textAt !== undefined && { textAt: [...textAt] }),
});
