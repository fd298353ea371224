const CHUNK_BYTES = 16 * 1024 * 1024;

/**
 * Memory that schedules use one after the other: the first touch of a page costs more than all that is done with it, in a virtual machine above all.
 * What it gives holds anything.
 */
export class Arena {
  readonly #chunks: Buffer[] = [];
  #chunk = 0;
  #at = 0;

  take(length: number): Buffer {
    if (length > CHUNK_BYTES) return Buffer.allocUnsafe(length);
    if (this.#at + length > CHUNK_BYTES) {
      this.#chunk += 1;
      this.#at = 0;
    }
    this.#chunks[this.#chunk] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES);
    const taken = (this.#chunks[this.#chunk] ?? Buffer.alloc(0)).subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  copy(bytes: Uint8Array): Buffer {
    const copy = this.take(bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** Nobody uses what was taken any more. */
  reset(): void {
    this.#chunk = 0;
    this.#at = 0;
  }
}

export const arena = new Arena();
