import { Worker } from 'node:worker_threads';
import type { Inspect } from '../staging/index.ts';
import { FileWriter } from './file-writer.ts';
import type { SmallJournal } from './small-journal.ts';
import type { SyncFs } from './sync-fs.ts';
import { WriteError, type WriteJob } from './write-jobs.ts';
import { ownBlock, type WriteBlock, WriteMemory } from './write-memory.ts';
import type { WriterAnswer, WriterRequest, WriterSettings } from './writer-thread.ts';

/** Where the jobs of one draft go, one after the other. */
export interface WriterLane {
  /** Fails with WriteError. */
  run(job: WriteJob): Promise<unknown>;
  /** To be asked when a job of a draft is answered: resolves when its bytes are used no more. Without it, they are not then. */
  released?(id: string): Promise<void>;
}

/** Who writes drafts to the disk. */
export interface Writers {
  /** The lane with the least to do. */
  lane(): Promise<WriterLane>;
  /** Memory for `length` bytes of a job; waits for some when much is being written. */
  block(length: number): Promise<WriteBlock>;
  close(): void;
}

interface Waiting {
  readonly job: WriteJob;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: WriteError) => void;
}

/** A job that was answered, and whose bytes are still being written. */
interface Writing {
  readonly id: string;
  readonly done: Promise<void>;
  readonly end: () => void;
}

class Thread implements WriterLane {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #writing = new Map<number, Writing>();
  #outbox: WriterRequest[] = [];
  #number = 0;
  isGone = false;

  constructor(script: URL, settings: WriterSettings) {
    const resourceLimits = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 12 };
    this.#worker = new Worker(script, { env: {}, workerData: settings, resourceLimits });
    this.#worker.unref();
    this.#worker.on('message', (answers: readonly WriterAnswer[]) => {
      for (const answer of answers) this.#answered(answer);
    });
    this.#worker.on('error', (error) => this.#lost(error));
    this.#worker.on('exit', () => this.#lost());
  }

  get load(): number {
    return this.#waiting.size + this.#writing.size;
  }

  run(job: WriteJob): Promise<unknown> {
    if (this.isGone) return Promise.reject(new WriteError('UNKNOWN', 'file'));
    this.#number += 1;
    const number = this.#number;
    this.#worker.ref();
    // Waking a thread for each of the small files that a request brings at once costs more than some of them do.
    if (this.#outbox.length === 0) setImmediate(() => this.#send());
    this.#outbox.push({ number, job });
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { job, resolve, reject });
    });
  }

  #send(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    const own = requests.flatMap(({ job }) =>
      'bytes' in job && job.bytes.buffer instanceof ArrayBuffer ? [job.bytes.buffer] : [],
    );
    if (!this.isGone) this.#worker.postMessage(requests, own);
  }

  async released(id: string): Promise<void> {
    for (const writing of this.#writing.values()) if (writing.id === id) await writing.done;
  }

  stop(): void {
    void this.#worker.terminate();
  }

  #answered({ number, result, failed, isWriting }: WriterAnswer): void {
    const waiting = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (isWriting === true && waiting !== undefined && 'id' in waiting.job) this.#begin(number, waiting.job.id);
    else this.#end(number);
    if (this.load === 0) this.#worker.unref();
    if (failed === undefined) waiting?.resolve(result);
    else waiting?.reject(new WriteError(failed.code, failed.site));
  }

  #begin(number: number, id: string): void {
    let end = (): void => undefined;
    const done = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#writing.set(number, { id, done, end });
  }

  #end(number: number): void {
    this.#writing.get(number)?.end();
    this.#writing.delete(number);
  }

  /** Drafts of a thread that is gone are lost; what is published is not. */
  #lost(cause?: unknown): void {
    this.isGone = true;
    for (const { reject } of this.#waiting.values()) reject(new WriteError('UNKNOWN', 'file', cause));
    this.#waiting.clear();
    for (const number of this.#writing.keys()) this.#end(number);
  }
}

/**
 * Threads that write drafts. Three by default: measured, more of them only make each other's flushes slower, fewer leave the disk idle
 * while one waits (docs/decisions/0010-writer-threads.md).
 */
export class WriterThreads implements Writers {
  readonly #script: () => Promise<URL>;
  readonly #count: number;
  readonly #settings: WriterSettings;
  readonly #memory = new WriteMemory();
  #threads: Thread[] = [];
  #url: URL | undefined;

  /** `journal` as SmallJournal has it; without, each file is flushed for itself. */
  constructor(script: () => Promise<URL>, options: { count?: number } & WriterSettings = {}) {
    const { count = 3, ...settings } = options;
    this.#script = script;
    this.#count = count;
    this.#settings = settings;
  }

  async lane(): Promise<WriterLane> {
    this.#url ??= await this.#script();
    this.#threads = this.#threads.filter((thread) => !thread.isGone);
    const idle = this.#threads.find((thread) => thread.load === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < this.#count) {
      const thread = new Thread(this.#url, this.#settings);
      this.#threads.push(thread);
      return thread;
    }
    return this.#threads.reduce((least, thread) => (thread.load < least.load ? thread : least));
  }

  block(length: number): Promise<WriteBlock> {
    return this.#memory.take(length);
  }

  close(): void {
    for (const thread of this.#threads.splice(0)) thread.stop();
  }
}

/** Writes on the caller's own thread, through a file system of the caller's. */
export class InlineWriter implements Writers, WriterLane {
  readonly #writer: FileWriter;

  constructor(fs: SyncFs, options: { inspect?: Inspect<unknown>; journal?: SmallJournal } = {}) {
    this.#writer = new FileWriter(fs, options);
  }

  async lane(): Promise<WriterLane> {
    return this;
  }

  async run(job: WriteJob): Promise<unknown> {
    return this.#writer.run(job);
  }

  async block(length: number): Promise<WriteBlock> {
    return ownBlock(length);
  }

  close(): void {}
}
