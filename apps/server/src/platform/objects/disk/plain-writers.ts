import { workerScript } from '../../workers/worker-script.ts';
import type { WriterSettings } from './writer-thread.ts';
import { type Writers, WriterThreads } from './writer-threads.ts';

/** Threads that write and inspect nothing. */
export const plainWriters = (settings: WriterSettings & { readonly count?: number }): Writers =>
  new WriterThreads(() => workerScript('object.worker', './object.worker.ts', import.meta.url), settings);
