import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { storageFailure } from '../../../kernel/full-disk.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Scratch, ScratchBytes, ScratchReader } from '../scratch/index.ts';
import { isAbandoned } from './abandoned.ts';
import { errorCode, fill, nodeFs } from './fs-port.ts';

/** Chunks of a body are some dozens of KiB: written one by one, each would cost a trip to another thread. */
const WRITE_BYTES = 1024 * 1024;
const SUFFIX = '.spool';
const OWNER = `${process.pid}.${randomBytes(4).toString('hex')}`;

const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw storageFailure(error);
  }
};

export interface DiskScratchPlace {
  /** DATA_DIR/tmp. */
  readonly temporary: string;
  /** DATA_DIR/spool, on the same file system: what is kept. */
  readonly kept: string;
}

/** Scratch as files of two folders. */
export class DiskScratch implements Scratch {
  readonly #place: DiskScratchPlace;

  constructor(place: DiskScratchPlace) {
    this.#place = place;
  }

  create(): Promise<ScratchBytes> {
    return told(async () => {
      const { temporary } = this.#place;
      await mkdir(temporary, { recursive: true, mode: 0o700 });
      const id = newId();
      const file = path.join(temporary, `${OWNER}.${id}${SUFFIX}`);
      return new ScratchFile(id, file, await open(file, 'wx+', 0o600));
    });
  }

  async keep(bytes: readonly ScratchBytes[]): Promise<void> {
    const files = bytes.map((one) => {
      if (!(one instanceof ScratchFile)) throw new TypeError('The bytes are not of this scratch.');
      return one;
    });
    const { kept } = this.#place;
    try {
      await mkdir(kept, { recursive: true, mode: 0o700 });
      await flushFolder(path.dirname(kept));
      for (const file of files) await file.keepAs(this.#pathOf(file.id));
      await flushFolder(kept);
    } catch (error) {
      await this.remove(files.map(({ id }) => id));
      throw storageFailure(error);
    }
  }

  kept(id: string): Promise<ScratchReader | undefined> {
    return told(async () => {
      try {
        return await openReader(this.#pathOf(id));
      } catch (error) {
        if (errorCode(error) === 'ENOENT') return undefined;
        throw error;
      }
    });
  }

  async remove(ids: readonly string[]): Promise<void> {
    await Promise.all(ids.map((id) => rm(this.#pathOf(id), { force: true }).catch(() => undefined)));
  }

  async list(before: Date): Promise<string[]> {
    const { kept } = this.#place;
    const old: string[] = [];
    for (const name of await readdir(kept).catch(() => [])) {
      const found = await stat(path.join(kept, name)).catch(() => undefined);
      if (found !== undefined && found.ctime < before) old.push(name);
    }
    return old;
  }

  async clean(): Promise<number> {
    const { temporary } = this.#place;
    const names = (await readdir(temporary).catch(() => [])).filter((name) => name.endsWith(SUFFIX));
    let removed = 0;
    for (const name of names) {
      const file = path.join(temporary, name);
      if (!(await isAbandoned(nodeFs, { name, file, owner: OWNER }))) continue;
      await rm(file, { force: true });
      removed += 1;
    }
    return removed;
  }

  #pathOf(id: string): string {
    return path.join(this.#place.kept, path.basename(id));
  }
}

class ScratchFile implements ScratchBytes {
  readonly id: string;
  readonly #file: string;
  #handle: FileHandle | undefined;
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #sizeBytes = 0;

  constructor(id: string, file: string, handle: FileHandle) {
    this.id = id;
    this.#file = file;
    this.#handle = handle;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#gathered.push(chunk);
    this.#gatheredBytes += chunk.byteLength;
    this.#sizeBytes += chunk.byteLength;
    if (this.#gatheredBytes >= WRITE_BYTES) await told(() => this.#writeGathered());
  }

  read(offset: number, length: number): Promise<Buffer> {
    return told(async () => {
      await this.#writeGathered();
      if (this.#handle === undefined) throw new BrokenInvariant('The temporary bytes are gone.');
      const available = Math.max(0, Math.min(length, this.#sizeBytes - offset));
      return fill(this.#handle, offset, Buffer.allocUnsafe(available));
    });
  }

  open(): Promise<ScratchReader> {
    return told(async () => {
      await this.#finish();
      return openReader(this.#file);
    });
  }

  async remove(): Promise<void> {
    this.#gathered = [];
    await this.#close().catch(() => undefined);
    await rm(this.#file, { force: true }).catch(() => undefined);
  }

  /** Flushes the file and gives it its name; the folder is flushed by the caller. */
  async keepAs(name: string): Promise<void> {
    await this.#finish();
    const handle = await open(this.#file, 'r+');
    try {
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(this.#file, name);
  }

  /** It is read by others from now on: none of its files stays open meanwhile. */
  async #finish(): Promise<void> {
    await this.#writeGathered();
    await this.#close();
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async #writeGathered(): Promise<void> {
    const chunks = this.#gathered;
    if (chunks.length === 0) return;
    this.#gathered = [];
    this.#gatheredBytes = 0;
    const handle = this.#handle;
    if (handle === undefined) throw new BrokenInvariant('The temporary bytes are finished.');
    const bytes = Buffer.concat(chunks);
    for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
  }
}

async function openReader(file: string): Promise<ScratchReader> {
  const handle = await open(file, 'r');
  try {
    const { size: sizeBytes } = await handle.stat();
    return {
      sizeBytes,
      read: (target, offset) => told(async () => (await handle.read(target, 0, target.length, offset)).bytesRead),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Makes the names of a folder's files durable. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
