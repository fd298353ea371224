import type { Stats } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';

/** What the disk store does to an open file. */
export type FileAccess = Pick<FileHandle, 'write' | 'read' | 'stat' | 'datasync' | 'sync' | 'close'>;

/** The file system as a port, so that tests can fail every call. */
export interface FsPort {
  open(path: string, flags: string, mode?: number): Promise<FileAccess>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<Stats>;
}

export const nodeFs: FsPort = {
  open: (path, flags, mode) => fs.open(path, flags, mode),
  rename: fs.rename,
  unlink: fs.unlink,
  mkdir: async (path) => void (await fs.mkdir(path, { mode: 0o700 })),
  readdir: (path) => fs.readdir(path),
  stat: (path) => fs.stat(path),
};

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

export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
