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

/** What the supervisor gives to each process that it starts. */
export interface Runtime {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly databases: DatabaseConnections;
}

const variable = 'NEGATOSCOPE_RUNTIME';

/**
 * Node's pool of four threads is shared by hashing, inflating and every file operation: flushes that wait for the disk would hold up
 * hashing. Sixteen are cheap, since waiting ones cost no processor.
 */
const THREAD_POOL = '16';

/** glibc otherwise keeps memory apart for each of these threads, up to eight times the number of cores: what one gives back another can't use. */
const ARENAS = '2';

export function runtimeEnv(runtime: Runtime): Record<string, string> {
  const { UV_THREADPOOL_SIZE = THREAD_POOL, MALLOC_ARENA_MAX = ARENAS } = process.env;
  return { UV_THREADPOOL_SIZE, MALLOC_ARENA_MAX, [variable]: JSON.stringify(runtime) };
}

/** Reads what the supervisor gave, once: it leaves the environment so that no grandchild inherits the secrets. */
export function receiveRuntime(): Runtime {
  const text = process.env[variable];
  if (text === undefined) throw new Error('This process is started by the supervisor: run "npm start" or "npm run worker".');
  delete process.env[variable];
  const runtime: Runtime = JSON.parse(text);
  return runtime;
}
