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

export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
