import { parentPort, workerData } from 'node:worker_threads';
import { FileWriter, type Inspect, WriteError, type WriteJob } from './file-writer.ts';
import { SmallJournal } from './small-journal.ts';
import { nodeSyncFs } from './sync-fs.ts';

/** A job with its number and, for `append` and `finish`, whether the memory of its bytes is wanted back. */
export interface WriterRequest {
  readonly number: number;
  readonly job: WriteJob;
  readonly returns: boolean;
}

export interface WriterAnswer {
  readonly number: number;
  readonly result?: unknown;
  readonly failed?: { readonly code: string; readonly site: 'flush' | 'file' };
  readonly block?: ArrayBuffer;
}

const SWEEP_MS = 250;

/** What a thread is started with. */
export interface WriterSettings {
  /** Where its journals go, when it may keep any. */
  readonly journal?: { readonly folder: string; readonly owner: string };
}

/** A writer thread's half of WriterThreads. */
export function serveWriter(inspect?: Inspect): void {
  const port = parentPort;
  if (port === null) throw new Error('This file is the code of a worker thread.');
  const { journal } = workerData as WriterSettings; // Given by writer-threads.ts.
  const writer = new FileWriter(nodeSyncFs, {
    inspect,
    journal: journal === undefined ? undefined : new SmallJournal(nodeSyncFs, journal),
  });
  setInterval(() => writer.sweep(), SWEEP_MS).unref();
  port.on('message', ({ number, job, returns }: WriterRequest) => {
    const block = returns && 'bytes' in job ? (job.bytes.buffer as ArrayBuffer) : undefined; // Transferred by writer-threads.ts.
    const back = block === undefined ? {} : { block };
    const transfer = block === undefined ? [] : [block];
    try {
      const result = writer.run(job);
      port.postMessage({ number, result, ...back } satisfies WriterAnswer, transfer);
    } catch (error) {
      const { code, site } = error instanceof WriteError ? error : new WriteError('UNKNOWN', 'file');
      port.postMessage({ number, failed: { code, site }, ...back } satisfies WriterAnswer, transfer);
    }
  });
}
