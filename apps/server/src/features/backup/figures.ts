import { NO_ROWS } from '../../platform/db/database.ts';
import type { BackupFigures } from '../../platform/metrics/index.ts';
import { type BackupCarePorts, isBackupLate, outcomeOf } from './care.ts';
import * as repository from './repository.ts';

/** One that runs, and a few that were cut off before it. */
const LOOKED_AT = 5;

/** How backups stand, for who watches. */
export async function backupFigures({ db, clock, everyMs }: BackupCarePorts): Promise<BackupFigures> {
  const { rows, whole } = await db.reading(NO_ROWS, async (tx) => ({
    rows: await repository.latest(tx, LOOKED_AT),
    whole: await repository.latestWhole(tx),
  }));
  const now = clock.now();
  const at = whole?.point_at?.getTime();
  return {
    ageSeconds: at === undefined ? undefined : (now.getTime() - at) / 1000,
    keptBytes: whole?.kept_bytes ?? undefined,
    copiedBytes: whole?.copied_bytes,
    lastOutcome: rows.map((row) => outcomeOf(row, now.getTime())).find((outcome) => outcome !== 'RUNNING'),
    isLate: isBackupLate(whole?.point_at, now, everyMs),
  };
}
