import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from './fs-port.ts';
import { encodeRecord, JOURNAL_SUFFIX, type JournalRecord } from './journal-record.ts';
import { type SyncFs, writeAll } from './sync-fs.ts';

/** A small object that is about to get its final name. */
export interface JournalEntry extends JournalRecord {
  readonly finalPath: string;
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

interface OpenJournal {
  readonly file: string;
  readonly fd: number;
  readonly since: number;
  readonly finalPaths: string[];
  readonly roomBytes: number;
  sizeBytes: number;
}

interface SealedJournal {
  readonly file: string;
  readonly at: number;
  readonly finalPaths: string[];
}

/**
 * Makes many small objects durable by one flush: their bytes are appended to a journal and flushed there, their own files are left to the
 * kernel. Once those have been written back and flushed as well, the journal goes. After a crash journal-replay.ts makes whole what had not
 * reached the disk. One journal belongs to one writer.
 */
export class SmallJournal {
  readonly #fs: SyncFs;
  readonly #folder: string;
  readonly #owner: string;
  readonly #now: () => number;
  #open: OpenJournal | undefined;
  #roomBytes = FIRST_BYTES;
  readonly #sealed: SealedJournal[] = [];
  #broken: unknown;

  /** `owner` is `<number of the process>.<random>.<boot>`, by which others see whether it still runs. The folder exists. */
  constructor(fs: SyncFs, place: { folder: string; owner: string; now?: () => number }) {
    this.#fs = fs;
    this.#folder = place.folder;
    this.#owner = place.owner;
    this.#now = place.now ?? Date.now;
  }

  /** All entries are durable when it returns. Fails with what the file system says. */
  append(entries: readonly JournalEntry[]): void {
    // A file that could not be flushed stays in its journal, which the next start replays.
    if (this.#broken !== undefined) throw this.#broken;
    const bytes = Buffer.concat(entries.map(encodeRecord));
    const journal = this.#journal(bytes.length);
    writeAll(this.#fs, journal.fd, bytes, journal.sizeBytes);
    this.#fs.datasync(journal.fd);
    journal.sizeBytes += bytes.length;
    for (const { finalPath } of entries) journal.finalPaths.push(finalPath);
  }

  /** Does a little of what is due; called again and again. */
  sweep(): void {
    if (this.#broken !== undefined) return;
    try {
      const open = this.#open;
      if (open !== undefined && this.#isDue(open)) this.#seal(open);
      const [oldest] = this.#sealed;
      if (oldest !== undefined && this.#now() - oldest.at >= WRITTEN_BACK_MS) this.#retire(oldest);
    } catch (error) {
      this.#broken = error;
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
      this.#roomBytes = isFull ? Math.min(MAX_BYTES, this.#roomBytes * 2) : FIRST_BYTES;
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
    const fd = this.#fs.open(file, 'wx', 0o600);
    const roomBytes = Math.max(this.#roomBytes, length);
    const journal: OpenJournal = { file, fd, since: this.#now(), finalPaths: [], roomBytes, sizeBytes: 0 };
    try {
      for (let at = 0; at < roomBytes; at += ZEROS.length) writeAll(this.#fs, fd, ZEROS.subarray(0, roomBytes - at), at);
      this.#flush(this.#folder);
    } catch (error) {
      this.#fs.close(fd);
      this.#fs.unlink(file);
      throw error;
    }
    this.#open = journal;
    return journal;
  }

  #seal(journal: OpenJournal): void {
    this.#open = undefined;
    this.#fs.close(journal.fd);
    this.#sealed.push({ file: journal.file, at: this.#now(), finalPaths: journal.finalPaths });
  }

  #retire(journal: SealedJournal): void {
    const { finalPaths } = journal;
    const folders = new Set<string>();
    for (const file of finalPaths.splice(0, STEP_FILES)) {
      folders.add(path.dirname(file));
      this.#flush(file);
    }
    for (const folder of folders) this.#flush(folder);
    if (finalPaths.length > 0) return;
    this.#fs.unlink(journal.file);
    this.#sealed.shift();
  }

  /** A file or folder; one that was deleted meanwhile needs no flush. */
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
    } finally {
      this.#fs.close(fd);
    }
  }
}
