import { type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import * as repository from './repository.ts';

/** After a failure it is tried again, but not every minute. */
const AGAIN_MS = 15 * 60_000;

/** Whether so much time has passed since the last backup began, or since one failed: it is reckoned from the beginning, so that times do not wander. */
export async function isBackupDue({ db, clock }: { db: Db; clock: Clock }, by: Service, everyMs: number): Promise<boolean> {
  const [last] = await db.reading(scopeOf(by), (tx) => repository.latest(tx, 1));
  if (last === undefined) return true;
  const wait = waitAfter(last, everyMs);
  return clock.now().getTime() - last.started_at.getTime() >= wait;
}

function waitAfter({ outcome, failure }: repository.BackupRow, everyMs: number): number {
  // One that its process did not live to end is gone on with at once.
  if (outcome === null || failure === 'CANCELLED') return 0;
  return outcome === 'FAILED' ? Math.min(AGAIN_MS, everyMs) : everyMs;
}
