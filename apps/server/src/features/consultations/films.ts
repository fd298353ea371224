import type {
  attachStudy,
  BodyOf,
  Consultation,
  moveOrder,
  orderFilm,
  Prediction,
  predictConsultation,
} from '@negatoscope/contract';
import { type Person, requirePermission, scopeOf } from '../../access/index.ts';
import { filmsOf } from '../../archive/records/films.ts';
import { holdStudy } from '../../archive/records/images.ts';
import { requireStudy } from '../../archive/records/studies.ts';
import { storableText } from '../../archive/search/index-list.ts';
import { Failure, notFound } from '../../kernel/failure.ts';
import { newId } from '../../kernel/ids.ts';
import { type ConsultationDeps, held, refused, requireConducts, tell, unchanged } from './changes.ts';
import * as rows from './hanging-rows.ts';
import { isDoneBy, isOfKind } from './policy.ts';
import { touchConsultation } from './repository.ts';
import { shown } from './shown.ts';

const MOST_ORDERS = 50;
const MOST_STUDIES = 50;

/** What a study does of what is asked for: the order that it was made for, by the UID that a modality was given, or the oldest of its kind. */
function openOrderOf(
  orders: readonly rows.OrderRow[],
  study: Parameters<typeof isDoneBy>[1] & { readonly study_instance_uid: string },
) {
  const open = orders.filter((one) => one.status === 'REQUESTED');
  const own = open.find((one) => one.study_instance_uid === study.study_instance_uid && isOfKind(one.modality, study.modalities));
  return own ?? open.find((one) => isDoneBy(one, study));
}

/**
 * Attaches a study; the order that it was made for, or else the oldest open order of its kind is done by it, unless it is older than that. Fails with NOT_FOUND, OTHER_PATIENT, CONSULTATION_ENDED for a cancelled one: films come
 * after the end, too.
 */
export async function attach(
  deps: ConsultationDeps,
  actor: Person,
  id: string,
  { studyInstanceUid, groupId }: BodyOf<typeof attachStudy>,
): Promise<Consultation> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const now = deps.clock.now();
    const present = await shown(tx, actor, id, now);
    const study = await requireStudy(tx, actor, studyInstanceUid, groupId ?? present.groupId ?? 'none');
    // Locks in the order of the archive: the study, then what hangs on it.
    const place = await holdStudy(tx, study.id);
    if (place === undefined) throw notFound();
    const row = await held(tx, actor, id);
    if (row.status === 'CANCELLED') throw await refused(deps, tx, actor, { code: 'CONSULTATION_ENDED', id });
    if (place.patient_id !== row.patient_id) throw new Failure('OTHER_PATIENT');
    if (present.studies.length >= MOST_STUDIES) throw new Failure('CONFLICT', { detail: 'Too many studies.' });
    const isNew = await rows.attach(tx, { consultationId: id, studyId: study.id, groupId: place.group_id, now });
    if (!isNew) return unchanged(deps, tx, actor, row);
    const open = openOrderOf(await rows.findOrders(tx, id), study);
    if (open !== undefined) await rows.setOrder(tx, open.id, 'DONE', study.id);
    await touchConsultation(tx, id);
    const details = { studyId: study.id, orderId: open?.id ?? null };
    return tell(deps, tx, actor, { action: 'consultation.study-attached', row, details });
  });
}

/** Detaches a study; what it had done is open again. One that is not attached is no failure. */
export async function detach(deps: ConsultationDeps, actor: Person, id: string, studyId: string): Promise<Consultation> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const row = await held(tx, actor, id);
    if (!(await rows.detach(tx, id, studyId))) return unchanged(deps, tx, actor, row);
    await rows.reopenOrders(tx, id, studyId);
    await touchConsultation(tx, id);
    return tell(deps, tx, actor, { action: 'consultation.study-detached', row, details: { studyId } });
  });
}

type Wanted = BodyOf<typeof orderFilm>;

/** The order that this wish has made already: the one of its id, or one that still asks for the same film for the same reason. Fails with CONFLICT for another film of the same id. */
function sameOrder(orders: readonly rows.OrderRow[], { orderId, modality, bodyPart, reason }: Wanted): rows.OrderRow | undefined {
  const isSame = (one: rows.OrderRow): boolean =>
    one.modality === modality && one.body_part === bodyPart && one.reason === reason;
  const named = orders.find((one) => one.id === orderId);
  if (named !== undefined && !isSame(named)) throw new Failure('CONFLICT', { detail: 'This id is another order’s.' });
  return named ?? orders.find((one) => one.status === 'REQUESTED' && isSame(one));
}

