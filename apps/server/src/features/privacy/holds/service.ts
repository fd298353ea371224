import type { BodyOf, LegalHold, liftHold, placeHold } from '@negatoscope/contract';
import { type Actor, can, type Person, scopeOf } from '../../../access/index.ts';
import type { ArchiveWriter } from '../../../archive/doors.ts';
import * as holds from '../../../archive/lifecycle/holds.ts';
import { notifyPatient } from '../../../archive/notify.ts';
import { lockPatient } from '../../../archive/records/patients.ts';
import { storableText } from '../../../archive/search/index-list.ts';
import { keptValue } from '../../../archive/write/replace.ts';
import type { Clock } from '../../../kernel/clock.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import { newId } from '../../../kernel/ids.ts';
import { isUniqueViolation } from '../../../platform/db/sql-state.ts';
import type { Audit } from '../../audit/index.ts';

export interface HoldDeps {
  readonly db: ArchiveWriter;
  readonly audit: Audit;
  readonly clock: Clock;
}

const MOST = 1000;

function holdOf(row: holds.HoldRow, actor: Actor): LegalHold {
  // Why something is held may be what only who answers for it should know.
  const tells = can(actor, 'holds.manage');
  return {
    id: row.id,
    patientId: keptValue(row.patient_id),
    studyId: row.study_id,
    studyInstanceUid: row.study_instance_uid,
    reason: tells ? row.reason : null,
    by: tells ? row.by : null,
    placedAt: row.placed_at.toISOString(),
  };
}

/** Holds that stand, of what is in the actor's scope. */
export async function list({ db }: HoldDeps, actor: Actor, patientId: string | undefined): Promise<LegalHold[]> {
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, (tx) => holds.findHolds(tx, scope, patientId ?? null, MOST));
  return rows.map((row) => holdOf(row, actor));
}

function requireReason(reason: string): void {
  if (storableText(reason) !== reason)
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'reason', message: 'Not a text.' }] });
}

/**
 * Holds a patient, or one study of theirs. Fails with NOT_FOUND where there is no such patient or study, also in the trash: what is to be held is taken
 * back first; with CONFLICT where it is held already.
 */
export async function place({ db, audit, clock }: HoldDeps, actor: Person, body: BodyOf<typeof placeHold>): Promise<LegalHold> {
  requireReason(body.reason);
  const { patientId, studyId = null, reason } = body;
  const scope = scopeOf(actor);
  const id = newId();
  try {
    return await db.withScope(scope, async (tx) => {
      const patient = await lockPatient(tx, scope, patientId);
      if (patient === undefined) throw notFound();
      const studies = await holds.lockAllStudies(tx, patientId);
      if (studyId !== null && !studies.includes(studyId)) throw notFound();
      const { group_id: groupId } = patient;
      const of = studyId === null ? { patientId, studyId } : { patientId: null, studyId };
      await holds.insertHold(tx, { id, ...of, groupId, reason, userId: actor.userId, now: clock.now() });
      const entity = { entityType: studyId === null ? 'patient' : 'study', entityId: studyId ?? patientId };
      await audit.record(tx, { action: 'hold.placed', actor, ...entity, patientId, groupId, details: { hold: id } });
      await notifyPatient(tx, patientId);
      const row = await holds.findHold(tx, scope, id);
      if (row === undefined) throw notFound();
      return holdOf(row, actor);
    });
  } catch (error) {
    if (isUniqueViolation(error)) throw new Failure('CONFLICT', { detail: 'It is held already.' });
    throw error;
  }
}

/** Lets go of what is held. Fails with NOT_FOUND where nothing of that id is held. */
export async function lift(
  { db, audit, clock }: HoldDeps,
  actor: Person,
  id: string,
  { reason }: BodyOf<typeof liftHold>,
): Promise<void> {
  requireReason(reason);
  const scope = scopeOf(actor);
  await db.withScope(scope, async (tx) => {
    const row = await holds.findHold(tx, scope, id);
    if (row === undefined) throw notFound();
    if (!(await holds.liftHold(tx, { id, reason, userId: actor.userId, now: clock.now() }))) throw notFound();
    const { study_id: studyId, group_id: groupId } = row;
    const patientId = keptValue(row.patient_id);
    const entity = { entityType: studyId === null ? 'patient' : 'study', entityId: studyId ?? patientId };
    await audit.record(tx, { action: 'hold.lifted', actor, ...entity, patientId, groupId, details: { hold: id } });
    await notifyPatient(tx, patientId);
  });
}
