import { workerData } from 'node:worker_threads';
import { ownPort } from '../../workers/own-port.ts';
import type { Inspect } from '../staging/index.ts';
import { FileWriter } from './file-writer.ts';
import { type JournalPlace, SmallJournal } from './small-journal.ts';
import { nodeSyncFs } from './sync-fs.ts';
import { WriteError, type WriteJob } from './write-jobs.ts';

/** A job with its number. */
export interface WriterRequest {
  readonly number: number;
  readonly job: WriteJob;
}

export interface WriterAnswer {
  readonly number: number;
  readonly result?: unknown;
  readonly failed?: { readonly code: string; readonly site: 'flush' | 'file' };
}

const SWEEP_MS = 250;

/** What a thread is started with. */
export interface WriterSettings {
  /** Where its journals go, when it may keep any. */
  readonly journal?: JournalPlace;
}

/** A writer thread's half of WriterThreads. */
export function serveWriter(inspect?: Inspect<unknown>): void {
  const port = ownPort();
  const { journal } = workerData as WriterSettings; // Given by writer-threads.ts.
  const writer = new FileWriter(nodeSyncFs, {
    inspect,
    journal: journal === undefined ? undefined : new SmallJournal(nodeSyncFs, journal),
  });
  setInterval(() => writer.sweep(), SWEEP_MS).unref();
  port.on('message', ({ number, job }: WriterRequest) => {
    try {
      port.postMessage({ number, result: writer.run(job) } satisfies WriterAnswer);
    } catch (error) {
      const { code, site } = error instanceof WriteError ? error : new WriteError('UNKNOWN', 'file');
      port.postMessage({ number, failed: { code, site } } satisfies WriterAnswer);
    }
  });
}
