import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';
import { StartError } from '../../kernel/start-error.ts';
import type { PostgresBinaries } from './binaries.ts';
import { serverEnv } from './cluster.ts';
import { commandAs, type RunAs } from './run-as.ts';

export interface ServerLaunch {
  readonly binaries: PostgresBinaries;
  readonly args: readonly string[];
  readonly runAs: RunAs;
  readonly postgresDir: string;
  /** How to ask the server whether it is ready. */
  readonly probe: ClientConfig;
  readonly log: { warn(message: string): void };
  readonly readyWithinMs?: number;
}

const largestLogBytes = 10 * 1024 * 1024;

/** Recovery after a power cut replays at most max_wal_size; minutes on a slow disk. */
const usuallyReadyMs = 10 * 60_000;

/**
 * Starts the server and waits until it takes connections, recovery included. Returns its process id.
 * Fails with POSTGRES_START and the server's own last words.
 */
export async function launchServer(launch: ServerLaunch): Promise<number> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const outcome = await launchOnce(launch);
    if (typeof outcome === 'number') return outcome;
    // Back ends of a killed server need a moment to notice its death and to release their shared memory.
    const worthWaiting = outcome.includes('shared memory block');
    if (!worthWaiting || Date.now() > deadline) throw new StartError('POSTGRES_START', `the database did not start: ${outcome}`);
    await sleep(500);
  }
}

async function launchOnce(launch: ServerLaunch): Promise<number | string> {
  const { binaries, args, runAs, postgresDir, probe, log, readyWithinMs = usuallyReadyMs } = launch;
  const logFile = path.join(postgresDir, 'postgres.log');
  const descriptor = openLog(logFile);
  const { file, args: fullArgs, identity } = commandAs(runAs, binaries.postgres, args);
  let server: ChildProcess;
  const writtenBefore = statSync(logFile).size;
  try {
    // Its own session: Ctrl-C in a terminal must reach the supervisor only, which ends the database last.
    // Its own log file: a pipe would break when the supervisor is killed, and the server lives on then.
    server = spawn(file, fullArgs, {
      ...identity,
      cwd: '/',
      env: serverEnv(),
      detached: true,
      stdio: ['ignore', descriptor, descriptor],
    });
  } finally {
    closeSync(descriptor);
  }
  const ended = new Promise<'ended'>((resolve) => {
    server.once('error', () => resolve('ended'));
    server.once('exit', () => resolve('ended'));
  });
  server.unref();
  const ready = waitUntilReady(probe, readyWithinMs, () => server.exitCode !== null || server.signalCode !== null, log);
  const first = await Promise.race([ended, ready.then(() => 'ready' as const)]);
  if (first === 'ready' && server.pid !== undefined) return server.pid;
  ready.catch(() => undefined);
  return lastWords(logFile, writtenBefore);
}

function openLog(logFile: string): number {
  const descriptor = openSync(logFile, 'a', 0o600);
  if (statSync(logFile).size > largestLogBytes) truncateSync(logFile);
  return descriptor;
}

function lastWords(logFile: string, from: number): string {
  const text = readFileSync(logFile).subarray(from).toString('utf8');
  const fatal = text.split('\n').filter((line) => /FATAL|PANIC|error while loading/.test(line));
  return (fatal.at(-1) ?? text.trim().split('\n').at(-1) ?? '').replace(/^.*?(FATAL|PANIC):\s*/, '') || `see ${logFile}`;
}

/**
 * Resolves when the server answers a connection; rejects after `patienceMs` or as soon as `givenUp` says so. A server that is
 * recovering refuses connections with 57P03, one that has not begun has no socket: both are asked again.
 */
export async function waitUntilReady(
  probe: ClientConfig,
  patienceMs: number,
  givenUp: () => boolean = () => false,
  log?: { warn(message: string): void },
): Promise<void> {
  const started = Date.now();
  let told = started;
  for (;;) {
    const failure = await tryConnect(probe);
    if (failure === undefined) return;
    if (givenUp() || Date.now() - started > patienceMs)
      throw new StartError('POSTGRES_START', `the database does not answer: ${failure}`);
    if (Date.now() - told > 10_000) {
      told = Date.now();
      log?.warn(`waiting for the database: ${failure}`);
    }
    await sleep(20);
  }
}

async function tryConnect(probe: ClientConfig): Promise<string | undefined> {
  const client = new Client({ ...probe, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
