import { Readable } from 'node:stream';
import { LRUCache } from 'lru-cache';
import type { StagedObject } from '../staging/index.ts';
import { type ByteRange, type Listing, type ObjectSource, type ObjectStore, ObjectUnreadable, type Waiting } from './port.ts';

/** Ids that were found in the old store, so that they are looked for there first. */
const REMEMBERED = 100_000;
const LISTED = 1_000;

const isMissing = (error: unknown): boolean => error instanceof ObjectUnreadable && error.reason === 'MISSING';

/**
 * A store whose objects come from an older one: what is new goes to the first, and what is not there is read from where it was. An object that both have is the
 * same: it never changes under its id, and one that is restored is so in the first, and taken out of the other.
 */
export class MovedStore implements ObjectStore {
  readonly #first: ObjectStore;
  readonly #old: ObjectStore;
  readonly #inOld = new LRUCache<string, true>({ max: REMEMBERED });

  constructor(first: ObjectStore, old: ObjectStore) {
    this.#first = first;
    this.#old = old;
  }

  get healthy(): boolean {
    return this.#first.healthy && this.#old.healthy;
  }

  get waiting(): Waiting {
    const [first, old] = [this.#first.waiting, this.#old.waiting];
    return { objects: first.objects + old.objects, bytes: first.bytes + old.bytes };
  }

  put(objects: readonly StagedObject[]): Promise<void> {
    return this.#first.put(objects);
  }

  async restore(id: string, source: ObjectSource): Promise<void> {
    await this.#first.restore(id, source);
    this.#inOld.delete(id);
    await this.#old.delete([id]);
  }

  read(id: string, offset: number, length: number): Promise<Buffer> {
    return this.#ask(id, (store) => store.read(id, offset, length));
  }

  readInto(id: string, offset: number, target: Buffer): Promise<void> {
    return this.#ask(id, (store) => store.readInto(id, offset, target));
  }

  size(id: string): Promise<number> {
    return this.#ask(id, (store) => store.size(id));
  }

  stream(id: string, range?: ByteRange): Readable {
    const pieces = async function* (this: MovedStore): AsyncGenerator<Buffer> {
      await this.size(id);
      yield* (this.#inOld.has(id) ? this.#old : this.#first).stream(id, range);
    };
    return Readable.from(pieces.call(this), { objectMode: false });
  }

  async delete(ids: readonly string[]): Promise<void> {
    await this.#first.delete(ids);
    await this.#old.delete(ids);
    for (const id of ids) this.#inOld.delete(id);
  }

  async *list(listing?: Listing): AsyncGenerator<string[]> {
    let page: string[] = [];
    for await (const id of inOrder(singly(this.#first.list(listing)), singly(this.#old.list(listing)))) {
      page.push(id);
      if (page.length < LISTED) continue;
      yield page;
      page = [];
    }
    if (page.length > 0) yield page;
  }

  /** What arrives is spooled where the old one is. */
  async check(): Promise<void> {
    await this.#old.check();
    await this.#first.check();
  }

  async isThere(): Promise<boolean> {
    return (await this.#first.isThere()) && (await this.#old.isThere());
  }

  forget(id: string | undefined): void {
    if (id === undefined) this.#inOld.clear();
    else this.#inOld.delete(id);
    this.#first.forget(id);
    this.#old.forget(id);
  }

  async #ask<T>(id: string, ask: (store: ObjectStore) => Promise<T>): Promise<T> {
    const isInOld = this.#inOld.has(id);
    const [one, other] = isInOld ? [this.#old, this.#first] : [this.#first, this.#old];
    try {
      return await ask(one);
    } catch (error) {
      // One that is away may have its objects in the other as well.
      if (error instanceof ObjectUnreadable && !isMissing(error)) throw error;
      const answer = await ask(other).catch((second: unknown) => {
        throw isMissing(second) ? error : second;
      });
      if (isInOld) this.#inOld.delete(id);
      else if (isMissing(error)) this.#inOld.set(id, true);
      return answer;
    }
  }
}

async function* singly(pages: AsyncIterable<string[]>): AsyncGenerator<string> {
  for await (const page of pages) yield* page;
}

/** Both, each id once, in the order of ids. */
async function* inOrder(one: AsyncGenerator<string>, other: AsyncGenerator<string>): AsyncGenerator<string> {
  let [a, b] = await Promise.all([one.next(), other.next()]);
  while (a.done !== true || b.done !== true) {
    const least = a.done === true || (b.done !== true && b.value < a.value) ? b.value : a.value;
    yield least;
    if (a.done !== true && a.value === least) a = await one.next();
    if (b.done !== true && b.value === least) b = await other.next();
  }
}
