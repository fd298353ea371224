import { setTimeout as sleep } from 'node:timers/promises';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../platform/postgres/embedded.ts';
import type { OpenDatabases } from './databases.ts';

interface DatabaseKeeperOptions {
  readonly dataDir: string;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  readonly signal: AbortSignal;
}

/**
 * Starts our own PostgreSQL again when it ends by itself; the pools of the processes reconnect to the same socket.
 * Returns how to end whichever server is the current one; call it after `signal` was aborted.
 */
export function keepDatabase(databases: OpenDatabases, options: DatabaseKeeperOptions): () => Promise<void> {
  let current: EmbeddedPostgres | undefined = databases.embedded;
  if (current === undefined) return databases.close;
  let restarting: Promise<void> | undefined;
  const watch = (server: EmbeddedPostgres): void => {
    void server.gone.then(() => {
      if (options.signal.aborted) return;
      restarting = startAgain(options).then((again) => {
        current = again;
        restarting = undefined;
        if (again !== undefined) watch(again);
      });
    });
  };
  watch(current);
  return async () => {
    await restarting;
    await current?.stop();
  };
}

async function startAgain({ dataDir, log, signal }: DatabaseKeeperOptions): Promise<EmbeddedPostgres | undefined> {
  for (let pauseMs = 200; !signal.aborted; pauseMs = Math.min(pauseMs * 2, 10_000)) {
    log.warn('the connection to the database server is gone: starting it again');
    await sleep(pauseMs);
    if (signal.aborted) return undefined;
    try {
      return await startEmbeddedPostgres({ dataDir, log, mayCreate: false });
    } catch (error) {
      log.error(error instanceof Error ? error.message : 'the database server did not start');
    }
  }
  return undefined;
}
