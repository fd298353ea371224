import { Failure } from '../../kernel/failure.ts';

const WAIT_MS = 30_000;
const MAX_WAITING = 1000;

interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/**
 * Memory that the requests of a process may use together for what they gather: decoding, inflating, putting together. It is a semaphore in
 * bytes, first come first served, so that a large piece of work is not overtaken for ever by small ones. What waits for a slow reader is not
 * held from here (see HeldBytes): who reads slowly would keep everybody else out.
 */
export class ByteBudget {
  readonly maxBytes: number;
  readonly #waiting: Waiting[] = [];
  #usedBytes = 0;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /**
   * Runs `work`, which uses about `bytes`, when there is room. Fails with UNPROCESSABLE for more than all there is, with UNAVAILABLE when too
   * many wait or one waited too long, and as `work` does.
   */
  async use<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    if (bytes > this.maxBytes) throw new Failure('UNPROCESSABLE', { detail: 'This needs more memory than one request may use.' });
    await this.#room(bytes);
    try {
      return await work();
    } finally {
      this.#usedBytes -= bytes;
      this.#admit();
    }
  }

  async #room(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && this.#usedBytes + bytes <= this.maxBytes) {
      this.#usedBytes += bytes;
      return;
    }
    if (this.#waiting.length >= MAX_WAITING) throw new Failure('UNAVAILABLE', { retryAfterSeconds: 5 });
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        reject(new Failure('UNAVAILABLE', { retryAfterSeconds: 5 }));
        this.#admit();
      }, WAIT_MS).unref();
      this.#waiting.push(waiting);
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (this.#usedBytes + next.bytes > this.maxBytes) return;
      this.#waiting.shift();
      this.#usedBytes += next.bytes;
      next.enter();
    }
  }
}

/** The one of this process: caches apart, no request and no number of them grows it by more. */
export const workMemory = new ByteBudget(160 * 1024 * 1024);
