import { z } from 'zod';
import { DicomUid } from './common.ts';

/** How many points each kind of annotation has, fewest and most. */
export const ANNOTATION_POINTS = {
  /** Two ends. */
  LENGTH: [2, 2],
  /** Ends of the long axis, then of the short one. */
  BIDIRECTIONAL: [4, 4],
  /** First leg, vertex, second leg. */
  ANGLE: [3, 3],
  /** Ends of the first line, then of the second. */
  COBB: [4, 4],
  /** Ends of the width of the heart, then of the thorax. */
  CARDIOTHORACIC: [4, 4],
  /** Ends of the major axis, then of the minor one (PS3.3 C.18.6). */
  ELLIPSE: [4, 4],
  /** Corners in turn. */
  RECTANGLE: [4, 4],
  /** Corners of a closed line in turn. */
  FREEHAND: [3, 10_000],
  /** Tip, then tail. */
  ARROW: [2, 2],
  TEXT: [1, 1],
  /** The middle of a vertebra, whose name is the label. */
  SPINE_LABEL: [1, 1],
  PROBE: [1, 1],
  /** The frame as a whole. */
  KEY_IMAGE: [0, 0],
} as const satisfies Record<string, readonly [number, number]>;
export type AnnotationKind = keyof typeof ANNOTATION_POINTS;
const KINDS = Object.keys(ANNOTATION_POINTS) as [AnnotationKind, ...AnnotationKind[]];
export const AnnotationKind = z.enum(KINDS);

const FARTHEST_PIXEL = 100_000;
const FARTHEST_MM = 1_000_000;
const coordinate = (farthest: number) => z.number().min(-farthest).max(farthest);
const points = (farthest: number) => z.array(coordinate(farthest)).max(30_000);
const [pixel, mm] = [coordinate(FARTHEST_PIXEL), coordinate(FARTHEST_MM)];

/**
 * Where an annotation lies. In PIXEL `points` is column and row of each point in turn, as Graphic Data (0070,0022): 0, 0 is the upper left corner
 * of the frame, 0.5, 0.5 the middle of its first pixel (PS3.3 C.18.6). In PATIENT it is x, y and z of each in mm of the Frame of Reference
 * (PS3.3 C.18.9). What is measured of them (mm, HU) is never kept: it is worked out from them and the stored pixels when it is shown.
 * `textAt`, in the same space, is the middle of the text beside it where somebody has moved that: a picture's width or height beside the picture at most; without one the page finds a place for it.
 */
export const AnnotationGeometry = z.discriminatedUnion('space', [
  z.strictObject({ space: z.literal('PIXEL'), points: points(FARTHEST_PIXEL), textAt: z.tuple([pixel, pixel]).optional() }),
  z.strictObject({
    space: z.literal('PATIENT'),
    frameOfReferenceUid: DicomUid,
    points: points(FARTHEST_MM),
    textAt: z.tuple([mm, mm, mm]).optional(),
  }),
]);
export type AnnotationGeometry = z.infer<typeof AnnotationGeometry>;
