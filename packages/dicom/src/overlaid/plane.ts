import { readItems, readNumber, readNumbers } from '../json-readers.ts';
import type { DicomJsonObject } from '../types.ts';

export type Triple = readonly [number, number, number];

/** Where the pixels of a frame lie in the patient, mm (PS3.3 C.7.6.2.1.1): the middle of the first one, and the ways along rows and columns. */
export interface PixelPlane {
  readonly position: Triple;
  readonly row: Triple;
  readonly column: Triple;
  readonly rowMm: number;
  readonly columnMm: number;
}

const [POSITION, ORIENTATION, SPACING, THICKNESS] = ['00200032', '00200037', '00280030', '00180050'] as const;
const [PLANE_POSITION, PLANE_ORIENTATION, PIXEL_MEASURES] = ['00209113', '00209116', '00289110'] as const;

export const tripleOf = (values: readonly number[] | undefined, from = 0): Triple | undefined => {
  const [x, y, z] = (values ?? []).slice(from, from + 3);
  return x === undefined || y === undefined || z === undefined ? undefined : [x, y, z];
};

const lengthOf = ([x, y, z]: Triple): number => Math.hypot(x, y, z);
const isUnit = (vector: Triple): boolean => Math.abs(lengthOf(vector) - 1) < 0.01;

/** First item of a functional group of a frame: per-frame before shared (C.7.6.16.1), else the dataset itself. */
export const groupItem = (
  {
    dataset,
    shared,
    own,
  }: {
    readonly dataset: DicomJsonObject;
    readonly shared: DicomJsonObject | undefined;
    readonly own: DicomJsonObject | undefined;
  },
  tag: string,
): DicomJsonObject => readItems(own, tag)[0] ?? readItems(shared, tag)[0] ?? dataset;

type Groups = Parameters<typeof groupItem>[0];

/** The plane of a frame; undefined where it has none, or none that is right-angled. */
export function pixelPlaneOf(groups: Groups): PixelPlane | undefined {
  const position = tripleOf(readNumbers(groupItem(groups, PLANE_POSITION), POSITION));
  const cosines = readNumbers(groupItem(groups, PLANE_ORIENTATION), ORIENTATION);
  const [row, column] = [tripleOf(cosines), tripleOf(cosines, 3)];
  const [rowMm, columnMm] = readNumbers(groupItem(groups, PIXEL_MEASURES), SPACING) ?? [];
  if (position === undefined || row === undefined || column === undefined || !isUnit(row) || !isUnit(column)) return undefined;
  if (rowMm === undefined || columnMm === undefined || !(rowMm > 0) || !(columnMm > 0)) return undefined;
  return { position, row, column, rowMm, columnMm };
}

/** Slice Thickness (0018,0050) of a frame, mm. */
export const thicknessOf = (groups: Groups): number | undefined => readNumber(groupItem(groups, PIXEL_MEASURES), THICKNESS);
