import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from './fs-port.ts';
import { decodeRecords, encodeRecord, JOURNAL_SUFFIX, type JournalRecord, unflushedName } from './journal-record.ts';
import { isPassing } from './storage-health.ts';
import { readAll, type SyncFs, writeAll } from './sync-fs.ts';
import { asWriteError, WriteError } from './write-jobs.ts';

/** A small object that is about to get its final name. */
export interface JournalEntry extends JournalRecord {
  readonly finalPath: string;
}

/** Where a writer keeps its journals; both folders exist, on the file system of the objects. */
export interface JournalPlace {
  readonly folder: string;
  readonly temporaryFolder: string;
  /** `<number of the process>.<random>.<boot>`, by which others see whether it still runs. */
  readonly owner: string;
}

/** A journal takes entries for this long, or as many bytes as were set aside for it; then the next one begins. */
const OPEN_MS = 5_000;
/** Bytes that are set aside: for the first journal, and doubled for the one after a full one up to the last. */
const FIRST_BYTES = 1024 * 1024;
const MAX_BYTES = 8 * 1024 * 1024;
const ZEROS = new Uint8Array(FIRST_BYTES);
/** By then the kernel has written back what it holds (30 s by default): flushing each file costs next to nothing. */
const WRITTEN_BACK_MS = 45_000;
/** Files that are flushed in one step, between which the writer does its other work. */
const STEP_FILES = 25;
/** After a want of room or of descriptors the same is tried again. */
const AGAIN_MS = 5_000;

interface OpenJournal {
  readonly file: string;
  readonly fd: number;
  readonly since: number;
  readonly finalPaths: string[];
  readonly roomBytes: number;
  sizeBytes: number;
}

interface SealedJournal {
  file: string;
  /** When the first of its files is flushed. */
  due: number;
  readonly finalPaths: string[];
  /** A flush failed: what the kernel holds of its files can no longer be made durable, only what the journal holds. */
  isDoubtful: boolean;
}

/**
 * Makes many small objects durable by one flush: their bytes are appended to a journal and flushed there, their own files are left to the
 * kernel. Once those have been written back and flushed as well, the journal goes. After a crash journal-replay.ts makes whole what had not
 * reached the disk. One journal belongs to one writer.
 */
export class SmallJournal {
  readonly #fs: SyncFs;
  readonly #folder: string;
  readonly #temporaryFolder: string;
  readonly #owner: string;
  readonly #now: () => number;
  readonly #firstBytes: number;
  #open: OpenJournal | undefined;
  #roomBytes: number;
  readonly #sealed: SealedJournal[] = [];
  #broken: WriteError | undefined;

  /** In tests a clock stands in for the machine's, and the first journal is smaller. */
  constructor(fs: SyncFs, place: JournalPlace & { now?: () => number; firstBytes?: number }) {
    this.#fs = fs;
    this.#temporaryFolder = place.temporaryFolder;
    this.#folder = place.folder;
    this.#owner = place.owner;
    this.#now = place.now ?? Date.now;
    this.#firstBytes = place.firstBytes ?? FIRST_BYTES;
    this.#roomBytes = this.#firstBytes;
  }

