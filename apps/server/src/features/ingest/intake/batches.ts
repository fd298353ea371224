import type { FileResult, Staged } from '../types.ts';
import type { IngestSession } from './session.ts';

const MAX_FILES = 50;
const MAX_BYTES = 64 * 1024 * 1024;
/** On a slow line what has arrived is not left uncommitted for longer. */
const MAX_AGE_MS = 2_000;
/** Files that are hashed and read while the next one arrives. */
const MAX_PENDING = 6;

/** Gathers received files into batches and commits one while the next is being received. */
export class Batches {
  readonly #session: IngestSession;
  readonly #onResults: (results: readonly FileResult[]) => void;
  #staged: Staged[] = [];
  readonly #pending: Promise<Staged>[] = [];
  #bytes = 0;
  #since = 0;
  #committing: Promise<void> = Promise.resolve();
  /** What the last commit was asked for. */
  #sent: Staged[] = [];

  constructor(session: IngestSession, onResults: (results: readonly FileResult[]) => void) {
    this.#session = session;
    this.#onResults = onResults;
  }

  /** Takes a file whose bytes have arrived and that is still being hashed and read; some may be at once, their order stays. */
  async addPending(staged: Promise<Staged>): Promise<void> {
    // It is awaited in its turn; until then a failure must not count as unhandled.
    staged.catch(() => undefined);
    this.#pending.push(staged);
    while (this.#pending.length > MAX_PENDING) await this.#settleFirst();
  }

  async add(staged: Staged): Promise<void> {
    await this.addPending(Promise.resolve(staged));
  }

  async #settleFirst(): Promise<void> {
    const first = this.#pending.shift();
    if (first !== undefined) await this.#take(await first);
  }

  async #take(staged: Staged): Promise<void> {
    if (this.#staged.length === 0) this.#since = Date.now();
    this.#staged.push(staged);
    if (staged.kind === 'instance') this.#bytes += staged.sizeBytes;
    const isFull = this.#staged.length >= MAX_FILES || this.#bytes >= MAX_BYTES;
    if (isFull || Date.now() - this.#since >= MAX_AGE_MS) await this.#send();
  }

  /** Commits what is left; all results have been handed out when it returns. */
  async finish(): Promise<void> {
    while (this.#pending.length > 0) await this.#settleFirst();
    if (this.#staged.length > 0) await this.#send();
    await this.#committing;
  }

  /** Gives up what has not been committed; tells what that was, in order. */
  async abandon(): Promise<Staged[]> {
    const refused = await this.#committing.then(
      () => [],
      () => this.#sent,
    );
    for (const staged of await Promise.allSettled(this.#pending.splice(0))) {
      if (staged.status === 'fulfilled') this.#staged.push(staged.value);
    }
    const waiting = this.#staged.splice(0);
    await this.#session.discard(waiting);
    return [...refused, ...waiting];
  }

  async #send(): Promise<void> {
    await this.#committing;
    const staged = this.#staged;
    this.#staged = [];
    this.#sent = staged;
    this.#bytes = 0;
    this.#committing = this.#session.commit(staged).then(this.#onResults);
    // It is awaited by the next batch or by `finish`; until then it must not count as unhandled.
    this.#committing.catch(() => undefined);
  }
}
