import path from 'node:path';
import type { ObjectSource } from '../store/port.ts';
import type { FsPort } from './fs-port.ts';

const CHUNK_BYTES = 1024 * 1024;

/**
 * Writes a whole object anew over what is left of it: a file of its own is durable first, then it takes the name, then the name is durable. A crash
 * in between leaves what was there, or the whole.
 */
export async function restoreObject(
  fs: FsPort,
  { temporaryPath, finalPath }: { temporaryPath: string; finalPath: string },
  source: ObjectSource,
): Promise<void> {
  const handle = await fs.open(temporaryPath, 'wx', 0o600);
  try {
    for (let at = 0; at < source.sizeBytes; ) {
      const bytes = await source.read(at, Math.min(CHUNK_BYTES, source.sizeBytes - at));
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
        done += bytesWritten;
      }
      at += bytes.length;
    }
    await handle.sync();
  } catch (error) {
    await fs.unlink(temporaryPath).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
  await fs.rename(temporaryPath, finalPath);
  const folder = await fs.open(path.dirname(finalPath), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
