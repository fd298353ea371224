import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Doorbell } from '../../kernel/doorbell.ts';
import { type Db, NO_ROWS } from '../db/database.ts';
import type { Logger } from '../log/log.ts';
import type { LiveEvents } from '../shared-state/index.ts';
import { traced } from '../traces/index.ts';
import type { Job, JobKind, JobReport, Loop, RegisteredJob } from './job.ts';
import { addRuns, nameOfFailure } from './job-counts.ts';
import { LEASE_SECONDS, type Queue } from './queue.ts';
import type { TakenJob } from './taken-jobs.ts';

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
  readonly db: Pick<Db, 'withScope'>;
  /** What is sent is looked for at once; without, some seconds later. */
  readonly events?: Pick<LiveEvents, 'subscribe'>;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>;
  readonly jobs: readonly Job[];
  readonly loops?: readonly Loop[];
  /** Every kind that is sent: each needs its handler. */
  readonly registry: readonly RegisteredJob[];
  readonly pollMs?: number;
}

/** A queue whose jobs nobody would run, or two handlers for one. */
export class QueueMismatch extends Error {}

/** What is sent rings; this is for what falls due by itself: a retry, a schedule. */
const POLL_MS = 5_000;
const KEEP_EVERY_MS = (LEASE_SECONDS * 1000) / 4;
/** Steps of a loop are added to the shared counts this often: some take one many times a second. */
const COUNT_EVERY_MS = 60_000;

/**
 * Runs the jobs of every queue in this process, one at a time of each, and repeats the loops. Every run is logged, counted and timed here, and
 * nowhere else. Fails with QueueMismatch when a queue has no handler: its jobs would wait for ever, unseen.
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { queue, jobs, loops = [] } = options;
  requireHandlers(
    jobs,
    options.registry.map(({ kind }) => kind.name),
    await queue.names(),
  );
  await queue.schedule(jobs.map(({ kind }) => kind));
  const stopping = new AbortController();
  // Every queue and loop waits on it.
  setMaxListeners(0, stopping.signal);
  const counts = new Map<string, JobCount>();
  const bells = new Map(jobs.map(({ kind }) => [kind.name, new Doorbell()]));
  const deafen = options.events?.subscribe('job-sent', (name) => bells.get(name)?.ring());
  const work = [
    ...jobs.map((job) => serveQueue(job, options, { counts, stop: stopping.signal, bell: bells.get(job.kind.name) })),
    ...loops.map((loop) => repeat(loop, options, { counts, stop: stopping.signal })),
  ];
  return {
    counts,
    stop: async () => {
      stopping.abort();
      deafen?.();
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
  readonly bell?: Doorbell | undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'unknown');

/** Takes jobs until told to stop. A database that is away is waited for. */
async function serveQueue(job: Job, options: RunnerOptions, place: Place): Promise<void> {
  const { queue, log, pollMs = POLL_MS } = options;
  const { stop, bell = new Doorbell() } = place;
  while (!stop.aborted) {
    try {
      const taken = await queue.take(job.kind);
      if (taken !== undefined) {
        await runTaken(job, taken, options, place);
        continue;
      }
    } catch (error) {
      log.warn({ job: job.kind.name, error: messageOf(error) }, 'queue not reached');
    }
    await bell.wait(pollMs, stop);
  }
}

const runTaken = (job: Job, taken: TakenJob, options: RunnerOptions, place: Place): Promise<void> =>
  traced(`job ${job.kind.name}`, { 'job.name': job.kind.name, 'job.attempt': taken.attempt }, () =>
    runKept(job, taken, options, place),
  );

async function runKept({ kind, run }: Job, taken: TakenJob, options: RunnerOptions, place: Place): Promise<void> {
  const { queue, log } = options;
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
    let following: Following[] = [];
    const ended = await counted(kind.name, { log, counts: place.counts, attempt, signal }, async () => {
      const report = reportOf(kind, await run(taken.payload, { attempt, isLast, signal }), log);
      following = followUps(options.registry, kind, report);
      return report;
    });
    if (ended.outcome === 'interrupted') await (lost.signal.aborted ? undefined : queue.putBack(kind, id));
    else await end(options, { kind, id, following }, ended);
  } finally {
    clearInterval(keeping);
  }
}

