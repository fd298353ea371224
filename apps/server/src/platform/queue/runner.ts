import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from '../log/log.ts';
import type { Job, JobKind, JobReport, Loop } from './job.ts';
import { LEASE_SECONDS, type Queue, type TakenJob } from './queue.ts';

/** What a job did since this process began. */
export interface JobCount {
  runs: number;
  failures: number;
  totalMs: number;
  lastMs: number;
}

export interface Runner {
  /** By name. */
  readonly counts: ReadonlyMap<string, Readonly<JobCount>>;
  /** Takes no more jobs, tells those that run to stop and waits for them; they go back into their queues. */
  stop(): Promise<void>;
}

export interface RunnerOptions {
  readonly queue: Queue;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;
  readonly jobs: readonly Job[];
  readonly loops?: readonly Loop[];
  /** Every kind that is sent: each needs its handler. */
  readonly kinds: readonly JobKind[];
  readonly pollMs?: number;
}

/** A queue whose jobs nobody would run, or two handlers for one. */
export class QueueMismatch extends Error {}

const POLL_MS = 2_000;
const KEEP_EVERY_MS = (LEASE_SECONDS * 1000) / 4;

/**
 * Runs the jobs of every queue in this process, one at a time of each, and repeats the loops. Every run is logged, counted and timed here, and
 * nowhere else. Fails with QueueMismatch when a queue has no handler: its jobs would wait for ever, unseen.
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { queue, jobs, loops = [] } = options;
  requireHandlers(
    jobs,
    options.kinds.map(({ name }) => name),
    await queue.names(),
  );
  for (const { kind } of jobs) await queue.schedule(kind);
  const stopping = new AbortController();
  const counts = new Map<string, JobCount>();
  const work = [
    ...jobs.map((job) => serveQueue(job, options, { counts, stop: stopping.signal })),
    ...loops.map((loop) => repeat(loop, options, { counts, stop: stopping.signal })),
  ];
  return {
    counts,
    stop: async () => {
      stopping.abort();
      await Promise.all(work);
    },
  };
}

function requireHandlers(jobs: readonly Job[], sent: readonly string[], made: readonly string[]): void {
  const handled = jobs.map(({ kind }) => kind.name);
  const twice = handled.filter((name, at) => handled.indexOf(name) !== at);
  if (twice.length > 0) throw new QueueMismatch(`Two handlers for the queue ${twice.join(', ')}.`);
  const missing = [...new Set([...sent, ...made])].filter((name) => !handled.includes(name));
  if (missing.length > 0) throw new QueueMismatch(`No handler for the queue ${missing.join(', ')}.`);
}

interface Place {
  readonly counts: Map<string, JobCount>;
  readonly stop: AbortSignal;
}

const pause = (ms: number, stop: AbortSignal): Promise<void> => sleep(ms, undefined, { signal: stop }).catch(() => undefined);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

/** Takes jobs until told to stop. A database that is away is waited for. */
async function serveQueue(job: Job, options: RunnerOptions, place: Place): Promise<void> {
  const { queue, log, pollMs = POLL_MS } = options;
  while (!place.stop.aborted) {
    try {
      const taken = await queue.take(job.kind);
      if (taken !== undefined) {
        await runTaken(job, taken, options, place);
        continue;
      }
    } catch (error) {
      log.warn({ job: job.kind.name, error: messageOf(error) }, 'queue not reached');
    }
    await pause(pollMs, place.stop);
  }
}

async function runTaken({ kind, run }: Job, taken: TakenJob, { queue, log }: RunnerOptions, place: Place): Promise<void> {
  const { id, attempt, isLast } = taken;
  const lost = new AbortController();
  const signal = AbortSignal.any([place.stop, lost.signal]);
  const keeping = setInterval(() => {
    queue.keep(kind, id).then(
      (isOurs) => {
        if (!isOurs) lost.abort();
      },
      () => undefined,
    );
  }, KEEP_EVERY_MS);
  try {
    const report = await counted(kind.name, { log, counts: place.counts, attempt, signal }, () =>
      run(taken.payload, { attempt, isLast, signal }),
    );
    if (!report.isDone && signal.aborted) await (lost.signal.aborted ? undefined : queue.putBack(kind, id));
    else if (report.isDone) await queue.done(kind, id);
    else await queue.failed(kind, id, report.message);
  } finally {
    clearInterval(keeping);
  }
}

async function repeat({ name, pauseMs, step }: Loop, { log }: RunnerOptions, { counts, stop }: Place): Promise<void> {
  while (!stop.aborted) {
    await pause(pauseMs, stop);
    if (stop.aborted) return;
    await counted(name, { log, counts, signal: stop }, async () => {
      await step();
      return undefined;
    });
  }
}

type Ended = { readonly isDone: true } | { readonly isDone: false; readonly message: string };

/** One run, counted, timed and logged. What did nothing is only logged for who looks closely: some run every minute. */
async function counted(
  job: string,
  place: { log: RunnerOptions['log']; counts: Map<string, JobCount>; attempt?: number; signal: AbortSignal },
  work: () => Promise<JobReport | undefined>,
): Promise<Ended> {
  const { log, counts, attempt, signal } = place;
  const count = counts.get(job) ?? { runs: 0, failures: 0, totalMs: 0, lastMs: 0 };
  counts.set(job, count);
  const begun = performance.now();
  const ended = (): object => {
    count.runs += 1;
    count.lastMs = Math.round(performance.now() - begun);
    count.totalMs += count.lastMs;
    return { job, ms: count.lastMs, runs: count.runs, failures: count.failures, ...(attempt === undefined ? {} : { attempt }) };
  };
  try {
    const report = (await work()) ?? {};
    const didSomething = Object.values(report).some((value) => value !== 0);
    log[didSomething ? 'info' : 'debug']({ ...ended(), ...report }, 'job done');
    return { isDone: true };
  } catch (error) {
    if (signal.aborted) {
      log.info(ended(), 'job interrupted');
      return { isDone: false, message: 'interrupted' };
    }
    count.failures += 1;
    log.error({ ...ended(), error: messageOf(error) }, 'job failed');
    return { isDone: false, message: messageOf(error) };
  }
}
