import type { ChosenFile } from './planner.ts';

/** Files that operating systems leave in folders; they are nobody's images. */
const LITTER = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
const isLitter = (name: string): boolean => LITTER.has(name) || name.startsWith('._');

const byName = (a: ChosenFile<File>, b: ChosenFile<File>): number => (a.name < b.name ? -1 : 1);
const chosen = (file: File, name: string): ChosenFile<File> => ({ name, sizeBytes: file.size, file });

/**
 * Files of an `<input type=file>`; a folder's files carry their path. A browser looks each file up on the disk when its size is first
 * asked, so this goes in slices of a few milliseconds that leave the page alive.
 */
export async function fromInput(list: Iterable<File>, onFound: (count: number) => void): Promise<ChosenFile<File>[]> {
  const files = Array.from(list);
  const found: ChosenFile<File>[] = [];
  let sliceEnd = performance.now() + 12;
  for (const file of files) {
    if (!isLitter(file.name)) found.push(chosen(file, file.webkitRelativePath || file.name));
    if (performance.now() < sliceEnd) continue;
    onFound(found.length);
    await new Promise((resolve) => setTimeout(resolve));
    sliceEnd = performance.now() + 12;
  }
  return found.sort(byName);
}

const fileOf = (entry: FileSystemFileEntry): Promise<File | undefined> =>
  new Promise((resolve) => entry.file(resolve, () => resolve(undefined)));
/** A directory is read in portions of about 100 until a portion is empty. */
async function entriesOf(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (portion.length === 0) return all;
    all.push(...portion);
  }
}
const isDirectory = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;

/**
 * All files below what was dropped, folders included, in the order of their paths. Entries must be taken from the event before the first
 * await; `onFound` hears the count as it grows.
 */
export async function fromEntries(
  roots: readonly FileSystemEntry[],
  onFound: (count: number) => void,
): Promise<ChosenFile<File>[]> {
  const found: ChosenFile<File>[] = [];
  const open = [...roots];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (isDirectory(entry)) {
      open.push(...(await entriesOf(entry)));
      continue;
    }
    if (!isFile(entry) || isLitter(entry.name)) continue;
    const file = await fileOf(entry);
    if (file === undefined) continue;
    found.push(chosen(file, entry.fullPath.replace(/^\/+/, '')));
    if (found.length % 100 === 0) onFound(found.length);
  }
  return found.sort(byName);
}

/** What a drop holds, taken at once because the browser forgets it after the event. */
export function entriesFromDrop(transfer: DataTransfer): FileSystemEntry[] {
  return Array.from(transfer.items).flatMap((item) => item.webkitGetAsEntry() ?? []);
}
