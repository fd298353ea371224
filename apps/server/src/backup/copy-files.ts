import { type FileHandle, link, mkdir, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { PIECE_BYTES, type Pieces, sha256 } from '../platform/backup/index.ts';
import type { KeptFile } from './manifest.ts';

/** Pages that changed are few: short pieces of the database's files are found again by the next whole copy. */
export const PAGES = { pieceBytes: 2 ** 20, deflates: true } as const;
export const PLAIN = { pieceBytes: PIECE_BYTES, deflates: false } as const;

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

async function openFile(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function fill(handle: FileHandle, bytes: Buffer, from: number): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** Copies a file as it is now; undefined for one that is not there (any more). Gives what was new of it as well. */
export async function copyFile(
  pieces: Pieces,
  {
    file,
    name,
    pieceBytes,
    deflates,
  }: { readonly file: string; readonly name: string; readonly pieceBytes: number; readonly deflates: boolean },
): Promise<(KeptFile & { readonly copied: number }) | undefined> {
  const handle = await openFile(file);
  if (handle === undefined) return undefined;
  try {
    const { mode, size } = await handle.stat();
    const hashes: string[] = [];
    let at = 0;
    let copied = 0;
    for (;;) {
      // A file that grows meanwhile is read on.
      const bytes = Buffer.allocUnsafe(Math.min(pieceBytes, Math.max(size - at, 4096)));
      const read = await fill(handle, bytes, at);
      if (read === 0) break;
      const piece = bytes.subarray(0, read);
      const hash = sha256(piece);
      copied += (await pieces.add(piece, { hash, deflates })).copied;
      hashes.push(hash.toString('base64'));
      at += read;
    }
    return { path: name, mode: mode & 0o777, sizeBytes: at, pieces: hashes, copied };
  } finally {
    await handle.close();
  }
}

/** Of the running server, of the database, of the store, and what a backup itself holds, and exports that wait for a download: none of it is copied as files. */
const ELSEWHERE = new Set(['postgres', 'objects', 'cache', 'tmp', 'backup', 'exports']);
/** What is read before the point: the anchors of the audit must not be younger than the chain. */
export const BEFORE_POINT = ['audit'];
/** Files there go as soon as they have been worked on. */
export const HELD = ['spool', 'predict'];

async function walk(folder: string, name: string): Promise<string[]> {
  const entries = await readdir(path.join(folder, name), { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found: string[] = [];
  for (const entry of entries) {
    const inside = name === '' ? entry.name : `${name}/${entry.name}`;
    if (name === '' && (ELSEWHERE.has(entry.name) || entry.name.startsWith('.'))) continue;
    if (entry.isDirectory()) found.push(...(await walk(folder, inside)));
    else if (entry.isFile()) found.push(inside);
  }
  return found;
}

const topOf = (name: string): string => name.split('/')[0] ?? '';

/** Copies what of DATA_DIR is needed to run again: secrets, models, anchors, whatever a later version adds. */
export async function copyFolders(pieces: Pieces, dataDir: string, isWanted: (top: string) => boolean): Promise<KeptFile[]> {
  const kept: KeptFile[] = [];
  for (const name of await walk(dataDir, '')) {
    if (!isWanted(topOf(name))) continue;
    const copy = await copyFile(pieces, { file: path.join(dataDir, name), name, ...PLAIN });
    if (copy !== undefined) kept.push(copy);
  }
  return kept;
}

/** Second names for files that may be removed at any moment: they are copied from there. */
export class HeldFiles {
  readonly #dataDir: string;
  readonly #folder: string;

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
    this.#folder = path.join(dataDir, 'backup', 'held');
  }

  async hold(): Promise<void> {
    await this.release();
    for (const top of HELD)
      for (const name of await walk(this.#dataDir, top)) {
        const second = path.join(this.#folder, name);
        await mkdir(path.dirname(second), { recursive: true, mode: 0o700 });
        await link(path.join(this.#dataDir, name), second).catch((error: unknown) => {
          if (!isMissing(error)) throw error;
        });
      }
  }

  copy(pieces: Pieces): Promise<KeptFile[]> {
    return copyFolders(pieces, this.#folder, () => true);
  }

  release(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }
}
