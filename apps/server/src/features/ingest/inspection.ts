import { DicomError } from '@negatoscope/dicom';
import type { Inspect } from '../../platform/objects/write-jobs.ts';
import { headerDigest } from './header-digest.ts';
import { Rejection } from './rejection.ts';
import type { HeaderDigest } from './types.ts';

/** What a writer says of a file that it has just written. */
export type Inspection =
  | { readonly kind: 'read'; readonly digest: HeaderDigest }
  /** `code` of DicomError or Rejection. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Deflated or oversized: to be read where it can be ended. */
  | { readonly kind: 'heavy' };

/** Header bytes that a writer reads itself: some milliseconds at the very worst, during which its other files wait. */
const MAX_QUICK_HEADER_BYTES = 512 * 1024;

/** Reads the header of a file whose bytes are at hand. */
export const inspectHeader: Inspect = (sizeBytes, read): Inspection => {
  try {
    const reader = headerDigest(sizeBytes, MAX_QUICK_HEADER_BYTES);
    let step = reader.next();
    while (!step.done) {
      if (step.value.space === 'inflated') return { kind: 'heavy' };
      step = reader.next(read(step.value.offset, step.value.length));
    }
    return { kind: 'read', digest: step.value };
  } catch (error) {
    if (error instanceof DicomError && error.code === 'HEADER_TOO_LARGE') return { kind: 'heavy' };
    return { kind: 'refused', code: error instanceof DicomError || error instanceof Rejection ? error.code : 'UNREADABLE' };
  }
};
