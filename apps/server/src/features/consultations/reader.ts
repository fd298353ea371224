import type { ConsultationLine, ConsultationStatus, FilmOrder } from '@negatoscope/contract';
import { type Person, scopeOf } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { isStudyOf, joinWhose } from '../../archive/records/whose.ts';
import { type Between, type Slice, type Sliced, TOTAL_CAP } from '../../kernel/list.ts';
import type { ConsultationDeps } from './changes.ts';
import { ORDER, orderStatus } from './hanging-rows.ts';
import { COLUMNS, FROM } from './repository.ts';
import { lineOf, orderOf } from './shown.ts';

/** What is absent or null is not asked for; an empty list finds nothing. */
interface ConsultationWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly statuses?: readonly ConsultationStatus[] | null;
  /** Days of the clinic, both included. */
  readonly days?: Between;
  /** Instants, the second not included: something was measured or told then. */
  readonly noted?: Between;
  /** One of these was measured, asked or told: names of vital signs, of symptoms, `hivStatus`, `text`. */
  readonly told?: readonly string[] | null;
}

const ANY: Between = { from: null, to: null };
const LAST = TOTAL_CAP + 1;

/** What was measured has its instant; what was told, the day. */
const found = <const W extends string>(whose: W) =>
  `${FROM} AND ($4::uuid[] IS NULL OR c.id = ANY($4)) AND ${whose}
  AND ($6::text[] IS NULL OR c.status = ANY($6)) AND ($7::date IS NULL OR c.day >= $7) AND ($8::date IS NULL OR c.day <= $8)
  AND ($9::timestamptz IS NULL OR c.vital_signs_at >= $9 OR (c.day + 1)::timestamp AT TIME ZONE 'UTC' > $9)
  AND ($10::timestamptz IS NULL OR c.vital_signs_at < $10 OR c.day::timestamp AT TIME ZONE 'UTC' < $10)
  AND ($11::text[] IS NULL OR c.symptoms->'checks' ?| $11 OR EXISTS (SELECT FROM unnest($11) AS said
    WHERE c.vital_signs->>said IS NOT NULL OR (said IN ('hivStatus', 'text') AND c.symptoms->>said <> '')))` as const;
const page = <const W extends string>(whose: W) =>
  `SELECT ${COLUMNS} ${found(whose)} AND ($12::uuid IS NULL OR c.id <= $12) ORDER BY c.id DESC LIMIT $13` as const;
/** One patient's are in the order of an index; of several they are not. */
const CONSULTATIONS_OF_ONE = page('c.patient_id = $5::uuid');
const CONSULTATIONS = page('($5::uuid[] IS NULL OR c.patient_id = ANY($5))');
const CONSULTATION_COUNT =
  `SELECT count(*)::int AS n FROM (SELECT ${found('($5::uuid[] IS NULL OR c.patient_id = ANY($5))')} LIMIT $12) AS counted` as const;

/** Consultations of the actor's scope, the newest registration first. */
async function consultations(
  { db, clock }: ConsultationDeps,
  actor: Person,
  { ids = null, patientIds = null, statuses = null, days = ANY, noted = ANY, told = null }: ConsultationWish,
  { from, limit, isCounted }: Slice,
): Promise<Sliced<ConsultationLine>> {
  const scope = scopeOf(actor);
  const where = [...partitionValues(scope), ids] as const;
  const rest = [statuses, days.from, days.to, noted.from, noted.to, told] as const;
  const [one, another] = patientIds ?? [];
  return db.reading(scope, async (tx) => {
    const rows =
      one !== undefined && another === undefined
        ? await tx.rows(CONSULTATIONS_OF_ONE, [...where, one, ...rest, from, limit])
        : await tx.rows(CONSULTATIONS, [...where, patientIds, ...rest, from, limit]);
    const total = isCounted ? ((await tx.first(CONSULTATION_COUNT, [...where, patientIds, ...rest, LAST]))?.n ?? 0) : null;
    return { items: rows.map((row) => lineOf(row, actor, clock.now())), total };
  });
}

interface OrderWish {
  readonly ids?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly consultationIds?: readonly string[] | null;
  readonly statuses?: readonly FilmOrder['status'][] | null;
  readonly modalities?: readonly string[] | null;
  readonly ordered?: Between;
}

