/** Memory of one answer's body. */
export interface Lease {
  /** Exactly as long as asked for; what it holds is undefined. */
  readonly bytes: Buffer;
  /** Gives the memory back. `reuse` only when no one reads it any more: not after a connection that broke while it was sent. */
  end(reuse: boolean): void;
}

/** Capacities are multiples of this, so that frames of similar lengths share them. */
const STEP_BYTES = 64 * 1024;

/**
 * Memory for bodies that go from the disk to a client and are not kept. Fresh memory for each would be mapped, cleared and collected each
 * time, which costs more than reading: with frames of 512 KiB a quarter of the time was garbage collection.
 */
export class BodyPool {
  readonly #idle: Buffer[] = [];
  readonly #maxIdleBytes: number;
  readonly #maxBytes: number;
  #idleBytes = 0;
  #usedBytes = 0;

  /** At most `maxBytes` are on lease, and at most `maxIdleBytes` wait for the next. */
  constructor(limits: { maxBytes: number; maxIdleBytes: number }) {
    this.#maxBytes = limits.maxBytes;
    this.#maxIdleBytes = limits.maxIdleBytes;
  }

  get usedBytes(): number {
    return this.#usedBytes;
  }

  /** Undefined when too much is on lease: many slow readers must not hold all memory. */
  take(length: number): Lease | undefined {
    const capacity = Math.max(1, Math.ceil(length / STEP_BYTES)) * STEP_BYTES;
    if (this.#usedBytes + capacity > this.#maxBytes) return undefined;
    this.#usedBytes += capacity;
    const memory = this.#reused(capacity) ?? Buffer.allocUnsafeSlow(capacity);
    let ended = false;
    return {
      bytes: memory.subarray(0, length),
      end: (reuse) => {
        if (ended) return;
        ended = true;
        this.#usedBytes -= capacity;
        if (reuse) this.#keep(memory);
      },
    };
  }

  #reused(capacity: number): Buffer | undefined {
    const at = this.#idle.findLastIndex(({ length }) => length === capacity);
    if (at < 0) return undefined;
    this.#idleBytes -= capacity;
    return this.#idle.splice(at, 1)[0];
  }

  /** The longest idle goes first: what is asked for now is of today's size. */
  #keep(memory: Buffer): void {
    this.#idle.push(memory);
    this.#idleBytes += memory.length;
    while (this.#idleBytes > this.#maxIdleBytes) this.#idleBytes -= this.#idle.shift()?.length ?? 0;
  }
}
