import type { WorkerMessage } from './killable-worker.ts';
import { ownPort } from './own-port.ts';

export type ReadInWorker = (offset: number, length: number) => Promise<Uint8Array>;

type Incoming = { readonly task: unknown } | { readonly number: number; readonly bytes: Uint8Array };

/** The worker's half of KillableWorkers: one task at a time; an error's `code` is all that leaves the thread. */
export function serveTasks(work: (task: unknown, read: ReadInWorker) => Promise<unknown>): void {
  const port = ownPort();
  const send = (message: WorkerMessage, own: ArrayBuffer[] = []): void => port.postMessage(message, own);
  // What reads ahead may have asked for more when its task ends: each answer names its question.
  const asked = new Map<number, (bytes: Uint8Array) => void>();
  let reads = 0;
  const read: ReadInWorker = (offset, length) =>
    new Promise((resolve) => {
      reads += 1;
      asked.set(reads, resolve);
      send({ kind: 'read', number: reads, offset, length });
    });
  port.on('message', (message: Incoming) => {
    if ('bytes' in message) {
      asked.get(message.number)?.(message.bytes);
      asked.delete(message.number);
      return;
    }
    work(message.task, read).then(
      (result) => send({ kind: 'done', result }, ownMemory(result)),
      (error: unknown) => send({ kind: 'failed', code: codeOf(error) }),
    );
  });
}

/** How deep in a result arrays are looked for. */
const MAX_DEPTH = 3;

/** Arrays of a result change hands when nothing else is in their memory: copying millions of bytes would stop who gets them. */
function ownMemory(result: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const look = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteLength } = value;
      if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) found.add(buffer);
    } else if (depth < MAX_DEPTH) for (const inner of Object.values(value)) look(inner, depth + 1);
  };
  look(result, 0);
  return [...found];
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'WORKER_FAILED';
