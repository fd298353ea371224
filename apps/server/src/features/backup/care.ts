import { type BackupCare, type BackupRun, backupCare } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import type { Router } from '../../access/router.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db } from '../../platform/db/database.ts';
import * as repository from './repository.ts';

export interface BackupCarePorts {
  readonly db: Db;
  readonly clock: Clock;
  /** How often the server makes one by itself. */
  readonly everyMs: number | undefined;
}

const LISTED = 10;
/** Runs say something twice a minute. */
const SILENT_MS = 120_000;
/** Without BACKUP_EVERY. */
const LATE_MS = 7 * 86_400_000;

/** Whether the newest backup is older than twice the time between two. */
export const isBackupLate = (at: Date | null | undefined, now: Date, everyMs: number | undefined): boolean =>
  at == null || now.getTime() - at.getTime() > (everyMs === undefined ? LATE_MS : 2 * everyMs);

export const registerBackups = (router: Router, ports: BackupCarePorts): void =>
  router.handle(backupCare, ({ actor }) => careOf(ports, actor));

async function careOf({ db, clock, everyMs }: BackupCarePorts, actor: Person): Promise<BackupCare> {
  const { rows, whole } = await db.reading(scopeOf(actor), async (tx) => ({
    rows: await repository.latest(tx, LISTED),
    whole: await repository.latestWhole(tx),
  }));
  const now = clock.now().getTime();
  const last = whole === undefined ? null : runOf(whole, now);
  const isLate = isBackupLate(whole?.point_at, clock.now(), everyMs);
  return { everyMs: everyMs ?? null, isLate, last, items: rows.map((row) => runOf(row, now)) };
}

/** How it ended, or that it has not, or will not any more. */
export const outcomeOf = ({ outcome, seen_at: seenAt }: repository.BackupRow, now: number): BackupRun['outcome'] =>
  outcome ?? (now - seenAt.getTime() > SILENT_MS ? 'CUT' : 'RUNNING');

const runOf = (row: repository.BackupRow, now: number): BackupRun => ({
  id: row.id,
  startedAt: row.started_at.toISOString(),
  endedAt: row.ended_at?.toISOString() ?? null,
  outcome: outcomeOf(row, now),
  failure: row.failure,
  target: row.target,
  isEncrypted: row.is_encrypted,
  hasDatabase: row.has_database,
  pointAt: row.point_at?.toISOString() ?? null,
  objects: row.objects,
  copiedObjects: row.copied_objects,
  copiedBytes: row.copied_bytes,
  keptBytes: row.kept_bytes,
  damaged: row.damaged,
});