/** Only what the kind declares is logged and says what follows. */
function reportOf(kind: JobKind, told: JobReport | undefined, log: RunnerOptions['log']): JobReport {
  if (told === undefined) return {};
  const report = kind.report.safeParse(told);
  if (!report.success) log.error({ job: kind.name }, 'the report of a job is not what its kind declares');
  return report.data ?? {};
}

interface Following {
  readonly kind: JobKind;
  readonly payload: object;
}

function followUps(registry: readonly RegisteredJob[], kind: JobKind, report: JobReport): Following[] {
  const follows = registry.find((one) => one.kind.name === kind.name)?.followedBy ?? [];
  return follows.flatMap((next) => {
    const payload = next.payloadOf(report);
    return payload === undefined ? [] : [{ kind: next.kind, payload: next.kind.payload.parse(payload) }];
  });
}

/** Ends a job, sends what follows and counts the run, all or nothing. Another may have done so, who was given the job meanwhile. */
async function end(
  { queue, db }: RunnerOptions,
  { kind, id, following }: { kind: JobKind; id: string; following: readonly Following[] },
  ended: Ended,
): Promise<void> {
  await db.withScope(NO_ROWS, async (tx) => {
    if (ended.outcome === 'failed') await queue.failed(kind, id, { message: ended.message, tx });
    else if (await queue.done(kind, id, tx)) for (const next of following) await queue.send(next.kind, next.payload, tx);
    await addRuns(tx, runsOf(kind.name, ended));
  });
}

const runsOf = (name: string, { outcome, ms, failure }: Ended): Parameters<typeof addRuns>[1] => {
  return { name, runs: 1, failures: outcome === 'failed' ? 1 : 0, totalMs: ms, longestMs: ms, lastMs: ms, failure };
};

async function repeat({ name, pauseMs, step }: Loop, { log, db }: RunnerOptions, { counts, stop }: Place): Promise<void> {
  const fresh = { name, runs: 0, failures: 0, totalMs: 0, longestMs: 0, lastMs: 0, failure: undefined };
  let sum: Parameters<typeof addRuns>[1] = fresh;
  let toldAt = performance.now();
  const tell = async (): Promise<void> => {
    if (sum.runs === 0) return;
    toldAt = performance.now();
    await db
      .withScope(NO_ROWS, (tx) => addRuns(tx, sum))
      .then(
        () => {
          sum = fresh;
        },
        () => undefined,
      );
  };
  for (;;) {
    await sleep(pauseMs, undefined, { signal: stop }).catch(() => undefined);
    if (stop.aborted) return tell();
    const ended = await counted(name, { log, counts, signal: stop }, async () => {
      await step(stop);
      return undefined;
    });
    if (ended.outcome === 'interrupted') continue;
    const one = runsOf(name, ended);
    sum = {
      ...one,
      runs: sum.runs + 1,
      failures: sum.failures + one.failures,
      totalMs: sum.totalMs + one.totalMs,
      longestMs: Math.max(sum.longestMs, one.longestMs),
      failure: one.failure ?? sum.failure,
    };
    if (performance.now() - toldAt > COUNT_EVERY_MS) await tell();
  }
}

interface Ended {
  readonly outcome: 'done' | 'failed' | 'interrupted';
  readonly ms: number;
  readonly message: string;
  /** What the failure may be called in public. */
  readonly failure: string | undefined;
}

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
  const figures = (): object => {
    count.runs += 1;
    count.lastMs = Math.round(performance.now() - begun);
    count.totalMs += count.lastMs;
    return { job, ms: count.lastMs, runs: count.runs, failures: count.failures, ...(attempt === undefined ? {} : { attempt }) };
  };
  try {
    const report = (await work()) ?? {};
    const didSomething = Object.values(report).some((value) => value !== 0);
    log[didSomething ? 'info' : 'debug']({ ...figures(), ...report }, 'job done');
    return { outcome: 'done', ms: count.lastMs, message: '', failure: undefined };
  } catch (error) {
    const isInterrupted = signal.aborted;
    if (!isInterrupted) count.failures += 1;
    if (isInterrupted) log.info(figures(), 'job interrupted');
    else log.error({ ...figures(), error: messageOf(error) }, 'job failed');
    const outcome = isInterrupted ? 'interrupted' : 'failed';
    return { outcome, ms: count.lastMs, message: messageOf(error), failure: nameOfFailure(error) };
  }
}
