import { KillableProcess } from '../../../platform/onnx/killable-process.ts';
import { workerScript } from '../../../platform/workers/worker-script.ts';
import type { FilmAnswer, InferenceTask } from './messages.ts';

/** Models in a process of their own: crashes, endless work and memory without end are its own. */
export interface Inference {
  /** One answer for each film, in their order. Fails with WorkerTaskError: MODEL_MISSING, MODEL_CORRUPT, RUNTIME_MISSING, or WORKER_… where the process ended. */
  run(task: InferenceTask): Promise<readonly FilmAnswer[]>;
  /** Of the process that is there now; undefined when there is none. */
  readonly pid: number | undefined;
  close(): Promise<void>;
}

/** A film takes some 60 ms and a model some hundred ms to open; 100 megapixels are decoded in a few seconds. */
const LIMITS = {
  timeoutMs: 60_000,
  maxResidentBytes: 1536 * 1024 * 1024,
  idleMs: 120_000,
  tasksPerProcess: 2_000,
};

export function createInference(): Inference {
  const script = (): Promise<URL> => workerScript('inference.worker', './inference.worker.ts', import.meta.url);
  const worker = new KillableProcess(script, import.meta.url, LIMITS);
  return {
    // Of our own code in the process.
    run: async (task) => (await worker.run(task)) as readonly FilmAnswer[],
    get pid() {
      return worker.pid;
    },
    close: () => worker.close(),
  };
}
