import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { notifyStudy } from '../../archive/notify.ts';
import { refreshPatients } from '../../archive/records/patients.ts';
import { timesAfter } from '../../archive/records/reading-status.ts';
import { findStudies } from '../../archive/records/studies.ts';
import { updateStudyRow } from '../../archive/records/study-changes.ts';
import { notFound } from '../../kernel/failure.ts';
import type { Tx } from '../../platform/db/database.ts';
import { type ResultDeps, statusWasSet } from './reading/index.ts';

interface Decided {
  readonly studyId: string;
  /** Whether the result stands now. */
  readonly stands: boolean;
  /** Whether it stood before and none of the study's stands any more. */
  readonly wasLast: boolean;
}

/**
 * A physician has decided about a result of a study, whose row and patient the caller holds: with a result that stands the study is validated, and one whose last result is taken back is in progress again; the patient's status follows.
 * An archived study stays as it is. Fails with FORBIDDEN for who validates no studies.
 */
export async function resultDecided(
  deps: ResultDeps,
  tx: Tx,
  actor: Person,
  { studyId, stands, wasLast }: Decided,
): Promise<void> {
  const [study] = await findStudies(tx, scopeOf(actor), [studyId]);
  if (study === undefined) throw notFound();
  const to = stands ? 'VALIDATED' : wasLast && study.status === 'VALIDATED' ? 'IN_PROGRESS' : study.status;
  if (to === study.status || study.status === 'ARCHIVED') return;
  requirePermission(actor, 'studies.validate');
  const now = deps.clock.now();
  const present = { firstOpenedAt: study.first_opened_at, readAt: study.read_at, validatedAt: study.validated_at };
  const { id, description, text_uncertain: textUncertain, patient_id: patientId, group_id: groupId } = study;
  await updateStudyRow(tx, id, { status: to, times: timesAfter(to, present, now), description, textUncertain }, now);
  await refreshPatients(tx, [patientId]);
  await deps.audit.record(tx, {
    ...{ action: 'study.updated', actor, entityType: 'study', entityId: id, patientId, groupId },
    details: { fields: ['status'], status: to },
  });
  await notifyStudy(tx, { id, patientId });
  await statusWasSet(deps, tx, id, to);
}
