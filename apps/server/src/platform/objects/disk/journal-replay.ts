import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, type FsPort, fill, makeDirectory } from './fs-port.ts';
import {
  bootOf,
  decodeRecords,
  isUnflushed,
  JOURNAL_SUFFIX,
  type JournalRecord,
  type StandingRecord,
  unflushedName,
} from './journal-record.ts';

export interface ReplayPlace {
  readonly fs: FsPort;
  /** Where the journals are. */
  readonly folder: string;
  /** Where temporary files go; on the same file system as the objects. */
  readonly temporaryFolder: string;
  pathOf(id: string): string;
  /** Whether no process that runs can still need a journal of this name. */
  isAbandoned(name: string, file: string): Promise<boolean>;
}

export async function readBoot(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
  return id.slice(0, 8) || 'unknown';
}

const PARALLEL = 8;

/** Journals of writers that are gone. `isIntact`: the machine has run on since, so that its files hold what was written to them, and can be flushed. */
export async function abandonedJournals(
  place: Pick<ReplayPlace, 'fs' | 'folder' | 'isAbandoned'>,
  boot: string,
): Promise<{ file: string; isIntact: boolean }[]> {
  const names = (await place.fs.readdir(place.folder)).filter((name) => name.endsWith(JOURNAL_SUFFIX)).sort();
  const found: { file: string; isIntact: boolean }[] = [];
  for (const name of names) {
    const file = path.join(place.folder, name);
    const isOfAnotherBoot = boot !== 'unknown' && bootOf(name) !== 'unknown' && bootOf(name) !== boot;
    // After a restart of the machine the number of its process may be anyone's.
    if (isOfAnotherBoot || (await place.isAbandoned(name, file))) {
      found.push({ file, isIntact: !isOfAnotherBoot && boot !== 'unknown' && !isUnflushed(name) });
    }
  }
  return found;
}

/**
 * Makes whole what a journal's writer had acknowledged, of `wanted` alone when it is given: an object whose file is missing or differs is written again,
 * and each of one with the mark, of whose files a flush may have failed. One that was deleted on purpose comes back without a row, and `removeOrphans`
 * deletes it. Safe to repeat, also after a failure in its middle.
 */
export async function restoreJournal(place: ReplayPlace, file: string, wanted?: ReadonlyMap<string, unknown>): Promise<void> {
  await eachRecord(place.fs, file, async (record) => {
    if (wanted?.has(record.id) === false) return;
    if (isUnflushed(file) || !(await isWhole(place, record))) await rewrite(place, record);
  });
}

/**
 * Takes the mark of journals whose files may not be trusted, before the first of them is flushed: it must stand when that fails and the process ends. Gives
 * the name that it has then; undefined when another process was faster. Fails, with nothing flushed, when there is no room for the name.
 */
export async function markJournal(fs: FsPort, file: string): Promise<string | undefined> {
  const marked = unflushedName(file);
  if (marked === file) return file;
  try {
    await fs.rename(file, marked);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  return marked;
}

/** Flushes the files that a marked journal stands for, or writes again what can't be flushed, and removes it. */
export async function retireJournal(place: ReplayPlace, file: string): Promise<void> {
  const folders = new Set<string>();
  await eachRecord(place.fs, file, async (record) => {
    const target = place.pathOf(record.id);
    // A flush that failed once succeeds the next time, whether or not the bytes are there.
    const isThere = await flush(place.fs, target).catch(() => rewrite(place, record).then(() => true));
    // What was deleted meanwhile needs no flush.
    if (isThere) for (const folder of parents(target)) folders.add(folder);
  });
  for (const folder of folders) await flush(place.fs, folder);
  await place.fs.unlink(file).catch(() => undefined);
}

const parents = (file: string): string[] => {
  const folder = path.dirname(file);
  return [folder, path.dirname(folder), path.dirname(path.dirname(folder))];
};

/** None when the journal is gone: another process that started at the same time was faster. */
export const recordsOf = async (fs: FsPort, file: string): Promise<Generator<StandingRecord>> =>
  decodeRecords((await readWhole(fs, file)) ?? Buffer.alloc(0));

/** After a failure no other record is begun, and those that were are awaited. */
async function eachRecord(fs: FsPort, file: string, work: (record: JournalRecord) => Promise<void>): Promise<void> {
  const records = await recordsOf(fs, file);
  const failures: unknown[] = [];
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const record of records) {
        if (failures.length > 0) return;
        await work(record).catch((error: unknown) => failures.push(error));
      }
    }),
  );
  if (failures.length > 0) throw failures[0];
}

async function isWhole({ fs, pathOf }: ReplayPlace, { id, sha256 }: JournalRecord): Promise<boolean> {
  const stored = await readWhole(fs, pathOf(id)).catch(() => undefined);
  return stored !== undefined && createHash('sha256').update(stored).digest().equals(sha256);
}

/** Undefined when there is no such file. */
async function readWhole(fs: FsPort, file: string): Promise<Buffer | undefined> {
  try {
    const { size } = await fs.stat(file);
    const opened = await fs.openToRead(file);
    try {
      return await fill(opened, 0, Buffer.allocUnsafe(size));
    } finally {
      opened.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function rewrite({ fs, temporaryFolder, pathOf }: ReplayPlace, { id, bytes }: JournalRecord): Promise<void> {
  const target = pathOf(id);
  const folder = path.dirname(target);
  await makeDirectory(fs, path.dirname(folder));
  await makeDirectory(fs, folder);
  // A name of its own: after a power failure that of an earlier attempt may be a second name of the very object.
  const temporary = path.join(temporaryFolder, `${process.pid}.${randomBytes(4).toString('hex')}.${id}`);
  try {
    await write(fs, temporary, bytes);
    await fs.rename(temporary, target);
  } catch (error) {
    // On a full disk what it took is what another one needs.
    await fs.unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function write(fs: FsPort, target: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(target, 'wx', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, done)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** A file or folder. False when there is none. */
export async function flush(fs: FsPort, target: string): Promise<boolean> {
  const file = await fs.open(target, 'r').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (file === undefined) return false;
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  return true;
}
