import { Failure } from './failure.ts';

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT']);

/** Whether a call on the file system failed for want of room, which may be there again later. */
export const isFull = (error: unknown): boolean => error instanceof Error && 'code' in error && FULL.has(error.code);

/** What a failure of the file system is to who sends or asks. */
export const storageFailure = (error: unknown): Failure =>
  error instanceof Failure ? error : new Failure(isFull(error) ? 'STORAGE_FULL' : 'UNAVAILABLE', { cause: error });
