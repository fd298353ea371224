import { KillableWorkers, type ReadBytes } from '../../platform/workers/killable-worker.ts';
import { workerScript } from '../../platform/workers/worker-script.ts';
import type { HeaderDigest } from './types.ts';

export interface ParseTask {
  readonly sizeBytes: number;
  readonly maxHeaderBytes: number;
  readonly maxInflatedBytes: number;
}

const MAX_HEADER_BYTES = 128 * 1024 * 1024;

export interface HeaderReader {
  /** Reads the header of `sizeBytes` bytes that `read` gives, however heavy. Fails with DicomError, Rejection or WorkerTaskError. */
  read(sizeBytes: number, read: ReadBytes): Promise<HeaderDigest>;
  close(): Promise<void>;
}

/** For deflated and oversized headers, in threads that are ended when one takes too long or too much memory. */
export function createHeaderReader(options: { maxInflatedBytes: number; timeoutMs?: number }): HeaderReader {
  const workers = new KillableWorkers(() => workerScript('parse-worker', './parse-worker.ts', import.meta.url), {
    timeoutMs: options.timeoutMs ?? 60_000,
    maxHeapMb: 192,
    threads: 1,
    tasksPerThread: 500,
  });
  return {
    read: async (sizeBytes, read) => {
      const task: ParseTask = { sizeBytes, maxHeaderBytes: MAX_HEADER_BYTES, maxInflatedBytes: options.maxInflatedBytes };
      return (await workers.run(task, read)) as HeaderDigest; // What parse-worker.ts gives.
    },
    close: () => workers.close(),
  };
}