/** Orders a film, once. Fails with NOT_FOUND, UNPROCESSABLE for too many, CONFLICT for an id that is another order's, and as `requireConducts` does. */
export async function order(deps: ConsultationDeps, actor: Person, id: string, wanted: Wanted): Promise<Consultation> {
  if (storableText(wanted.reason) !== wanted.reason)
    throw new Failure('VALIDATION_FAILED', { errors: [{ path: 'reason', message: 'Not a text.' }] });
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const row = await held(tx, actor, id);
    await requireConducts(deps, tx, actor, row);
    const orders = await rows.findOrders(tx, id);
    if (sameOrder(orders, wanted) !== undefined) return unchanged(deps, tx, actor, row);
    if (orders.length >= MOST_ORDERS) throw new Failure('UNPROCESSABLE', { detail: 'Too many orders.' });
    const place = { consultationId: id, patientId: row.patient_id, groupId: row.group_id };
    const orderId = wanted.orderId ?? newId();
    const now = deps.clock.now();
    if (!(await rows.insertOrder(tx, { ...wanted, ...place, id: orderId, orderedBy: actor.userId, now })))
      throw new Failure('CONFLICT', { detail: 'This id is another order’s.' });
    await touchConsultation(tx, id);
    const { modality, bodyPart } = wanted;
    return tell(deps, tx, actor, { action: 'consultation.film-ordered', row, details: { orderId, modality, bodyPart } });
  });
}

/** Cancels an order, or asks for it again. Fails with NOT_FOUND, ILLEGAL_MOVE for one that is done. */
export async function setOrder(
  deps: ConsultationDeps,
  actor: Person,
  { id, orderId }: { readonly id: string; readonly orderId: string },
  { status }: BodyOf<typeof moveOrder>,
): Promise<Consultation> {
  return deps.db.withScope(scopeOf(actor), async (tx) => {
    const row = await held(tx, actor, id);
    const present = await rows.findOrder(tx, id, orderId);
    if (present === undefined) throw notFound();
    await requireConducts(deps, tx, actor, row);
    if (present.status === 'DONE') throw await refused(deps, tx, actor, { code: 'ILLEGAL_MOVE', id });
    if (present.status === status) return unchanged(deps, tx, actor, row);
    await rows.setOrder(tx, orderId, status, null);
    await touchConsultation(tx, id);
    const action = status === 'CANCELLED' ? 'consultation.order-cancelled' : 'consultation.order-restored';
    return tell(deps, tx, actor, { action, row, details: { orderId } });
  });
}

/** Asks the model from a consultation: the door of predictions. */
export type AskFrom = (
  actor: Person,
  image: { readonly studyInstanceUid: string; readonly groupId: string; readonly sopInstanceUid?: string },
  consultationId: string,
) => Promise<Prediction>;

/** Asks the model about an image of an attached study. Fails with NOT_FOUND for one that is not attached, CONFLICT for a cancelled consultation, TOO_MANY_PREDICTIONS. */
export async function predict(
  deps: ConsultationDeps & { readonly askFrom: AskFrom },
  actor: Person,
  id: string,
  { sopInstanceUid, studyInstanceUid }: BodyOf<typeof predictConsultation>,
): Promise<Prediction> {
  requirePermission(actor, 'consultations.read');
  const scope = scopeOf(actor);
  const study = await deps.db.reading(scope, async (tx) => {
    const { status, studies } = await shown(tx, actor, id, deps.clock.now());
    if (status === 'CANCELLED') throw new Failure('CONFLICT', { detail: 'The consultation was cancelled.' });
    for (const one of studies) {
      if (studyInstanceUid !== undefined && one.studyInstanceUid !== studyInstanceUid) continue;
      if (sopInstanceUid === undefined) return one;
      if ((await filmsOf(tx, scope, { studyId: one.id, sopInstanceUid, modalities: [] })).length > 0) return one;
    }
    throw notFound();
  });
  const place = { studyInstanceUid: study.studyInstanceUid, groupId: study.groupId ?? 'none' };
  return deps.askFrom(actor, sopInstanceUid === undefined ? place : { ...place, sopInstanceUid }, id);
}
