/** Work that goes on for longer keeps everybody else of the process waiting. */
const TURN_MS = 8;

/** Lets others go on: what has come meanwhile, and timers. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Long work on the event loop, in turns: awaiting what is there already lets nobody else go on, however often it is done. */
export class Turns {
  #since = performance.now();

  /** Lets others go on when this has worked for some milliseconds. */
  async pass(): Promise<void> {
    if (performance.now() - this.#since < TURN_MS) return;
    await breathe();
    this.#since = performance.now();
  }
}
