import { randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { ObjectSource } from '../store/port.ts';
import { DescriptorCache } from './descriptor-cache.ts';
import { errorCode, fill, nodeFs } from './fs-port.ts';

/** Beside the objects that are looked at again at most this often is noted when they were used. */
const NOTE_EVERY_MS = 60_000;
/** What is left after there was too much. */
const LEFT = 0.9;
const LOOK_EVERY_MS = 30_000;
const CHUNK_BYTES = 1024 * 1024;

/**
 * Copies of objects on this machine's disk, which all of its processes share, up to a number of bytes: what was not used the longest goes first. Nothing here
 * is durable or needed; a file has its name only when it is whole.
 */
export class ReadCache {
  readonly #root: string;
  readonly #most: number;
  readonly #descriptors: DescriptorCache;
  readonly #notedAt = new Map<string, number>();
  #added = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #sweeping: Promise<void> = Promise.resolve();

  constructor(root: string, options: { readonly mostBytes: number; readonly openFiles: number }) {
    this.#root = root;
    this.#most = options.mostBytes;
    this.#descriptors = new DescriptorCache(nodeFs, options.openFiles);
  }

  /** The largest object that is kept. */
  get mostOfOne(): number {
    return this.#most / 8;
  }

  /** False when it is not here, or ends before: then it is asked for elsewhere. */
  async readInto(id: string, offset: number, target: Buffer): Promise<boolean> {
    const file = this.#pathOf(id);
    try {
      const bytes = await this.#descriptors.use(file, (opened) => fill(opened, offset, target));
      if (bytes.length < target.length) return false;
    } catch {
      return false;
    }
    this.#note(file);
    return true;
  }

  /** Keeps a copy, when there is room for it. Never fails: a cache without room is none. */
  async keep(id: string, source: ObjectSource, isRight: (file: AsyncIterable<Buffer>) => Promise<boolean>): Promise<boolean> {
    if (source.sizeBytes > this.mostOfOne) return false;
    const file = this.#pathOf(id);
    const draft = path.join(this.#root, `.${process.pid}.${randomBytes(6).toString('hex')}`);
    try {
      await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      const handle = await fs.open(draft, 'wx+', 0o600);
      try {
        for (let at = 0; at < source.sizeBytes; at += CHUNK_BYTES)
          await handle.write(await source.read(at, Math.min(CHUNK_BYTES, source.sizeBytes - at)), 0, null, at);
        if (!(await isRight(handle.createReadStream({ start: 0, autoClose: false })))) throw new Error('Other bytes came.');
      } finally {
        await handle.close();
      }
      await fs.rename(draft, file);
      this.#added += source.sizeBytes;
      this.#sweepWhenDue();
      return true;
    } catch {
      await fs.rm(draft, { force: true }).catch(() => undefined);
      return false;
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const file = this.#pathOf(id);
      this.#descriptors.forget(file);
      this.#notedAt.delete(file);
      await fs.rm(file, { force: true }).catch(() => undefined);
    }
  }

  /** Everything that is here, in all processes of this machine. */
  async clear(): Promise<void> {
    this.#descriptors.clear();
    this.#notedAt.clear();
    await fs.rm(this.#root, { recursive: true, force: true }).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#sweeping;
    this.#descriptors.clear();
  }

  #pathOf(id: string): string {
    // The end of an id is of chance, and spreads them.
    return path.join(this.#root, id.slice(-2), id);
  }

  /** The file system's own time of reading is mostly not kept. */
  #note(file: string): void {
    const now = Date.now();
    if (now - (this.#notedAt.get(file) ?? 0) < NOTE_EVERY_MS) return;
    this.#notedAt.set(file, now);
    if (this.#notedAt.size > 100_000) this.#notedAt.clear();
    void fs.utimes(file, now / 1000, now / 1000).catch(() => undefined);
  }

  #sweepWhenDue(): void {
    const now = performance.now();
    // Other processes add as well.
    if (this.#added < this.#most / 16 && now - this.#lookedAt < LOOK_EVERY_MS) return;
    this.#added = 0;
    this.#lookedAt = now;
    this.#sweeping = this.#sweeping.then(() => this.#sweep()).catch(() => undefined);
  }

  async #sweep(): Promise<void> {
    const files: { file: string; bytes: number; usedAt: number }[] = [];
    for (const name of await fs.readdir(this.#root)) {
      const place = path.join(this.#root, name);
      if (name.startsWith('.')) await removeOld(place);
      else for (const id of await fs.readdir(place)) files.push(...(await looked(path.join(place, id))));
    }
    let bytes = files.reduce((sum, one) => sum + one.bytes, 0);
    if (bytes <= this.#most) return;
    files.sort((one, other) => one.usedAt - other.usedAt);
    for (const one of files) {
      if (bytes <= this.#most * LEFT) return;
      this.#descriptors.forget(one.file);
      await fs.rm(one.file, { force: true });
      bytes -= one.bytes;
    }
  }
}

/** Another process may have taken it away. */
async function looked(file: string): Promise<{ file: string; bytes: number; usedAt: number }[]> {
  try {
    const { size, mtimeMs } = await fs.stat(file);
    return [{ file, bytes: size, usedAt: mtimeMs }];
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Half of a copy, of a process that is gone. */
async function removeOld(file: string): Promise<void> {
  const [half] = await looked(file);
  if (half !== undefined && Date.now() - half.usedAt > 3_600_000) await fs.rm(file, { force: true });
}
