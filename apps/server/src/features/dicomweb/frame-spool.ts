import type { ObjectDraft, ObjectStore } from '../../platform/objects/types.ts';

const MEMORY_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Bytes that are made before they are sent, so that what fails half-way spoils no answer: the first 8 MiB in memory, more in a temporary file.
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

  /** Everything that was written, in order. */
  async *read(): AsyncGenerator<Buffer> {
    const inFile = this.#length - this.#heldBytes;
    for (let at = 0; at < inFile && this.#draft !== undefined; ) {
      const chunk = await this.#draft.read(at, Math.min(CHUNK_BYTES, inFile - at));
      if (chunk.length === 0) throw new Error('The temporary file of an answer is shorter than what was written.');
      at += chunk.length;
      yield chunk;
    }
    yield* this.#held.map((bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  async discard(): Promise<void> {
    this.#held = [];
    await this.#draft?.discard();
  }
}
