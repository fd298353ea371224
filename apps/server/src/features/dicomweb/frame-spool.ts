import type { ObjectDraft, ObjectStore } from '../../platform/objects/types.ts';

const MEMORY_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Bytes that are needed before they can be used, so that what fails half-way spoils nothing: the first 8 MiB in memory, more in a temporary file.
 */
export class FrameSpool {
  readonly #objects: ObjectStore;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #draft: ObjectDraft | undefined;
  #length = 0;

  constructor(objects: ObjectStore) {
    this.#objects = objects;
  }

  get length(): number {
    return this.#length;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#length += bytes.length;
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
    if (this.#heldBytes < MEMORY_BYTES) return;
    this.#draft ??= await this.#objects.create();
    for (const held of this.#held) await this.#draft.write(held);
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** What was written, in order: all of it, or `length` bytes from `offset` on. */
  async *read(offset = 0, length = this.#length - offset): AsyncGenerator<Buffer> {
    const end = Math.min(this.#length, offset + length);
    const inFile = this.#length - this.#heldBytes;
    for (let at = offset; at < Math.min(inFile, end) && this.#draft !== undefined; ) {
      const chunk = await this.#draft.read(at, Math.min(CHUNK_BYTES, Math.min(inFile, end) - at));
      if (chunk.length === 0) throw new Error('The temporary file of an answer is shorter than what was written.');
      at += chunk.length;
      yield chunk;
    }
    let at = inFile;
    for (const bytes of this.#held) {
      const part = bytes.subarray(Math.max(0, offset - at), Math.max(0, end - at));
      at += bytes.length;
      if (part.length > 0) yield Buffer.from(part.buffer, part.byteOffset, part.byteLength);
    }
  }

  async discard(): Promise<void> {
    this.#held = [];
    await this.#draft?.discard();
  }
}
