import type { FilmOrder, VitalSigns } from '@negatoscope/contract';
import type { Scope } from '../../access/index.ts';
import type { ArchiveWriter } from '../../archive/doors.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { knowByNumber } from '../../archive/records/patients.ts';
import { personNameOf } from '../../archive/records/study-rows.ts';
import { joinWhose, WHOSE_TO_DEVICES } from '../../archive/records/whose.ts';
import { orderStatus, STEP } from './hanging-rows.ts';
import { madeAs } from './policy.ts';
import { orderNumber } from './steps.ts';

/** A film that is asked for, as a modality is told of it. Names are PN values, days `YYYY-MM-DD`. */
export interface OfferedOrder {
  /** By which a device names it; at most 16 characters. */
  readonly number: string;
  readonly studyInstanceUid: string;
  /** What may make it; the first one is what was asked for. */
  readonly modalities: readonly string[];
  readonly bodyPart: FilmOrder['bodyPart'];
  /** A device has begun with it. */
  readonly isBegun: boolean;
  readonly reason: string;
  /** Of the consultation, in the clinic's own calendar. */
  readonly day: string;
  readonly orderedAt: Date;
  readonly orderedBy: string;
  readonly vitalSigns: VitalSigns;
  readonly patient: {
    readonly id: string;
    readonly number: string;
    readonly familyName: string;
    readonly givenName: string;
    readonly personName: string;
    readonly birthDate: string | null;
    readonly sex: string;
  };
}

/** Days of consultations, both included. Without the first one it is that of ninety days before the last, or today: what nobody has made since is no work of this day. */
export interface OfferedDays {
  readonly from: string | null;
  readonly to: string | null;
}

const RUN = 100;

const OFFERED =
  `SELECT o.number, o.study_instance_uid, o.modality, o.body_part, o.reason, o.ordered_at, c.day, c.vital_signs, o.patient_id, (${STEP}) AS step, ${WHOSE_TO_DEVICES},
    (${personNameOf('o.ordered_by')}) AS ordered_by
  FROM film_orders o JOIN consultations c ON c.id = o.consultation_id ${joinWhose('o.patient_id')}
  WHERE ${inPartition('o', 1)} AND o.status <> 'CANCELLED' AND ${orderStatus('o')} = 'REQUESTED'
    AND c.day >= coalesce($4::date, coalesce($5::date, current_date) - 90) AND ($5::date IS NULL OR c.day <= $5) AND o.number > $6 ORDER BY o.number LIMIT $7` as const;

/** Films that are asked for in consultations of a scope, the first order first, in runs. */
export async function* offeredOrders(
  db: ArchiveWriter,
  scope: Scope,
  { from, to }: OfferedDays,
): AsyncGenerator<readonly OfferedOrder[], void> {
  let after = 0;
  for (;;) {
    const rows = await db.reading(scope, (tx) => tx.rows(OFFERED, [...partitionValues(scope), from, to, after, RUN]));
    yield rows.map((row) => ({
      number: orderNumber(row.number),
      studyInstanceUid: row.study_instance_uid,
      modalities: [row.modality, ...madeAs(row.modality).filter((made) => made !== row.modality)],
      bodyPart: row.body_part,
      isBegun: row.step !== null,
      reason: row.reason,
      day: row.day,
      orderedAt: row.ordered_at,
      orderedBy: row.ordered_by ?? '',
      vitalSigns: row.vital_signs,
      patient: {
        id: row.patient_id,
        number: row.patient_number ?? '',
        familyName: row.family_name,
        givenName: row.given_name,
        personName: row.person_name,
        birthDate: row.birth_date,
        sex: row.sex,
      },
    }));
    const last = rows.at(-1);
    if (rows.length < RUN || last === undefined) return;
    after = last.number;
  }
}

/** A device is told of these patients: what comes back under the numbers that it is told is theirs. */
export const tellNumbers = async (db: ArchiveWriter, scope: Scope, patientIds: readonly string[]): Promise<void> => {
  await db.withScope(scope, (tx) => knowByNumber(tx, patientIds));
};
