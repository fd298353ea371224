import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import pLimit from 'p-limit';
import type { StagedObject } from '../staging/index.ts';
import type { ByteRange, Listing, ObjectSource, ObjectStore, Waiting } from '../store/port.ts';
import type { S3Store } from './s3-store.ts';

/** Copies on this machine. */
export interface CopyCache {
  readonly mostOfOne: number;
  readInto(id: string, offset: number, target: Buffer): Promise<boolean>;
  keep(id: string, source: ObjectSource, isRight: (file: AsyncIterable<Buffer>) => Promise<boolean>): Promise<boolean>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

const FILLING = 4;
/** Beyond that what is read is not worth the trip again. */
const MOST_WAITING = 200;

/**
 * A bucket whose objects are read from copies on this machine once they were read: the first who asks is answered from the bucket, and a copy of the whole is
 * fetched behind them, compared with the hash that stands with the object. An object never changes under its id, so that a copy is right as long as it is there.
 */
export class CachedStore implements ObjectStore {
  readonly #store: S3Store;
  readonly #cache: CopyCache;
  readonly #turns = pLimit(FILLING);
  /** On their way, or not to be had: too large, without a hash. */
  readonly #filling = new Map<string, Promise<void>>();
  /** Of these those that were deleted, or written anew, since their copy was asked for. */
  readonly #gone = new Set<string>();

  constructor(store: S3Store, cache: CopyCache) {
    this.#store = store;
    this.#cache = cache;
  }

  get healthy(): boolean {
    return this.#store.healthy;
  }

  get waiting(): Waiting {
    return this.#store.waiting;
  }

  put(objects: readonly StagedObject[]): Promise<void> {
    return this.#store.put(objects);
  }

  async restore(id: string, source: ObjectSource): Promise<void> {
    await this.#store.restore(id, source);
    await this.#drop([id]);
  }

  async read(id: string, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(id, offset, bytes);
    return bytes;
  }

  async readInto(id: string, offset: number, target: Buffer): Promise<void> {
    if (target.length > 0 && (await this.#cache.readInto(id, offset, target))) return;
    await this.#store.readInto(id, offset, target);
    this.#fill(id);
  }

  size(id: string): Promise<number> {
    return this.#store.size(id);
  }

  /** What is read as a whole, once, is not kept. */
  stream(id: string, range?: ByteRange): Readable {
    return this.#store.stream(id, range);
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.#store.delete(ids);
    await this.#drop(ids);
  }

  list(listing?: Listing): AsyncIterable<string[]> {
    return this.#store.list(listing);
  }

  check(): Promise<void> {
    return this.#store.check();
  }

  isThere(): Promise<boolean> {
    return this.#store.isThere();
  }

  forget(id: string | undefined): void {
    if (id !== undefined) void this.#drop([id]);
    else {
      for (const one of this.#filling.keys()) this.#gone.add(one);
      void this.#cache.clear();
    }
  }

  /** A copy that is on its way was read before, and would stay for good where nobody has the object any more. */
  #drop(ids: readonly string[]): Promise<void> {
    for (const id of ids) if (this.#filling.has(id)) this.#gone.add(id);
    return this.#cache.remove(ids);
  }

  /** When the copies that are being fetched are there, or not. */
  async settled(): Promise<void> {
    while (this.#filling.size > 0) await Promise.all(this.#filling.values());
  }

  async close(): Promise<void> {
    this.#turns.clearQueue();
    this.#store.close();
    await this.#cache.close();
  }

  #fill(id: string): void {
    if (this.#filling.has(id) || this.#filling.size >= MOST_WAITING) return;
    const filling = this.#turns(() => this.#copy(id))
      .catch(() => undefined)
      .then(async () => {
        if (this.#gone.delete(id)) await this.#cache.remove([id]);
      })
      .finally(() => this.#filling.delete(id));
    this.#filling.set(id, filling);
  }

  async #copy(id: string): Promise<void> {
    const label = await this.#store.labelOf(id);
    if (label === undefined || label.sizeBytes > this.#cache.mostOfOne) return;
    const source = { sizeBytes: label.sizeBytes, read: (offset: number, length: number) => this.#store.read(id, offset, length) };
    await this.#cache.keep(id, source, async (file) => {
      const hash = createHash('sha256');
      for await (const bytes of file) hash.update(bytes);
      return hash.digest('hex') === label.sha256;
    });
  }
}
