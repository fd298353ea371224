import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { StartError } from '../../kernel/start-error.ts';
import { postgresMajor, requirePostgresBinaries } from './binaries.ts';
import {
  checkCluster,
  initCluster,
  launchFingerprint,
  launchOption,
  recoveryArguments,
  requireCluster,
  requireNoOther,
  serverArguments,
  superuser,
} from './cluster.ts';
import { findPostmaster, isAlive, type Postmaster, stopPostmaster } from './postmaster.ts';
import type { Recovery } from './recovery.ts';
import { appRole, databaseName, ensureDatabase, ensureRoles, ownerRole } from './roles.ts';
import { chooseRunAs } from './run-as.ts';
import { launchServer, waitUntilReady } from './server.ts';
import { prepareSocketDir, socketPort } from './socket-dir.ts';

export interface PostgresLog {
  info(message: string): void;
  warn(message: string): void;
}

export interface EmbeddedPostgresOptions {
  readonly dataDir: string;
  readonly log: PostgresLog;
  /** False gives up durability for speed: throw-away clusters of tests only. */
  readonly durable?: boolean;
  /** False: a cluster that isn't there is an error. Who had one a moment ago must not get an empty one in its place. */
  readonly mayCreate?: boolean;
  readonly recovery?: Recovery;
}

export interface EmbeddedPostgres {
  /** Connects as the owner of the database, who migrates it. */
  readonly owner: ClientConfig;
  /** Connects as the application's role, under row-level security. */
  readonly app: ClientConfig;
  /** Connects as the cluster's superuser: for tests and tools, never for the application. */
  readonly superuser: ClientConfig;
  readonly socketDir: string;
  readonly pid: number;
  /** True when the server was already running, left by a parent that was killed. */
  readonly adopted: boolean;
  /** Resolves when the server is gone, also after stop(). */
  readonly gone: Promise<void>;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
}

/** A log of days takes hours to replay. */
const RECOVERY_WITHIN_MS = 24 * 3_600_000;

/** Taken by whoever runs the server, for as long as it does: ends with its connection, also after kill -9. */
const keeperLock = 7_205_759_403;

/**
 * Starts the PostgreSQL of `DATA_DIR/postgres/18`, or takes over the one that a killed parent left running there, and makes
 * roles and database where they are missing. It listens on a Unix socket in a private folder and nowhere else.
 * Fails with a StartError in one line: POSTGRES_UNSUPPORTED, POSTGRES_MISSING, POSTGRES_LINKS, POSTGRES_VERSION, POSTGRES_FOLDER,
 * POSTGRES_UPGRADE, POSTGRES_GONE, POSTGRES_IDENTITY, POSTGRES_SOCKET_DIR, POSTGRES_INIT, POSTGRES_START, DATA_DIR_IN_USE.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, durable = true } = options;
  const binaries = requirePostgresBinaries();
  if (options.mayCreate === false) requireCluster(path.join(options.dataDir, 'postgres', postgresMajor));
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  const dataDir = realpathSync(options.dataDir);
  const postgresDir = path.join(dataDir, 'postgres');
  const clusterDir = path.join(postgresDir, postgresMajor);
  mkdirSync(postgresDir, { recursive: true, mode: 0o700 });
  const exists = checkCluster(clusterDir);

  const expected = launchFingerprint(serverArguments(binaries, clusterDir, '', durable));
  const running = await takeOver(findPostmaster(clusterDir), expected, log);
  if (running !== undefined) return running;

  const runAs = chooseRunAs(dataDir, postgresDir, clusterDir, binaries.postgres);
  if (!exists) {
    requireNoOther(postgresDir);
    log.info('creating the database');
    initCluster(binaries, clusterDir, runAs, durable);
  }
  const socketDir = prepareSocketDir(postgresDir, runAs);
  const { recovery } = options;
  const more = recovery === undefined ? [] : recoveryArguments(recovery);
  const args = [...serverArguments(binaries, clusterDir, socketDir, durable), ...more];
  const patience = recovery === undefined ? {} : { readyWithinMs: RECOVERY_WITHIN_MS };
  const pid = await launchServer({ binaries, args, runAs, postgresDir, probe: superuserConfig(socketDir), log, ...patience });
  try {
    const keeper = await connectKeeper({ pid, socketDir });
    return await handOver(keeper, { pid, socketDir }, false);
  } catch (error) {
    await stopPostmaster(pid);
    throw error;
  }
}

/** The connections of the server that runs on this DATA_DIR now, without taking it over: for commands beside a running server. */
export async function findEmbeddedPostgres(
  dataDir: string,
): Promise<Pick<EmbeddedPostgres, 'owner' | 'app' | 'superuser'> | undefined> {
  const running = findPostmaster(path.join(dataDir, 'postgres', postgresMajor));
  if (running === undefined) return undefined;
  await waitUntilReady(superuserConfig(running.socketDir), 60_000);
  return { ...roleConfigs(running.socketDir), superuser: superuserConfig(running.socketDir) };
}

