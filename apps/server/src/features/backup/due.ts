import { type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, ReadTx } from '../../platform/db/database.ts';
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

/** For `npm run doctor`: the moment of the newest backup that can be restored, and whether it is encrypted; undefined without one. */
export const lastBackup = (tx: ReadTx): Promise<{ at: Date | null; isEncrypted: boolean } | undefined> =>
  repository.latestWhole(tx).then((row) => row && { at: row.point_at, isEncrypted: row.is_encrypted });
