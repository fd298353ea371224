import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { BrokenInvariant } from '../../../kernel/broken-invariant.ts';
import { storageFailure } from '../../../kernel/full-disk.ts';
import type { ScratchBytes, ScratchReader } from '../scratch/index.ts';
import { fill } from './fs-port.ts';

/** Chunks of a body are some dozens of KiB: written one by one, each would cost a trip to another thread. */
const WRITE_BYTES = 1024 * 1024;

export const told = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw storageFailure(error);
  }
};

export class ScratchFile implements ScratchBytes {
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

export async function openReader(file: string): Promise<ScratchReader> {
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
