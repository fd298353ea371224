import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import pLimit, { type LimitFunction } from 'p-limit';
import { Failure } from '../../kernel/failure.ts';
import { WorkerTaskError } from '../workers/killable-worker.ts';
import { residentBytes } from './resident.ts';

export interface ProcessLimits {
  readonly timeoutMs: number;
  /** Of all its memory, native as well: one that takes more is ended. */
  readonly maxResidentBytes: number;
  /** A process without work is ended after this time, so that what it holds is given back. */
  readonly idleMs: number;
  /** It is replaced after this many tasks. */
  readonly tasksPerProcess: number;
}

export type ProcessAnswer =
  | { readonly kind: 'done'; readonly result: unknown }
  | { readonly kind: 'failed'; readonly code: string };

interface Running {
  readonly child: ChildProcess;
  tasks: number;
}

const LOOK_EVERY_MS = 200;
const HEAP_MB = 512;
/** What a process that only computes needs of the environment; the server's secrets are none of it. */
const ENVIRONMENT = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'LANG'];

const environment = (from: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(ENVIRONMENT.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]))),
  NEGATOSCOPE_FROM: from,
  // Threads of libvips take an arena each otherwise.
  MALLOC_ARENA_MAX: '2',
});

/** Whether a task failed because its process ended: by the task, by somebody, or for want of time or memory. */
export const isEnded = (error: unknown): error is WorkerTaskError =>
  error instanceof WorkerTaskError && error.code.startsWith('WORKER_');

/**
 * A process of its own for native code and untrusted bytes: what crashes it, or takes too long or too much memory, costs only its own task, and the next one
 * finds a new process. One task at a time. Fails with WorkerTaskError: its `code` from the process, or WORKER_FAILED, WORKER_TIMEOUT, WORKER_MEMORY where that ended.
 */
export class KillableProcess {
  readonly #script: () => Promise<URL>;
  readonly #limits: ProcessLimits;
  readonly #from: string;
  readonly #turns: LimitFunction = pLimit(1);
  #running: Running | undefined;
  /** An empty folder, where the process stands. */
  #folder: string | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #closed = false;

  /** `from` is a file of the server, where the process finds its packages. */
  constructor(script: () => Promise<URL>, from: string, limits: ProcessLimits) {
    this.#script = script;
    this.#from = from;
    this.#limits = limits;
  }

  /** Of the process that is there now. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  /** Runs one task, which must survive structured cloning. */
  run(task: unknown): Promise<unknown> {
    return this.#turns(async () => {
      if (this.#closed) throw new Failure('UNAVAILABLE');
      clearTimeout(this.#idleTimer);
      const running = this.#running ?? (await this.#start());
      try {
        return await this.#runOn(running, task);
      } finally {
        running.tasks += 1;
        if (running.tasks >= this.#limits.tasksPerProcess) this.#end(running);
        this.#idleTimer = setTimeout(() => this.#end(this.#running), this.#limits.idleMs).unref();
      }
    });
  }

  /** Ends the process, whatever it does. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#idleTimer);
    this.#end(this.#running);
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<Running> {
    // Native code that opens a file by a relative name finds nothing where it stands.
    this.#folder ??= await mkdtemp(path.join(tmpdir(), 'negatoscope-alone-'));
    const child = fork(fileURLToPath(await this.#script()), [], {
      cwd: this.#folder,
      serialization: 'advanced',
      env: environment(this.#from),
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const running: Running = { child, tasks: 0 };
    this.#running = running;
    const forget = (): void => {
      if (this.#running === running) this.#running = undefined;
    };
    child.once('exit', forget);
    // A process that could not be started, or a message that met its end: the task hears of it by the end.
    child.on('error', forget);
    child.unref();
    child.channel?.unref();
    return running;
  }

  #end(running: Running | undefined): void {
    if (running === undefined) return;
    if (this.#running === running) this.#running = undefined;
    running.child.kill('SIGKILL');
  }

  #runOn(running: Running, task: unknown): Promise<unknown> {
    const { child } = running;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        clearInterval(watch);
        child.off('message', onMessage).off('exit', onExit).off('error', onExit);
        settle();
      };
      const kill = (code: string): void => {
        end(() => reject(new WorkerTaskError(code)));
        this.#end(running);
      };
      const onMessage = (message: unknown): void => {
        const answer = message as ProcessAnswer; // Our own code sends it.
        end(() => (answer.kind === 'done' ? resolve(answer.result) : reject(new WorkerTaskError(answer.code))));
      };
      const onExit = (): void => kill('WORKER_FAILED');
      const timer = setTimeout(() => kill('WORKER_TIMEOUT'), this.#limits.timeoutMs);
      const watch = setInterval(() => {
        void residentBytes(child.pid).then((bytes) => {
          if (bytes > this.#limits.maxResidentBytes) kill('WORKER_MEMORY');
        });
      }, LOOK_EVERY_MS);
      child.on('message', onMessage).once('exit', onExit).once('error', onExit);
      // It may have ended between two tasks without anybody having listened.
      if (child.exitCode !== null || child.signalCode !== null) onExit();
      else child.send(task as object, (error) => (error === null ? undefined : onExit()));
    });
  }
}