/** Keeps a server left by a killed parent when it runs these binaries with these options; stops it otherwise. */
async function takeOver(
  found: Postmaster | undefined,
  expected: string,
  log: PostgresLog,
): Promise<EmbeddedPostgres | undefined> {
  if (found === undefined) return undefined;
  try {
    await waitUntilReady(superuserConfig(found.socketDir), 60_000, () => !isAlive(found.pid));
    const keeper = await connectKeeper(found);
    const { rows } = await keeper.query<{ launch: string | null }>('SELECT current_setting($1, true) AS launch', [launchOption]);
    if (rows[0]?.launch === expected) {
      log.info(`took over the database server left running by an earlier start (process ${found.pid})`);
      return await handOver(keeper, found, true);
    }
    await keeper.end();
  } catch (error) {
    if (error instanceof StartError && error.code === 'DATA_DIR_IN_USE') throw error;
  }
  log.warn(`stopping the database server left running by an earlier start (process ${found.pid})`);
  await stopPostmaster(found.pid);
  return undefined;
}

/** A connection that holds the keeper's lock for as long as it lives. Fails with DATA_DIR_IN_USE when another start holds it. */
async function connectKeeper(server: Postmaster): Promise<Client> {
  const keeper = new Client({ ...superuserConfig(server.socketDir), application_name: 'negatoscope-keeper', keepAlive: true });
  keeper.on('error', () => undefined);
  await keeper.connect();
  const deadline = Date.now() + 2_000;
  for (;;) {
    const { rows } = await keeper.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [keeperLock]);
    if (rows[0]?.locked === true) return keeper;
    if (Date.now() > deadline) break;
    await sleep(100); // the connection of a parent killed a moment ago may not have ended yet
  }
  await keeper.end();
  throw new StartError(
    'DATA_DIR_IN_USE',
    'another Negatoscope is running on this DATA_DIR: stop it first, or choose another DATA_DIR',
  );
}

async function handOver(keeper: Client, server: Postmaster, adopted: boolean): Promise<EmbeddedPostgres> {
  const admin = superuserConfig(server.socketDir);
  await ensureRoles(keeper);
  await ensureDatabase(admin, keeper, databaseName);
  const gone = new Promise<void>((resolve) => keeper.once('end', () => resolve()));
  return {
    ...roleConfigs(server.socketDir),
    superuser: admin,
    socketDir: server.socketDir,
    pid: server.pid,
    adopted,
    gone,
    async stop() {
      await stopPostmaster(server.pid);
      await keeper.end().catch(() => undefined);
    },
  };
}

function superuserConfig(socketDir: string): ClientConfig {
  return { host: socketDir, port: socketPort, user: superuser, database: 'postgres' };
}

function roleConfigs(socketDir: string): Pick<EmbeddedPostgres, 'owner' | 'app'> {
  const base = { host: socketDir, port: socketPort, database: databaseName };
  return { owner: { ...base, user: ownerRole }, app: { ...base, user: appRole } };
}
