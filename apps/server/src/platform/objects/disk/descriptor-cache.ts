import type { FsPort, ReadAccess } from './fs-port.ts';

interface Entry {
  readonly file: Promise<ReadAccess>;
  users: number;
  evicted: boolean;
}

/** Open files of objects that are read again and again (frames of a series): the least recently used one is closed first. */
export class DescriptorCache {
  readonly #fs: FsPort;
  readonly #capacity: number;
  readonly #entries = new Map<string, Entry>();

  constructor(fs: FsPort, capacity: number) {
    this.#fs = fs;
    this.#capacity = capacity;
  }

  /** Runs `work` with the open file, which stays open for its duration even when it is evicted meanwhile. */
  async use<T>(path: string, work: (file: ReadAccess) => Promise<T>): Promise<T> {
    const entry = this.#take(path);
    entry.users += 1;
    try {
      return await work(await entry.file);
    } catch (error) {
      this.forget(path);
      throw error;
    } finally {
      entry.users -= 1;
      if (entry.evicted && entry.users === 0) close(entry);
    }
  }

  forget(path: string): void {
    const entry = this.#entries.get(path);
    if (entry === undefined) return;
    this.#entries.delete(path);
    entry.evicted = true;
    if (entry.users === 0) close(entry);
  }

  clear(): void {
    for (const path of [...this.#entries.keys()]) this.forget(path);
  }

  #take(path: string): Entry {
    let entry = this.#entries.get(path);
    if (entry === undefined) entry = { file: this.#fs.openToRead(path), users: 0, evicted: false };
    else this.#entries.delete(path);
    this.#entries.set(path, entry);
    const oldest = this.#entries.size > this.#capacity ? this.#entries.keys().next().value : undefined;
    if (oldest !== undefined && oldest !== path) this.forget(oldest);
    return entry;
  }
}

function close(entry: Entry): void {
  entry.file.then((file) => file.close()).catch(() => undefined);
}
