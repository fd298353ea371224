import { type Service, scopeOf } from '../../access/index.ts';
import { holdStudy } from '../../archive/records/images.ts';
import { joinMadeFor } from '../../archive/records/whose.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { ConsultationDeps } from './changes.ts';
import { attach, orderStatus, setOrder } from './hanging-rows.ts';
import { isOfKind } from './policy.ts';
import { touchConsultation } from './repository.ts';

const RUN = 100;

const MADE = `SELECT o.id, o.number, o.consultation_id, o.modality, o.patient_id, o.group_id, made.id AS study_id, made.modalities
  FROM film_orders o ${joinMadeFor('o')} WHERE o.status = 'REQUESTED' AND ${orderStatus('o')} = 'REQUESTED'` as const;
const MADE_AFTER = `${MADE} AND o.number > $1 ORDER BY o.number LIMIT $2` as const;
const MADE_OF = `${MADE} AND o.id = $1 FOR NO KEY UPDATE OF o` as const;
const CONSULTATION = 'SELECT id FROM consultations WHERE id = $1 FOR NO KEY UPDATE';

type Made = RowOf<typeof MADE_AFTER>;

/**
 * Attaches the studies that modalities have made under the UIDs of their worklist, each to the consultation in which it was ordered, and its order is done by it. Gives how many.
 * What does not fit yet (a study of which only a dose report has come, or that is another patient's) has its turn when it does.
 */
export async function attachMade(
  deps: Pick<ConsultationDeps, 'db' | 'audit' | 'clock' | 'events'>,
  by: Service,
  signal: AbortSignal,
): Promise<number> {
  const scope = scopeOf(by);
  let attached = 0;
  for (let after = 0; ; ) {
    const rows = await deps.db.reading(scope, (tx) => tx.rows(MADE_AFTER, [after, RUN]));
    for (const row of rows) {
      if (signal.aborted) return attached;
      if (isOfKind(row.modality, row.modalities) && (await deps.db.withScope(scope, (tx) => attachOne(deps, tx, by, row))))
        attached += 1;
    }
    const last = rows.at(-1);
    if (rows.length < RUN || last === undefined) return attached;
    after = last.number;
  }
}

/** Locks in the order of the archive: the study, then what hangs on it. What has changed meanwhile is left alone. */
async function attachOne(
  { audit, clock, events }: Pick<ConsultationDeps, 'audit' | 'clock' | 'events'>,
  tx: Tx,
  by: Service,
  { id: orderId, consultation_id: consultationId, study_id: studyId }: Made,
): Promise<boolean> {
  const place = await holdStudy(tx, studyId);
  if (place === undefined || (await tx.first(CONSULTATION, [consultationId])) === undefined) return false;
  const row = await tx.first(MADE_OF, [orderId]);
  if (row?.study_id !== studyId || place.patient_id !== row.patient_id) return false;
  await attach(tx, { consultationId, studyId, groupId: place.group_id, now: clock.now() });
  await setOrder(tx, orderId, 'DONE', studyId);
  await touchConsultation(tx, consultationId);
  await audit.record(tx, {
    ...{ action: 'consultation.study-attached', actor: by, entityType: 'consultation', entityId: consultationId },
    ...{ patientId: row.patient_id, groupId: row.group_id, details: { studyId, orderId } },
  });
  await events.publish('consultations-changed', consultationId, tx);
  return true;
}
