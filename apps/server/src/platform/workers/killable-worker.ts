import { Worker } from 'node:worker_threads';
import pLimit, { type LimitFunction } from 'p-limit';
import { Failure } from '../../kernel/failure.ts';

/** Bytes that a worker asks for: it has no access to objects of its own. An empty answer is the end. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>;

export interface WorkerLimits {
  readonly timeoutMs: number;
  readonly maxHeapMb: number;
  /** Threads at once; further tasks wait. */
  readonly threads: number;
  /** A thread is replaced after this many tasks, so that what leaks is given back. */
  readonly tasksPerThread: number;
}

export type WorkerMessage =
  | { readonly kind: 'read'; readonly number: number; readonly offset: number; readonly length: number }
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly code: string };

/** A task failed inside the worker (`code` from there), ran out of memory (WORKER_MEMORY) or of time (WORKER_TIMEOUT). */
export class WorkerTaskError extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`A worker's task failed: ${code}`);
    this.name = 'WorkerTaskError';
    this.code = code;
  }
}

interface Thread {
  readonly worker: Worker;
  tasks: number;
}

/** Three semi-spaces: what lives long is most of what is made here, and the usual 48 MB save it no time. */
const YOUNG_MB = 12;

/**
 * Threads for untrusted bytes: each task has a limit of time and memory, and the thread of one that passes it is ended, which costs
 * nobody else anything.
 */
export class KillableWorkers {
  readonly #script: () => Promise<URL>;
  readonly #limits: WorkerLimits;
  readonly #idle: Thread[] = [];
  readonly #turns: LimitFunction;
  #closed = false;

  constructor(script: () => Promise<URL>, limits: WorkerLimits) {
    this.#script = script;
    this.#limits = limits;
    this.#turns = pLimit(limits.threads);
  }

  /** Runs one task; `task` must survive structured cloning, and the memory of `own` goes with it. Fails with WorkerTaskError. */
  run(task: unknown, read: ReadBytes, own: readonly ArrayBuffer[] = []): Promise<unknown> {
    return this.#turns(async () => {
      if (this.#closed) throw new Failure('UNAVAILABLE');
      const thread = this.#idle.pop() ?? (await this.#start());
      const result = await this.#runOn(thread, { task, own }, read);
      this.#putBack(thread);
      return result;
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((thread) => thread.worker.terminate()));
  }

  async #start(): Promise<Thread> {
    const resourceLimits = { maxOldGenerationSizeMb: this.#limits.maxHeapMb, maxYoungGenerationSizeMb: YOUNG_MB, stackSizeMb: 4 };
    const worker = new Worker(await this.#script(), { resourceLimits, env: {} });
    worker.unref();
    return { worker, tasks: 0 };
  }

  #putBack(thread: Thread): void {
    thread.tasks += 1;
    if (this.#closed || thread.tasks >= this.#limits.tasksPerThread) void thread.worker.terminate();
    else this.#idle.push(thread);
  }

  #runOn({ worker }: Thread, { task, own }: { task: unknown; own: readonly ArrayBuffer[] }, read: ReadBytes): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
        settle();
      };
      const kill = (error: Error): void => {
        end(() => reject(error));
        // A thread that is being ended may still fail: nobody waits for it any more.
        worker.on('error', () => undefined);
        void worker.terminate();
      };
      const onMessage = (message: WorkerMessage): void => {
        if (message.kind === 'done') end(() => resolve(message.result));
        else if (message.kind === 'failed') kill(new WorkerTaskError(message.code));
        else {
          const { number, offset, length } = message;
          read(offset, length).then((bytes) => {
            const own = ownBytes(bytes);
            worker.postMessage({ number, bytes: own }, [own.buffer]);
          }, kill);
        }
      };
      const onError = (error: unknown): void => kill(new WorkerTaskError(memoryCode(error)));
      const onExit = (): void => kill(new WorkerTaskError('WORKER_MEMORY'));
      const timer = setTimeout(() => kill(new WorkerTaskError('WORKER_TIMEOUT')), this.#limits.timeoutMs);
      worker.ref();
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage({ task }, [...own]);
    });
  }
}

/** Cloning a view would clone all of the memory behind it, which may be a whole file: what goes to a thread goes as a copy of its own. */
export const ownBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

const memoryCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'WORKER_MEMORY' : 'WORKER_FAILED';
