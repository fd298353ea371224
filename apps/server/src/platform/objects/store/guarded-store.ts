import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Failure } from '../../../kernel/failure.ts';
import type { StagedObject } from '../staging/index.ts';
import type { DamageList, DamageReason } from './damage.ts';
import {
  type ByteRange,
  type Listing,
  type ObjectSource,
  type ObjectStore,
  ObjectUnreadable,
  type Waiting,
  type WholeObject,
} from './port.ts';
import { SENT_CHUNK_BYTES } from './started-object.ts';

/** A store that knows which of its objects are damaged: reading one of them fails with OBJECT_DAMAGED. */
export interface GuardedObjects extends ObjectStore {
  isDamaged(id: string): boolean | Promise<boolean>;
  /** The ids of all that are known to be: what is gathered of many objects says so before its first byte. */
  damaged(): ReadonlySet<string> | Promise<ReadonlySet<string>>;
  /** Reads all of an object, noted or not, and compares: what is wrong with it, or undefined. Fails with UNAVAILABLE when the store is away. */
  examine(object: Omit<WholeObject, 'sizeBytes'> & { readonly sizeBytes?: number }): Promise<DamageReason | undefined>;
  /** Notes an object as damaged; false when nothing names it or it was noted before. What `restore` wrote anew stays noted until `noteHealed` is committed. */
  mark(id: string, reason: DamageReason): Promise<boolean>;
}

/**
 * The store as everybody but its keepers sees it: an object that is known to be damaged is not read, and one that turns out to be is noted.
 * Failures of reading carry OBJECT_DAMAGED then, UNAVAILABLE where it may be the store that is away.
 */
export class GuardedStore implements GuardedObjects {
  readonly #store: ObjectStore;
  readonly #damage: DamageList;

  constructor(store: ObjectStore, damage: DamageList) {
    this.#store = store;
    this.#damage = damage;
    damage.onHealed((id) => store.forget(id));
  }

  get healthy(): boolean {
    return this.#store.healthy;
  }

  get waiting(): Waiting {
    return this.#store.waiting;
  }

  async read(id: string, offset: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    await this.readInto(id, offset, bytes);
    return bytes;
  }

  async readInto(id: string, offset: number, target: Buffer): Promise<void> {
    await this.#requireWhole(id);
    try {
      await this.#store.readInto(id, offset, target);
    } catch (error) {
      throw await this.#judge(id, error);
    }
  }

  async size(id: string): Promise<number> {
    await this.#requireWhole(id);
    try {
      return await this.#store.size(id);
    } catch (error) {
      throw await this.#judge(id, error);
    }
  }

  stream(id: string, range?: ByteRange): Readable {
    const chunks = async function* (this: GuardedStore): AsyncGenerator<Buffer> {
      const end = range?.end ?? (await this.size(id)) - 1;
      for (let at = range?.start ?? 0; at <= end; at += SENT_CHUNK_BYTES)
        yield await this.read(id, at, Math.min(SENT_CHUNK_BYTES, end - at + 1));
    };
    return Readable.from(chunks.call(this), { objectMode: false, highWaterMark: SENT_CHUNK_BYTES });
  }

  isDamaged(id: string): boolean | Promise<boolean> {
    const known = this.#damage.all();
    return known instanceof Promise ? known.then((ids) => ids.has(id)) : known.has(id);
  }

  damaged(): ReadonlySet<string> | Promise<ReadonlySet<string>> {
    return this.#damage.all();
  }

  async examine(object: Parameters<GuardedObjects['examine']>[0]): Promise<DamageReason | undefined> {
    const { id, sha256 } = object;
    try {
      const sizeBytes = await this.#store.size(id);
      if (object.sizeBytes !== undefined && sizeBytes !== object.sizeBytes) return 'SIZE';
      const hash = createHash('sha256');
      for (let at = 0; at < sizeBytes; at += SENT_CHUNK_BYTES)
        hash.update(await this.#store.read(id, at, Math.min(SENT_CHUNK_BYTES, sizeBytes - at)));
      return hash.digest().equals(sha256) ? undefined : 'HASH';
    } catch (error) {
      const reason = reasonOf(error);
      if (reason === undefined || !(await this.#store.isThere())) throw error;
      return reason;
    }
  }

  mark(id: string, reason: DamageReason): Promise<boolean> {
    return this.#damage.mark(id, reason);
  }

  restore(id: string, source: ObjectSource): Promise<void> {
    return this.#store.restore(id, source);
  }

  put(objects: readonly StagedObject[]): Promise<void> {
    return this.#store.put(objects);
  }

  delete(ids: readonly string[]): Promise<void> {
    return this.#store.delete(ids);
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
    this.#store.forget(id);
  }

  async #requireWhole(id: string): Promise<void> {
    const damaged = this.isDamaged(id);
    if (damaged === true || (damaged !== false && (await damaged))) throw new Failure('OBJECT_DAMAGED');
  }

  /** What a failed read means: the object's own damage is noted; a store that is away, or an object that was deleted, is no damage. */
  async #judge(id: string, error: unknown): Promise<unknown> {
    const reason = reasonOf(error);
    if (reason === undefined || !(await this.#store.isThere())) return error;
    const isMarked = (await this.#damage.mark(id, reason)) || (await this.isDamaged(id));
    return isMarked ? new Failure('OBJECT_DAMAGED', { cause: error }) : error;
  }
}

/** Undefined when the failure is not the object's. */
const reasonOf = (error: unknown): DamageReason | undefined => (error instanceof ObjectUnreadable ? error.reason : undefined);
