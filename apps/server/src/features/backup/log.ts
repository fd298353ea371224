import { type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { newId } from '../../kernel/ids.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { Audit } from '../audit/index.ts';
import * as repository from './repository.ts';

export interface BackupLogPorts {
  readonly db: Db;
  readonly audit: Audit;
  readonly clock: Clock;
}

export type BackupProgress = repository.Progress;

export interface Point {
  readonly at: Date;
  /** Number of the transaction that marks it. */
  readonly transaction: string;
}

/** What is told of one run, in its row and in the journal. */
export interface BackupLog {
  readonly id: string;
  progress(of: BackupProgress): Promise<void>;
  /** Marks the point in the transaction of the caller. */
  point(tx: Tx): Promise<Point>;
  /** `keptBytes`: what all backups of the target take. */
  done(of: BackupProgress, keptBytes: number): Promise<void>;
  failed(code: string): Promise<void>;
}

/** Ends a run once, with its event. */
const endOf =
  ({ db, audit, clock }: BackupLogPorts, by: Service, id: string) =>
  (
    { outcome, failure, keptBytes }: Omit<repository.Ended, 'at'>,
    details: Readonly<Record<string, number | string>>,
  ): Promise<void> =>
    db.withScope(scopeOf(by), async (tx) => {
      if ((await repository.end(tx, id, { at: clock.now(), outcome, failure, keptBytes })) === 0) return;
      await audit.record(tx, {
        action: failure === null ? 'backup.made' : 'backup.failed',
        actor: by,
        outcome: failure === null ? 'SUCCESS' : 'FAILURE',
        entityType: 'backup',
        entityId: id,
        details,
      });
    });

export async function openBackupLog(
  ports: BackupLogPorts,
  by: Service,
  run: { readonly target: string; readonly isEncrypted: boolean; readonly hasDatabase: boolean },
): Promise<BackupLog> {
  const { clock, db } = ports;
  const id = newId();
  const scope = scopeOf(by);
  await db.withScope(scope, (tx) => repository.begin(tx, { ...run, id, at: clock.now() }));
  const end = endOf(ports, by, id);
  const progress = (of: BackupProgress) =>
    db.withScope(scope, async (tx) => void (await repository.noteProgress(tx, id, clock.now(), of)));
  return {
    id,
    progress,
    point: async (tx) => {
      const row = await repository.markPoint(tx, id);
      if (row?.transaction == null || row.at === null) throw new Error('The row of this backup is gone.');
      return { at: row.at, transaction: row.transaction };
    },
    done: async (of, keptBytes) => {
      await progress(of);
      await end(
        { outcome: of.damaged > 0 ? 'DAMAGE' : 'DONE', failure: null, keptBytes },
        { objects: of.objects, copied: of.copiedObjects, bytes: of.copiedBytes, damaged: of.damaged },
      );
    },
    failed: (code) => end({ outcome: 'FAILED', failure: code, keptBytes: null }, { code }),
  };
}

/** Says in a restored server that and from what it was restored. */
export const noteRestored = (
  { db, audit, clock }: BackupLogPorts,
  by: Service,
  from: {
    readonly backupId: string;
    readonly pointAt: string;
    readonly objects: number;
    readonly missing: number;
    readonly cutAnchors: number;
  },
): Promise<void> =>
  db.withScope(scopeOf(by), async (tx) => {
    await repository.endPoint(tx, from.backupId, clock.now(), from.objects);
    const { backupId: entityId, ...details } = from;
    await audit.record(tx, { action: 'backup.restored', actor: by, entityType: 'backup', entityId, details });
  });
