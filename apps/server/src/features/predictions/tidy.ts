import { requirePermission, type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import type { Scratch } from '../../platform/objects/scratch/index.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import type { Queue } from '../../platform/queue/queue.ts';
import { KEEP_RESULT, PREDICT } from './job-kinds.ts';
import * as repository from './repository.ts';
import { findWaitingResults } from './results/repository.ts';

export interface TidyTools {
  readonly db: Db;
  readonly clock: Clock;
  readonly objects: ObjectStore;
  readonly uploads: Scratch;
  readonly queue: Pick<Queue, 'send' | 'waiting'>;
}

const SOME = 200;
/** Longer than any film takes, and than a job is tried again. */
const FORGOTTEN_MS = 10 * 60_000;
/** What was kept without its row having been written. */
const STRAY_MS = 26 * 3_600_000;

/** Removes uploads whose day is over with all that was said of them. Gives their number. */
export async function removeOverdue({ db, clock, objects, uploads }: TidyTools, by: Service): Promise<number> {
  requirePermission(by, 'predictions.run');
  let removed = 0;
  for (;;) {
    const rows = await db.withScope(scopeOf(by), async (tx) => {
      const rows = await repository.findOverdueUploads(tx, clock.now(), SOME);
      await repository.deletePredictions(
        tx,
        rows.map(({ id }) => id),
      );
      return rows;
    });
    await uploads.remove([...new Set(rows.flatMap(({ upload_id }) => upload_id ?? []))]);
    await objects.delete(rows.flatMap(({ heat_object }) => heat_object ?? []));
    removed += rows.length;
    if (rows.length < SOME) break;
  }
  await uploads.remove(await uploads.list(new Date(clock.now().getTime() - STRAY_MS)));
  return removed;
}

/** Sends again results that wait to be made: their study was in the trash, the database away, or the server older than such results. Gives their number. */
export async function sendForgottenResults({ db, clock, queue }: TidyTools, by: Service): Promise<number> {
  const before = new Date(clock.now().getTime() - FORGOTTEN_MS);
  const ids = await db.reading(scopeOf(by), (tx) => findWaitingResults(tx, before, SOME));
  for (const resultId of ids) await queue.send(KEEP_RESULT, { resultId });
  return ids.length;
}

/** Sends again what waits for longer than it should and has no job: one that was given up because the database was away. Gives their number. */
export async function sendForgotten({ db, clock, queue }: TidyTools, by: Service): Promise<number> {
  requirePermission(by, 'predictions.run');
  const before = new Date(clock.now().getTime() - FORGOTTEN_MS);
  const ids = await db.reading(scopeOf(by), (tx) => repository.findWaiting(tx, before, SOME));
  if (ids.length === 0) return 0;
  const sent = new Set(
    (await queue.waiting(PREDICT)).flatMap((payload) => PREDICT.payload.safeParse(payload).data?.predictionId ?? []),
  );
  const forgotten = ids.filter((id) => !sent.has(id));
  for (const predictionId of forgotten) await queue.send(PREDICT, { predictionId });
  return forgotten.length;
}
