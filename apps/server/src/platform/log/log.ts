import pino, { type Logger } from 'pino';

export type { Logger };

/** JSON lines on standard error; standard output is kept for the one line that says where the server is. */
export function createLog(level: string, process_: string): Logger {
  return pino(
    { level, base: { process: process_ }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: false }),
  );
}
