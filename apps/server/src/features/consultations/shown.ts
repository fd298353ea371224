import {
  type AttachedStudy,
  type Consultation,
  type ConsultationLine,
  type FilmOrder,
  OrderStatus,
  unusualSigns,
} from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { findStudies } from '../../archive/records/studies.ts';
import type { StudyRow } from '../../archive/records/study-rows.ts';
import { notFound } from '../../kernel/failure.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { findAttached, findOrders, type OrderRow } from './hanging-rows.ts';
import { ageOn, undoUntil } from './policy.ts';
import { type ConsultationRow, findConsultation } from './repository.ts';

const instantOf = (value: Date | null): string | null => value?.toISOString() ?? null;

function undoOf(row: ConsultationRow, actor: Person, now: Date): ConsultationLine['undo'] {
  const until = undoUntil({ before: row.before, movedAt: row.moved_at });
  if (until === undefined || row.before === null || row.moved_by !== actor.userId || now > until) return null;
  return { to: row.before.status, until: until.toISOString() };
}

export const lineOf = (row: ConsultationRow, actor: Person, now: Date): ConsultationLine => ({
  id: row.id,
  patientId: row.patient_id,
  patient: {
    id: row.patient_id,
    recordNumber: row.record_number,
    lastName: row.family_name,
    firstName: row.given_name,
    birthDate: row.birth_date,
    sex: row.sex,
  },
  groupId: row.group_id,
  physicianId: row.physician_id,
  physicianName: row.physician_name,
  date: row.day,
  status: row.status,
  reason: row.reason,
  symptoms: row.symptoms,
  vitalSigns: row.vital_signs,
  unusual: unusualSigns(row.vital_signs, ageOn(row.birth_date, row.day)),
  vitalSignsAt: instantOf(row.vital_signs_at),
  studyCount: row.study_count ?? 0,
  openOrders: row.open_orders ?? 0,
  arrivedAt: row.arrived_at.toISOString(),
  startedAt: instantOf(row.started_at),
  endedAt: instantOf(row.ended_at),
  version: row.version,
  undo: undoOf(row, actor, now),
});

export const orderOf = (row: OrderRow): FilmOrder => {
  const status = OrderStatus.parse(row.status);
  return {
    id: row.id,
    modality: row.modality,
    bodyPart: row.body_part,
    reason: row.reason,
    status,
    step: row.step,
    studyId: status === 'DONE' ? row.study_id : null,
    orderedBy: row.ordered_by_name,
    orderedAt: row.ordered_at.toISOString(),
  };
};

const attachedOf = (study: StudyRow): AttachedStudy => ({
  id: study.id,
  studyInstanceUid: study.study_instance_uid,
  groupId: study.group_id,
  studyDate: study.study_date,
  description: study.description,
  modalities: study.modalities,
  instanceCount: study.instance_count,
});

/** A consultation as it stands in this transaction. Fails with NOT_FOUND for one out of scope, FORBIDDEN for who may change but not read. */
export async function shown(tx: ReadTx, actor: Person, id: string, now: Date): Promise<Consultation> {
  requirePermission(actor, 'consultations.read');
  const row = await findConsultation(tx, scopeOf(actor), id);
  if (row === undefined) throw notFound();
  const studies = await findStudies(tx, scopeOf(actor), await findAttached(tx, id));
  return {
    ...lineOf(row, actor, now),
    notes: row.notes,
    registeredBy: row.registered_by_name,
    studies: studies.map(attachedOf),
    orders: (await findOrders(tx, id)).map(orderOf),
  };
}
