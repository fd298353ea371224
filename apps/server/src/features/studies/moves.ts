import type { BodyOf, updateStudy } from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { madeOfRows } from '../../archive/kinds.ts';
import { findMove, insertMove, markUndone, undoState } from '../../archive/lifecycle/moves.ts';
import { notifyStudy } from '../../archive/notify.ts';
import { refreshPatients } from '../../archive/records/patients.ts';
import * as repository from '../../archive/records/studies.ts';
import { moveStudy as moveStudyTo } from '../../archive/records/study-changes.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import type { RowKinds } from '../../archive/row-kind.ts';
import { recheckStudies, studyContradicts } from '../../archive/write/mismatch.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import type { Tx } from '../../platform/db/database.ts';
import { isUniqueViolation } from '../../platform/db/sql-state.ts';
import type { Audit } from '../audit/index.ts';

/** For how long a move can be undone. */
export const UNDO_DAYS = 30;

export interface MoveDeps {
  readonly audit: Audit;
  readonly clock: Clock;
  readonly kinds: RowKinds;
}
type MoveWish = Pick<BodyOf<typeof updateStudy>, 'acceptMismatch' | 'mismatchReason'> & { readonly patientId: string };

interface Change {
  readonly action: 'study.moved' | 'study.move-undone';
  readonly study: Pick<StudyRow, 'id' | 'patient_id'>;
  readonly patientId: string;
  readonly groupId: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * Gives a study, whose lock and whose patients' locks are held, to another patient in whose record the actor may write. Fails with NOT_FOUND for a patient out of scope,
 * FORBIDDEN for another group by who is no administrator, IDENTITY_MISMATCH for images that name somebody else, CONFLICT for a UID that the target group has.
 */
export async function moveStudy(deps: MoveDeps, tx: Tx, actor: Person, study: StudyRow, wish: MoveWish): Promise<void> {
  // Both records are written.
  requirePermission(actor, 'patients.write');
  const { patientId } = wish;
  const target = await repository.findPatientPartition(tx, scopeOf(actor), patientId);
  if (target === undefined) throw notFound();
  const groupId = target.group_id;
  if (groupId !== study.group_id && actor.role !== 'ADMIN') throw new Failure('FORBIDDEN');
  const now = deps.clock.now();
  const mismatch = await decideMismatch(tx, actor, study, { ...wish, now });
  const moveId = newId();
  const made = await madeOfRows(tx, deps.kinds, study.id);
  await insertMove(tx, { id: moveId, studyId: study.id, patientId, groupId, actorId: actor.userId, now, made });
  await moveOrConflict(deps, tx, study, { patientId, groupId, mismatch });
  await settle(deps, tx, actor, {
    action: 'study.moved',
    study,
    patientId,
    groupId,
    details: { moveId, mismatch: mismatch !== null },
  });
}

/** The mark of a study that goes to somebody else than its images name, or whose images name nobody; null for what fits. */
async function decideMismatch(
  tx: Tx,
  actor: Person,
  study: StudyRow,
  wish: MoveWish & { readonly now: Date },
): Promise<object | null> {
  const found = await studyContradicts(tx, study.id, wish.patientId);
  if (found === undefined) return null;
  const mark = { ...found, cause: 'DECIDED', userId: actor.userId, importId: null, at: wish.now.toISOString() } as const;
  if (found.kind === 'NO_IDENTITY') return { ...mark, reason: null };
  if (wish.acceptMismatch !== true || wish.mismatchReason === undefined) throw new Failure('IDENTITY_MISMATCH');
  requirePermission(actor, 'identity-review.decide');
  return { ...mark, reason: wish.mismatchReason };
}

/** Takes a move back exactly; gives the study's id. Fails with NOT_FOUND, FORBIDDEN, UNDO_…, CONFLICT. */
export async function undoMove(deps: MoveDeps, tx: Tx, actor: Person, moveId: string): Promise<string> {
  requirePermission(actor, 'patients.write');
  const seen = await findMove(tx, moveId);
  if (seen === undefined) throw notFound();
  if (seen.from_patient_id === null || seen.to_patient_id === null) throw new Failure('UNDO_TARGET_GONE');
  if (seen.from_group_id !== seen.group_id && actor.role !== 'ADMIN') throw new Failure('FORBIDDEN');
  if (!(await repository.lockStudy(tx, { id: seen.study_id, patient_id: seen.to_patient_id }, [seen.from_patient_id])))
    throw new Failure('UNDO_SUPERSEDED');
  const now = deps.clock.now();
  const mismatch = await requireUndoable(tx, { id: moveId, made: await madeOfRows(tx, deps.kinds, seen.study_id), now });
  const back = { patientId: seen.from_patient_id, groupId: seen.from_group_id };
  await markUndone(tx, { id: moveId, actorId: actor.userId, now });
  const study = { id: seen.study_id, group_id: seen.group_id, patient_id: seen.to_patient_id };
  await moveOrConflict(deps, tx, study, { ...back, mismatch });
  await settle(deps, tx, actor, { action: 'study.move-undone', study, ...back, details: { moveId } });
  return seen.study_id;
}

/** Gives the mark that the study had before the move. */
async function requireUndoable(
  tx: Tx,
  { id, made, now }: { id: string; made: readonly string[]; now: Date },
): Promise<object | null> {
  const state = await undoState(tx, id, made);
  if (state === undefined) throw notFound();
  if (state.undone || !state.is_latest) throw new Failure('UNDO_SUPERSEDED');
  if (endOf(state) <= now) throw new Failure('UNDO_EXPIRED');
  if (!state.has_from) throw new Failure('UNDO_TARGET_GONE');
  if (state.has_changed) throw new Failure('UNDO_CHANGED');
  return state.mismatch_before;
}

async function moveOrConflict(
  { kinds }: MoveDeps,
  tx: Tx,
  study: Pick<StudyRow, 'id' | 'group_id'>,
  to: { patientId: string; groupId: string | null; mismatch: object | null },
): Promise<void> {
  try {
    await moveStudyTo(tx, kinds, study, to);
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Failure('CONFLICT', { detail: 'The target group has a study or instance of the same UID.' });
    throw error;
  }
}

/** Counts, the journal and caches follow. */
async function settle({ audit }: MoveDeps, tx: Tx, actor: Person, change: Change): Promise<void> {
  const { action, study, patientId, groupId, details } = change;
  await refreshPatients(tx, [study.patient_id, patientId]);
  for (const id of [study.patient_id, patientId].sort()) {
    const found = await recheckStudies(tx, id, { userId: actor.userId, filed: new Set() });
    await audit.recordAll(
      tx,
      found.map((event) => ({ ...event, actor })),
    );
  }
  await audit.record(tx, {
    action,
    actor,
    entityType: 'study',
    entityId: study.id,
    patientId,
    groupId,
    details: { ...details, fromPatientId: study.patient_id },
  });
  await notifyStudy(tx, { id: study.id, patientId });
}

export const endOf = ({ moved_at }: { moved_at: Date }): Date => new Date(moved_at.getTime() + UNDO_DAYS * 86_400_000);
