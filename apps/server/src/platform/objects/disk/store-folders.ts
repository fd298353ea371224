import path from 'node:path';
import { Failure } from '../../../kernel/failure.ts';
import { ID } from '../../../kernel/ids.ts';
import type { Listing } from '../store/port.ts';
import { type FsPort, makeDirectory } from './fs-port.ts';

const SENTINEL = '.negatoscope-objects';
const HEX4 = /^[0-9a-f]{4}$/;

export const directoryOf = (root: string, id: string): string => path.join(root, id.slice(0, 4), id.slice(4, 8));

/** The file of an object. Anything but a UUID is no name. */
export function objectPath(root: string, id: string): string {
  if (!ID.test(id)) throw new TypeError('An object is named by a UUID.');
  return path.join(directoryOf(root, id), id);
}

/** Folders of a store beside those of its objects. */
export const foldersOf = (root: string): { temporary: string; journals: string } => ({
  temporary: path.join(root, 'tmp'),
  journals: path.join(root, 'journal'),
});

/** Makes what is missing. Fails when the folder holds something but not the mark of a store: a disk that is not mounted must not be written over. */
export async function makeFolders(fs: FsPort, root: string): Promise<void> {
  await makeDirectory(fs, root);
  const names = await fs.readdir(root);
  if (!names.includes(SENTINEL)) {
    if (names.length > 0) throw new Failure('UNAVAILABLE', { detail: `The folder of objects lacks its mark ${SENTINEL}.` });
    // Not 'wx': another process may be opening the same empty store.
    await (await fs.open(markOf(root), 'a', 0o600)).close();
  }
  const { temporary, journals } = foldersOf(root);
  await makeDirectory(fs, temporary);
  await makeDirectory(fs, journals);
}

/** What stands in the folder of a store. */
export const markOf = (root: string): string => path.join(root, SENTINEL);

/** Of a folder that is not the store, but an empty place where a disk should be. */
export const withoutMark = (cause: unknown): Failure =>
  new Failure('UNAVAILABLE', { detail: 'The folder of objects is not there.', cause });

/** Fails with UNAVAILABLE when the folder lacks its mark. */
export async function requireMark(fs: FsPort, root: string): Promise<void> {
  await fs.stat(markOf(root)).catch((error: unknown) => {
    throw withoutMark(error);
  });
}

const names = async (fs: FsPort, folder: string, pattern: RegExp): Promise<string[]> =>
  (await fs.readdir(folder)).filter((name) => pattern.test(name)).sort();

/** See ObjectStore. Folders that can hold nothing of what is wanted are not opened. */
export async function* listObjects(
  fs: FsPort,
  root: string,
  { before, prefix = '', after = '' }: Listing,
): AsyncGenerator<string[]> {
  const mayHold = (start: string): boolean =>
    start >= after.slice(0, start.length) && start.startsWith(prefix.slice(0, start.length));
  for (const first of await names(fs, root, HEX4)) {
    if (!mayHold(first)) continue;
    for (const second of await names(fs, path.join(root, first), HEX4)) {
      if (!mayHold(first + second)) continue;
      const folder = path.join(root, first, second);
      const found: string[] = [];
      for (const name of await names(fs, folder, ID))
        if (name > after && name.startsWith(prefix) && (await isOld(fs, path.join(folder, name), before))) found.push(name);
      if (found.length > 0) yield found;
    }
  }
}

async function isOld(fs: FsPort, file: string, before: Date | undefined): Promise<boolean> {
  if (before === undefined) return true;
  const stat = await fs.stat(file).catch(() => undefined);
  // The change time is that of the rename: an upload may have begun hours before it was published.
  return stat !== undefined && stat.ctime < before;
}
