import { createHash, type Hash } from 'node:crypto';
import { constants } from 'node:fs';
import path from 'node:path';
import type { Inspect, ReadNow, Written } from '../staging/index.ts';
import { errorCode } from './fs-port.ts';
import type { SmallJournal } from './small-journal.ts';
import { readRange, type SyncFs, writeAll } from './sync-fs.ts';
import { asWriteError, type SettledFile, WriteError, type WriteJob } from './write-jobs.ts';
import { wholePages } from './write-memory.ts';

/** A draft of up to this many bytes stays in memory until it is settled: then it needs no open file meanwhile. */
const HELD_BYTES = 256 * 1024;
/** Drafts of up to this many bytes, when there are this many, are made durable together by the journal. */
const JOURNAL_BYTES = 64 * 1024;
const JOURNAL_FROM_FILES = 4;

const { O_CREAT, O_EXCL, O_RDWR } = constants;
const NEW_FILE = O_CREAT | O_EXCL | O_RDWR;
/** Of Linux alone. */
const DIRECT: number | undefined = constants.O_DIRECT;

interface Draft {
  readonly path: string;
  readonly hash: Hash;
  sizeBytes: number;
  /** The whole of a small draft. */
  held: Uint8Array | undefined;
  /** SHA-256, once the draft is finished. */
  sha256: Uint8Array | undefined;
  fd: number | undefined;
  /** Whether `fd` was opened past the kernel's cache: it takes and gives whole pages only. */
  isDirect: boolean;
  /** Whether the temporary file exists, or may. */
  isOnDisk: boolean;
  /** Why it could not be written after it was told of. */
  failed: WriteError | undefined;
}

/** What a job gives, and what of it is left to be done once that is told. */
export interface Begun {
  readonly result: Written<unknown> | Uint8Array | undefined;
  /** Writes bytes of the job; what fails is told of by what comes next. */
  readonly rest?: () => void;
}

/**
 * Temporary files of drafts: written, hashed, inspected, made durable and given their final names. Every call is synchronous: it lives on
 * a thread of its own, where one call costs a fraction of what a trip through the thread pool does.
 */
export class FileWriter {
  readonly #fs: SyncFs;
  readonly #inspect: Inspect<unknown> | undefined;
  readonly #journal: SmallJournal | undefined;
  readonly #drafts = new Map<string, Draft>();
  #isDirectPossible = DIRECT !== undefined;

  /** Without a journal each file is flushed for itself. */
  constructor(fs: SyncFs, options: { inspect?: Inspect<unknown> | undefined; journal?: SmallJournal | undefined }) {
    this.#fs = fs;
    this.#inspect = options.inspect;
    this.#journal = options.journal;
  }

  /** Does a little of the journal's work; called again and again. */
  sweep(): void {
    this.#journal?.sweep();
  }

  /** All of a job. Fails with WriteError. */
  run(job: WriteJob): Begun['result'] {
    const { result, rest } = this.begin(job);
    rest?.();
    const failed = rest && 'id' in job ? this.#drafts.get(job.id)?.failed : undefined;
    if (failed !== undefined) throw failed;
    return result;
  }

  /** A job as far as its answer needs it: whoever asks goes on while the rest is done, which must be before the next job. Fails with WriteError. */
  begin(job: WriteJob): Begun {
    try {
      switch (job.op) {
        case 'append':
          this.#write(this.#take(job), job.bytes);
          return { result: undefined };
        case 'finish':
          return this.#finish(job);
        case 'read':
          return { result: this.#read(this.#require(job.id), job.offset, job.length) };
        case 'settle':
          if (job.mark !== undefined) this.#requireMark(job.mark);
          this.#settleAll(job.files);
          return { result: undefined };
        case 'discard':
          this.#discard(job.id);
          return { result: undefined };
      }
    } catch (error) {
      throw asWriteError(error, 'file');
    }
  }

  #take({ id, path, bytes }: { id: string; path: string; bytes: Uint8Array }): Draft {
    let draft = this.#drafts.get(id);
    if (draft === undefined) {
      draft = {
        path,
        hash: createHash('sha256'),
        sizeBytes: 0,
        held: undefined,
        sha256: undefined,
        fd: undefined,
        isDirect: false,
        isOnDisk: false,
        failed: undefined,
      };
      this.#drafts.set(id, draft);
    }
    draft.hash.update(bytes);
    return draft;
  }

