import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../kernel/start-error.ts';
import { type PostgresBinaries, postgresMajor } from './binaries.ts';
import type { Recovery } from './recovery.ts';
import { commandAs, type RunAs } from './run-as.ts';
import { socketPort } from './socket-dir.ts';

/** The cluster's superuser, used by the launcher only; it has no password and is reachable through the private socket alone. */
export const superuser = 'postgres';

/**
 * Refuses a folder of another PostgreSQL, whose files these binaries can't read.
 * Returns whether a cluster exists. Fails with POSTGRES_VERSION or POSTGRES_FOLDER.
 */
export function checkCluster(clusterDir: string): boolean {
  const file = path.join(clusterDir, 'PG_VERSION');
  if (existsSync(file)) {
    const found = readFileSync(file, 'utf8').trim();
    if (found === postgresMajor) return true;
    throw new StartError(
      'POSTGRES_VERSION',
      `${clusterDir} holds a PostgreSQL ${found} cluster but this Negatoscope runs PostgreSQL ${postgresMajor}: ` +
        `start the Negatoscope that wrote it, or move the folder away`,
    );
  }
  if (existsSync(clusterDir) && readdirSync(clusterDir).length > 0) {
    throw new StartError(
      'POSTGRES_FOLDER',
      `${clusterDir} is neither empty nor a PostgreSQL cluster: move it away or choose another DATA_DIR`,
    );
  }
  return false;
}

/** Clusters of other versions beside the place of this one's, the newest last. */
function otherMajors(postgresDir: string): string[] {
  if (!existsSync(postgresDir)) return [];
  const isCluster = (name: string): boolean => /^\d+$/.test(name) && existsSync(path.join(postgresDir, name, 'PG_VERSION'));
  return readdirSync(postgresDir)
    .filter((name) => name !== postgresMajor && isCluster(name))
    .sort((a, b) => Number(a) - Number(b));
}

export const earlierMajors = (postgresDir: string): string[] =>
  otherMajors(postgresDir).filter((name) => Number(name) < Number(postgresMajor));

/** Fails with POSTGRES_UPGRADE or POSTGRES_VERSION: an empty database beside one that is full would look as if all were lost. */
export function requireNoOther(postgresDir: string): void {
  const newest = otherMajors(postgresDir).at(-1);
  if (newest === undefined) return;
  if (Number(newest) < Number(postgresMajor))
    throw new StartError(
      'POSTGRES_UPGRADE',
      `the database in ${postgresDir} is of PostgreSQL ${newest}, this Negatoscope runs PostgreSQL ${postgresMajor}: run "npm run upgrade-database" once`,
    );
  throw new StartError(
    'POSTGRES_VERSION',
    `the database in ${postgresDir} is of PostgreSQL ${newest}, this Negatoscope runs PostgreSQL ${postgresMajor}: start the Negatoscope that wrote it`,
  );
}

/** Fails with POSTGRES_GONE where no cluster is. */
export function requireCluster(clusterDir: string): void {
  if (checkCluster(clusterDir)) return;
  throw new StartError(
    'POSTGRES_GONE',
    `${clusterDir} is gone: mount or restore it; no empty database is made in its place while this server runs`,
  );
}

/** The line that tells what went wrong; not every one of them says that it is an error. */
function whyOf(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.includes('error')) ?? lines.at(-1) ?? 'unknown reason';
}

/**
 * Makes a new cluster: UTF-8, builtin C.UTF-8 collation (the same order on every machine, no dependence on the system's
 * locales), page checksums. It is made beside its place and renamed, so that an interrupted start leaves nothing half-made.
 */
export function initCluster(binaries: PostgresBinaries, clusterDir: string, runAs: RunAs, durable: boolean): void {
  const draft = `${clusterDir}.new`;
  rmSync(draft, { recursive: true, force: true });
  const { file, args, identity } = commandAs(runAs, binaries.initdb, [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    '--encoding=UTF8',
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--text-search-config=simple',
    '--data-checksums',
    '--auth-local=trust',
    '--auth-host=reject',
    ...(durable ? [] : ['--no-sync']),
  ]);
  const result = spawnSync(file, args, { ...identity, cwd: '/', env: serverEnv(), encoding: 'utf8' });
  if (result.status !== 0) {
    const said = result.error?.message ?? whyOf(result.stderr);
    throw new StartError('POSTGRES_INIT', `cannot create the database in ${clusterDir}: ${said}`);
  }
  rmSync(clusterDir, { recursive: true, force: true });
  renameSync(draft, clusterDir);
}

/** The environment of the server: nothing of ours in it, secrets least of all. */
export function serverEnv(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

/** All settings of the server are given at its start, so that the folder holds none that an upgrade would have to edit. */
export function serverArguments(binaries: PostgresBinaries, clusterDir: string, socketDir: string, durable: boolean): string[] {
  const options: Record<string, string> = { ...baseOptions, ...(durable ? {} : hastyOptions) };
  const launch = createHash('sha256')
    .update(JSON.stringify([binaries.fingerprint, options]))
    .digest('hex')
    .slice(0, 16);
  const all = { ...options, port: String(socketPort), unix_socket_directories: socketDir, [launchOption]: launch };
  return ['-D', clusterDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Inside single quotes of a shell, where PostgreSQL replaces what follows a per cent sign. */
const quoted = (file: string): string => `'${file.replaceAll('%', '%%').replaceAll("'", "'\\''")}'`;

/** Brings a restored cluster to where it is wanted: nobody connects before it is there. `recovery.signal` in the cluster asks for it. */
export function recoveryArguments({ logFolder, transaction, time }: Recovery): string[] {
  const options: Record<string, string> = {
    hot_standby: 'off',
    restore_command: `cp ${quoted(logFolder)}/%f "%p"`,
    recovery_target_timeline: 'current',
    recovery_target_action: 'promote',
    ...(transaction === undefined ? {} : { recovery_target_xid: transaction }),
    ...(time === undefined ? {} : { recovery_target_time: time.toISOString().replace('Z', '+00') }),
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Carries a fingerprint of binaries and options, by which a later start knows whether a running server can be kept. */
export const launchOption = 'negatoscope.launch';

export function launchFingerprint(serverArgs: readonly string[]): string {
  return serverArgs.find((argument) => argument.startsWith(`${launchOption}=`))?.slice(launchOption.length + 1) ?? '';
}

const baseOptions = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '60',
  shared_buffers: '128MB',
  effective_cache_size: '1GB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  // What a backup that is never repeated may keep of the log: beyond it the next one begins anew.
  max_slot_wal_keep_size: '8GB',
  checkpoint_timeout: '10min',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Statements, parameters and DETAIL lines carry patient data: the server's log keeps its own life only. Errors of
  // statements go to the client that made them.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
};

/** For throw-away clusters of tests. */
const hastyOptions = { fsync: 'off', full_page_writes: 'off' };
