import { Readable } from 'node:stream';
import { Failure } from '../../src/kernel/failure.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Scratch, ScratchBytes } from '../../src/platform/objects/scratch/index.ts';
import { claimAll, type StagedObject } from '../../src/platform/objects/staging/index.ts';
import { type Listing, type ObjectSource, type ObjectStore, ObjectUnreadable } from '../../src/platform/objects/store/index.ts';

const PIECE_BYTES = 65_536;

/** Objects in a map. What is given to it is durable at once, and it is full when it is told so. */
export class MemoryStore implements ObjectStore {
  readonly healthy = true;
  readonly waiting = { objects: 0, bytes: 0 };
  isFull = false;
  readonly #objects: Map<string, Buffer>;
  /** When each was put, in milliseconds; what was there before is older than anything. */
  readonly #times = new Map<string, number>();

  constructor(objects = new Map<string, Buffer>()) {
    this.#objects = objects;
  }

  async put(objects: readonly StagedObject[]): Promise<void> {
    claimAll(objects);
    try {
      const copies = await Promise.all(objects.map(async (object) => [object.id, await wholeOf(object)] as const));
      this.#requireRoom();
      if (copies.some(([id]) => this.#objects.has(id))) throw new Failure('CONFLICT');
      for (const [id, bytes] of copies) {
        this.#objects.set(id, bytes);
        this.#times.set(id, Date.now());
      }
    } catch (error) {
      const failure = error instanceof Failure ? error : new Failure('UNAVAILABLE', { cause: error });
      for (const object of objects) await object.fail(failure);
      throw failure;
    }
    for (const object of objects) object.settled();
  }

  async restore(id: string, source: ObjectSource): Promise<void> {
    const bytes = await wholeOf(source);
    this.#requireRoom();
    this.#objects.set(id, bytes);
  }

  async read(id: string, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    await this.readInto(id, offset, bytes);
    return bytes;
  }

  async readInto(id: string, offset: number, target: Buffer): Promise<void> {
    const bytes = this.#bytesOf(id).subarray(offset, offset + target.length);
    if (bytes.copy(target) < target.length) throw new ObjectUnreadable('SIZE');
  }

  async size(id: string): Promise<number> {
    return this.#bytesOf(id).length;
  }

  stream(id: string, range?: { start: number; end: number }): Readable {
    const pieces = async function* (this: MemoryStore): AsyncGenerator<Buffer> {
      const end = range?.end ?? (await this.size(id)) - 1;
      for (let at = range?.start ?? 0; at <= end; at += PIECE_BYTES)
        yield await this.read(id, at, Math.min(PIECE_BYTES, end - at + 1));
    };
    return Readable.from(pieces.call(this), { objectMode: false });
  }

  async delete(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#objects.delete(id);
  }

  async *list({ before, prefix = '', after = '' }: Listing = {}): AsyncGenerator<string[]> {
    const isOld = (id: string): boolean => before === undefined || (this.#times.get(id) ?? 0) < before.getTime();
    const ids = [...this.#objects.keys()].filter((id) => id.startsWith(prefix) && id > after && isOld(id)).sort();
    for (let at = 0; at < ids.length; at += 10) yield ids.slice(at, at + 10);
  }

  async check(): Promise<void> {
    this.#requireRoom();
  }

  async isThere(): Promise<boolean> {
    return true;
  }

  forget(): void {}

  #bytesOf(id: string): Buffer {
    const bytes = this.#objects.get(id);
    if (bytes === undefined) throw new ObjectUnreadable('MISSING');
    return bytes;
  }

  #requireRoom(): void {
    if (this.isFull) throw new Failure('STORAGE_FULL');
  }
}

/** A copy: a source may use its memory again. */
const wholeOf = async (source: ObjectSource): Promise<Buffer> => Buffer.from(await source.read(0, source.sizeBytes));

/** Scratch in memory, which keeps nothing, and how much of it there is. */
export class MemoryScratch implements Pick<Scratch, 'create'> {
  count = 0;

  async create(): Promise<ScratchBytes> {
    this.count += 1;
    let chunks: Uint8Array[] = [];
    let sizeBytes = 0;
    const whole = (): Buffer => {
      const all = Buffer.concat(chunks);
      chunks = [all];
      return all;
    };
    const read = async (target: Buffer, offset: number): Promise<number> => whole().subarray(offset).copy(target);
    return {
      id: newId(),
      get sizeBytes() {
        return sizeBytes;
      },
      write: async (chunk) => {
        chunks.push(chunk);
        sizeBytes += chunk.length;
      },
      read: async (offset, length) => whole().subarray(offset, offset + length),
      open: async () => ({ read, sizeBytes, close: async () => undefined }),
      remove: async () => {
        this.count -= 1;
      },
    };
  }
}
