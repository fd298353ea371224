/** What outlives its page may be 64 KB; three bytes a character at most. */
const MOST_KEEPALIVE = 20_000;
export const mayOutlivePage = (body: unknown): boolean => JSON.stringify(body).length < MOST_KEEPALIVE;

/** Keeps what is typed, one sending at a time, once typing rests or when it is asked for; what shows it subscribes, and gets `S`. */
export abstract class Keeper<S extends object> {
  readonly #listeners = new Set<() => void>();
  #shown: S;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: Promise<void> | undefined;

  constructor(shown: S) {
    this.#shown = shown;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly snapshot = (): S => this.#shown;

  /** Sends what waits. */
  protected abstract keep(): Promise<void>;

  protected get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Keeps now; ends when nothing is on its way any more. */
  protected async keepNow(): Promise<void> {
    clearTimeout(this.#timer);
    this.#running ??= this.keep().finally(() => {
      this.#running = undefined;
    });
    await this.#running;
  }

  protected keepIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.keepNow(), ms);
  }

  protected show(change: Partial<S>): void {
    this.#shown = { ...this.#shown, ...change };
    for (const listener of this.#listeners) listener();
  }
}
