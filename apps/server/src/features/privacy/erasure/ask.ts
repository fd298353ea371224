import type { BodyOf, Erasure, erasePatient } from '@negatoscope/contract';
import { type Person, requireSession, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import { findErased, findKnownBy } from '../../../archive/lifecycle/erasure.ts';
import { trashPatient } from '../../../archive/lifecycle/trash.ts';
import { notifyPatient } from '../../../archive/notify.ts';
import { lockPatient } from '../../../archive/records/patients.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Queue } from '../../../platform/queue/queue.ts';
import type { Audit } from '../../audit/index.ts';
import { ERASE } from '../job-kinds.ts';
import { marksOf } from './marks.ts';
import * as repository from './repository.ts';
import { erasureOf } from './shown.ts';

export interface AskDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly queue: Pick<Queue, 'send'>;
  /** Of the marks. */
  readonly key: Buffer;
  readonly requireProof: (tx: Tx, actor: Person) => Promise<void>;
}

/**
 * Asks for the erasure of a patient, who is out of sight from then on; a job does the rest. Fails with PROOF_REQUIRED, with CONFIRMATION_DIFFERS when the record number is another one, with LEGAL_HOLD
 * when anything of the patient is held, and with NOT_FOUND.
 */
export async function askForErasure(
  deps: AskDeps,
  actor: Person,
  patientId: string,
  { recordNumber, reason }: BodyOf<typeof erasePatient>,
): Promise<Erasure> {
  const { db, audit, clock, queue, key } = deps;
  requireSession(actor);
  const scope = scopeOf(actor);
  return db.withScope(scope, async (tx) => {
    const patient = await lockPatient(tx, scope, patientId);
    if (patient === undefined) throw notFound();
    await deps.requireProof(tx, actor);
    if (recordNumber !== patient.record_number) throw new Failure('CONFIRMATION_DIFFERS');
    const now = clock.now();
    await trashPatient(tx, patientId, now);
    const ids = await findErased(tx, patientId);
    const marks = marksOf(key, await findKnownBy(tx, ids.records));
    const id = newId();
    await repository.insertErasure(tx, { id, ...ids, marks, reason, askedBy: actor.userId, askedAt: now });
    const event = { action: 'patient.erasure-asked', actor, entityType: 'patient', entityId: patientId, patientId } as const;
    await audit.record(tx, {
      ...event,
      groupId: patient.group_id,
      details: { erasure: id, reason, studies: ids.studies.length },
    });
    await queue.send(ERASE, {}, tx);
    await notifyPatient(tx, patientId);
    const row = await repository.findErasure(tx, id);
    if (row === undefined) throw notFound();
    return erasureOf(row, undefined);
  });
}
