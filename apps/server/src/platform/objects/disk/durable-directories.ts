import path from 'node:path';
import { type FsPort, makeDirectory } from './fs-port.ts';
import type { StorageHealth } from './storage-health.ts';

/** Directories that a power failure doesn't take away, two levels below the root. */
export class DurableDirectories {
  readonly #fs: FsPort;
  readonly #root: string;
  readonly #health: StorageHealth;
  readonly #known = new Set<string>();

  constructor(fs: FsPort, { root, health }: { root: string; health: StorageHealth }) {
    this.#fs = fs;
    this.#root = root;
    this.#health = health;
  }

  /** Whether it is one of them, as far as is known here. */
  has(directory: string): boolean {
    return this.#known.has(directory);
  }

  /** Makes one, which is durable when it returns: once its parents have been flushed. Fails as the store does. */
  async prepare(directory: string): Promise<void> {
    if (this.has(directory)) return;
    const parent = path.dirname(directory);
    try {
      await makeDirectory(this.#fs, parent);
      await makeDirectory(this.#fs, directory);
    } catch (error) {
      throw this.#health.failure(error);
    }
    await this.flush(this.#root);
    await this.flush(parent);
    if (this.#known.size > 1000) this.#known.clear();
    this.#known.add(directory);
  }

  /** Makes the names in it durable. Only a flush that failed spoils the store's health, not a directory that could not be opened. */
  async flush(directory: string): Promise<void> {
    const handle = await this.#fs.open(directory, 'r').catch((error: unknown) => {
      throw this.#health.failure(error);
    });
    try {
      await handle.sync();
    } catch (error) {
      throw this.#health.flushFailed(error);
    } finally {
      await handle.close().catch(() => undefined);
    }
  }
}
