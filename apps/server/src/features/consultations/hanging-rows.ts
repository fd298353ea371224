import type { FilmOrder } from '@negatoscope/contract';
import { uidOfUuid } from '@negatoscope/dicom';
import { nameOf } from '../../archive/records/study-rows.ts';
import { isStudyOf } from '../../archive/records/whose.ts';
import { newId } from '../../kernel/ids.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

/**
 * What an order is now, of the row `o`: done as long as the study that did it is in sight and of this patient, so that it is open again when that leaves or goes to the trash, and done when that is undone; in a consultation
 * that was cancelled nothing is asked for.
 */
export const orderStatus = <const O extends string>(o: O) =>
  `CASE WHEN ${o}.status = 'DONE' AND ${isStudyOf(`${o}.study_id`, `${o}.patient_id`)} THEN 'DONE'
     WHEN ${o}.status = 'CANCELLED' OR EXISTS (SELECT FROM consultations ended WHERE ended.id = ${o}.consultation_id AND ended.status = 'CANCELLED') THEN 'CANCELLED'
     ELSE 'REQUESTED' END` as const;

/** Studies attached to a consultation, as far as they are its patient's still; the first one that was attached first. */
export const findAttached = async (tx: ReadTx, consultationId: string): Promise<string[]> => {
  const rows = await tx.rows(
    `SELECT a.study_id FROM consultation_studies a JOIN consultations c ON c.id = a.consultation_id
     WHERE a.consultation_id = $1 AND ${isStudyOf('a.study_id', 'c.patient_id')} ORDER BY a.attached_at, a.study_id`,
    [consultationId],
    'consultation-studies',
  );
  return rows.map(({ study_id }) => study_id);
};

/** False where it is attached already. */
export const attach = async (
  tx: Tx,
  of: { readonly consultationId: string; readonly studyId: string; readonly groupId: string | null; readonly now: Date },
): Promise<boolean> =>
  (await tx.run(
    'INSERT INTO consultation_studies (consultation_id, study_id, group_id, attached_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
    [of.consultationId, of.studyId, of.groupId, of.now],
  )) > 0;

export const detach = async (tx: Tx, consultationId: string, studyId: string): Promise<boolean> =>
  (await tx.run('DELETE FROM consultation_studies WHERE consultation_id = $1 AND study_id = $2', [consultationId, studyId])) > 0;

/** What a device has told last of an order `o`. */
export const STEP =
  'SELECT told.status FROM performed_steps told WHERE told.order_ids @> ARRAY[o.id] ORDER BY told.begun_at DESC, told.id DESC LIMIT 1' as const;

export type OrderRow = FoundBy<typeof findOrder>;
export const ORDER =
  `o.id, o.modality, o.body_part, o.reason, o.study_instance_uid, ${orderStatus('o')} AS status, (${STEP}) AS step, o.study_id, (${nameOf('o.ordered_by')}) AS ordered_by_name, o.ordered_at` as const;

/** What was ordered in a consultation, the first one first. */
export const findOrders = (tx: ReadTx, consultationId: string): Promise<OrderRow[]> =>
  tx.rows(`SELECT ${ORDER} FROM film_orders o WHERE o.consultation_id = $1 ORDER BY o.id`, [consultationId], 'film-orders');

export const findOrder = (tx: ReadTx, consultationId: string, id: string) =>
  tx.first(`SELECT ${ORDER} FROM film_orders o WHERE o.consultation_id = $1 AND o.id = $2`, [consultationId, id]);

/** A Study Instance UID for what a modality makes of an order. */
const newStudyUid = (): string => uidOfUuid(newId());

interface NewOrder extends Pick<FilmOrder, 'id' | 'modality' | 'bodyPart' | 'reason'> {
  readonly consultationId: string;
  readonly patientId: string;
  readonly groupId: string | null;
  readonly orderedBy: string;
  readonly now: Date;
}

/** False where the id is another order's. */
export const insertOrder = async (tx: Tx, of: NewOrder): Promise<boolean> =>
  (await tx.run(
    `INSERT INTO film_orders (id, consultation_id, patient_id, group_id, modality, body_part, reason, status, ordered_by, ordered_at, study_instance_uid)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'REQUESTED', $8, $9, $10) ON CONFLICT (id) DO NOTHING`,
    [
      of.id,
      of.consultationId,
      of.patientId,
      of.groupId,
      of.modality,
      of.bodyPart,
      of.reason,
      of.orderedBy,
      of.now,
      newStudyUid(),
    ],
  )) > 0;

export const setOrder = (tx: Tx, id: string, status: FilmOrder['status'], studyId: string | null): Promise<number> =>
  tx.run('UPDATE film_orders SET status = $2, study_id = $3 WHERE id = $1', [id, status, studyId]);

/** What a study had done is asked for again, as another study: somebody has decided that this one is not it. */
export const reopenOrders = (tx: Tx, consultationId: string, studyId: string): Promise<number> =>
  tx.run(
    "UPDATE film_orders SET status = 'REQUESTED', study_id = NULL, study_instance_uid = $3 WHERE consultation_id = $1 AND study_id = $2",
    [consultationId, studyId, newStudyUid()],
  );
