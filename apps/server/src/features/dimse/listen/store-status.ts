import type { FileOutcome, FileReason } from '@negatoscope/contract';
import { STATUS } from '@negatoscope/dimse';
import { Failure } from '../../../kernel/failure.ts';
import type { Answered } from './operation.ts';

/** What became of an instance that was sent. `OTHER_INSTANCE`: it is not the one that the command named; `NOT_ALLOWED`: whoever sends it may not have it kept. */
export interface Stored {
  readonly outcome: FileOutcome;
  readonly reason?: FileReason | 'OTHER_INSTANCE' | 'NOT_ALLOWED';
}

const OUT_OF_RESOURCES: ReadonlySet<string> = new Set(['STORAGE_FULL', 'STORAGE_FAILED', 'FILE_TOO_LARGE']);
const DOES_NOT_MATCH: ReadonlySet<string> = new Set([
  'OTHER_INSTANCE',
  'MISSING_STUDY_UID',
  'MISSING_SERIES_UID',
  'MISSING_SOP_INSTANCE_UID',
  'MISSING_SOP_CLASS_UID',
  'INVALID_UID',
  'DICOMDIR',
]);

/**
 * The status of a C-STORE by its outcome (PS3.4 table B.2-1). What is there already in the same words is there: success. What is kept aside because it contradicts
 * what is there is kept, and not as it was sent to be: a warning (B000). A sender tries again what failed for want of resources (A7xx).
 */
export function statusOf({ outcome, reason }: Stored): Answered {
  if (outcome === 'stored' || outcome === 'duplicate') return { status: STATUS.SUCCESS };
  if (outcome === 'conflict')
    return { status: STATUS.COERCED, comment: `Kept aside for review: ${reason ?? 'conflict'}`, reason };
  if (reason === 'NOT_ALLOWED') return { status: STATUS.NOT_AUTHORIZED };
  const comment = `Not stored: ${reason ?? 'rejected'}`;
  if (reason !== undefined && OUT_OF_RESOURCES.has(reason)) return { status: STATUS.OUT_OF_RESOURCES, comment, reason };
  // Nothing is wrong with it, and it is not to be sent again: PS3.7 C.5.6.
  if (reason === 'WITHDRAWN') return { status: STATUS.NOT_AUTHORIZED, comment, reason };
  if (reason !== undefined && DOES_NOT_MATCH.has(reason)) return { status: STATUS.DATASET_DOES_NOT_MATCH, comment, reason };
  return { status: STATUS.CANNOT_UNDERSTAND, comment, reason };
}

/** The same for what failed on this side: the disk, the database, or a right that is gone. */
export function statusOfFailure(error: unknown): Answered {
  if (!(error instanceof Failure)) return { status: STATUS.PROCESSING_FAILURE };
  if (error.code === 'STORAGE_FULL')
    return { status: STATUS.OUT_OF_RESOURCES, comment: 'The disk is full', reason: 'STORAGE_FULL' };
  if (error.code === 'UNAVAILABLE')
    return { status: STATUS.OUT_OF_RESOURCES, comment: 'The store does not answer', reason: 'STORAGE_FAILED' };
  if (error.code === 'FORBIDDEN' || error.code === 'NOT_FOUND') return { status: STATUS.NOT_AUTHORIZED };
  return { status: STATUS.PROCESSING_FAILURE };
}
