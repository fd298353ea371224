import { readItems, readNumber, readNumbers, readString } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';
import { colorOfRgb, ownColor, type Rgb } from './color.ts';

/** Structure Set and ROI Contour Modules (PS3.3 C.8.8.5, C.8.8.6). */
const TAG = {
  sopInstanceUid: '00080018',
  rois: '30060020',
  number: '30060022',
  frameOfReference: '30060024',
  name: '30060026',
  color: '3006002A',
  roiContours: '30060039',
  contours: '30060040',
  type: '30060042',
  data: '30060050',
  referencedNumber: '30060084',
} as const;

const TYPES = ['POINT', 'OPEN_PLANAR', 'CLOSED_PLANAR', 'OPEN_NONPLANAR', 'CLOSEDPLANAR_XOR'] as const;
export type ContourType = (typeof TYPES)[number];

export interface Contour {
  readonly type: ContourType;
  /** x, y and z of each point in turn, mm; empty while they are elsewhere. */
  readonly points: readonly number[];
  /** Where the points are, when there are too many to stand in the metadata. */
  readonly bulk?: string;
}

export interface Roi {
  readonly number: number;
  readonly name: string | undefined;
  readonly color: Rgb;
  readonly frameOfReferenceUid: string | undefined;
  readonly contours: readonly Contour[];
}

export interface Structures {
  readonly sopInstanceUid: string;
  readonly rois: readonly Roi[];
}

export const isStructures = (sopClassUid: string | undefined): boolean => sopClassUid === '1.2.840.10008.5.1.4.1.1.481.3';
const FARTHEST = 1_000_000;

/** Points are triples of places; anything else is no contour. */
const arePoints = (points: readonly number[]): boolean =>
  points.length > 0 && points.length % 3 === 0 && points.every((one) => Number.isFinite(one) && Math.abs(one) <= FARTHEST);

/** Contour Data (3006,0050) from its text: decimal strings with a backslash between them (PS3.5 6.2). Empty for what is none. */
export function contourPoints(text: string): readonly number[] {
  const points = text
    .replaceAll('\0', ' ')
    .split('\\')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  return arePoints(points) ? points : [];
}

function contourOf(item: DicomJsonObject): Contour[] {
  const type = TYPES.find((one) => one === readString(item, TAG.type));
  if (type === undefined) return [];
  const bulk = item[TAG.data]?.BulkDataURI;
  if (bulk !== undefined) return [{ type, points: [], bulk }];
  const points = readNumbers(item, TAG.data) ?? [];
  return arePoints(points) ? [{ type, points }] : [];
}

/** The regions of a structure set with their contours; undefined for what is none. A contour that is no contour costs only itself. */
export function structuresOf(dataset: DicomJsonObject): Structures | undefined {
  const sopInstanceUid = readString(dataset, TAG.sopInstanceUid);
  if (sopInstanceUid === undefined || dataset[TAG.rois] === undefined) return undefined;
  const drawn = new Map(readItems(dataset, TAG.roiContours).map((item) => [readNumber(item, TAG.referencedNumber), item]));
  const rois = readItems(dataset, TAG.rois).flatMap((item, place): Roi[] => {
    const number = readNumber(item, TAG.number);
    if (number === undefined) return [];
    const own = drawn.get(number);
    return [
      {
        number,
        name: readString(item, TAG.name),
        color: (own && colorOfRgb(own, TAG.color)) ?? ownColor(place),
        frameOfReferenceUid: readString(item, TAG.frameOfReference),
        contours: readItems(own, TAG.contours).flatMap(contourOf),
      },
    ];
  });
  return { sopInstanceUid, rois };
}
