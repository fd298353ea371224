import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { StartError } from '../../kernel/start-error.ts';

/**
 * Under which identity PostgreSQL runs. It refuses uid 0, so root has to lend it another one:
 * - `plain`: we are an ordinary user, nothing to do;
 * - `namespace`: in a user namespace where our uid 0 is called 65534. The files stay root's, no account is needed, and a
 *   home of mode 0700 is no obstacle;
 * - `account`: really as another uid, which must be able to reach the folder and the binaries.
 */
export type RunAs =
  | { readonly kind: 'plain' }
  | { readonly kind: 'namespace' }
  | { readonly kind: 'account'; readonly uid: number; readonly gid: number };

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly identity: { readonly uid?: number; readonly gid?: number };
}

const nobody = 65534;

/** The command that runs `file args` under the identity; the process id is the program's own in each case. */
export function commandAs(runAs: RunAs, file: string, args: readonly string[]): Command {
  if (runAs.kind === 'namespace') {
    return {
      file: 'unshare',
      args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', file, ...args],
      identity: {},
    };
  }
  return { file, args, identity: runAs.kind === 'account' ? { uid: runAs.uid, gid: runAs.gid } : {} };
}

/**
 * Chooses the identity for the cluster's parent folder `postgresDir` (which exists) and makes that folder its own.
 * Fails with POSTGRES_IDENTITY when root finds no identity that reaches both the folder and the binaries.
 */
export function chooseRunAs(dataDir: string, postgresDir: string, clusterDir: string, postgres: string): RunAs {
  if (process.getuid?.() !== 0) return { kind: 'plain' };
  for (const candidate of candidates(dataDir, clusterDir)) {
    if (candidate.kind === 'account') giveFolders(candidate.uid, candidate.gid, dataDir, postgresDir);
    else giveFolders(0, 0, dataDir, postgresDir);
    if (canRun(candidate, postgresDir, postgres)) return candidate;
  }
  giveFolders(0, 0, dataDir, postgresDir);
  throw new StartError(
    'POSTGRES_IDENTITY',
    `PostgreSQL refuses to run as root, and neither a user namespace nor the account "nobody" can reach ${postgresDir} and ${postgres}: ` +
      'start Negatoscope as an ordinary user, or set DATABASE_URL',
  );
}

function candidates(dataDir: string, clusterDir: string): RunAs[] {
  const clusterOwner = ownerOf(clusterDir);
  const dataOwner = ownerOf(dataDir);
  const list: RunAs[] = [];
  // A cluster that an ordinary user made stays that user's, so that this user can still start it without root.
  if (clusterOwner !== undefined && clusterOwner.uid !== 0) list.push({ kind: 'account', ...clusterOwner });
  list.push({ kind: 'namespace' });
  if (dataOwner !== undefined && dataOwner.uid !== 0) list.push({ kind: 'account', ...dataOwner });
  list.push({ kind: 'account', uid: nobody, gid: nobody });
  return list;
}

function ownerOf(file: string): { uid: number; gid: number } | undefined {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats && { uid: stats.uid, gid: stats.gid };
}

function canRun(runAs: RunAs, writableDir: string, postgres: string): boolean {
  const { file, args, identity } = commandAs(runAs, '/bin/sh', [
    '-c',
    'test -w "$1" && exec "$2" --version',
    'sh',
    writableDir,
    postgres,
  ]);
  const result = spawnSync(file, args, { ...identity, cwd: '/', stdio: 'ignore', timeout: 10_000 });
  return result.status === 0;
}

function giveFolders(uid: number, gid: number, dataDir: string, postgresDir: string): void {
  if (uid !== 0) {
    // The other account must be able to pass through DATA_DIR; what lies in it keeps its own 0700 and 0600 modes.
    const { mode, uid: owner } = statSync(dataDir);
    if (owner !== uid) chmodSync(dataDir, (mode & 0o777) | 0o011);
  }
  if (statSync(postgresDir).uid !== uid) chownTree(postgresDir, uid, gid);
}

function chownTree(folder: string, uid: number, gid: number): void {
  chownSync(folder, uid, gid);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) chownTree(file, uid, gid);
    else if (lstatSync(file).uid !== uid) lchownSync(file, uid, gid);
  }
}
