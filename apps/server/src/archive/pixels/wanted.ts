import { Failure } from '../../kernel/failure.ts';

/** What nobody waits for any more was not made to its end. */
export class Abandoned extends Failure {
  constructor() {
    super('UNAVAILABLE', { retryAfterSeconds: 1 });
  }
}

/** Who waits for what is being made, by its key: whoever makes it asks between its steps whether anybody still does. */
export class Wanted {
  readonly #waiting = new Map<string, Set<AbortSignal>>();

  /** Runs `work`, for which somebody waits until `gone`. */
  async by<T>(key: string, gone: AbortSignal, work: () => Promise<T>): Promise<T> {
    const those = this.#waiting.get(key) ?? new Set<AbortSignal>();
    this.#waiting.set(key, those.add(gone));
    try {
      return await work();
    } finally {
      those.delete(gone);
      if (those.size === 0 && this.#waiting.get(key) === those) this.#waiting.delete(key);
    }
  }

  /** Fails with Abandoned where all who waited have gone. */
  require(key: string): void {
    for (const { aborted } of this.#waiting.get(key) ?? []) if (!aborted) return;
    throw new Abandoned();
  }
}
