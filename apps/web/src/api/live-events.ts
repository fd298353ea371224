import { onSession, sessionState } from './session.ts';

const AGAIN_MS = 2_000;
/** A line that says nothing for so long is dead: the server shows itself every ten seconds. */
const DEAD_AFTER_MS = 35_000;

interface Followed {
  /** Where the events are, from where it has been caught up to. */
  readonly address: () => string;
  /** Asks for what was missed while nobody listened. It renews a session that has run out, which events can't. */
  readonly catchUp: () => Promise<unknown>;
  /** What there is at the beginning is asked for by somebody else. */
  readonly isCaughtUp?: boolean;
  /** Whether everything is heard: false when a line that was there is lost, not when nobody looks at the page. */
  readonly onLine?: (isHeard: boolean) => void;
  /** By the name of an event, with its data. */
  readonly on: Readonly<Record<string, (data: string) => void>>;
}

/**
 * Follows a stream of server-sent events until it is closed. It takes one of the few connections that a browser has for a server: a page that nobody sees lets
 * go of it, and catches up when it is seen.
 */
export class LiveEvents {
  readonly #followed: Followed;
  readonly #stop = new AbortController();
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(followed: Followed) {
    this.#followed = followed;
    const { signal } = this.#stop;
    const onSeen = (): void => void (document.hidden ? this.#again() : this.#begin());
    document.addEventListener('visibilitychange', onSeen, { signal });
    window.addEventListener('online', onSeen, { signal });
    const stopSession = onSession(() => {
      if (sessionState() === 'signed-in') void this.#begin();
    });
    signal.addEventListener('abort', stopSession);
    void this.#begin(followed.isCaughtUp);
  }

  get isClosed(): boolean {
    return this.#stop.signal.aborted;
  }

  close(): void {
    this.#stop.abort();
    this.#again();
  }

  get #isWanted(): boolean {
    return !this.isClosed && !document.hidden;
  }

  async #begin(isCaughtUp = false): Promise<void> {
    try {
      if (!isCaughtUp) await this.#followed.catchUp();
      if (this.#isWanted) this.#listen();
    } catch {
      this.#again();
    }
  }

  /** Lets go of the events, and takes them up in a moment where they are wanted. */
  #again(): void {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
    if (this.#isWanted) this.#followed.onLine?.(false);
    if (this.#isWanted) this.#timer = setTimeout(() => void this.#begin(), AGAIN_MS);
  }

  #listen(): void {
    const alive = (): void => {
      this.#followed.onLine?.(true);
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#again(), DEAD_AFTER_MS);
    };
    const source = new EventSource(this.#followed.address());
    source.addEventListener('alive', alive);
    for (const [name, take] of Object.entries(this.#followed.on))
      source.addEventListener(name, ({ data }: MessageEvent<string>) => {
        alive();
        take(data);
      });
    source.addEventListener('error', () => {
      if (source === this.#source) this.#again();
    });
    this.#source?.close();
    this.#source = source;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#again(), DEAD_AFTER_MS);
  }
}
