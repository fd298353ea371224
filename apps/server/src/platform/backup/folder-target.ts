import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { flushFolder } from '../../kernel/flush-folder.ts';
import { isFull } from '../../kernel/full-disk.ts';
import { StartError } from '../../kernel/start-error.ts';
import type { BackupTarget } from './target.ts';

const DRAFT = '.draft';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'unknown reason';

function failureOf(address: string, cause: unknown): unknown {
  if (cause instanceof StartError) return cause;
  if (isFull(cause))
    return new StartError('TARGET_FULL', `no room is left in ${address}: free some, or keep fewer backups`, cause);
  const advice = 'mount it, and give this account the right to write there';
  return new StartError('TARGET_UNREACHABLE', `${address} can't be used (${codeOf(cause)}): ${advice}`, cause);
}

/** A folder of this machine, or one that is mounted. Drafts of what was cut off end in `.draft` and are never listed. */
export function folderTarget(folder: string): BackupTarget {
  const root = path.resolve(folder);
  const placeOf = (name: string): string => path.join(root, ...name.split('/'));
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw failureOf(root, error);
    }
  };
  const find = (name: string): Promise<Buffer | undefined> => guarded(() => readFile(placeOf(name)).catch(undefinedWhereMissing));
  return {
    address: root,
    put: (name, bytes) => guarded(() => write(placeOf(name), bytes, rename)),
    replace: (name, bytes) => guarded(() => write(placeOf(name), bytes, rename)),
    create: (name, bytes) =>
      guarded(async () => {
        try {
          await write(placeOf(name), bytes, link);
          return true;
        } catch (error) {
          if (codeOf(error) === 'EEXIST') return false;
          throw error;
        }
      }),
    find,
    get: async (name) => {
      const bytes = await find(name);
      if (bytes === undefined) throw new StartError('BACKUP_INCOMPLETE', `${name} is missing in ${root}: take another backup`);
      return bytes;
    },
    list: (name) => guarded(() => listFolder(placeOf(name), name)),
    remove: (name) => guarded(() => rm(placeOf(name), { force: true })),
    close: () => undefined,
  };
}

function undefinedWhereMissing(error: unknown): undefined {
  if (codeOf(error) === 'ENOENT') return undefined;
  throw error;
}

/** Draft, flush, name, flush of the folder. `name` is what gives the draft its name: a rename, or a link, which overwrites nothing. */
async function write(file: string, bytes: Buffer, name: (from: string, to: string) => Promise<void>): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomBytes(6).toString('hex')}${DRAFT}`;
  try {
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await name(draft, file);
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
  await flushFolder(folder);
}

async function listFolder(place: string, folder: string): Promise<{ name: string; sizeBytes: number }[]> {
  const names = (await readdir(place, { recursive: true }).catch((error: unknown) => undefinedWhereMissing(error) ?? []))
    .filter((name) => !name.endsWith(DRAFT))
    .sort();
  const files: { name: string; sizeBytes: number }[] = [];
  for (const name of names) {
    const stats = await stat(path.join(place, name)).catch(undefinedWhereMissing);
    if (stats?.isFile() === true) files.push({ name: `${folder}/${name.replaceAll(path.sep, '/')}`, sizeBytes: stats.size });
  }
  return files;
}
