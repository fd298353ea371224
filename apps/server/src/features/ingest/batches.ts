import type { IngestSession } from './session.ts';
import type { FileResult, Staged } from './types.ts';

const MAX_FILES = 50;
const MAX_BYTES = 64 * 1024 * 1024;
/** On a slow line what has arrived is not left uncommitted for longer. */
const MAX_AGE_MS = 2_000;

/** Gathers received files into batches and commits one while the next is being received. */
export class Batches {
  readonly #session: IngestSession;
  readonly #onResults: (results: readonly FileResult[]) => void;
  #staged: Staged[] = [];
  #bytes = 0;
  #since = 0;
  #committing: Promise<void> = Promise.resolve();

  constructor(session: IngestSession, onResults: (results: readonly FileResult[]) => void) {
    this.#session = session;
    this.#onResults = onResults;
  }

  async add(staged: Staged): Promise<void> {
    if (this.#staged.length === 0) this.#since = Date.now();
    this.#staged.push(staged);
    if (staged.kind === 'instance') this.#bytes += staged.sizeBytes;
    const isFull = this.#staged.length >= MAX_FILES || this.#bytes >= MAX_BYTES;
    if (isFull || Date.now() - this.#since >= MAX_AGE_MS) await this.#send();
  }

  /** Commits what is left; all results have been handed out when it returns. */
  async finish(): Promise<void> {
    if (this.#staged.length > 0) await this.#send();
    await this.#committing;
  }

  /** Gives up what has not been committed. */
  async abandon(): Promise<void> {
    await this.#committing.catch(() => undefined);
    await this.#session.discard(this.#staged.splice(0));
  }

  async #send(): Promise<void> {
    await this.#committing;
    const staged = this.#staged;
    this.#staged = [];
    this.#bytes = 0;
    this.#committing = this.#session.commit(staged).then(this.#onResults, async (error: unknown) => {
      await this.#session.discard(staged);
      throw error;
    });
    // It is awaited by the next batch or by `finish`; until then it must not count as unhandled.
    this.#committing.catch(() => undefined);
  }
}
