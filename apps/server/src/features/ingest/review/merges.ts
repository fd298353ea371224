import type { PatientMerge } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../../access/index.ts';
import { lockPatients } from '../../../archive/lifecycle/merge.ts';
import { findMerge, findMerges, mergeState, undoMerge } from '../../../archive/lifecycle/merge-undo.ts';
import { findPatient } from '../../../archive/records/patients.ts';
import { personOfParts } from '../../../archive/records/study-rows.ts';
import { recheckStudies } from '../../../archive/write/mismatch.ts';
import { Failure, notFound } from '../../../kernel/failure.ts';
import type { DecisionTools } from './conflict-decision.ts';

const UNDO_DAYS = 30;
const endOf = ({ merged_at }: { readonly merged_at: Date }): Date => new Date(merged_at.getTime() + UNDO_DAYS * 86_400_000);

/** The last records that were merged into a patient of the scope, the latest first. */
export async function listMerges({ db, clock }: DecisionTools, actor: Person, patientId: string): Promise<PatientMerge[]> {
  const scope = scopeOf(actor);
  const rows = await db.reading(scope, async (tx) => {
    if ((await findPatient(tx, scope, patientId)) === undefined) throw notFound();
    return findMerges(tx, patientId);
  });
  return rows.map((row) => ({
    id: row.id,
    from: { id: row.from_id, recordNumber: row.record_number, lastName: row.family_name, firstName: row.given_name },
    by: personOfParts(row.by),
    mergedAt: row.merged_at.toISOString(),
    undoneAt: row.undone_at?.toISOString() ?? null,
    undoUntil: row.undone_at === null && endOf(row) > clock.now() ? endOf(row).toISOString() : null,
  }));
}

/**
 * Takes a merge back: the record is somebody of their own again, with the studies and all that hung there. What came since stays with the other. Fails
 * with NOT_FOUND, UNDO_EXPIRED, UNDO_SUPERSEDED (undone already, or one of the records was merged on or is in the trash) and UNDO_CHANGED (a study of it
 * is somebody else's by now).
 */
export async function undoMergeOf({ db, audit, clock, kinds }: DecisionTools, actor: Person, id: string): Promise<void> {
  await db.withScope(scopeOf(actor), async (tx) => {
    const seen = await findMerge(tx, id);
    if (seen === undefined) throw notFound();
    const { from_patient_id: from, into_patient_id: into } = seen;
    await lockPatients(tx, [from, into]);
    const merge = await findMerge(tx, id);
    if (merge === undefined) throw notFound();
    const state = await mergeState(tx, merge);
    if (merge.undone_at !== null || state?.stands !== true) throw new Failure('UNDO_SUPERSEDED');
    if (endOf(merge) <= clock.now()) throw new Failure('UNDO_EXPIRED');
    if (state.has_moved) throw new Failure('UNDO_CHANGED');
    await undoMerge(tx, kinds, { merge, actorId: actor.userId, now: clock.now() });
    for (const patient of [from, into].sort()) {
      const found = await recheckStudies(tx, patient, { userId: actor.userId, filed: new Set() });
      await audit.recordAll(
        tx,
        found.map((event) => ({ ...event, actor })),
      );
    }
    await audit.record(tx, {
      action: 'patient.merge-undone',
      actor,
      entityType: 'patient',
      entityId: from,
      patientId: into,
      groupId: merge.group_id,
      details: { mergeId: id },
    });
  });
}
