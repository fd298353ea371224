import { existsSync } from 'node:fs';
import path from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import { ObjectUnreadable, type Waiting } from '../store/port.ts';
import { isAbandoned } from './abandoned.ts';
import { errorCode, fill, nodeFs } from './fs-port.ts';
import {
  abandonedJournals,
  flush,
  markJournal,
  type ReplayPlace,
  readBoot,
  recordsOf,
  restoreJournal,
  retireJournal,
} from './journal-replay.ts';
import { isPassing } from './storage-health.ts';
import { foldersOf } from './store-folders.ts';

/** What waits is tried again. */
const AGAIN_MS = 5_000;

interface Place {
  readonly journal: string;
  readonly offset: number;
  readonly length: number;
}

interface ReplayListeners {
  /** An object has its own file now. */
  readonly onRestored: (id: string) => void;
  /** What waits changed. */
  readonly onWaiting: ((waiting: Waiting) => void) | undefined;
}

/**
 * Makes whole what writers that are gone had acknowledged. On a full disk it waits for room: until then the objects are read from their journals, which
 * are durable, and nothing of them is lost however often the machine stops.
 */
export class Replay {
  readonly #place: ReplayPlace & { readonly root: string };
  readonly #on: ReplayListeners;
  /** By id, what waits. */
  readonly #places = new Map<string, Place>();
  #journals: string[] = [];
  /** Whether the names of the folders are durable. */
  #isDurable = false;
  #running: Promise<void> | undefined;
  #retiring: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(place: ReplayPlace & { readonly root: string }, listeners: ReplayListeners) {
    this.#place = place;
    this.#on = listeners;
  }

  /** Whether there is anything that must find room before something new is taken. */
  get isWaiting(): boolean {
    return this.#journals.length > 0 || !this.#isDurable;
  }

  get waiting(): Waiting {
    let bytes = 0;
    for (const { length } of this.#places.values()) bytes += length;
    return { objects: this.#places.size, bytes };
  }

  /**
   * What was acknowledged before the machine stopped can be read when this returns; flushing what it need not repair goes on beside. Fails when a
   * journal can't be read, or the disk fails otherwise than for want of room.
   */
  async begin(boot: string): Promise<void> {
    this.#isDurable = await this.#attempt(() => this.#flushFolders());
    const whole: string[] = [];
    for (const { file, isIntact } of await abandonedJournals(this.#place, boot)) {
      if (isIntact || (await this.#restore(file))) whole.push(file);
      else await this.#keep(file);
    }
    const retire = async (): Promise<void> => {
      for (const file of whole) await this.#retire(file);
    };
    this.#retiring = retire()
      .catch(() => undefined)
      .then(() => this.#watch());
    this.#watch();
  }

  /** Tries again until nothing waits. */
  #watch(): void {
    if (this.isWaiting === (this.#timer !== undefined) || this.#isClosed) return;
    if (this.isWaiting) this.#timer = setInterval(() => void this.again().catch(() => undefined), AGAIN_MS).unref();
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#on.onWaiting?.(this.waiting);
  }

  /** Tries again what waits, as far as there is room. Fails as `begin` does. */
  again(): Promise<void> {
    this.#running ??= this.#again().finally(() => {
      this.#running = undefined;
      this.#watch();
    });
    return this.#running;
  }

  async #again(): Promise<void> {
    this.#isDurable ||= await this.#attempt(() => this.#flushFolders());
    for (const file of [...this.#journals]) {
      if (this.#isClosed || !(await this.#restore(file, this.#places))) return;
      this.#release(file);
      await this.#retire(file);
    }
  }

  /** Fills `target` from the journal of an object that waits; false for any other. Fails with UNAVAILABLE when it is shorter. */
  async readInto(id: string, offset: number, target: Buffer): Promise<boolean> {
    const place = this.#places.get(id);
    if (place === undefined) return false;
    if (offset + target.length > place.length) throw new ObjectUnreadable('SIZE');
    const file = await this.#place.fs.openToRead(place.journal).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return undefined;
      throw new Failure('UNAVAILABLE', { detail: 'A stored object could not be read.', cause: error });
    });
    if (file === undefined) {
      // Another process found room for it.
      this.#release(place.journal);
      return false;
    }
    try {
      const bytes = await fill(file, place.offset + offset, target);
      if (bytes.length < target.length) throw new ObjectUnreadable('SIZE');
      return true;
    } finally {
      file.close();
    }
  }

  /** Bytes of an object that waits; undefined for any other. */
  sizeOf(id: string): number | undefined {
    return this.#places.get(id)?.length;
  }

  /** An object was deleted: it is not written again. */
  forget(id: string): void {
    this.#places.delete(id);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    await this.#retiring;
    await this.#running?.catch(() => undefined);
  }

  /** False when there is no room for all of it now. */
  #restore(file: string, wanted?: ReadonlyMap<string, unknown>): Promise<boolean> {
    return this.#attempt(() => restoreJournal(this.#place, file, wanted));
  }

  async #flushFolders(): Promise<void> {
    for (const folder of [this.#place.root, path.dirname(this.#place.root)]) await flush(this.#place.fs, folder);
  }

  async #attempt(work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (!isPassing(error)) throw error;
      return false;
    }
  }

  /** Notes where each record of a journal stands. */
  async #keep(file: string): Promise<void> {
    const records = await recordsOf(this.#place.fs, file);
    this.#journals.push(file);
    for (const { id, offset, bytes } of records) this.#places.set(id, { journal: file, offset, length: bytes.length });
  }

  #release(file: string): void {
    this.#journals = this.#journals.filter((one) => one !== file);
    for (const [id, { journal }] of this.#places) {
      if (journal !== file) continue;
      this.#places.delete(id);
      this.#on.onRestored(id);
    }
  }

  /** A journal whose files can't be flushed for want of room waits too. One that can't be retired otherwise stays for the next start. */
  async #retire(file: string): Promise<void> {
    if (this.#isClosed) return;
    let name = file;
    try {
      const marked = await markJournal(this.#place.fs, file);
      if (marked === undefined) return;
      name = marked;
      await retireJournal(this.#place, name);
    } catch (error) {
      if (!isPassing(error)) return;
      await this.#keep(name);
    }
  }
}

/** Journals that the next start replays, and how many bytes they take; for a look from outside. */
export async function journalsLeft(root: string): Promise<{ count: number; bytes: number }> {
  const { journals: folder } = foldersOf(root);
  const place = {
    ...{ fs: nodeFs, folder },
    isAbandoned: (name: string, file: string) => isAbandoned(nodeFs, { name, file, owner: '' }),
  };
  const left = existsSync(folder) ? await abandonedJournals(place, await readBoot()) : [];
  const sizes = await Promise.all(left.map(async ({ file }) => (await nodeFs.stat(file)).size));
  return { count: left.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
