import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../kernel/failure.ts';
import { isFull } from '../../kernel/full-disk.ts';
import { isRunning } from '../../kernel/running.ts';
import { Rejection } from './rejection.ts';

export interface Spooled {
  readonly path: string;
  readonly sizeBytes: number;
  remove(): Promise<void>;
}

/** Chunks of a body are some dozens of KiB: written one by one, each would cost a trip to another thread. */
const WRITE_BYTES = 1024 * 1024;

const OWNER = `${process.pid}.${randomBytes(4).toString('hex')}`;

/** Writes a stream to a temporary file, no further than `maxBytes`. Fails with UPLOAD_TOO_LARGE, UPLOAD_INTERRUPTED or STORAGE_FULL. */
export async function spool(folder: string, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Spooled> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${OWNER}.${randomBytes(8).toString('hex')}.spool`);
  const remove = (): Promise<void> => rm(file, { force: true });
  const handle = await open(file, 'wx', 0o600);
  let sizeBytes = 0;
  let gathered: Uint8Array[] = [];
  let gatheredBytes = 0;
  const write = async (): Promise<void> => {
    const chunks = gathered;
    gathered = [];
    gatheredBytes = 0;
    // What follows a file that is too large is read and dropped.
    if (sizeBytes <= maxBytes && chunks.length > 0) await writeFully(handle, Buffer.concat(chunks));
  };
  try {
    const chunks = stream[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch(() => {
        throw new Rejection('UPLOAD_INTERRUPTED');
      });
      if (next.done) break;
      sizeBytes += next.value.byteLength;
      gathered.push(next.value);
      gatheredBytes += next.value.byteLength;
      if (gatheredBytes >= WRITE_BYTES) await write();
    }
    await write();
    if (sizeBytes > maxBytes) throw new Rejection('UPLOAD_TOO_LARGE');
    return { path: file, sizeBytes, remove };
  } catch (error) {
    await remove();
    throw isFull(error) ? spoolFailure(error) : error;
  } finally {
    await handle.close();
  }
}

async function writeFully(handle: FileHandle, bytes: Buffer): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten;
}

/** What a failure of the folder's file system is to the sender. */
export const spoolFailure = (error: unknown): Failure =>
  error instanceof Failure ? error : new Failure(isFull(error) ? 'STORAGE_FULL' : 'UNAVAILABLE', { cause: error });

/** Makes a folder whose name survives a loss of power. */
export async function ensureFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await flushFolder(path.dirname(folder));
}

/** Makes the names of a folder's files durable. */
export async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Removes spooled files of processes that are gone; called at start. */
export async function cleanSpool(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(() => [])).filter(
    (name) => name.endsWith('.spool') && !name.startsWith(`${OWNER}.`),
  );
  const abandoned = names.filter((name) => !isAlive(Number(name.split('.')[0])));
  await Promise.all(abandoned.map((name) => rm(path.join(folder, name), { force: true })));
  return abandoned.length;
}

const isAlive = (pid: number): boolean => pid !== process.pid && Number.isSafeInteger(pid) && pid > 0 && isRunning(pid);
