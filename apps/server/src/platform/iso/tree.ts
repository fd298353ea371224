/** A file whose bytes lie in the image's data, which begins at sector `first`. */
export interface PlacedFile {
  readonly name: string;
  /** In sectors from the start of the data. */
  readonly first: number;
  readonly sizeBytes: number;
}

export interface Folder {
  readonly name: string;
  readonly folders: Map<string, Folder>;
  readonly files: PlacedFile[];
}

export const emptyFolder = (name = ''): Folder => ({ name, folders: new Map(), files: [] });

/** Up to eight levels of names of 8.3 capital letters, digits and underscores (ECMA-119 10.1, PS3.12 F). */
const PART = /^[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?$/;
const MOST_LEVELS = 8;

/** Puts a file into the tree. Fails with RangeError for a path that is none of level 1. */
export function putFile(root: Folder, path: string, placed: Omit<PlacedFile, 'name'>): void {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  if (parts.length >= MOST_LEVELS || ![...parts, name].every((part) => PART.test(part)))
    throw new RangeError('A medium has an unsafe name.');
  let folder = root;
  for (const part of parts) {
    const next = folder.folders.get(part) ?? emptyFolder(part);
    folder.folders.set(part, next);
    folder = next;
  }
  folder.files.push({ name, ...placed });
}

const byName = (a: { readonly name: string }, b: { readonly name: string }): number => (a.name < b.name ? -1 : 1);
export const sortedFolders = ({ folders }: Folder): Folder[] => [...folders.values()].sort(byName);
export const sortedFiles = ({ files }: Folder): PlacedFile[] => [...files].sort(byName);

/** A folder with its place in the path table: by level, then by parent, then by name (ECMA-119 6.9.1). */
export interface NumberedFolder {
  readonly folder: Folder;
  /** Counted from 1; the root is its own parent. */
  readonly parent: number;
}

export function numbered(root: Folder): NumberedFolder[] {
  const all: NumberedFolder[] = [{ folder: root, parent: 1 }];
  for (let at = 0; at < all.length; at += 1) {
    const folder = all[at]?.folder;
    if (folder !== undefined) all.push(...sortedFolders(folder).map((child) => ({ folder: child, parent: at + 1 })));
  }
  return all;
}
