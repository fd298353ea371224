import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { takeMark } from '../config/held-mark.ts';
import { RESTORE_MARK } from '../config/preflight.ts';
import { StartError } from '../kernel/start-error.ts';
import { postgresMajor } from '../platform/postgres/binaries.ts';
import { findPostmaster, stopPostmaster } from '../platform/postgres/postmaster.ts';

/** Stays when a restore begins again: each object is compared with its row before it is passed over. */
const KEPT = 'objects';
/** Of the file system itself, in a folder where one is mounted. */
const IGNORED = 'lost+found';

export interface TakenDataDir {
  /** To be removed when all is whole: no server starts while it is there. */
  readonly mark: string;
  /** A restore that was cut off was here before. */
  readonly isAgain: boolean;
}

/**
 * Marks an empty DATA_DIR as one that is being restored. What a restore left that was cut off is taken away, save its objects, and its database server is
 * stopped. Fails with DATA_DIR_NOT_EMPTY or RESTORE_RUNNING.
 */
export async function takeDataDir(dataDir: string): Promise<TakenDataDir> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const found = (await readdir(dataDir)).filter((name) => name !== IGNORED);
  const mark = path.join(dataDir, RESTORE_MARK);
  const isAgain = found.includes(RESTORE_MARK);
  if (!isAgain && found.length > 0)
    throw new StartError(
      'DATA_DIR_NOT_EMPTY',
      `DATA_DIR ${dataDir} is not empty: move what is there away, or set another DATA_DIR`,
    );
  // Who is still at it is not to be disturbed.
  await takeMark(mark, isAgain, (who) => {
    const words = `${who} is restoring to ${dataDir}: wait until it is done, or end it`;
    return new StartError('RESTORE_RUNNING', words);
  });
  if (isAgain) await clear(dataDir, found);
  return { mark, isAgain };
}

async function clear(dataDir: string, found: readonly string[]): Promise<void> {
  const server = findPostmaster(path.join(dataDir, 'postgres', postgresMajor));
  if (server !== undefined) await stopPostmaster(server.pid);
  for (const name of found)
    if (name !== RESTORE_MARK && name !== KEPT) await rm(path.join(dataDir, name), { recursive: true, force: true });
}
