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
  /** Of a directory: the names in it. */
  sync(fd: number): void;
  close(fd: number): void;
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Fails where there is nothing. */
  stat(path: string): unknown;
}

export const nodeSyncFs: SyncFs = {
  open: fs.openSync,
  write: fs.writeSync,
  read: fs.readSync,
  truncate: fs.ftruncateSync,
  datasync: fs.fdatasyncSync,
  sync: fs.fsyncSync,
  close: fs.closeSync,
  rename: fs.renameSync,
  unlink: fs.unlinkSync,
  stat: fs.statSync,
};

/** Up to `length` bytes at `offset`; fewer only at the end of the file. */
export function readRange(fs: SyncFs, fd: number, offset: number, length: number): Uint8Array {
  const target = new Uint8Array(length);
  let done = 0;
  while (done < length) {
    const count = fs.read(fd, target, done, length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return target.subarray(0, done);
}

const READ_BYTES = 1024 * 1024;

/** A whole file. */
export function readAll(fs: SyncFs, file: string): Buffer {
  const fd = fs.open(file, 'r');
  try {
    const pieces: Uint8Array[] = [];
    for (let at = 0; ; at += READ_BYTES) {
      const piece = readRange(fs, fd, at, READ_BYTES);
      pieces.push(piece);
      if (piece.length < READ_BYTES) return Buffer.concat(pieces);
    }
  } finally {
    fs.close(fd);
  }
}

/** All of the bytes at `position`, however many calls it takes. */
export function writeAll(fs: SyncFs, fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const count = fs.write(fd, bytes, done, bytes.length - done, position + done);
    // Some file systems say so that they are full; asking again would never end.
    if (count <= 0) throw Object.assign(new Error('Nothing was written.'), { code: 'ENOSPC' });
    done += count;
  }
}
