import { readPicture } from './talk.ts';

/** Bytes of pictures that are kept in memory, so that going back asks for nothing. */
const MOST_BYTES = 48 * 1024 * 1024;
/** Pictures that are fetched ahead at the same time. */
const AT_ONCE = 2;

interface Running {
  readonly controller: AbortController;
  readonly picture: Promise<Blob>;
}

/** Pictures by their addresses. Only the newest that is wanted counts: what it overtakes is given up, what comes next is fetched ahead. */
export class Pictures {
  readonly #kept = new Map<string, Blob>();
  readonly #running = new Map<string, Running>();
  #bytes = 0;
  #turn = 0;

  /** The picture, or undefined once another one is wanted. `ahead`: what comes next, the nearest first. Fails as `readPicture` does. */
  async want(address: string, ahead: readonly string[]): Promise<Blob | undefined> {
    this.#turn += 1;
    const turn = this.#turn;
    const wanted = new Set([address, ...ahead]);
    for (const [other, { controller }] of this.#running) if (!wanted.has(other)) this.#giveUp(other, controller);
    try {
      const picture = await this.#get(address);
      if (turn !== this.#turn) return undefined;
      this.#fetchAhead(turn, ahead);
      return picture;
    } catch (error) {
      if (turn !== this.#turn) return undefined;
      throw error;
    }
  }

  /** Nothing is wanted any more, and nothing kept. */
  forget(): void {
    this.#turn += 1;
    for (const [address, { controller }] of this.#running) this.#giveUp(address, controller);
    this.#kept.clear();
    this.#bytes = 0;
  }

  #giveUp(address: string, controller: AbortController): void {
    this.#running.delete(address);
    controller.abort();
  }

  #get(address: string): Promise<Blob> {
    const kept = this.#kept.get(address);
    if (kept !== undefined) {
      // The one that was looked at last is dropped last.
      this.#kept.delete(address);
      this.#kept.set(address, kept);
      return Promise.resolve(kept);
    }
    const running = this.#running.get(address);
    if (running !== undefined) return running.picture;
    const controller = new AbortController();
    const picture = this.#load(address, controller);
    this.#running.set(address, { controller, picture });
    return picture;
  }

  async #load(address: string, controller: AbortController): Promise<Blob> {
    try {
      const picture = await readPicture(address, controller.signal);
      if (!controller.signal.aborted) this.#keep(address, picture);
      return picture;
    } finally {
      if (this.#running.get(address)?.controller === controller) this.#running.delete(address);
    }
  }

  #keep(address: string, picture: Blob): void {
    this.#kept.set(address, picture);
    this.#bytes += picture.size;
    for (const [oldest, { size }] of this.#kept) {
      if (this.#bytes <= MOST_BYTES) return;
      this.#kept.delete(oldest);
      this.#bytes -= size;
    }
  }

  #fetchAhead(turn: number, ahead: readonly string[]): void {
    const waiting = [...ahead];
    const go = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined && turn === this.#turn; next = waiting.shift())
        // What fails is said when it is looked at.
        await this.#get(next).catch(() => undefined);
    };
    for (let at = 0; at < AT_ONCE; at += 1) void go();
  }
}
