const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** Failures one after the other by which Orthanc itself is ill, and not some of its instances. */
export const MOST_IN_A_ROW = 6;

/**
 * Keeps from asking somebody who does not answer: after a failure of the whole, or so many of single instances with none between that came, nothing is asked for a
 * pause that doubles up to half a minute. Then some are tried, and the first that comes ends it.
 */
export class Breaker {
  readonly #now: () => number;
  #inARow = 0;
  #pauseMs = 0;
  #openUntil = Number.NEGATIVE_INFINITY;

  constructor(now: () => number) {
    this.#now = now;
  }

  get isOpen(): boolean {
    return this.#now() < this.#openUntil;
  }

  succeeded(): void {
    this.#inARow = 0;
    this.#pauseMs = 0;
  }

  /** Of one instance. */
  failed(): void {
    this.#inARow += 1;
    // While it is tried again after a pause one is enough.
    if (this.#inARow >= MOST_IN_A_ROW || this.#pauseMs > 0) this.open();
  }

  /** Of the whole. */
  open(): void {
    if (this.isOpen) return;
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2));
    this.#openUntil = this.#now() + this.#pauseMs;
  }
}
