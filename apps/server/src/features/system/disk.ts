import { statfs } from 'node:fs/promises';
import type { DiskCare } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { firstReceived } from '../../archive/records/received-studies.ts';
import { receivedBytes } from '../../archive/records/work-figures.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';

const DAY_MS = 86_400_000;
const COUNTED_DAYS = 30;
/** Nobody plans further. */
const MOST_DAYS = 3_650;

/** In how many days a disk is full at a pace; null where that is never, or too far. */
export function daysLeft(freeBytes: number, dailyBytes: number): number | null {
  const days = dailyBytes > 0 ? Math.floor(freeBytes / dailyBytes) : MOST_DAYS;
  return days < MOST_DAYS ? days : null;
}

/** Whole days since the first study came, at most those that are counted. */
const observed = (first: Date | null, now: number): number =>
  first === null ? 0 : Math.min(COUNTED_DAYS, Math.max(0, Math.floor((now - first.getTime()) / DAY_MS)));

/** How much room the disk of a folder has, in bytes. */
export async function roomOf(folder: string): Promise<{ totalBytes: number; freeBytes: number }> {
  const disk = await statfs(folder);
  return { totalBytes: disk.blocks * disk.bsize, freeBytes: disk.bavail * disk.bsize };
}

/** How much room the disk of DATA_DIR has, and for how long at the pace of the last 30 days. */
export async function diskOf(
  { db, clock, dataDir }: { readonly db: Db; readonly clock: Clock; readonly dataDir: string },
  actor: Person,
): Promise<DiskCare> {
  const scope = scopeOf(actor);
  const now = clock.now().getTime();
  const [{ totalBytes, freeBytes }, { received, first }] = await Promise.all([
    roomOf(dataDir),
    db.reading(scope, async (tx) => ({
      received: await receivedBytes(tx, scope, new Date(now - COUNTED_DAYS * DAY_MS)),
      first: await firstReceived(tx, scope),
    })),
  ]);
  const observedDays = observed(first, now);
  const dailyBytes = Math.round(received / COUNTED_DAYS);
  const left = observedDays < COUNTED_DAYS ? null : daysLeft(freeBytes, dailyBytes);
  return { totalBytes, freeBytes, dailyBytes, observedDays, daysLeft: left };
}
