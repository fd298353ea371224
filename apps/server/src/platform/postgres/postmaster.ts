import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../../kernel/running.ts';

/** A server that runs on a cluster folder, as its postmaster.pid tells. */
export interface Postmaster {
  readonly pid: number;
  readonly socketDir: string;
}

/** Above the largest process id that Linux can give, so that it never names a living process. */
const neverAPid = 4_194_305;

/**
 * The server that runs on this cluster, or undefined. A postmaster.pid whose number has meanwhile gone to another program
 * (usual after a container's restart), or to a zombie, would stop PostgreSQL from starting, so its number is replaced. The rest of the file
 * stays: PostgreSQL reads the shared memory key in it to notice surviving back ends.
 */
export function findPostmaster(clusterDir: string): Postmaster | undefined {
  const file = path.join(clusterDir, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return undefined;
  }
  const pid = Math.abs(Number.parseInt(lines[0] ?? '', 10));
  if (!Number.isInteger(pid) || pid === 0 || !isRunning(pid)) return undefined;
  if (isAlive(pid) && isPostmasterOf(pid, clusterDir)) return { pid, socketDir: lines[4] ?? '' };
  writeFileSync(file, [String(neverAPid), ...lines.slice(1)].join('\n'));
  return undefined;
}

/** True when the process exists and is no zombie (a container's first process may leave those for good). */
export function isAlive(pid: number): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/** True when the process is a postgres whose working folder is the cluster, which is how a postmaster always runs. */
function isPostmasterOf(pid: number, clusterDir: string): boolean {
  if (process.platform !== 'linux') {
    const { stdout } = spawnSync('ps', ['-p', String(pid), '-o', 'command='], { encoding: 'utf8' });
    return stdout.includes('postgres') && stdout.includes(clusterDir);
  }
  try {
    const program = path.basename(readlinkSync(`/proc/${pid}/exe`).replace(/ \(deleted\)$/, ''));
    return program === 'postgres' && readlinkSync(`/proc/${pid}/cwd`) === realpathSync(clusterDir);
  } catch {
    return false;
  }
}

/**
 * Stops a server: fast shutdown (SIGINT: sessions are ended, everything is written), after `patienceMs` immediate shutdown
 * (SIGQUIT: the next start recovers from the log). Resolves when the process is gone.
 */
export async function stopPostmaster(pid: number, patienceMs = 30_000): Promise<void> {
  if (!signal(pid, 'SIGINT')) return;
  if (await goneWithin(pid, patienceMs)) return;
  signal(pid, 'SIGQUIT');
  if (await goneWithin(pid, 10_000)) return;
  signal(pid, 'SIGKILL');
  await goneWithin(pid, 5_000);
}

async function goneWithin(pid: number, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs;
  while (isAlive(pid)) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}
