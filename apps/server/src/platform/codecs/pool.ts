import os from 'node:os';
import { Worker } from 'node:worker_threads';
import type {
  DecodedFrame,
  EncodedFrame,
  FrameMeasure,
  Region,
  RegionStatistics,
  RenderedFrame,
  RenderPlan,
  TextBox,
  ValuePlan,
} from '@negatoscope/dicom';
import pLimit, { type LimitFunction } from 'p-limit';
import { Failure } from '../../kernel/failure.ts';
import { workerScript } from '../workers/worker-script.ts';
import { type CodecAnswer, type CodecJob, type EncodedPicture, NOT_ENCODABLE } from './messages.ts';

export interface CodecLimits {
  readonly threads: number;
  /** A job that takes longer is ended together with its thread. */
  readonly timeoutMs: number;
  /** A thread without work is stopped after this time. */
  readonly idleMs: number;
  /** A thread is replaced after this many jobs, so that what codecs leak is given back. */
  readonly jobsPerThread: number;
  readonly maxHeapMb: number;
  /** Jobs that wait; more are refused with UNAVAILABLE. */
  readonly maxWaiting: number;
}

const DEFAULTS: CodecLimits = {
  threads: Math.max(1, Math.min(4, os.availableParallelism())),
  timeoutMs: 20_000,
  idleMs: 60_000,
  jobsPerThread: 500,
  maxHeapMb: 512,
  maxWaiting: 2000,
};

interface Thread {
  readonly worker: Worker;
  jobs: number;
  idleTimer: NodeJS.Timeout | undefined;
}

const unreadable = (reason: string): Failure =>
  new Failure(reason === NOT_ENCODABLE ? 'NOT_ACCEPTABLE' : 'FRAME_UNREADABLE', { cause: new Error(reason) });

/**
 * Threads that decode frames. A frame that is damaged, takes too long or too much memory costs only itself: its thread is ended, the
 * others go on. Failures have the code FRAME_UNREADABLE, or UNAVAILABLE when too many jobs wait.
 */
export class CodecPool {
  readonly #limits: CodecLimits;
  readonly #script: () => Promise<URL>;
  readonly #idle: Thread[] = [];
  readonly #turns: LimitFunction;
  #closed = false;

  /** `script` replaces the codec thread, for tests. */
  constructor(limits: Partial<CodecLimits> = {}, script?: () => Promise<URL>) {
    this.#limits = { ...DEFAULTS, ...limits };
    this.#turns = pLimit(this.#limits.threads);
    this.#script = script ?? (() => workerScript('codec.worker', './codec.worker.ts', import.meta.url));
  }

  /** Decodes one frame; see DecodedFrame for the layout of the result. */
  async decodeFrame(frame: EncodedFrame): Promise<DecodedFrame> {
    const answer = await this.#run({ frame });
    if (answer.kind !== 'decoded') throw unreadable('unexpected answer');
    return answer.frame;
  }

  /** Decodes one frame and renders it to 8 bits. */
  async renderFrame(frame: EncodedFrame, plan: RenderPlan): Promise<RenderedFrame> {
    const answer = await this.#run({ frame, plan });
    if (answer.kind !== 'rendered') throw unreadable('unexpected answer');
    return answer.image;
  }

  /** Decodes one grayscale frame and finds the range of its modality values. */
  async measureFrame(frame: EncodedFrame, { modality, padding }: ValuePlan): Promise<FrameMeasure> {
    const answer = await this.#run({ frame, measure: { modality, padding } });
    if (answer.kind !== 'measured') throw unreadable('unexpected answer');
    return answer.measure;
  }

  /** Decodes one grayscale frame and gives what stands in each of some regions of it; undefined for one without a value. */
  async measureRegions(
    frame: EncodedFrame,
    { modality, padding }: ValuePlan,
    regions: readonly Region[],
  ): Promise<readonly (RegionStatistics | undefined)[]> {
    const answer = await this.#run({ frame, measure: { modality, padding }, regions });
    if (answer.kind !== 'regions') throw unreadable('unexpected answer');
    return answer.statistics;
  }

