/** Somebody waits for some time, unless it rings. A ring while nobody waits ends the next wait at once. */
export class Doorbell {
  #hasRung = false;
  #open: () => void = () => undefined;

  ring(): void {
    this.#hasRung = true;
    this.#open();
  }

  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (!this.#hasRung && signal?.aborted !== true) {
      await new Promise<void>((resolve) => {
        // What only waits keeps no process.
        const timer = setTimeout(() => this.#open(), ms).unref();
        const onAbort = (): void => this.#open();
        signal?.addEventListener('abort', onAbort, { once: true });
        this.#open = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          resolve();
        };
      });
    }
    this.#open = () => undefined;
    this.#hasRung = false;
  }
}
