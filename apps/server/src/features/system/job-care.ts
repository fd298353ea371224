import { type JobCare, JobName } from '@negatoscope/contract';
import { type Db, NO_ROWS } from '../../platform/db/database.ts';
import type { RegisteredJob } from '../../platform/queue/job.ts';
import { type JobCounts, readCounts } from '../../platform/queue/job-counts.ts';
import type { QueueDepth } from '../../platform/queue/queue.ts';

export interface JobPorts {
  readonly registry: readonly RegisteredJob[];
  /** Names of what is repeated without a queue. */
  readonly loops: readonly string[];
  readonly depths: () => Promise<ReadonlyMap<string, QueueDepth>>;
}

type Item = JobCare['items'][number];

/** Every job there is: what waits, what runs, and what its runs came to in all processes. */
export async function jobsOf({ db, jobs }: { db: Pick<Db, 'reading'>; jobs: JobPorts }): Promise<JobCare> {
  const [depths, counts] = await Promise.all([jobs.depths(), db.reading(NO_ROWS, readCounts)]);
  const countOf = new Map(counts.map((count) => [count.name, count]));
  const item = (name: string, more: Pick<Item, 'schedule' | 'followedBy'>): Item => {
    const { waiting, running } = depths.get(name) ?? { waiting: 0, running: 0 };
    return { name: JobName.parse(name), ...more, waiting, running, ...figuresOf(countOf.get(name)) };
  };
  return {
    items: [
      ...jobs.registry.map(({ kind, followedBy }) =>
        item(kind.name, { schedule: kind.schedule ?? null, followedBy: followedBy.map((next) => JobName.parse(next.kind.name)) }),
      ),
      ...jobs.loops.map((name) => item(name, { schedule: null, followedBy: [] })),
    ],
  };
}

const figuresOf = (count: JobCounts | undefined): Omit<Item, 'name' | 'schedule' | 'followedBy' | 'waiting' | 'running'> => ({
  since: count?.since.toISOString() ?? null,
  runs: count?.runs ?? 0,
  failures: count?.failures ?? 0,
  totalMs: count?.totalMs ?? 0,
  longestMs: count?.longestMs ?? 0,
  lastMs: count?.lastMs ?? null,
  lastRunAt: count?.lastRunAt.toISOString() ?? null,
  lastFailedAt: count?.lastFailedAt?.toISOString() ?? null,
  lastFailure: count?.lastFailure ?? null,
});
