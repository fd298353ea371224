import { setImmediate as nextTurn } from 'node:timers/promises';
import { DicomError } from '@negatoscope/dicom';
import { KillableWorkers, type ReadBytes } from '../../platform/workers/killable-worker.ts';
import { workerScript } from '../../platform/workers/worker-script.ts';
import { digestHeader, type Supply } from './header-digest.ts';
import type { HeaderDigest } from './types.ts';

export interface ParseTask {
  readonly sizeBytes: number;
  readonly maxHeaderBytes: number;
  readonly maxInflatedBytes: number;
}

/** Header bytes that the event loop reads itself: a step of it is one window of 64 KiB, some milliseconds at the very worst. */
const MAX_MAIN_HEADER_BYTES = 512 * 1024;
const MAX_HEADER_BYTES = 256 * 1024 * 1024;

class NeedsWorker extends Error {}

export interface HeaderReader {
  /** Reads the header of `sizeBytes` bytes that `read` gives. Fails with DicomError, Rejection or WorkerTaskError. */
  read(sizeBytes: number, read: ReadBytes): Promise<HeaderDigest>;
  close(): Promise<void>;
}

export function createHeaderReader(options: { maxInflatedBytes: number; timeoutMs?: number }): HeaderReader {
  const workers = new KillableWorkers(() => workerScript('parse-worker', './parse-worker.ts', import.meta.url), {
    timeoutMs: options.timeoutMs ?? 60_000,
    maxHeapMb: 768,
    threads: 2,
    tasksPerThread: 500,
  });
  return {
    read: async (sizeBytes, read) => {
      try {
        return await readHere(sizeBytes, read);
      } catch (error) {
        if (!(error instanceof NeedsWorker)) throw error;
        const task: ParseTask = { sizeBytes, maxHeaderBytes: MAX_HEADER_BYTES, maxInflatedBytes: options.maxInflatedBytes };
        return (await workers.run(task, read)) as HeaderDigest; // What parse-worker.ts gives.
      }
    },
    close: () => workers.close(),
  };
}

async function readHere(sizeBytes: number, read: ReadBytes): Promise<HeaderDigest> {
  let isFirst = true;
  const supply: Supply = async ({ space, offset, length }) => {
    if (space === 'inflated') throw new NeedsWorker();
    if (!isFirst) await nextTurn();
    isFirst = false;
    return read(offset, length);
  };
  return digestHeader(sizeBytes, supply, MAX_MAIN_HEADER_BYTES).catch((error: unknown) => {
    throw error instanceof DicomError && error.code === 'HEADER_TOO_LARGE' ? new NeedsWorker() : error;
  });
}
