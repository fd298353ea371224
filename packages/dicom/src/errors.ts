import type { DicomJsonObject } from './types.ts';

/** Every code a {@link DicomError} of this package can carry. */
export const DICOM_ERROR_CODES = [
  'EMPTY_FILE',
  'NOT_DICOM',
  'TRUNCATED',
  'BAD_LENGTH',
  'BAD_STRUCTURE',
  'NESTING_TOO_DEEP',
  'ELEMENT_LIMIT',
  'HEADER_TOO_LARGE',
  'INFLATE_LIMIT',
  'INFLATE_FAILED',
  'UNSUPPORTED_TRANSFER_SYNTAX',
  'PIXEL_GEOMETRY_INVALID',
  'PIXEL_LENGTH_MISMATCH',
  'FRAME_COUNT_MISMATCH',
  'FRAME_TABLE_INVALID',
] as const;

export type DicomErrorCode = (typeof DICOM_ERROR_CODES)[number];

/** Facts that may be logged: offsets, lengths, tags, limits; never a value of the dataset. */
export type DicomErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

const MESSAGES: Readonly<Record<DicomErrorCode, string>> = {
  EMPTY_FILE: 'The file is empty.',
  NOT_DICOM: 'The bytes are not a DICOM file.',
  TRUNCATED: 'The file ends inside a data element.',
  BAD_LENGTH: 'A data element is longer than what holds it.',
  BAD_STRUCTURE: 'Items and delimiters do not follow PS3.5 section 7.5.',
  NESTING_TOO_DEEP: 'Sequences are nested too deeply.',
  ELEMENT_LIMIT: 'The dataset has too many data elements.',
  HEADER_TOO_LARGE: 'The header is too large.',
  INFLATE_LIMIT: 'The deflated dataset inflates to more than the limit.',
  INFLATE_FAILED: 'The deflated dataset cannot be inflated.',
  UNSUPPORTED_TRANSFER_SYNTAX: 'The transfer syntax cannot be read.',
  PIXEL_GEOMETRY_INVALID: 'The attributes that give the size of a frame are missing or out of range.',
  PIXEL_LENGTH_MISMATCH: 'Pixel Data is shorter than its attributes say.',
  FRAME_COUNT_MISMATCH: 'Pixel Data does not hold the number of frames it announces.',
  FRAME_TABLE_INVALID: 'The frame table cannot be decoded.',
};

/**
 * The only error this package throws for bad input. `code` is stable, `details` holds offsets, tags and limits and never patient data;
 * `partial` is the dataset as far as it had been read, to name what failed: it is not for logs.
 */
export class DicomError extends Error {
  readonly code: DicomErrorCode;
  readonly details: DicomErrorDetails;
  readonly #partial: DicomJsonObject | undefined;

  constructor(code: DicomErrorCode, details: DicomErrorDetails = {}, partial?: DicomJsonObject) {
    super(MESSAGES[code]);
    this.name = 'DicomError';
    this.code = code;
    this.details = details;
    this.#partial = partial;
  }

  get partial(): DicomJsonObject | undefined {
    return this.#partial;
  }
}
