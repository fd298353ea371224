import type { ChildProcess } from 'node:child_process';
import type { ClientConfig } from 'pg';
import type { Secrets } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';

/** How to reach the database, as plain data. */
export interface DatabaseConnections {
  /** The owner, who migrates. */
  readonly owner: ClientConfig;
  /** What the application uses. */
  readonly app: ClientConfig;
  /** With DATABASE_URL the application signs in as the owner too, and takes this role on each connection. */
  readonly assumeRole?: string;
}

/** How the application reaches the database. */
export const databaseOf = ({ app: connection, assumeRole }: DatabaseConnections) => ({
  connection,
  ...(assumeRole === undefined ? {} : { assumeRole }),
});

/** What the supervisor gives to each process that it starts. */
export interface Runtime {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly databases: DatabaseConnections;
}

/** What a web process gets beside it. */
export interface WebRuntime extends Runtime {
  /** Where this one process listens for its supervisor: a Unix socket in a private folder. */
  readonly privateSocket: string;
}

/**
 * Node's pool of four threads is shared by hashing, inflating and every file operation: flushes that wait for the disk would hold up
 * hashing. Sixteen are cheap, since waiting ones cost no processor.
 */
const THREAD_POOL = '16';

/** glibc otherwise keeps memory apart for each of these threads, up to eight times the number of cores: what one gives back another can't use. */
const ARENAS = '2';

/** The environment of a child: no setting is in it, and no secret. */
export function childEnv(): NodeJS.ProcessEnv {
  const { UV_THREADPOOL_SIZE = THREAD_POOL, MALLOC_ARENA_MAX = ARENAS } = process.env;
  return { ...process.env, UV_THREADPOOL_SIZE, MALLOC_ARENA_MAX };
}

/** Gives a child what it works with through its channel: what is in an environment can be read in /proc as long as the process lives. */
export function handRuntime(child: ChildProcess, runtime: Runtime | WebRuntime): void {
  const { settings } = runtime;
  // Who the first administrator is concerns the start only.
  const withoutPassword = { ...settings, admin: { ...settings.admin, password: undefined } };
  child.send({ type: 'runtime', runtime: { ...runtime, settings: withoutPassword } }, () => undefined);
}

/** Waits for what the supervisor gives. Node keeps messages until somebody listens. */
export function receiveRuntime<R extends Runtime>(): Promise<R> {
  return new Promise((resolve, reject) => {
    if (process.send === undefined)
      reject(new Error('This process is started by the supervisor: run "npm start" or "npm run worker".'));
    process.once('message', (message: { runtime: R }) => resolve(message.runtime));
  });
}
