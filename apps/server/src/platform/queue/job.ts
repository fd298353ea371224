import type { z } from 'zod';

/** How often a run that failed, or whose process died, is tried again, with a pause that doubles from `delaySeconds`. */
export interface Retry {
  readonly limit: number;
  readonly delaySeconds: number;
}

/** What a run did, in numbers and words without patient data: it is logged, and says what follows. */
export type JobReport = Readonly<Record<string, number | string | undefined>>;

/** What a job is for who sends it and who makes its queue: the handler is not needed for that. */
export interface JobKind<P extends object = object, R extends JobReport = JobReport> {
  readonly name: string;
  /** Checked when a job is sent and again before it runs: an older version may have sent it. */
  readonly payload: z.ZodType<P>;
  /** What its runs say that they did; nothing else of them is logged. */
  readonly report: z.ZodType<R>;
  readonly retry: Retry;
  /** Sent on a cron schedule (UTC) with an empty payload; every process may say so, one job is sent. */
  readonly schedule?: string;
}

/** One run, as its handler sees it. */
export interface JobRun {
  /** From 1. */
  readonly attempt: number;
  /** Nothing tries again when this run fails. */
  readonly isLast: boolean;
  /** Aborted when this process ends or the job was given to another: what is left of the job is done by the next run. */
  readonly signal: AbortSignal;
}

/** A queue and what its jobs do. Handlers are idempotent: a job may run again, after a stop or a kill at any point. */
export interface Job {
  readonly kind: JobKind;
  /** Fails when the payload is not the kind's. */
  readonly run: (payload: unknown, run: JobRun) => Promise<JobReport | undefined>;
}

/** Work without a queue that every job process repeats, with a pause after each step. A step that fails is tried again. */
export interface Loop {
  readonly name: string;
  readonly pauseMs: number;
  /** Told when this process ends: a step that may take long stops then. */
  readonly step: (signal: AbortSignal) => Promise<unknown>;
}

export const defineJob = <P extends object, R extends JobReport>(kind: JobKind<P, R>): JobKind<P, R> => kind;

/** The same kind without its schedule. */
export const unscheduled = <P extends object, R extends JobReport>({ schedule: _, ...kind }: JobKind<P, R>): JobKind<P, R> =>
  kind;

/** Joins a kind to its handler. */
export function job<P extends object, R extends JobReport>(
  kind: JobKind<P, R>,
  handler: (payload: P, run: JobRun) => Promise<R | undefined>,
): Job {
  return { kind, run: (payload, run) => handler(kind.payload.parse(payload), run) };
}

/** A job that is sent when a run of another kind is done, in the transaction that ends that one: with it, or not at all. */
export interface FollowUp<R extends JobReport = JobReport> {
  readonly kind: JobKind;
  /** The payload that the report asks for; undefined where nothing follows. */
  payloadOf(report: R): object | undefined;
}

/** A kind and what follows its runs. */
export interface RegisteredJob {
  readonly kind: JobKind;
  readonly followedBy: readonly FollowUp[];
}

export const follow = <R extends JobReport, P extends object>(
  kind: JobKind<P>,
  payloadOf: (report: R) => P | undefined,
): FollowUp<R> => ({ kind, payloadOf });

export const registered = <P extends object, R extends JobReport>(
  kind: JobKind<P, R>,
  ...followedBy: readonly FollowUp<NoInfer<R>>[]
): RegisteredJob => ({ kind, followedBy });
