import type { House } from './compose.ts';
import { loadDemo } from './demo.ts';
import { createSequencer } from './features/audit/index.ts';
import { closeStaleImports, packSeriesMetadata, removeOrphans } from './features/ingest/index.ts';
import { purgeTrash } from './features/patients/index.ts';
import type { Logger } from './platform/log/log.ts';

const SEQUENCER_PAUSE_MS = 400;
const PACK_BATCH = 100;
const TRASH_DAYS = 30;

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

async function startQueues(house: House, log: Logger): Promise<void> {
  const { queue } = house;
  await queue.work('load-demo', async ({ importId, userId }) => {
    await loadDemo(house, { importId: String(importId), userId: String(userId) });
  });
  await queue.work('pack-series', async () => {
    while ((await packSeriesMetadata(house, PACK_BATCH)) === PACK_BATCH);
  });
  await queue.work('remove-orphans', async () => {
    log.info({ removed: await removeOrphans(house), closed: await closeStaleImports(house) }, 'orphans removed');
  });
  await queue.work('purge-trash', async () => {
    log.info(await purgeTrash(house, { olderThanDays: TRASH_DAYS }), 'trash purged');
  });
  await queue.schedule('pack-series', '* * * * *');
  await queue.schedule('remove-orphans', '17 * * * *');
  await queue.schedule('purge-trash', '41 2 * * *');
}

/** What the job process does, on any number of nodes: each part takes a lock or is idempotent. */
export async function startJobs(house: House, log: Logger): Promise<() => Promise<void>> {
  const { db, clock, auditKey, anchorFolder } = house;
  const sequencer = createSequencer({ db, clock, key: auditKey, anchorFolder });
  const failed = (job: string) => (error: unknown) =>
    log.error({ job, error: error instanceof Error ? error.message : 'unknown' }, 'job failed');
  await house.ingest.cleanTemporary();
  await startQueues(house, log);
  return repeat(() => sequencer.step(), SEQUENCER_PAUSE_MS, failed('audit-sequencer'));
}
