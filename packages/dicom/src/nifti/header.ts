import { quaternionOf } from './affine.ts';
import { NIFTI_TYPES, type NiftiPlan, type NiftiType } from './plan.ts';
import { lengthOf, times, type Vector } from './vector.ts';

const HEADER_BYTES = 348;
/** Behind the header stand four bytes that say that there are no extensions. */
const VOXELS_AT = 352;
const BYTES: Record<NiftiType, number> = { UINT8: 1, INT8: 1, INT16: 2, UINT16: 2, FLOAT32: 4 };
const MILLIMETRES = 2;
/** Of the scanner (NIFTI_XFORM_SCANNER_ANAT). */
const SCANNER = 1;

const unit = (one: Vector): Vector => times(one, 1 / lengthOf(one));

export const bytesOfVoxel = ({ type }: Pick<NiftiPlan, 'type'>): number => BYTES[type];

/** Bytes of the whole file, uncompressed. */
export const niftiBytes = (plan: NiftiPlan): number =>
  VOXELS_AT + plan.columns * plan.rows * plan.slices * plan.volumes * bytesOfVoxel(plan);

function writeAffine(view: DataView, { affine: { column, row, slice, origin } }: NiftiPlan): void {
  // The axes are left-handed, as the header says by its first pixdim.
  const [, b, c, d] = quaternionOf(unit(column), unit(row), times(unit(slice), -1));
  view.setInt16(252, SCANNER, true);
  view.setInt16(254, SCANNER, true);
  for (const [index, value] of [b, c, d, ...origin].entries()) view.setFloat32(256 + 4 * index, value, true);
  for (const line of [0, 1, 2] as const)
    for (const [index, vector] of [column, row, slice, origin].entries())
      view.setFloat32(280 + 16 * line + 4 * index, vector[line], true);
}

/** The header of a NIfTI-1 file (.nii), little endian, whose voxels follow at once. Its texts are empty: nothing but numbers leaves by it. */
export function niftiHeader(plan: NiftiPlan): Uint8Array {
  const bytes = new Uint8Array(VOXELS_AT);
  const view = new DataView(bytes.buffer);
  const { columns, rows, slices, volumes, type, scale, spacing } = plan;
  view.setInt32(0, HEADER_BYTES, true);
  bytes[38] = 0x72;
  const sizes = [volumes > 1 ? 4 : 3, columns, rows, slices, volumes, 1, 1, 1];
  for (const [index, size] of sizes.entries()) view.setInt16(40 + 2 * index, size, true);
  view.setInt16(70, NIFTI_TYPES[type], true);
  view.setInt16(72, BYTES[type] * 8, true);
  for (const [index, size] of [-1, ...spacing, 0, 0, 0, 0].entries()) view.setFloat32(76 + 4 * index, size, true);
  view.setFloat32(108, VOXELS_AT, true);
  view.setFloat32(112, scale.slope, true);
  view.setFloat32(116, scale.intercept, true);
  bytes[123] = MILLIMETRES;
  writeAffine(view, plan);
  bytes.set([0x6e, 0x2b, 0x31, 0], 344);
  return bytes;
}
