import { can, type Person, seesIdentity } from '../../../access/index.ts';
import type { SaidOf } from '../ports.ts';
import type { Belongs } from '../resources/imaging-study.ts';
import type { Said } from '../resources/said.ts';
import type { FhirReaders } from './kind.ts';

/** Who may be told of consultations: each names a person. */
export const seesConsultations = (actor: Person): boolean => can(actor, 'consultations.read') && seesIdentity(actor);

/** To which consultation each of these studies belongs, the one that it was attached to first, and what was ordered and done by it. */
export async function belongingOf(
  { consultations }: FhirReaders,
  actor: Person,
  studyIds: readonly string[],
): Promise<(studyId: string) => Belongs> {
  const attached = seesConsultations(actor) && studyIds.length > 0 ? await consultations.attached(actor, { studyIds }) : [];
  return (studyId) => {
    const own = attached.filter((one) => one.studyId === studyId);
    return { consultationId: own[0]?.consultationId ?? null, orderIds: own.flatMap(({ orderId }) => orderId ?? []) };
  };
}

/** The studies that these orders were done by. */
export async function studiesOrdered({ consultations }: FhirReaders, actor: Person, ids: readonly string[]): Promise<string[]> {
  const { items } = await consultations.orders(actor, { ids }, { from: null, limit: ids.length, isCounted: false });
  return items.flatMap(({ order }) => order.studyId ?? []);
}

/** Predictions with what they belong to. */
export async function withBelonging(readers: FhirReaders, actor: Person, rows: readonly SaidOf[]): Promise<Said[]> {
  const belongs = await belongingOf(readers, actor, [...new Set(rows.map(({ study }) => study.id))]);
  return rows.map((row) => ({
    ...row,
    consultationId: seesConsultations(actor) ? row.prediction.consultationId : null,
    orderIds: belongs(row.study.id).orderIds,
  }));
}
