import { closeSync, open, read, type Stats } from 'node:fs';
import fs, { type FileHandle } from 'node:fs/promises';

/** What the disk store does to an open file. */
export type FileAccess = Pick<FileHandle, 'write' | 'read' | 'stat' | 'datasync' | 'sync' | 'close'>;

/** A file that is open for reading. */
export interface ReadAccess {
  read(target: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
  /** At once, in the caller's thread: closing what was only read touches no disk. Nothing may be read at that time. */
  close(): void;
}

/** The file system as a port, so that tests can fail every call. */
export interface FsPort {
  open(path: string, flags: string, mode?: number): Promise<FileAccess>;
  openToRead(path: string): Promise<ReadAccess>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
  mkdir(path: string): Promise<void>;
  readdir(path: string): Promise<string[]>;
  stat(path: string): Promise<Stats>;
}

/** A plain descriptor: opening, reading and closing by node's file handles takes half as much processor again. */
const openToRead = (path: string): Promise<ReadAccess> =>
  new Promise((resolve, reject) => {
    open(path, 'r', (error, descriptor) => {
      if (error === null) resolve(readAccess(descriptor));
      else reject(error);
    });
  });

const readAccess = (descriptor: number): ReadAccess => ({
  read: (target, offset, length, position) =>
    new Promise((resolve, reject) => {
      read(descriptor, target, offset, length, position, (error, bytesRead) => {
        if (error === null) resolve({ bytesRead });
        else reject(error);
      });
    }),
  close: () => closeSync(descriptor),
});

export const nodeFs: FsPort = {
  open: (path, flags, mode) => fs.open(path, flags, mode),
  openToRead,
  rename: fs.rename,
  unlink: fs.unlink,
  mkdir: async (path) => void (await fs.mkdir(path, { mode: 0o700 })),
  readdir: (path) => fs.readdir(path),
  stat: (path) => fs.stat(path),
};

/** Fills the buffer; gives the part that was filled, which is shorter only at the end of the file. */
export async function fill(file: Pick<ReadAccess, 'read'>, offset: number, buffer: Buffer): Promise<Buffer> {
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

/** One that is there already is fine. */
export async function makeDirectory(fs: FsPort, directory: string): Promise<void> {
  await fs.mkdir(directory).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
  });
}
