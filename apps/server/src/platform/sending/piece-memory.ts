import type { ObjectReader, ObjectStore } from '../objects/store/index.ts';

/** Capacities are multiples of this, so that files of similar lengths share them. */
const STEP_BYTES = 64 * 1024;
/** Shorter pieces are cheap to make, and a step for each would be many times what a slow client is allowed. */
const MIN_BYTES = STEP_BYTES / 2;

/**
 * Memory for pieces of files on their way to clients. A piece that the system has taken is read into again: fresh memory for each would leave
 * the processor's caches and be collected each time. A piece that is never given back is collected as any other.
 */
export class PieceMemory {
  readonly #maxIdleBytes: number;
  readonly #idle: Buffer[] = [];
  /** What was given out, by the memory it is in. */
  readonly #out = new WeakMap<ArrayBufferLike, { readonly memory: Buffer; readonly length: number }>();
  #idleBytes = 0;

  constructor(maxIdleBytes: number) {
    this.#maxIdleBytes = maxIdleBytes;
  }

  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Exactly as long as asked for; what it holds is undefined. */
  take(length: number): Buffer {
    if (length < MIN_BYTES) return Buffer.allocUnsafe(length);
    const capacity = Math.ceil(length / STEP_BYTES) * STEP_BYTES;
    const memory = this.#reused(capacity) ?? Buffer.allocUnsafeSlow(capacity);
    this.#out.set(memory.buffer, { memory, length });
    return memory.subarray(0, length);
  }

  /** For who was the last to read this piece, all of it. Pieces that are not from here, or only parts, are left to be collected. */
  giveBack(piece: Uint8Array): void {
    const out = this.#out.get(piece.buffer);
    if (out === undefined || piece.byteOffset !== out.memory.byteOffset || piece.length !== out.length) return;
    this.#out.delete(piece.buffer);
    this.#idle.push(out.memory);
    this.#idleBytes += out.memory.length;
    // The longest idle goes first: what is asked for now is of today's size.
    while (this.#idleBytes > this.#maxIdleBytes) this.#idleBytes -= this.#idle.shift()?.length ?? 0;
  }

  #reused(capacity: number): Buffer | undefined {
    const at = this.#idle.findLastIndex(({ length }) => length === capacity);
    if (at < 0) return undefined;
    this.#idleBytes -= capacity;
    return this.#idle.splice(at, 1)[0];
  }
}

/** Reads into memory that comes back once what was read has been sent whole. */
export const pieceReader = (objects: Pick<ObjectStore, 'readInto'>, pieces: PieceMemory): ObjectReader => ({
  read: async (id, offset, length) => {
    const piece = pieces.take(length);
    await objects.readInto(id, offset, piece);
    return piece;
  },
});
