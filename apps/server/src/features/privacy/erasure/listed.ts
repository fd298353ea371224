import type { listErasures, ResultOf } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { findPatients } from '../../../archive/records/patients.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { notFound } from '../../../kernel/failure.ts';
import type { Audit } from '../../audit/index.ts';
import type { Elsewhere } from './elsewhere.ts';
import { findErasures } from './repository.ts';
import * as returns from './returns-repository.ts';
import { erasureOf } from './shown.ts';

interface Deps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly elsewhere: Pick<Elsewhere, 'find'>;
}
const MOST = 200;

/** Erasures, and who came back since that nobody took note of. */
export async function listed(
  { db, elsewhere }: Pick<Deps, 'db' | 'elsewhere'>,
  actor: Person,
): Promise<ResultOf<typeof listErasures>> {
  const scope = scopeOf(actor);
  return db.reading(scope, async (tx) => {
    const found = await returns.findReturns(tx);
    const ids = found.map(({ patient_id }) => patient_id);
    const patients = await findPatients(tx, scope, { ids, recordNumbers: null, externalIds: null });
    const erasures = await findErasures(tx, MOST);
    const there = await elsewhere.find(
      tx,
      erasures.map(({ id }) => id),
    );
    const numbers = new Map(patients.map(({ id, record_number }) => [id, record_number]));
    return {
      items: erasures.map((row) => erasureOf(row, there.get(row.id))),
      returns: found.flatMap(({ id, patient_id: patientId, erasure_id: erasureId, found_at }) => {
        const recordNumber = numbers.get(patientId);
        // In the trash, or merged into another, it is no return any more.
        return recordNumber === undefined ? [] : [{ id, patientId, recordNumber, erasureId, foundAt: found_at.toISOString() }];
      }),
    };
  });
}

/** Fails with NOT_FOUND where nobody of that id came back, or somebody took note before. */
export async function noteReturn({ db, audit, clock }: Omit<Deps, 'elsewhere'>, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const seen = await returns.noteSeen(tx, { id, userId: actor.userId, now: clock.now() });
    if (seen === undefined) throw notFound();
    const { patient_id: patientId, group_id: groupId } = seen;
    await audit.record(tx, {
      action: 'patient.came-back-seen',
      actor,
      entityType: 'patient',
      entityId: patientId,
      patientId,
      groupId,
    });
  });
}
