/** Those who wait for something to be there, and look again whenever something has happened. */
export class Waiting {
  readonly #waiting = new Set<() => void>();

  wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  /** Resolves with what `look` finds, or fails as it does; `late` is called once when that takes too long. */
  async until<T>(ms: number, look: () => T | undefined, late: () => void): Promise<T> {
    const first = look();
    if (first !== undefined) return first;
    const timer = setTimeout(late, ms);
    try {
      for (;;) {
        const found = look();
        if (found !== undefined) return found;
        await new Promise<void>((wake) => this.#waiting.add(wake));
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
