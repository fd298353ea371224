import type { Client } from 'pg';
import type { Settings } from '../config/settings.ts';
import { StartError } from '../kernel/start-error.ts';
import { isUniqueViolation, sqlStateOf } from '../platform/db/sql-state.ts';
import {
  type EmbeddedPostgres,
  findEmbeddedPostgres,
  type PostgresLog,
  startEmbeddedPostgres,
} from '../platform/postgres/embedded.ts';
import { appRole } from '../platform/postgres/roles.ts';
import { connectToPrimary, type Waiting } from './primary-database.ts';
import type { DatabaseConnections } from './runtime.ts';

export interface OpenDatabases {
  readonly connections: DatabaseConnections;
  /** The server that we run, undefined with DATABASE_URL or when another process of ours runs it. */
  readonly embedded: EmbeddedPostgres | undefined;
  close(): Promise<void>;
}

const oldestMajor = 16;

/**
 * The database of DATABASE_URL, or our own server, started. With a signal it waits for a replica to become the primary, until that is aborted. Fails with
 * DATABASE_UNREACHABLE, DATABASE_REPLICA, DATABASE_TOO_OLD, DATABASE_ROLE or as the launcher does.
 */
export async function openDatabases(settings: Settings, log: PostgresLog, signal?: AbortSignal): Promise<OpenDatabases> {
  if (settings.databaseUrl !== undefined) return openOutside(settings.databaseUrl, signal && { signal, log });
  const embedded = await startEmbeddedPostgres({ dataDir: settings.dataDir, log });
  return { connections: { owner: embedded.owner, app: embedded.app }, embedded, close: () => embedded.stop() };
}

/** For commands: uses the server of a running Negatoscope when there is one, starts it for the while otherwise. */
export async function borrowDatabases(settings: Settings, log: PostgresLog): Promise<OpenDatabases> {
  if (settings.databaseUrl === undefined) {
    const running = await findEmbeddedPostgres(settings.dataDir);
    if (running !== undefined) return { connections: running, embedded: undefined, close: async () => undefined };
  }
  return openDatabases(settings, log);
}

async function openOutside(url: string, waiting: Waiting | undefined): Promise<OpenDatabases> {
  const owner = { connectionString: url };
  const client = await connectToPrimary(url, waiting);
  try {
    await requireVersion(client);
    await requireAppRole(client);
  } finally {
    await client.end();
  }
  return { connections: { owner, app: owner, assumeRole: appRole }, embedded: undefined, close: async () => undefined };
}

async function requireVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: string }>("SELECT current_setting('server_version_num') AS number");
  const major = Math.floor(Number(rows[0]?.number) / 10_000);
  if (major >= oldestMajor) return;
  throw new StartError('DATABASE_TOO_OLD', `DATABASE_URL names a PostgreSQL ${major}: version ${oldestMajor} or newer is needed`);
}

/** The role that the application takes, so that row-level security applies to it. Two nodes may start at once. */
async function requireAppRole(client: Client): Promise<void> {
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [appRole]);
    if (rowCount === 0) {
      await client.query(`CREATE ROLE ${appRole} NOLOGIN NOSUPERUSER NOBYPASSRLS`).catch((error: unknown) => {
        if (sqlStateOf(error) !== '42710' && !isUniqueViolation(error)) throw error;
      });
    }
    // Who creates a role may administer it, but since PostgreSQL 16 not take it without a grant.
    const { rows } = await client.query<{ allowed: boolean }>("SELECT pg_has_role(current_user, $1, 'SET') AS allowed", [
      appRole,
    ]);
    if (rows[0]?.allowed !== true) await client.query(`GRANT ${appRole} TO CURRENT_USER`);
  } catch (cause) {
    throw new StartError(
      'DATABASE_ROLE',
      `DATABASE_URL: its user may neither create nor use the role ${appRole}: run "CREATE ROLE ${appRole}; GRANT ${appRole} TO" that user as a superuser`,
      cause,
    );
  }
}
