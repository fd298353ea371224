import { KillableWorkers, ownBytes, type ReadBytes, WorkerTaskError } from '../../../platform/workers/killable-worker.ts';
import { workerScript } from '../../../platform/workers/worker-script.ts';
import type { HeaderDigest } from '../types.ts';
import type { Described } from './described.ts';

export type ParseTask =
  | { readonly kind: 'read'; readonly sizeBytes: number; readonly maxHeaderBytes: number; readonly maxInflatedBytes: number }
  | { readonly kind: 'describe'; readonly deflated: Uint8Array; readonly sizeBytes: number };

const MAX_HEADER_BYTES = 128 * 1024 * 1024;

export interface HeaderReader {
  /** Reads the header of `sizeBytes` bytes that `read` gives, however heavy. Fails with DicomError, Rejection or WorkerTaskError. */
  read(sizeBytes: number, read: ReadBytes): Promise<HeaderDigest>;
  /** What a long header says, from its deflated JSON; undefined where that can't be compared or is too long. */
  describe(deflated: Buffer, sizeBytes: number): Promise<Described | undefined>;
  close(): Promise<void>;
}

const nothing: ReadBytes = async () => new Uint8Array(0);

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
      const { maxInflatedBytes } = options;
      const task: ParseTask = { kind: 'read', sizeBytes, maxHeaderBytes: MAX_HEADER_BYTES, maxInflatedBytes };
      return (await workers.run(task, read)) as HeaderDigest; // What parse-worker.ts gives.
    },
    describe: async (stored, sizeBytes) => {
      const deflated = ownBytes(stored);
      const task: ParseTask = { kind: 'describe', deflated, sizeBytes };
      try {
        return (await workers.run(task, nothing, [deflated.buffer])) as Described | undefined; // What parse-worker.ts gives.
      } catch (error) {
        if (error instanceof WorkerTaskError) return undefined;
        throw error;
      }
    },
    close: () => workers.close(),
  };
}