  /** Decodes one frame and looks for what is written in it (`findText`); undefined where nobody can look. */
  async findText(frame: EncodedFrame): Promise<readonly TextBox[] | undefined> {
    const answer = await this.#run({ frame, text: true });
    if (answer.kind !== 'text') throw unreadable('unexpected answer');
    return answer.boxes;
  }

  /**
   * Decodes one frame and encodes it in another transfer syntax; see `encodedPhotometric` for which can be. Fails with NOT_ACCEPTABLE when the
   * picture does not fit that syntax.
   */
  async encodeFrame(frame: EncodedFrame, encodeTo: string): Promise<EncodedPicture> {
    const answer = await this.#run({ frame, encodeTo });
    if (answer.kind !== 'encoded') throw unreadable('unexpected answer');
    return answer.picture;
  }

  /** Ends every idle thread; those at work end when they are done. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#idle.splice(0).map((thread) => this.#stop(thread)));
  }

  async #run(job: CodecJob): Promise<CodecAnswer> {
    const { activeCount, pendingCount } = this.#turns;
    if (activeCount + pendingCount >= this.#limits.threads + this.#limits.maxWaiting)
      throw new Failure('UNAVAILABLE', { retryAfterSeconds: 2 });
    return this.#turns(() => this.#runInTurn(job));
  }

  async #runInTurn(job: CodecJob): Promise<CodecAnswer> {
    if (this.#closed) throw new Failure('UNAVAILABLE');
    const thread = this.#idle.pop() ?? (await this.#start());
    clearTimeout(thread.idleTimer);
    const answer = await this.#runOn(thread, job);
    this.#putBack(thread, answer.kind === 'failed' && answer.isSpent);
    if (answer.kind === 'failed') throw unreadable(answer.reason);
    return answer;
  }

  async #start(): Promise<Thread> {
    const resourceLimits = { maxOldGenerationSizeMb: this.#limits.maxHeapMb, stackSizeMb: 4 };
    const worker = new Worker(await this.#script(), { resourceLimits, env: {}, workerData: { from: import.meta.url } });
    worker.unref();
    return { worker, jobs: 0, idleTimer: undefined };
  }

  async #stop(thread: Thread): Promise<void> {
    clearTimeout(thread.idleTimer);
    // A thread that is being ended may still fail: nobody waits for it any more.
    thread.worker.on('error', () => undefined);
    await thread.worker.terminate();
  }

  #putBack(thread: Thread, isSpent: boolean): void {
    thread.jobs += 1;
    if (isSpent || this.#closed || thread.jobs >= this.#limits.jobsPerThread) {
      void this.#stop(thread);
      return;
    }
    this.#idle.push(thread);
    thread.idleTimer = setTimeout(() => {
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
      void this.#stop(thread);
    }, this.#limits.idleMs).unref();
  }

  #runOn(thread: Thread, job: CodecJob): Promise<CodecAnswer> {
    const { worker } = thread;
    return new Promise((resolve, reject) => {
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        worker.unref();
        settle();
      };
      const kill = (reason: string): void => {
        end(() => reject(unreadable(reason)));
        void this.#stop(thread);
      };
      const onMessage = (answer: CodecAnswer): void => end(() => resolve(answer));
      const onError = (): void => kill('the thread failed');
      const onExit = (): void => kill('the thread ended');
      const timer = setTimeout(() => kill('out of time'), this.#limits.timeoutMs);
      worker.ref();
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      // Cloning a view would clone all of the buffer behind it, which may be a whole file.
      const bytes = Uint8Array.from(job.frame.bytes);
      worker.postMessage({ ...job, frame: { ...job.frame, bytes } }, [bytes.buffer]);
    });
  }
}
