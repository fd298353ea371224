import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Client, type ClientConfig } from 'pg';
import type { PostgresBinaries } from './binaries.ts';
import { initCluster, serverArguments, superuser } from './cluster.ts';
import type { PostgresLog } from './embedded.ts';
import { findPostmaster, stopPostmaster } from './postmaster.ts';
import { databaseName, ensureDatabase, ensureRoles, ownerRole } from './roles.ts';
import { chooseRunAs } from './run-as.ts';
import { launchServer } from './server.ts';
import { chooseSocketDir, prepareSocketDir, socketPort } from './socket-dir.ts';

export interface SideServerOptions {
  readonly dataDir: string;
  /** Its folder in DATA_DIR/postgres. */
  readonly clusterName: string;
  readonly binaries: PostgresBinaries;
  readonly log: PostgresLog;
  readonly durable: boolean;
  /** Nobody writes there. */
  readonly isReadOnly?: boolean;
  /** Makes the cluster, its roles and an empty database first. */
  readonly isNew?: boolean;
}

/** A server beside others on one DATA_DIR, of whatever version, for the while of a command. */
export interface SideServer {
  readonly superuser: ClientConfig;
  readonly owner: ClientConfig;
  stop(): Promise<void>;
}

/** Fails as the embedded server's start does. */
export async function startSideServer(options: SideServerOptions): Promise<SideServer> {
  const { binaries, log, durable, isReadOnly = false, isNew = false } = options;
  const dataDir = realpathSync(options.dataDir);
  const postgresDir = path.join(dataDir, 'postgres');
  const clusterDir = path.join(postgresDir, options.clusterName);
  // A socket and a log of its own.
  const own = sideFolder(clusterDir);
  mkdirSync(own, { recursive: true, mode: 0o700 });
  const runAs = chooseRunAs(dataDir, postgresDir, clusterDir, binaries.postgres);
  if (isNew) initCluster(binaries, clusterDir, runAs, durable);
  const socketDir = prepareSocketDir(own, runAs);
  const more = isReadOnly ? ['-c', 'default_transaction_read_only=on'] : [];
  const args = [...serverArguments(binaries, clusterDir, socketDir, durable), ...more];
  const base = { host: socketDir, port: socketPort };
  const probe: ClientConfig = { ...base, user: superuser, database: 'postgres' };
  const pid = await launchServer({ binaries, args, runAs, postgresDir: own, probe, log });
  try {
    if (isNew) await makeDatabase(probe);
  } catch (error) {
    await stopPostmaster(pid);
    throw error;
  }
  return {
    superuser: { ...probe, database: databaseName },
    owner: { ...base, user: ownerRole, database: databaseName },
    stop: () => stopPostmaster(pid),
  };
}

async function makeDatabase(probe: ClientConfig): Promise<void> {
  const client = new Client(probe);
  await client.connect();
  try {
    await ensureRoles(client);
    await ensureDatabase(probe, client, databaseName);
  } finally {
    await client.end();
  }
}

const sideFolder = (clusterDir: string): string => path.join(path.dirname(clusterDir), `side-${path.basename(clusterDir)}`);

/** Stops the server that a killed command left on a cluster. False where somebody else's runs there. */
export async function stopLeftServer(dataDir: string, clusterName: string): Promise<boolean> {
  const clusterDir = path.join(realpathSync(dataDir), 'postgres', clusterName);
  const server = findPostmaster(clusterDir);
  if (server === undefined) return true;
  if (server.socketDir !== chooseSocketDir(sideFolder(clusterDir))) return false;
  await stopPostmaster(server.pid);
  return true;
}
