import { type MessagePort, parentPort } from 'node:worker_threads';
import { BrokenInvariant } from '../../kernel/broken-invariant.ts';

/** The thread's way to who started it. Fails with BrokenInvariant in the main thread, where the code of a worker has nothing to do. */
export function ownPort(): MessagePort {
  if (parentPort === null) throw new BrokenInvariant('This file is the code of a worker thread.');
  return parentPort;
}
