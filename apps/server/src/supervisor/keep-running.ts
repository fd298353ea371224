import type { ChildProcess } from 'node:child_process';
import { type ChildMessage, heartbeatMs } from './child.ts';

export interface KeepRunningOptions {
  /** For the log: `web 1`, `jobs`. */
  readonly name: string;
  readonly spawn: () => ChildProcess;
  readonly log: { info(message: string): void; warn(message: string): void; error(message: string): void };
  /** The child can't work at all and starting it again is useless. */
  readonly onFatal: (message: string) => void;
  /** Asks the child whether it does its work; undefined when that could not be found out. */
  readonly probe?: () => Promise<boolean | undefined>;
  readonly delays?: {
    readonly firstMs: number;
    readonly longestMs: number;
    readonly steadyMs: number;
    readonly silentMs: number;
    readonly probeMs: number;
  };
}

export interface KeptProcess {
  /** The living process, undefined between two. */
  pid(): number | undefined;
  /** Times it ended without being asked. */
  failures(): number;
  /** SIGTERM, then SIGKILL after `patienceMs`; resolves when it is gone. */
  stop(patienceMs: number): Promise<void>;
}

const defaultDelays = { firstMs: 500, longestMs: 30_000, steadyMs: 60_000, silentMs: 30_000, probeMs: 5_000 };
/** So many times in a row without an answer, and the child is replaced: one long step of its loop is no reason. */
const UNANSWERED = 3;

/**
 * Keeps one child process running: one that ends is started again, after a pause that doubles while it keeps ending soon; one
 * whose event loop has not turned for `silentMs`, or that answered the probe once and then three times not, is killed first.
 */
export function keepRunning(options: KeepRunningOptions): KeptProcess {
  const { name, log, delays = defaultDelays } = options;
  let child: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;
  let failures = 0;
  let stopping = false;
  let pauseMs = delays.firstMs;

  const start = (): void => {
    const current = options.spawn();
    const startedAt = Date.now();
    const kill = (why: string): void => {
      log.error(`${name} (process ${current.pid}) ${why}: killing it`);
      current.kill('SIGKILL');
    };
    const watch = watchHeartbeat(current, delays.silentMs, () => kill('no longer answers'));
    const probing = watchProbe(options.probe, delays.probeMs, () => kill('no longer answers HTTP'));
    child = current;
    current.on('message', (message: ChildMessage) => {
      if (message?.type === 'fatal') options.onFatal(message.message);
    });
    let over = false;
    const ended = (how: string): void => {
      if (over) return;
      over = true;
      clearInterval(watch);
      clearInterval(probing);
      child = undefined;
      if (stopping) return;
      failures += 1;
      if (Date.now() - startedAt > delays.steadyMs) pauseMs = delays.firstMs;
      log.warn(`${name} (process ${current.pid}) ended (${how}): starting it again in ${pauseMs} ms`);
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, delays.longestMs);
    };
    current.once('error', (error) => ended(error.message));
    current.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
  };
  start();

  return {
    pid: () => child?.pid,
    failures: () => failures,
    async stop(patienceMs) {
      stopping = true;
      clearTimeout(timer);
      if (child !== undefined)
        await stopChild(child, patienceMs, () => log.warn(`${name} did not end in ${patienceMs} ms: killing it`));
    },
  };
}

/** Kills a child that has sent a sign of life before and then missed all of them. Counts its own ticks, so that a machine that slept is no reason. */
function watchHeartbeat(child: ChildProcess, silentMs: number, kill: () => void): NodeJS.Timeout {
  let missed = 0;
  let seen = false;
  child.on('message', () => {
    seen = true;
    missed = 0;
  });
  const timer = setInterval(() => {
    missed += 1;
    if (!seen || missed * heartbeatMs < silentMs) return;
    kill();
  }, heartbeatMs);
  timer.unref();
  return timer;
}

function watchProbe(probe: KeepRunningOptions['probe'], probeMs: number, kill: () => void): NodeJS.Timeout | undefined {
  if (probe === undefined) return undefined;
  let unanswered = 0;
  let seen = false;
  let isAsking = false;
  const ask = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    const answer = await probe();
    isAsking = false;
    if (answer === undefined) return;
    seen ||= answer;
    unanswered = answer ? 0 : unanswered + 1;
    if (seen && unanswered >= UNANSWERED) kill();
  };
  return setInterval(() => void ask(), probeMs).unref();
}

async function stopChild(child: ChildProcess, patienceMs: number, onLate: () => void): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise<void>((resolve) => {
    const impatient = setTimeout(() => {
      onLate();
      child.kill('SIGKILL');
    }, patienceMs);
    child.once('exit', () => {
      clearTimeout(impatient);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
