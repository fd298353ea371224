import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Entry, open, type ZipFile } from 'yauzl';
import { Failure } from '../../../kernel/failure.ts';
import { flushFolder } from '../../../kernel/flush-folder.ts';
import { storageFailure } from '../../../kernel/full-disk.ts';
import { MANIFEST, ModelRefusal } from './folder.ts';

const MAX_ZIP_BYTES = 256 * 1024 * 1024;
const MAX_FILES_BYTES = 600 * 1024 * 1024;
const MAX_ENTRIES = 200;
const SAFE_NAME = /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,80}\/){0,3}[A-Za-z0-9][A-Za-z0-9._-]{0,80}$/;

/** Writes a body into a file, flushed. Fails with TOO_LARGE. */
async function receive(body: Readable, file: string): Promise<void> {
  let size = 0;
  const counted = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of body) {
      size += (chunk as Buffer).length; // A request without an encoding gives buffers.
      if (size > MAX_ZIP_BYTES) throw new Failure('TOO_LARGE');
      yield chunk as Buffer;
    }
  };
  await pipeline(counted, createWriteStream(file, { flags: 'wx', mode: 0o600 })).catch((error: unknown) => {
    throw error instanceof Failure ? error : storageFailure(error);
  });
}

const opened = (file: string): Promise<ZipFile> =>
  new Promise((resolve, reject) =>
    open(file, { lazyEntries: true, strictFileNames: true, autoClose: false }, (error, zip) =>
      error === null ? resolve(zip) : reject(new ModelRefusal('NOT_A_ZIP')),
    ),
  );

const entriesOf = (zip: ZipFile): Promise<Entry[]> =>
  new Promise((resolve, reject) => {
    const entries: Entry[] = [];
    // What the reader refuses of a name is no word against the archive (yauzl's own texts).
    zip.on('error', ({ message }: Error) =>
      reject(new ModelRefusal(/relative path|absolute path|characters in fileName/.test(message) ? 'UNSAFE_NAME' : 'NOT_A_ZIP')),
    );
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      entries.push(entry);
      if (entries.length > MAX_ENTRIES) reject(new ModelRefusal('TOO_LARGE'));
      else zip.readEntry();
    });
    zip.readEntry();
  });

const streamOf = (zip: ZipFile, entry: Entry): Promise<Readable> =>
  new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error === null ? resolve(stream) : reject(new ModelRefusal('NOT_A_ZIP')))),
  );

/** The files among the entries with their names in the model's folder: the one folder that all of them may lie in is left out. */
function filesOf(entries: readonly Entry[]): { entry: Entry; name: string }[] {
  const files = entries.filter(({ fileName }) => !fileName.endsWith('/'));
  for (const { fileName } of files) if (!SAFE_NAME.test(fileName)) throw new ModelRefusal('UNSAFE_NAME');
  const [top] = files.map(({ fileName }) => fileName.split('/')[0] ?? '');
  const isWrapped =
    !files.some(({ fileName }) => fileName === MANIFEST) && files.every(({ fileName }) => fileName.startsWith(`${top}/`));
  const named = files.map((entry) => ({
    entry,
    name: isWrapped ? entry.fileName.slice((top ?? '').length + 1) : entry.fileName,
  }));
  const names = named.map(({ name }) => name.toLowerCase());
  const isFolder = (name: string): boolean => names.some((other) => other.startsWith(`${name}/`));
  if (new Set(names).size < names.length || names.some(isFolder)) throw new ModelRefusal('UNSAFE_NAME');
  return named;
}

async function extract(zip: ZipFile, folder: string): Promise<void> {
  let left = MAX_FILES_BYTES;
  for (const { entry, name } of filesOf(await entriesOf(zip))) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const stream = await streamOf(zip, entry);
    const counted = async function* (): AsyncGenerator<Buffer> {
      for await (const chunk of stream) {
        left -= (chunk as Buffer).length; // Of a ZIP's entry.
        if (left < 0) throw new ModelRefusal('TOO_LARGE');
        yield chunk as Buffer;
      }
    };
    await pipeline(counted, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })).catch((error: unknown) => {
      if (error instanceof ModelRefusal) throw error;
      throw error instanceof Error && 'syscall' in error ? storageFailure(error) : new ModelRefusal('NOT_A_ZIP');
    });
  }
}

/** Unpacks a ZIP into a folder that is not yet a model's: `accept` looks at it, and what it accepts takes the name `id`. Nothing is left of what fails. */
export async function unpackModel(
  root: string,
  id: string,
  body: Readable,
  accept: (folder: string) => Promise<void>,
): Promise<void> {
  const [zipFile, draft] = [path.join(root, `.${id}.zip`), path.join(root, `.${id}`)];
  await mkdir(draft, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
    throw storageFailure(error);
  });
  try {
    await receive(body, zipFile);
    const zip = await opened(zipFile);
    try {
      await extract(zip, draft);
    } finally {
      zip.close();
    }
    await accept(draft);
    await rename(draft, path.join(root, id));
    await flushFolder(root);
  } finally {
    await rm(zipFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** Removes what an install that was cut has left before a moment: archives and folders without a name of their own, and folders that no row names. Gives their number. */
export async function removeStray(root: string, known: ReadonlySet<string>, before: Date): Promise<number> {
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  let removed = 0;
  for (const { name } of entries) {
    if (known.has(name)) continue;
    const file = path.join(root, name);
    const about = await stat(file).catch(() => undefined);
    if (about === undefined || about.mtime >= before) continue;
    await rm(file, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

export const removeModelFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
