import { Failure } from '../../kernel/failure.ts';
import type { FileAccess, FsPort } from './fs-port.ts';
import type { StorageHealth } from './storage-health.ts';
import type { ObjectDraft } from './types.ts';

/** Up to here a draft stays in memory and reaches the disk by one write. */
const IN_MEMORY_BYTES = 256 * 1024;

export interface DraftPlace {
  readonly fs: FsPort;
  readonly health: StorageHealth;
  /** Where the temporary file goes. */
  readonly temporaryPath: string;
}

/** A file under a temporary name; see ObjectDraft. */
export class DiskDraft implements ObjectDraft {
  readonly id: string;
  readonly #place: DraftPlace;
  #chunks: Uint8Array[] = [];
  #file: FileAccess | undefined;
  #sizeBytes = 0;
  /** Whether the temporary file exists, or may. */
  #isOnDisk = false;
  #state: 'open' | 'published' | 'discarded' = 'open';

  constructor(id: string, place: DraftPlace) {
    this.id = id;
    this.#place = place;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get isPublished(): boolean {
    return this.#state === 'published';
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#requireOpen();
    if (this.#file === undefined) {
      // A copy: who gave the chunk may use its memory again.
      this.#chunks.push(Uint8Array.prototype.slice.call(chunk));
      this.#sizeBytes += chunk.byteLength;
      if (this.#sizeBytes > IN_MEMORY_BYTES) await this.#guard(() => this.#spill());
      return;
    }
    const file = this.#file;
    await this.#guard(() => writeFully(file, chunk, this.#sizeBytes));
    this.#sizeBytes += chunk.byteLength;
  }

  async read(offset: number, length: number): Promise<Buffer> {
    this.#requireOpen();
    const wanted = Math.max(0, Math.min(length, this.#sizeBytes - offset));
    if (this.#file === undefined) return this.#joined().subarray(offset, offset + wanted);
    const file = this.#file;
    return this.#guard(() => readFully(file, offset, wanted));
  }

  async discard(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'discarded';
    this.#chunks = [];
    if (!this.#isOnDisk) return;
    const file = this.#file;
    this.#file = undefined;
    await file?.close().catch(() => undefined);
    // What stays is found by cleanTemporary at the next start.
    await this.#place.fs.unlink(this.#place.temporaryPath).catch(() => undefined);
  }

  /** Flushes the bytes and gives the file its final name; the directory is flushed by the store, once for all drafts. */
  async settle(finalPath: string): Promise<void> {
    this.#requireOpen();
    const { fs, health, temporaryPath } = this.#place;
    await this.#guard(async () => {
      if (this.#file === undefined) await this.#spill();
    });
    const file = this.#file;
    if (file === undefined) throw new Failure('UNAVAILABLE');
    try {
      await file.datasync();
    } catch (error) {
      throw health.flushFailed(error);
    }
    await this.#guard(async () => {
      this.#file = undefined;
      await file.close();
      await fs.rename(temporaryPath, finalPath);
    });
    this.#state = 'published';
  }

  #requireOpen(): void {
    if (this.#state !== 'open') throw new Error(`The draft is ${this.#state}.`);
    this.#place.health.requireHealthy();
  }

  #joined(): Buffer {
    const [first, ...others] = this.#chunks;
    if (first === undefined) return Buffer.alloc(0);
    const joined =
      others.length === 0 ? Buffer.from(first.buffer, first.byteOffset, first.byteLength) : Buffer.concat(this.#chunks);
    this.#chunks = [joined];
    return joined;
  }

  async #spill(): Promise<void> {
    const bytes = this.#joined();
    this.#isOnDisk = true;
    const file = await this.#place.fs.open(this.#place.temporaryPath, 'wx+', 0o600);
    this.#file = file;
    await writeFully(file, bytes, 0);
    this.#chunks = [];
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#place.health.failure(error);
    }
  }
}

async function writeFully(file: FileAccess, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done, position + done);
    done += bytesWritten;
  }
}

/** Up to `length` bytes; fewer only at the end of the file. */
export const readFully = (file: FileAccess, offset: number, length: number): Promise<Buffer> =>
  fill(file, offset, Buffer.allocUnsafe(length));

/** Fills the buffer; gives the part that was filled, which is shorter only at the end of the file. */
export async function fill(file: FileAccess, offset: number, buffer: Buffer): Promise<Buffer> {
  const { length } = buffer;
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return buffer.subarray(0, done);
}