  /** All entries are durable when it returns. Fails with WriteError, and then none of them is in the journal. */
  append(entries: readonly JournalEntry[]): void {
    // A file that could not be flushed stays in its journal, which the next start replays.
    if (this.#broken !== undefined) throw this.#broken;
    const bytes = Buffer.concat(entries.map(encodeRecord));
    const journal = this.#journal(bytes.length);
    let site: 'file' | 'flush' = 'file';
    try {
      writeAll(this.#fs, journal.fd, bytes, journal.sizeBytes);
      site = 'flush';
      this.#fs.datasync(journal.fd);
    } catch (error) {
      this.#giveUp(journal);
      throw asWriteError(error, site);
    }
    journal.sizeBytes += bytes.length;
    for (const { finalPath } of entries) journal.finalPaths.push(finalPath);
  }

  /** Does a little of what is due; called again and again. */
  sweep(): void {
    if (this.#broken !== undefined) return;
    const [oldest] = this.#sealed;
    try {
      const open = this.#open;
      if (open !== undefined && this.#isDue(open)) this.#seal(open);
      if (oldest !== undefined && this.#now() >= oldest.due) this.#retire(oldest);
    } catch (error) {
      if (oldest !== undefined && isPassing(error)) oldest.due = this.#now() + AGAIN_MS;
      // Nothing more is taken until the next start.
      else this.#broken = asWriteError(error, 'flush');
    }
  }

  #isDue({ since }: OpenJournal): boolean {
    return this.#now() - since >= OPEN_MS;
  }

  /** One with room for so many bytes. */
  #journal(length: number): OpenJournal {
    const open = this.#open;
    if (open !== undefined && open.sizeBytes + length <= open.roomBytes && !this.#isDue(open)) return open;
    if (open !== undefined) {
      const isFull = open.sizeBytes + length > open.roomBytes;
      this.#roomBytes = isFull ? Math.min(MAX_BYTES, this.#roomBytes * 2) : this.#firstBytes;
      this.#seal(open);
    }
    return this.#begin(length);
  }

  /**
   * Its room is filled with zeros, which the first append flushes: flushing what is written over them later changes nothing but data. A file
   * that grows would make the file system commit its own journal each time, and every other creation of a file wait for that.
   */
  #begin(length: number): OpenJournal {
    const file = path.join(this.#folder, `${this.#owner}.${randomBytes(8).toString('hex')}${JOURNAL_SUFFIX}`);
    const fd = this.#create(file);
    const roomBytes = Math.max(this.#roomBytes, length);
    const journal: OpenJournal = { file, fd, since: this.#now(), finalPaths: [], roomBytes, sizeBytes: 0 };
    try {
      for (let at = 0; at < roomBytes; at += ZEROS.length) writeAll(this.#fs, fd, ZEROS.subarray(0, roomBytes - at), at);
      this.#flush(this.#folder);
    } catch (error) {
      this.#quietly(() => this.#fs.close(fd));
      this.#quietly(() => this.#fs.unlink(file));
      throw asWriteError(error, 'file');
    }
    this.#open = journal;
    return journal;
  }

  #create(file: string): number {
    try {
      return this.#fs.open(file, 'wx', 0o600);
    } catch (error) {
      throw asWriteError(error, 'file');
    }
  }

  #seal(journal: OpenJournal): void {
    this.#open = undefined;
    const due = this.#now() + WRITTEN_BACK_MS;
    this.#sealed.push({ file: journal.file, due, finalPaths: journal.finalPaths, isDoubtful: false });
    this.#fs.close(journal.fd);
  }

  /** Ends a journal in which an append failed: what stands before it was flushed and stays, the failed one and the empty room go. */
  #giveUp(journal: OpenJournal): void {
    if (journal.finalPaths.length > 0) {
      this.#quietly(() => this.#fs.truncate(journal.fd, journal.sizeBytes));
      this.#quietly(() => this.#seal(journal));
      return;
    }
    this.#open = undefined;
    this.#quietly(() => this.#fs.close(journal.fd));
    this.#quietly(() => this.#fs.unlink(journal.file));
  }

  /**
   * The mark comes before the first flush: on a full disk there may be no room for it after one that failed, and then the next start would trust
   * what the kernel lets go of. Without room for it nothing is flushed yet.
   */
  #retire(journal: SealedJournal): void {
    this.#mark(journal);
    const { finalPaths } = journal;
    const some = finalPaths.slice(0, STEP_FILES);
    if (journal.isDoubtful) this.#restore(journal, some);
    else for (const file of some) this.#flushOf(journal, file);
    for (const folder of new Set(some.map((file) => path.dirname(file)))) this.#flushOf(journal, folder);
    finalPaths.splice(0, some.length);
    if (finalPaths.length > 0) return;
    this.#fs.unlink(journal.file);
    this.#sealed.shift();
  }

  #flushOf(journal: SealedJournal, file: string): void {
    try {
      this.#flush(file);
    } catch (error) {
      if (error instanceof WriteError && error.site === 'flush') journal.isDoubtful = true;
      throw error;
    }
  }

  /** Should the process end before all is well again, the next start writes the files again, whatever the kernel says it holds of them. */
  #mark(journal: SealedJournal): void {
    const marked = unflushedName(journal.file);
    if (marked === journal.file) return;
    this.#fs.rename(journal.file, marked);
    journal.file = marked;
  }

  /** Writes files again from the journal, each under another name until it is flushed; one that was deleted meanwhile stays so. */
  #restore(journal: SealedJournal, files: readonly string[]): void {
    const wanted = new Map(files.map((file) => [path.basename(file), file]));
    for (const { id, bytes } of decodeRecords(readAll(this.#fs, journal.file))) {
      const file = wanted.get(id);
      if (file === undefined || !this.#exists(file)) continue;
      const copy = path.join(this.#temporaryFolder, `${this.#owner}.${id}`);
      this.#quietly(() => this.#fs.unlink(copy));
      const fd = this.#fs.open(copy, 'wx', 0o600);
      try {
        writeAll(this.#fs, fd, bytes, 0);
        this.#fs.datasync(fd);
      } finally {
        this.#fs.close(fd);
      }
      this.#fs.rename(copy, file);
    }
  }

  #exists(file: string): boolean {
    try {
      this.#fs.close(this.#fs.open(file, 'r'));
      return true;
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return false;
      throw error;
    }
  }

  /** A file or folder; one that was deleted meanwhile needs no flush. A failed flush is a WriteError of that site. */
  #flush(file: string): void {
    let fd: number;
    try {
      fd = this.#fs.open(file, 'r');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return;
      throw error;
    }
    try {
      this.#fs.datasync(fd);
    } catch (error) {
      throw asWriteError(error, 'flush');
    } finally {
      this.#quietly(() => this.#fs.close(fd));
    }
  }

  #quietly(work: () => void): void {
    try {
      work();
    } catch {
      // What was to be tidied away is found at the next start.
    }
  }
}
