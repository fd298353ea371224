import type { Socket } from 'node:net';
import { StartError } from '../kernel/start-error.ts';

/** What a child process tells its supervisor. */
export type ChildMessage =
  | { readonly type: 'alive' }
  | { readonly type: 'fatal'; readonly message: string }
  /** A web process can take connections. */
  | { readonly type: 'ready' }
  /** It has taken the connection of this number. */
  | { readonly type: 'taken'; readonly id: number }
  /** What it counts and measures, as it was asked by this number. */
  | { readonly type: 'metrics'; readonly id: number; readonly text: string };

/** Asks a child for what it counts and measures. */
export interface MetricsWanted {
  readonly type: 'metrics-wanted';
  readonly id: number;
}

/** What comes with a connection that the supervisor hands over. */
export interface Handover {
  readonly type: 'connection';
  readonly id: number;
  /** What it has sent before, in base64. */
  readonly head: string;
}

export const heartbeatMs = 2_000;

/**
 * Joins a process to its supervisor. `start` begins the work and returns how to end it.
 * SIGTERM drains and ends with 0. SIGINT is ignored: Ctrl-C reaches the whole terminal, and the supervisor decides the order.
 * A lost supervisor ends the process at once, because nobody would start it again or stop it. A StartError ends the whole
 * start with its one line; any other failure is told and the supervisor starts the process again.
 */
export function runAsChild(start: () => Promise<() => Promise<void>>): void {
  let stop: (() => Promise<void>) | undefined;
  let stopping = false;
  const end = (): void => {
    if (stopping) return;
    stopping = true;
    started
      .then(() => stop?.())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  // Lost while this process was still loading, before anybody could listen to it.
  if (process.send !== undefined && !process.connected) process.exit(0);
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', end);
  process.on('disconnect', () => process.exit(0));
  setInterval(() => tell({ type: 'alive' }), heartbeatMs).unref();
  const started = start().then(
    (stopWork) => {
      stop = stopWork;
    },
    (error: unknown) => {
      if (error instanceof StartError) tell({ type: 'fatal', message: error.message });
      else console.error(error);
      process.exitCode = 1;
      setImmediate(() => process.exit());
    },
  );
}

/** Takes the connections that the supervisor hands over, from now on. */
export function takeConnections(take: (socket: Socket) => void): void {
  process.on('message', (message: Handover, socket: Socket | undefined) => {
    if (message?.type !== 'connection') return;
    // Before a byte is read: until then the supervisor may hand the connection to another process.
    tell({ type: 'taken', id: message.id });
    if (socket === undefined) return;
    socket.unshift(Buffer.from(message.head, 'base64'));
    take(socket);
  });
  tell({ type: 'ready' });
}

/** Answers its supervisor what this process counts and measures, from now on. */
export function tellMetrics(text: () => Promise<string>): void {
  process.on('message', (message: MetricsWanted) => {
    if (message?.type !== 'metrics-wanted') return;
    text().then(
      (answer) => tell({ type: 'metrics', id: message.id, text: answer }),
      () => undefined,
    );
  });
}

function tell(message: ChildMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
}
