import { NiftiRefusal } from './refusal.ts';
import type { Slice } from './slice.ts';
import { degreesBetween } from './vector.ts';

const MOST_DEGREES = 0.05;
const MOST_SPACING = 1e-4;

const differ = (a: number, b: number): boolean => Math.abs(a - b) > MOST_SPACING * Math.max(a, b);

function requireOrientation(first: Slice, slices: readonly Slice[]): void {
  let most = 0;
  for (const { across, down } of slices)
    most = Math.max(most, degreesBetween(across, first.across), degreesBetween(down, first.down));
  if (most > MOST_DEGREES) throw new NiftiRefusal('MIXED_ORIENTATIONS', most);
}

/** All lie alike and are written alike. Fails with NiftiRefusal: MIXED_SIZES, MIXED_PIXELS, MIXED_SPACINGS, MIXED_ORIENTATIONS. */
export function requireAlike(first: Slice, slices: readonly Slice[]): void {
  const { format } = first;
  if (slices.some(({ format: { rows, columns } }) => rows !== format.rows || columns !== format.columns))
    throw new NiftiRefusal('MIXED_SIZES');
  const isPixelAlike = ({ format: other }: Slice): boolean =>
    other.bitsAllocated === format.bitsAllocated &&
    other.pixelRepresentation === format.pixelRepresentation &&
    other.photometricInterpretation === format.photometricInterpretation;
  if (!slices.every(isPixelAlike)) throw new NiftiRefusal('MIXED_PIXELS');
  if (slices.some(({ dx, dy }) => differ(dx, first.dx) || differ(dy, first.dy))) throw new NiftiRefusal('MIXED_SPACINGS');
  requireOrientation(first, slices);
}
