import type { House } from './compose.ts';
import { loadDemo } from './demo.ts';
import { createSequencer } from './features/audit/index.ts';
import type { Logger } from './platform/log/log.ts';

const SEQUENCER_PAUSE_MS = 400;

/** Repeats `step` until stopped, with a pause after each; a failure is logged and the next step tries again. */
function repeat(step: () => Promise<unknown>, pauseMs: number, onError: (error: unknown) => void): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const next = (): void => {
    if (stopped) return;
    timer = setTimeout(() => {
      running = step()
        .then(() => undefined, onError)
        .then(next);
    }, pauseMs);
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}

/** What the job process does, on any number of nodes: each part takes a lock or is idempotent. */
export async function startJobs(house: House, log: Logger): Promise<() => Promise<void>> {
  const { db, clock, auditKey, anchorFolder } = house;
  const sequencer = createSequencer({ db, clock, key: auditKey, anchorFolder });
  const failed = (job: string) => (error: unknown) =>
    log.error({ job, error: error instanceof Error ? error.message : 'unknown' }, 'job failed');
  await house.ingest.cleanTemporary();
  await house.queue.work('load-demo', ({ importId, userId }) =>
    loadDemo(house, { importId: String(importId), userId: String(userId) }),
  );
  return repeat(() => sequencer.step(), SEQUENCER_PAUSE_MS, failed('audit-sequencer'));
}
