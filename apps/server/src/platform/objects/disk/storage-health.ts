import { Failure } from '../../../kernel/failure.ts';
import { isFull } from '../../../kernel/full-disk.ts';
import { errorCode } from './fs-port.ts';

const PASSING = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);
/** Whether a call failed for want of room, descriptors or memory, and may succeed later. */
export const isPassing = (error: unknown): boolean => isFull(error) || PASSING.has(errorCode(error));

/**
 * Turns what the file system says into the two answers that callers know, and remembers a failed flush: after one the kernel may
 * have dropped the pages, so that the next flush would lie. Only a restart clears it.
 */
export class StorageHealth {
  #failed = false;

  get healthy(): boolean {
    return !this.#failed;
  }

  requireHealthy(): void {
    if (this.#failed) throw new Failure('UNAVAILABLE', { detail: 'The object store failed and waits for a restart.' });
  }

  /** Marks the store failed for everything but a full disk. */
  flushFailed(error: unknown): Failure {
    if (!isFull(error)) this.#failed = true;
    return this.failure(error);
  }

  failure(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const code = errorCode(error);
    if (isFull(error)) return new Failure('STORAGE_FULL', { cause: error });
    if (code === 'EIO') this.#failed = true;
    return new Failure('UNAVAILABLE', { detail: 'The object store could not be used.', cause: error });
  }
}
