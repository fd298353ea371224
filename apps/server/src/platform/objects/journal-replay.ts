import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, type FsPort, fill, makeDirectory } from './fs-port.ts';
import { bootOf, decodeRecords, isUnflushed, JOURNAL_SUFFIX, type JournalRecord } from './journal-record.ts';

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
export async function abandonedJournals(place: ReplayPlace, boot: string): Promise<{ file: string; isIntact: boolean }[]> {
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
 * Makes whole what a journal's writer had acknowledged: an object whose file is missing or differs is written again, and each of a journal whose
 * files could not be flushed. One that was deleted on purpose comes back without a row, and `removeOrphans` deletes it. Gives the number of
 * objects that were written again. Safe to repeat.
 */
export async function restoreJournal(place: ReplayPlace, file: string): Promise<number> {
  let restored = 0;
  const isDoubtful = isUnflushed(file);
  await eachRecord(place.fs, file, async (record) => {
    if (!isDoubtful && (await isWhole(place, record))) return;
    await rewrite(place, record);
    restored += 1;
  });
  return restored;
}

/** Flushes the files that a journal stands for, or writes again what can't be flushed, and removes it. */
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

async function eachRecord(fs: FsPort, file: string, work: (record: JournalRecord) => Promise<void>): Promise<void> {
  // Another process that starts at the same time was faster.
  const journal = (await readWhole(fs, file)) ?? Buffer.alloc(0);
  const records = decodeRecords(journal);
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const record of records) await work(record);
    }),
  );
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
  const temporary = path.join(temporaryFolder, `${process.pid}.replay.${id}`);
  const file = await fs.open(temporary, 'w', 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      done += (await file.write(bytes, done, bytes.length - done, done)).bytesWritten;
    }
    await file.datasync();
  } finally {
    await file.close();
  }
  await fs.rename(temporary, target);
}

/** False when there is no such file. */
async function flush(fs: FsPort, target: string): Promise<boolean> {
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
