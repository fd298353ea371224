import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { isFull } from '../kernel/full-disk.ts';
import { StartError } from '../kernel/start-error.ts';
import type { Settings } from './settings.ts';

/** Stands in a DATA_DIR that is being restored: what is there is not whole. */
export const RESTORE_MARK = '.restore-unfinished';

/** Fails with RESTORE_UNFINISHED on what a restore that was cut off left. */
function requireWhole(dataDir: string): void {
  if (existsSync(path.join(dataDir, RESTORE_MARK)))
    throw new StartError(
      'RESTORE_UNFINISHED',
      `DATA_DIR ${dataDir} is from a restore that did not end: run "npm run restore" again, or set another DATA_DIR`,
    );
}

/** Makes DATA_DIR and writes a file into it. Fails with RESTORE_UNFINISHED or DATA_DIR_UNWRITABLE; a full disk is no reason, for what is stored can be read. */
export function prepareDataDir(dataDir: string): void {
  requireWhole(dataDir);
  try {
    makeFolder(dataDir);
    tryWriting(path.join(dataDir, `.trial-${randomBytes(6).toString('hex')}`));
  } catch (cause) {
    throw new StartError(
      'DATA_DIR_UNWRITABLE',
      `DATA_DIR ${dataDir} can't be written (${codeOf(cause)}): give this user the right to, or set another DATA_DIR`,
      cause,
    );
  }
}

function tryWriting(file: string): void {
  try {
    writeFileSync(file, 'x');
  } catch (error) {
    if (!isFull(error)) throw error;
  } finally {
    rmSync(file, { force: true });
  }
}

/** One level at a time: mkdirSync's own recursion never ends where a parent exists but takes no children, as under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** Fails with PORT_IN_USE, PORT_FORBIDDEN or HOST_UNKNOWN when nobody could listen there. */
export async function checkPort(settings: Pick<Settings, 'host' | 'port'>): Promise<void> {
  const { host, port } = settings;
  const code = await tryListen(host, port);
  if (code === undefined) return;
  if (code === 'EADDRINUSE')
    throw new StartError(
      'PORT_IN_USE',
      `PORT ${port} on ${host} is in use by another program: stop that one, or set another PORT`,
    );
  if (code === 'EACCES')
    throw new StartError('PORT_FORBIDDEN', `PORT ${port} is not allowed to this user: set a PORT above 1023`);
  throw new StartError(
    'HOST_UNKNOWN',
    `HOST ${host} is no address of this machine (${code}): set HOST to 127.0.0.1, 0.0.0.0 or one of its addresses`,
  );
}

/** The error code of listening there, or undefined when it works. */
export function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(codeOf(error)));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
