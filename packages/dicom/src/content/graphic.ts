import { readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

const GRAPHIC = { data: '00700022', type: '00700023', frameOfReference: '30060024' } as const;

/** Points that a document gives, as they were written; 0, 0 is the corner of the image's first pixel (PS3.3 C.18.6). */
export interface ContentGraphic {
  readonly type: GraphicType;
  /** `PIXEL`: column and row of each point in turn. `PATIENT`: x, y and z in mm of the frame of reference (C.18.9). */
  readonly space: 'PIXEL' | 'PATIENT';
  readonly frameOfReferenceUid: string | undefined;
  readonly points: readonly number[];
}

/** How many points each Graphic Type (0070,0023) has, fewest and most. */
const COUNTS = {
  POINT: [1, 1],
  MULTIPOINT: [1, Number.POSITIVE_INFINITY],
  POLYLINE: [2, Number.POSITIVE_INFINITY],
  POLYGON: [3, Number.POSITIVE_INFINITY],
  /** The middle, then a point of the circle. */
  CIRCLE: [2, 2],
  /** Ends of the long axis, then of the short one. */
  ELLIPSE: [4, 4],
} as const satisfies Record<string, readonly [number, number]>;
export type GraphicType = keyof typeof COUNTS;
/** Of those that are drawn, which the standard has in a plane and which in space. */
const OF_SPACE: Readonly<Record<ContentGraphic['space'], readonly GraphicType[]>> = {
  PIXEL: ['POINT', 'MULTIPOINT', 'POLYLINE', 'CIRCLE', 'ELLIPSE'],
  PATIENT: ['POINT', 'MULTIPOINT', 'POLYLINE', 'POLYGON', 'ELLIPSE'],
};
const MOST_NUMBERS = 60_000;
const FARTHEST = 1_000_000;

const isType = (type: string, space: ContentGraphic['space']): type is GraphicType =>
  (OF_SPACE[space] as readonly string[]).includes(type);

/** The points of a SCOORD or SCOORD3D item; undefined for another one, and for one whose points are not as many as its type has, or no places. */
export function graphicOf(item: DicomJsonObject, valueType: string): ContentGraphic | undefined {
  const space = valueType === 'SCOORD' ? 'PIXEL' : valueType === 'SCOORD3D' ? 'PATIENT' : undefined;
  const type = readString(item, GRAPHIC.type) ?? '';
  if (space === undefined || !isType(type, space)) return undefined;
  const points = readNumbers(item, GRAPHIC.data);
  if (points === undefined || points.length > MOST_NUMBERS) return undefined;
  const count = points.length / (space === 'PIXEL' ? 2 : 3);
  const [fewest, most] = COUNTS[type];
  if (!Number.isInteger(count) || count < fewest || count > most) return undefined;
  if (!points.every((one) => Number.isFinite(one) && Math.abs(one) <= FARTHEST)) return undefined;
  return { type, space, frameOfReferenceUid: readString(item, GRAPHIC.frameOfReference), points };
}
