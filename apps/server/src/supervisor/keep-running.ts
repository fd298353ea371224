import type { ChildProcess } from 'node:child_process';
import { askMetrics } from './ask-metrics.ts';
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
  readonly name: string;
  /** The living process, undefined between two. */
  pid(): number | undefined;
  /** Times it ended without being asked. */
  failures(): number;
  /** What it counts and measures, as text; undefined when it does not answer. */
  metrics(): Promise<string | undefined>;
  /** SIGTERM, then SIGKILL after `patienceMs`; resolves when it is gone. */
  stop(patienceMs: number): Promise<void>;
}

const defaultDelays = { firstMs: 500, longestMs: 30_000, steadyMs: 60_000, silentMs: 30_000, probeMs: 5_000 };
/** So many times in a row without an answer, and the child is replaced: one long step of its loop is no reason. */
const UNANSWERED = 3;

interface Keeping {
  readonly options: KeepRunningOptions;
  readonly delays: NonNullable<KeepRunningOptions['delays']>;
  child: ChildProcess | undefined;
  timer: NodeJS.Timeout | undefined;
  failures: number;
  isStopping: boolean;
  pauseMs: number;
}

/**
 * Keeps one child process running: one that ends is started again, after a pause that doubles while it keeps ending soon; one
 * whose event loop has not turned for `silentMs`, or that answered the probe once and then three times not, is killed first.
 */
export function keepRunning(options: KeepRunningOptions): KeptProcess {
  const { name, log, delays = defaultDelays } = options;
  const state = { child: undefined, timer: undefined, failures: 0, isStopping: false, pauseMs: delays.firstMs };
  const keeping: Keeping = { options, delays, ...state };
  start(keeping);
  return {
    name,
    pid: () => keeping.child?.pid,
    failures: () => keeping.failures,
    metrics: () => askMetrics(keeping.child),
    async stop(patienceMs) {
      keeping.isStopping = true;
      clearTimeout(keeping.timer);
      if (keeping.child !== undefined)
        await stopChild(keeping.child, patienceMs, () => log.warn(`${name} did not end in ${patienceMs} ms: killing it`));
    },
  };
}

function start(keeping: Keeping): void {
  const { options, delays } = keeping;
  const child = options.spawn();
  const startedAt = Date.now();
  const kill = (why: string): void => {
    options.log.error(`${options.name} (process ${child.pid}) ${why}: killing it`);
    child.kill('SIGKILL');
  };
  const watch = watchHeartbeat(child, delays.silentMs, () => kill('no longer answers'));
  const probing = watchProbe(options.probe, delays.probeMs, () => kill('no longer answers HTTP'));
  keeping.child = child;
  child.on('message', (message: ChildMessage) => {
    if (message?.type === 'fatal') options.onFatal(message.message);
  });
  let isOver = false;
  const ended = (how: string): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    clearInterval(probing);
    keeping.child = undefined;
    if (!keeping.isStopping) startAgain(keeping, `${options.name} (process ${child.pid}) ended (${how})`, startedAt);
  };
  child.once('error', (error) => ended(error.message));
  child.once('exit', (code, signal) => ended(signal ?? `exit code ${code}`));
}

function startAgain(keeping: Keeping, why: string, startedAt: number): void {
  const { options, delays } = keeping;
  keeping.failures += 1;
  if (Date.now() - startedAt > delays.steadyMs) keeping.pauseMs = delays.firstMs;
  options.log.warn(`${why}: starting it again in ${keeping.pauseMs} ms`);
  keeping.timer = setTimeout(() => start(keeping), keeping.pauseMs);
  keeping.pauseMs = Math.min(keeping.pauseMs * 2, delays.longestMs);
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
