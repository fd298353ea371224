import { BrokenInvariant } from '../../kernel/broken-invariant.ts';
import type { Scratch, ScratchBytes } from '../objects/scratch/index.ts';
import { giveHeld, takeHeld } from './held-bytes.ts';

/** More waits on the disk. */
const MEMORY_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Bytes that are needed before they can be used, so that what fails half-way spoils nothing: the first 8 MiB in the memory that the process has for
 * what waits, more in scratch. Fails as scratch does.
 */
export class Spool {
  readonly #scratch: Pick<Scratch, 'create'>;
  #held: Uint8Array[] = [];
  /** Where each of them begins. */
  #starts: number[] = [];
  #heldBytes = 0;
  #bytes: ScratchBytes | undefined;
  #length = 0;

  constructor(scratch: Pick<Scratch, 'create'>) {
    this.#scratch = scratch;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes the bytes over: they must not be changed afterwards. */
  async write(bytes: Uint8Array): Promise<void> {
    const start = this.#length;
    this.#length += bytes.length;
    if (this.#bytes === undefined && this.#length <= MEMORY_BYTES && takeHeld(bytes.length)) {
      this.#held.push(bytes);
      this.#starts.push(start);
      this.#heldBytes += bytes.length;
      return;
    }
    this.#bytes ??= await this.#scratch.create();
    for (const held of this.#held) await this.#bytes.write(held);
    this.#forget();
    await this.#bytes.write(bytes);
  }

  /** What was written, in order: all of it, or `length` bytes from `offset` on. */
  async *read(offset = 0, length = this.#length - offset): AsyncGenerator<Buffer> {
    const end = Math.min(this.#length, offset + length);
    if (this.#bytes !== undefined) {
      for (let at = offset; at < end; ) {
        const chunk = await this.#bytes.read(at, Math.min(CHUNK_BYTES, end - at));
        if (chunk.length === 0) throw new BrokenInvariant('The temporary file of an answer is shorter than what was written.');
        at += chunk.length;
        yield chunk;
      }
      return;
    }
    for (let at = this.#pieceWith(offset); at < this.#held.length; at += 1) {
      const [bytes, start = end] = [this.#held[at], this.#starts[at]];
      if (bytes === undefined || start >= end) return;
      const part = bytes.subarray(Math.max(0, offset - start), end - start);
      if (part.length > 0) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    }
  }

  /** Which of the pieces in memory has the byte at `offset`: thousands of small ones may be read one by one. */
  #pieceWith(offset: number): number {
    let [low, high] = [0, this.#starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low;
  }

  /** Gives back what it takes; more than once does no harm. */
  async discard(): Promise<void> {
    this.#forget();
    await this.#bytes?.remove();
  }

  #forget(): void {
    giveHeld(this.#heldBytes);
    this.#held = [];
    this.#starts = [];
    this.#heldBytes = 0;
  }
}
