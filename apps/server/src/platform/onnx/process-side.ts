import type { ProcessAnswer } from './killable-process.ts';

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && !error.code.startsWith('WORKER_')
    ? error.code
    : 'TASK_FAILED';

/** The process' half of KillableProcess: one task at a time; an error's `code` is all that leaves it. It ends with who started it. */
export function serveProcess<T>(work: (task: T) => Promise<unknown>): void {
  const send = (answer: ProcessAnswer): void => {
    if (process.connected) process.send?.(answer, undefined, undefined, () => undefined);
  };
  process.on('disconnect', () => process.exit(0));
  // Ctrl-C reaches the whole terminal; who started this process decides the order.
  process.on('SIGINT', () => undefined);
  process.on('message', (task: T) => {
    work(task).then(
      (result) => send({ kind: 'done', result }),
      (error: unknown) => send({ kind: 'failed', code: codeOf(error) }),
    );
  });
}

/** A file of the server, by which packages are found. */
export const foundFrom = (): string => process.env.NEGATOSCOPE_FROM ?? import.meta.url;
