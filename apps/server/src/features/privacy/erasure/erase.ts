import { requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { findCopies } from '../../../archive/lifecycle/erased-copies.ts';
import { type ErasedRows, eraseRecords } from '../../../archive/lifecycle/erasure.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { isHeld } from '../../../platform/db/sql-state.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import type { Audit } from '../../audit/index.ts';
import type { Elsewhere } from './elsewhere.ts';
import type { ErasureEntry } from './entry.ts';
import { keepEntries, readKept } from './kept-list.ts';
import * as repository from './repository.ts';

export interface EraseDeps {
  readonly db: ArchiveWriter;
  readonly by: Service;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly objects: Pick<ObjectStore, 'delete'>;
  readonly rows: ErasedRows;
  readonly elsewhere: Pick<Elsewhere, 'note'>;
  /** Ends what is open of these records in an emergency, before they go. */
  readonly endEmergencies: (tx: Tx, records: readonly string[], by: Service) => Promise<void>;
  readonly dataDir: string;
  /** Keeps the list where backups are, too; gives how many were new there. */
  readonly keepBeside: (entries: readonly ErasureEntry[]) => Promise<number>;
}

export interface Erased {
  patients: number;
  objects: number;
  /** Those that a legal hold keeps from being done. */
  held: number;
  beside: number;
}

/** Entries that the database does not know, since it was brought back to an older moment, are asked for again. */
export async function askAgain({ db, by }: Pick<EraseDeps, 'db' | 'by'>, entries: readonly ErasureEntry[]): Promise<number> {
  let again = 0;
  for (const { marks, askedAt, ...entry } of entries)
    again += await db.withScope(scopeOf(by), (tx) =>
      repository.insertErasure(tx, {
        ...entry,
        marks: marks.map((mark) => Buffer.from(mark, 'base64')),
        // Who asked may be nobody there yet; the journal of then knows.
        ...{ askedBy: null, askedAt: new Date(askedAt) },
      }),
    );
  return again;
}

/**
 * Does what erasures are asked for, those of the list beside the database among them: rows in one transaction for each, then their objects. What a crash leaves between the two are objects without rows,
 * which the reconciler removes. Safe to run again.
 */
export async function eraseAsked(deps: EraseDeps): Promise<Erased> {
  const { db, by, dataDir, keepBeside } = deps;
  requirePermission(by, 'trash.purge');
  await askAgain(deps, await readKept(dataDir));
  const entries = await db.reading(scopeOf(by), (tx) => repository.findEntries(tx));
  // Before anything goes: what is not kept outside would be undone by a restore.
  await keepEntries(dataDir, entries);
  const done: Erased = { patients: 0, objects: 0, held: 0, beside: await keepBeside(entries) };
  for (const one of await db.reading(scopeOf(by), (tx) => repository.findWaiting(tx))) {
    const objects = await eraseOne(deps, one);
    if (objects === 'held') done.held += 1;
    else if (objects !== undefined) {
      await deps.objects.delete(objects);
      done.patients += 1;
      done.objects += objects.length;
    }
  }
  return done;
}

async function eraseOne(deps: EraseDeps, one: repository.WaitingErasure): Promise<readonly string[] | 'held' | undefined> {
  const { db, by, audit, clock, rows, elsewhere, endEmergencies } = deps;
  const [patientId] = one.records;
  const event = { actor: by, entityType: 'patient', ...(patientId === undefined ? {} : { entityId: patientId, patientId }) };
  try {
    return await db.withScope(scopeOf(by), async (tx) => {
      if (!(await repository.lockWaiting(tx, one.id))) return undefined;
      await elsewhere.note(tx, { erasureId: one.id, patientId, copies: () => findCopies(tx, one), now: clock.now() });
      await endEmergencies(tx, one.records, by);
      const objects = await eraseRecords(tx, rows, one);
      await repository.markDone(tx, one.id, { at: clock.now(), objects: objects.length });
      const details = { erasure: one.id, records: one.records.length, studies: one.studies.length, objects: objects.length };
      await audit.record(tx, { ...event, action: 'patient.erased', details });
      return objects;
    });
  } catch (error) {
    if (!isHeld(error) && !(error instanceof Failure && error.code === 'LEGAL_HOLD')) throw error;
    if (one.held_at === null)
      await db.withScope(scopeOf(by), async (tx) => {
        await repository.markHeld(tx, one.id, clock.now());
        await audit.record(tx, { ...event, action: 'patient.erasure-refused', outcome: 'FAILURE', details: { erasure: one.id } });
      });
    return 'held';
  }
}
