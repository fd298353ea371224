import { LRUCache } from 'lru-cache';

/** About what a key and its place take in memory. */
const ABOUT_A_KEY = 300;

/** Values that are made once while they are in demand: what is being made is waited for, what was made is kept up to `maxBytes`. */
export class MadeOnce<V> {
  readonly #kept: LRUCache<string, { readonly value: V }>;
  readonly #making = new Map<string, Promise<V>>();
  readonly #bytesOf: (value: V) => number;

  constructor(maxBytes: number, bytesOf: (value: V) => number) {
    this.#kept = new LRUCache({ maxSize: maxBytes });
    this.#bytesOf = bytesOf;
  }

  /** Fails as `make` does; then nothing is kept, and who asks next has it made again. */
  async get(key: string, make: () => Promise<V>): Promise<V> {
    const known = this.#kept.get(key);
    if (known !== undefined) return known.value;
    const pending = this.#making.get(key) ?? make().finally(() => this.#making.delete(key));
    this.#making.set(key, pending);
    const value = await pending;
    this.#kept.set(key, { value }, { size: this.#bytesOf(value) + ABOUT_A_KEY });
    return value;
  }
}
