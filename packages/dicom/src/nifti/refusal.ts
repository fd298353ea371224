/** Why images are no regular block of voxels, with what was measured where there is a number for it. */
export const NIFTI_REFUSALS = [
  /** Colour, or a palette of it. */
  'COLOUR',
  /** Bits of a pixel. */
  'PIXELS_NOT_SUPPORTED',
  'MODALITY_TABLE',
  'NO_GEOMETRY',
  'BAD_ORIENTATION',
  'NO_THICKNESS',
  /** Degrees between two of its slices. */
  'MIXED_ORIENTATIONS',
  'MIXED_SIZES',
  'MIXED_SPACINGS',
  'MIXED_PIXELS',
  /** Slices that lack. */
  'MISSING_SLICES',
  /** The most by which a slice is not where it would be, in mm. */
  'UNEVEN_SPACING',
  /** Degrees by which the pile leans (a tilted gantry). */
  'TILTED',
  /** The most by which a slice lies beside the others, in mm. */
  'NOT_ALIGNED',
  /** How many images lie in one place that are no time points. */
  'SEVERAL_AT_ONE_PLACE',
  /** Columns, rows, slices or time points beyond what the header can say; bytes of a file or frames of a series beyond what is made. */
  'TOO_LARGE',
  /** Instances that don't leave. */
  'INSTANCES_REFUSED',
  'PIXELS_DAMAGED',
] as const;
export type NiftiRefusalCode = (typeof NIFTI_REFUSALS)[number];

/** Images of which no NIfTI file is made; carries no value of them but a measure. */
export class NiftiRefusal extends Error {
  readonly code: NiftiRefusalCode;
  readonly value: number | undefined;

  constructor(code: NiftiRefusalCode, value?: number) {
    super(`No NIfTI file: ${code}`);
    this.name = 'NiftiRefusal';
    this.code = code;
    // What is counted is told to the last one, what is measured with four digits.
    this.value = value === undefined || Number.isInteger(value) ? value : Number(value.toPrecision(4));
  }
}
