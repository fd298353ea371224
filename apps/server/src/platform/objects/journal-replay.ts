import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { decodeRecords, JOURNAL_SUFFIX, type JournalRecord } from './journal-record.ts';

export interface ReplayPlace {
  /** Where the journals are. */
  readonly folder: string;
  /** Where temporary files go; on the same file system as the objects. */
  readonly temporaryFolder: string;
  pathOf(id: string): string;
  /** Whether no process that runs can still need a journal of this name. */
  isAbandoned(name: string, file: string): Promise<boolean>;
}

/** The boot of the machine that a journal was begun under, as its name tells; a machine that can't say has none. */
export const bootOf = (name: string): string => name.split('.')[2] ?? '';

export async function readBoot(): Promise<string> {
  const id = await readFile('/proc/sys/kernel/random/boot_id', 'latin1').catch(() => '');
  return id.slice(0, 8) || 'unknown';
}

const PARALLEL = 8;

/** Journals of writers that are gone. `isIntact`: the machine has run on since, so that its files hold what was written to them. */
export async function abandonedJournals(place: ReplayPlace, boot: string): Promise<{ file: string; isIntact: boolean }[]> {
  const names = (await readdir(place.folder)).filter((name) => name.endsWith(JOURNAL_SUFFIX)).sort();
  const found: { file: string; isIntact: boolean }[] = [];
  for (const name of names) {
    const file = path.join(place.folder, name);
    const isOfAnotherBoot = boot !== 'unknown' && bootOf(name) !== 'unknown' && bootOf(name) !== boot;
    // After a restart of the machine the number of its process may be anyone's.
    if (isOfAnotherBoot || (await place.isAbandoned(name, file))) {
      found.push({ file, isIntact: !isOfAnotherBoot && boot !== 'unknown' });
    }
  }
  return found;
}

/**
 * Makes whole what a journal's writer had acknowledged: an object whose file is missing or differs is written again. One that was deleted on
 * purpose comes back without a row, and `removeOrphans` deletes it. Gives the number of objects that were written again. Safe to repeat.
 */
export async function restoreJournal(place: ReplayPlace, file: string): Promise<number> {
  let restored = 0;
  await eachRecord(file, async (record) => {
    const target = place.pathOf(record.id);
    const stored = await readFile(target).catch(() => undefined);
    if (stored !== undefined && createHash('sha256').update(stored).digest().equals(record.sha256)) return;
    await rewrite(target, path.join(place.temporaryFolder, `${process.pid}.replay.${record.id}`), record.bytes);
    restored += 1;
  });
  return restored;
}

/** Flushes the files that a journal stands for, and removes it. */
export async function retireJournal(place: ReplayPlace, file: string): Promise<void> {
  const folders = new Set<string>();
  await eachRecord(file, async ({ id }) => {
    const target = place.pathOf(id);
    // What was deleted meanwhile needs no flush.
    if (await flush(target)) for (const folder of parents(target)) folders.add(folder);
  });
  for (const folder of folders) await flush(folder);
  await unlink(file).catch(() => undefined);
}

const parents = (file: string): string[] => {
  const folder = path.dirname(file);
  return [folder, path.dirname(folder), path.dirname(path.dirname(folder))];
};

async function eachRecord(file: string, work: (record: JournalRecord) => Promise<void>): Promise<void> {
  const journal = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    // Another process that starts at the same time was faster.
    if (error.code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  });
  const records = decodeRecords(journal);
  await Promise.all(
    Array.from({ length: PARALLEL }, async () => {
      for (const record of records) await work(record);
    }),
  );
}

async function rewrite(target: string, temporary: string, bytes: Uint8Array): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(bytes);
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(temporary, target);
}

/** False when there is no such file. */
async function flush(target: string): Promise<boolean> {
  const file = await open(target, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
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
