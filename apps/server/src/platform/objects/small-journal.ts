import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { errorCode } from './fs-port.ts';
import { encodeRecord, JOURNAL_SUFFIX, type JournalRecord } from './journal-record.ts';
import type { SyncFs } from './sync-fs.ts';

/** A small object that is about to get its final name. */
export interface JournalEntry extends JournalRecord {
  readonly finalPath: string;
}

/** A journal takes entries for this long, or up to these bytes; then the next one begins. */
const OPEN_MS = 5_000;
const MAX_BYTES = 16 * 1024 * 1024;
/** By then the kernel has written back what it holds (30 s by default): flushing each file costs next to nothing. */
const WRITTEN_BACK_MS = 45_000;
/** Files that are flushed in one step, between which the writer does its other work. */
const STEP_FILES = 25;

interface OpenJournal {
  readonly file: string;
  readonly fd: number;
  readonly since: number;
  readonly finalPaths: string[];
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
    const journal = this.#journal();
    const bytes = Buffer.concat(entries.map(encodeRecord));
    for (let done = 0; done < bytes.length; )
      done += this.#fs.write(journal.fd, bytes, done, bytes.length - done, journal.sizeBytes + done);
    this.#fs.datasync(journal.fd);
    journal.sizeBytes += bytes.length;
    for (const { finalPath } of entries) journal.finalPaths.push(finalPath);
  }

  /** Does a little of what is due; called again and again. */
  sweep(): void {
    if (this.#broken !== undefined) return;
    try {
      const open = this.#open;
      if (open !== undefined && this.#isFull(open)) this.#seal(open);
      const [oldest] = this.#sealed;
      if (oldest !== undefined && this.#now() - oldest.at >= WRITTEN_BACK_MS) this.#retire(oldest);
    } catch (error) {
      this.#broken = error;
    }
  }

  #isFull({ since, sizeBytes }: OpenJournal): boolean {
    return sizeBytes >= MAX_BYTES || this.#now() - since >= OPEN_MS;
  }

  #journal(): OpenJournal {
    if (this.#open !== undefined && this.#isFull(this.#open)) this.#seal(this.#open);
    if (this.#open === undefined) {
      const file = path.join(this.#folder, `${this.#owner}.${randomBytes(8).toString('hex')}${JOURNAL_SUFFIX}`);
      const fd = this.#fs.open(file, 'wx', 0o600);
      this.#flush(this.#folder);
      this.#open = { file, fd, since: this.#now(), finalPaths: [], sizeBytes: 0 };
    }
    return this.#open;
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