interface OrderOf {
  readonly order: FilmOrder;
  readonly consultationId: string;
  readonly patientId: string;
  readonly groupId: string | null;
}

const ORDERED =
  `FROM film_orders o ${joinWhose('o.patient_id')} WHERE ${inPartition('o', 1)} AND ($4::uuid[] IS NULL OR o.id = ANY($4))
  AND ($5::uuid[] IS NULL OR o.patient_id = ANY($5)) AND ($6::uuid[] IS NULL OR o.consultation_id = ANY($6))
  AND ($7::text[] IS NULL OR ${orderStatus('o')} = ANY($7)) AND ($8::text[] IS NULL OR o.modality = ANY($8))
  AND ($9::timestamptz IS NULL OR o.ordered_at >= $9) AND ($10::timestamptz IS NULL OR o.ordered_at < $10)` as const;
const ORDERS =
  `SELECT ${ORDER}, o.consultation_id, o.patient_id, o.group_id ${ORDERED} AND ($11::uuid IS NULL OR o.id <= $11) ORDER BY o.id DESC LIMIT $12` as const;
const ORDER_COUNT = `SELECT count(*)::int AS n FROM (SELECT ${ORDERED} LIMIT $11) AS counted` as const;

/** Films ordered in consultations of the actor's scope, the newest first. */
async function orders(
  { db }: ConsultationDeps,
  actor: Person,
  wish: OrderWish,
  { from, limit, isCounted }: Slice,
): Promise<Sliced<OrderOf>> {
  const { ids = null, patientIds = null, consultationIds = null, statuses = null, modalities = null, ordered = ANY } = wish;
  const scope = scopeOf(actor);
  const values = [
    ...partitionValues(scope),
    ...([ids, patientIds, consultationIds, statuses, modalities, ordered.from, ordered.to] as const),
  ] as const;
  return db.reading(scope, async (tx) => {
    const rows = await tx.rows(ORDERS, [...values, from, limit]);
    const total = isCounted ? ((await tx.first(ORDER_COUNT, [...values, LAST]))?.n ?? 0) : null;
    const items = rows.map((row) => ({
      order: orderOf(row),
      consultationId: row.consultation_id,
      patientId: row.patient_id,
      groupId: row.group_id,
    }));
    return { items, total };
  });
}

/** A study that is attached to a consultation of its patient, and what was ordered there and done by it. */
interface Attached {
  readonly studyId: string;
  readonly consultationId: string;
  readonly orderId: string | null;
}

const ATTACHED = `SELECT a.study_id, a.consultation_id,
    (SELECT o.id FROM film_orders o WHERE o.study_id = a.study_id AND o.consultation_id = a.consultation_id ORDER BY o.id LIMIT 1) AS order_id
  FROM consultation_studies a JOIN consultations c ON c.id = a.consultation_id
  WHERE ${inPartition('a', 1)} AND ($4::uuid[] IS NULL OR a.study_id = ANY($4)) AND ($5::uuid[] IS NULL OR a.consultation_id = ANY($5))
    AND ${isStudyOf('a.study_id', 'c.patient_id')} ORDER BY a.attached_at, a.study_id, a.consultation_id LIMIT 5000` as const;

/** What is attached of these studies, or to these consultations; what was attached first comes first. */
async function attached(
  { db }: ConsultationDeps,
  actor: Person,
  of: { readonly studyIds: readonly string[] } | { readonly consultationIds: readonly string[] },
): Promise<readonly Attached[]> {
  const scope = scopeOf(actor);
  const [studyIds, consultationIds] = 'studyIds' in of ? [of.studyIds, null] : [null, of.consultationIds];
  const rows = await db.reading(scope, (tx) => tx.rows(ATTACHED, [...partitionValues(scope), studyIds, consultationIds]));
  return rows.map((row) => ({ studyId: row.study_id, consultationId: row.consultation_id, orderId: row.order_id }));
}

/** What other rooms are told of consultations. Who asks has been asked for the permission, and for identities. */
export const readerOf = (deps: ConsultationDeps) => ({
  consultations: (actor: Person, wish: ConsultationWish, slice: Slice) => consultations(deps, actor, wish, slice),
  orders: (actor: Person, wish: OrderWish, slice: Slice) => orders(deps, actor, wish, slice),
  attached: (actor: Person, of: Parameters<typeof attached>[2]) => attached(deps, actor, of),
});
