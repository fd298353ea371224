import type { Readable } from 'node:stream';
import { Failure } from '../../../kernel/failure.ts';
import type { StagedObject } from '../staging/index.ts';
import { type ByteRange, type Listing, type ObjectSource, type ObjectStore, ObjectUnreadable, type Waiting } from './port.ts';

/** Who counts what is done with objects. */
export interface StoreWatch {
  stored(done: { readonly operation: string; readonly outcome: string; readonly ms: number; readonly bytes: number }): void;
  waitingObjects(counts: () => { readonly objects: number; readonly isHealthy: boolean }): void;
}

const outcomeOf = (error: unknown): string => {
  if (error instanceof ObjectUnreadable) return error.reason;
  return error instanceof Failure ? error.code : 'ERROR';
};

/** A store of which every operation is told, how long it took and how it ended. */
export class MeasuredStore implements ObjectStore {
  readonly #store: ObjectStore;
  readonly #watch: StoreWatch;

  constructor(store: ObjectStore, watch: StoreWatch) {
    this.#store = store;
    this.#watch = watch;
    watch.waitingObjects(() => ({ objects: store.waiting.objects, isHealthy: store.healthy }));
  }

  get healthy(): boolean {
    return this.#store.healthy;
  }

  get waiting(): Waiting {
    return this.#store.waiting;
  }

  put(objects: readonly StagedObject[]): Promise<void> {
    const bytes = objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    return this.#told('put', bytes, this.#store.put(objects));
  }

  restore(id: string, source: ObjectSource): Promise<void> {
    return this.#told('restore', source.sizeBytes, this.#store.restore(id, source));
  }

  read(id: string, offset: number, length: number): Promise<Buffer> {
    return this.#told('read', length, this.#store.read(id, offset, length));
  }

  readInto(id: string, offset: number, target: Buffer): Promise<void> {
    return this.#told('read', target.length, this.#store.readInto(id, offset, target));
  }

  size(id: string): Promise<number> {
    return this.#told('size', 0, this.#store.size(id));
  }

  stream(id: string, range?: ByteRange): Readable {
    return this.#store.stream(id, range);
  }

  delete(ids: readonly string[]): Promise<void> {
    return this.#told('delete', 0, this.#store.delete(ids));
  }

  list(listing?: Listing): AsyncIterable<string[]> {
    return this.#store.list(listing);
  }

  check(): Promise<void> {
    return this.#told('check', 0, this.#store.check());
  }

  isThere(): Promise<boolean> {
    return this.#store.isThere();
  }

  forget(id: string | undefined): void {
    this.#store.forget(id);
  }

  #told<T>(operation: string, bytes: number, work: Promise<T>): Promise<T> {
    const begun = performance.now();
    const tell = (outcome: string, moved: number): void =>
      this.#watch.stored({ operation, outcome, ms: performance.now() - begun, bytes: moved });
    work.then(
      () => tell('ok', bytes),
      (error: unknown) => tell(outcomeOf(error), 0),
    );
    return work;
  }
}
