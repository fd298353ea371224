import type { Logger } from '../../../platform/log/log.ts';

const AT_MOST_EVERY_MS = 1_000;

/** Tells of refused associations, once a second at most: whoever reaches the port could fill the disk with them. */
export class Refusals {
  readonly #log: Logger;
  #toldAt = Number.NEGATIVE_INFINITY;
  #untold = 0;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** With how many were refused since the last line. */
  tell(what: object, now: number): void {
    if (now - this.#toldAt < AT_MOST_EVERY_MS) {
      this.#untold += 1;
      return;
    }
    this.#log.warn({ ...what, ...(this.#untold === 0 ? {} : { untold: this.#untold }) }, 'an association is refused');
    this.#toldAt = now;
    this.#untold = 0;
  }

  /** Time has passed: those that no other came after are told as well. */
  tick(now: number): void {
    if (this.#untold === 0 || now - this.#toldAt < AT_MOST_EVERY_MS) return;
    this.#log.warn({ untold: this.#untold }, 'associations were refused');
    this.#toldAt = now;
    this.#untold = 0;
  }
}
