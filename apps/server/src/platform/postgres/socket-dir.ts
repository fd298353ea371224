import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { StartError } from '../../kernel/start-error.ts';
import type { RunAs } from './run-as.ts';

/** PostgreSQL names its socket after a port even when it listens on none. */
export const socketPort = 5432;

/** sockaddr_un holds 108 bytes on Linux (104 on macOS), the closing zero included. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

const socketName = `.s.PGSQL.${socketPort}`;

/**
 * Makes the private folder (mode 0700) of the server's socket: under DATA_DIR when the path is short enough, else in the
 * temporary folder. What a killed server left in it is removed, so call it only when no server runs.
 */
export function prepareSocketDir(postgresDir: string, runAs: RunAs): string {
  const folder = chooseSocketDir(postgresDir);
  const owner = runAs.kind === 'account' ? runAs.uid : (process.getuid?.() ?? 0);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stats = lstatSync(folder);
  // In a shared temporary folder somebody else may have taken the name: never trust what is not ours.
  if (!stats.isDirectory() || (stats.uid !== owner && stats.uid !== process.getuid?.())) {
    throw new StartError('POSTGRES_SOCKET_DIR', `${folder} belongs to somebody else: remove it, or use a shorter DATA_DIR`);
  }
  if (stats.uid !== owner && runAs.kind === 'account') chownSync(folder, runAs.uid, runAs.gid);
  chmodSync(folder, 0o700);
  rmSync(path.join(folder, socketName), { force: true });
  rmSync(path.join(folder, `${socketName}.lock`), { force: true });
  return folder;
}

export function chooseSocketDir(postgresDir: string): string {
  const own = path.join(postgresDir, 'run');
  if (fits(own)) return own;
  const name = `negatoscope-${createHash('sha256').update(postgresDir).digest('hex').slice(0, 16)}`;
  const temporary = path.join(os.tmpdir(), name);
  return fits(temporary) ? temporary : path.join('/tmp', name);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, socketName)) <= longestSocketPath;
}
