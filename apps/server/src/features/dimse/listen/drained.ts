import type { Socket } from 'node:net';

/** Resolves when what was written has been taken, or the connection is gone; to false when neither has come in time. */
export function drained(socket: Socket, patienceMs: number): Promise<boolean> {
  return new Promise((done) => {
    const settle = (isInTime: boolean): void => {
      clearTimeout(timer);
      for (const event of ['drain', 'close']) socket.off(event, inTime);
      done(isInTime);
    };
    const inTime = (): void => settle(true);
    const timer = setTimeout(() => settle(false), patienceMs);
    for (const event of ['drain', 'close']) socket.on(event, inTime);
  });
}
