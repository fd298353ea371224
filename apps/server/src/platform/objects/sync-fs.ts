import fs from 'node:fs';

/** What a writer does to files, one call after the other on its own thread; a port, so that tests can fail every call. */
export interface SyncFs {
  open(path: string, flags: string | number, mode?: number): number;
  /** Gives the number of bytes written, which may be fewer. */
  write(fd: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  /** Gives the number of bytes read; 0 at the end of the file. */
  read(fd: number, target: Uint8Array, offset: number, length: number, position: number): number;
  truncate(fd: number, length: number): void;
  datasync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
}

export const nodeSyncFs: SyncFs = {
  open: fs.openSync,
  write: fs.writeSync,
  read: fs.readSync,
  truncate: fs.ftruncateSync,
  datasync: fs.fdatasyncSync,
  close: fs.closeSync,
  rename: fs.renameSync,
  unlink: fs.unlinkSync,
};

/** All of the bytes at `position`, however many calls it takes. */
export function writeAll(fs: SyncFs, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) done += fs.write(fd, bytes, done, bytes.length - done, position + done);
}