  #require(id: string): Draft {
    const draft = this.#drafts.get(id);
    if (draft === undefined) throw new WriteError('UNKNOWN', 'file');
    if (draft.failed !== undefined) throw draft.failed;
    return draft;
  }

  /** What comes in one piece is hashed and looked at in memory, and written while it is decided what becomes of it. */
  #finish(job: { id: string; path: string; bytes: Uint8Array }): Begun {
    const { bytes } = job;
    const draft = this.#take(job);
    const isWhole = draft.sizeBytes === 0;
    const isHeld = isWhole && bytes.length <= HELD_BYTES;
    if (isHeld) draft.held = bytes.buffer.byteLength === bytes.length ? bytes : Uint8Array.from(bytes);
    if (isWhole) draft.sizeBytes = bytes.length;
    else this.#write(draft, bytes);
    const read: ReadNow = (offset, length) =>
      isWhole ? bytes.subarray(offset, offset + length) : this.#read(draft, offset, length);
    const inspected = this.#inspect?.(draft.sizeBytes, read);
    const sha256 = draft.hash.digest();
    draft.sha256 = sha256;
    const result = { sizeBytes: draft.sizeBytes, sha256, inspected };
    return isWhole && !isHeld ? { result, rest: () => this.#writeWhole(draft, bytes) } : { result };
  }

  #writeWhole(draft: Draft, bytes: Uint8Array): void {
    try {
      if (!this.#writeDirectly(draft, bytes)) writeAll(this.#fs, this.#open(draft), bytes, 0);
    } catch (error) {
      draft.failed = asWriteError(error, 'file');
    }
  }

  #write(draft: Draft, bytes: Uint8Array): void {
    writeAll(this.#fs, this.#open(draft), bytes, draft.sizeBytes);
    draft.sizeBytes += bytes.length;
  }

  /**
   * A whole draft past the kernel's cache: copying it there costs more processor than all else that is done to it, and the flush less. False
   * where bytes, system or file system don't allow it, with nothing done.
   */
  #writeDirectly(draft: Draft, bytes: Uint8Array): boolean {
    const pages = this.#isDirectPossible ? wholePages(bytes) : undefined;
    if (pages === undefined || DIRECT === undefined) return false;
    draft.isOnDisk = true;
    let fd: number | undefined;
    let isBegun = false;
    try {
      fd = this.#fs.open(draft.path, NEW_FILE | DIRECT, 0o600);
      const count = this.#fs.write(fd, pages, 0, pages.length, 0);
      isBegun = true;
      writeAll(this.#fs, fd, pages.subarray(count), count);
    } catch (error) {
      this.#quietly(() => fd !== undefined && this.#fs.close(fd));
      if (errorCode(error) !== 'EINVAL') throw error;
      // Some file systems make the file before they say so.
      this.#quietly(() => this.#fs.unlink(draft.path));
      // What goes on behind a short write may lie where no direct write can: that says nothing of the next file.
      if (!isBegun) this.#isDirectPossible = false;
      return false;
    }
    draft.fd = fd;
    draft.isDirect = true;
    this.#fs.truncate(fd, bytes.length);
    return true;
  }

  #read(draft: Draft, offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, draft.sizeBytes - offset));
    if (draft.held !== undefined) return draft.held.slice(offset, offset + wanted);
    if (draft.fd === undefined) return new Uint8Array(0);
    if (!draft.isDirect) return readRange(this.#fs, draft.fd, offset, wanted);
    const fd = this.#fs.open(draft.path, 'r');
    try {
      return readRange(this.#fs, fd, offset, wanted);
    } finally {
      this.#fs.close(fd);
    }
  }

  #requireMark(mark: string): void {
    try {
      this.#fs.stat(mark);
    } catch (error) {
      throw asWriteError(error, 'mark');
    }
  }

  /** All bytes stay at hand until all have their final names; after a failure `discard` gives up what is left. */
  #settleAll(files: readonly SettledFile[]): void {
    const small = files.filter(({ id }) => (this.#require(id).held?.length ?? Number.POSITIVE_INFINITY) <= JOURNAL_BYTES);
    const isJournalled = this.#journal !== undefined && small.length >= JOURNAL_FROM_FILES;
    const others = isJournalled ? files.filter((file) => !small.includes(file)) : files;
    for (const file of others) this.#settle(file);
    for (const folder of new Set(others.map(({ finalPath }) => path.dirname(finalPath)))) this.#flushFolder(folder);
    if (isJournalled) this.#settleTogether(small);
    for (const { id } of files) this.#drafts.delete(id);
  }

  /** Final names first: what finds no room there never stands in the journal. Until it does, nobody has been told of them. */
  #settleTogether(files: readonly SettledFile[]): void {
    const entries = files.flatMap(({ id, finalPath }) => {
      const { held, sha256 } = this.#require(id);
      return held === undefined || sha256 === undefined ? [] : [{ id, finalPath, sha256, bytes: held }];
    });
    for (const { finalPath, bytes } of entries) this.#place(finalPath, bytes);
    this.#journal?.append(entries);
  }

  #place(finalPath: string, bytes: Uint8Array): void {
    const fd = this.#fs.open(finalPath, 'wx', 0o600);
    try {
      writeAll(this.#fs, fd, bytes, 0);
    } finally {
      this.#fs.close(fd);
    }
  }

  /** Flushes the file and gives it its final name, which is durable when its folder has been flushed. */
  #settle({ id, finalPath }: SettledFile): void {
    const draft = this.#require(id);
    const fd = draft.held === undefined ? draft.fd : this.#create(draft, draft.held);
    if (fd === undefined) throw new WriteError('UNKNOWN', 'file');
    this.#flush(fd);
    draft.fd = undefined;
    this.#fs.close(fd);
    this.#fs.rename(draft.path, finalPath);
  }

  #create(draft: Draft, bytes: Uint8Array): number {
    const fd = this.#open(draft);
    writeAll(this.#fs, fd, bytes, 0);
    return fd;
  }

  #open(draft: Draft): number {
    draft.isOnDisk = true;
    draft.fd ??= this.#fs.open(draft.path, 'wx+', 0o600);
    return draft.fd;
  }

  #flush(fd: number): void {
    try {
      this.#fs.datasync(fd);
    } catch (error) {
      throw asWriteError(error, 'flush');
    }
  }

  /** Only a flush that failed spoils the store, not a folder that could not be opened. */
  #flushFolder(folder: string): void {
    const fd = this.#fs.open(folder, 'r');
    try {
      this.#fs.sync(fd);
    } catch (error) {
      throw asWriteError(error, 'flush');
    } finally {
      this.#quietly(() => this.#fs.close(fd));
    }
  }

  #discard(id: string): void {
    const draft = this.#drafts.get(id);
    if (draft === undefined) return;
    this.#drafts.delete(id);
    if (draft.fd !== undefined) this.#quietly(() => this.#fs.close(draft.fd ?? -1));
    // What stays is found by cleanTemporary at the next start.
    if (draft.isOnDisk) this.#quietly(() => this.#fs.unlink(draft.path));
  }

  #quietly(work: () => unknown): void {
    try {
      work();
    } catch {
      // Nobody waits for a draft that was given up.
    }
  }
}
