import type { FilmOrder } from '@negatoscope/contract';
import type { DicomJsonObject } from '@negatoscope/dicom';
import { partition, type Service } from '../../access/index.ts';
import { inPartition, partitionValues } from '../../archive/in-scope.ts';
import { joinWhose } from '../../archive/records/whose.ts';
import { newId } from '../../kernel/ids.ts';
import { storableJson } from '../../kernel/storable-json.ts';
import type { Tx } from '../../platform/db/database.ts';
import type { ConsultationDeps } from './changes.ts';
import { touchConsultation } from './repository.ts';

export type StepStatus = NonNullable<FilmOrder['step']>;

/** By what a device is told an order. */
export const orderNumber = (number: number): string => `NG${number}`;

/** Whose steps these are: what a device tells is of its group, and under its own UIDs. */
export interface StepPlace {
  readonly by: Service;
  readonly nodeId: string;
  readonly groupId: string | null;
  readonly sopInstanceUid: string;
}

export interface Step {
  readonly status: StepStatus;
  readonly attributes: DicomJsonObject;
}

type StepDeps = Pick<ConsultationDeps, 'db' | 'audit' | 'clock' | 'events'>;

const ORDERS = `SELECT o.id, o.consultation_id, o.patient_id FROM film_orders o ${joinWhose('o.patient_id')}
  WHERE ${inPartition('o', 1)} AND (o.number = ANY($4::bigint[]) OR o.study_instance_uid = ANY($5::text[])) ORDER BY o.number LIMIT 50` as const;
const CONSULTATIONS =
  'SELECT DISTINCT consultation_id AS id FROM film_orders WHERE id = ANY($1::uuid[]) ORDER BY consultation_id';

const numberOf = (text: string): number[] => {
  const [, digits] = /^NG([1-9]\d{0,14})$/.exec(text.trim()) ?? [];
  return digits === undefined ? [] : [Number(digits)];
};

/** The journal, and who looks at the orders, are told. */
async function tell(
  { audit, events }: StepDeps,
  tx: Tx,
  { by, nodeId, groupId }: StepPlace,
  { id, patientId, orderIds, status }: { id: string; patientId: string | null; orderIds: string[]; status: StepStatus },
): Promise<void> {
  await audit.record(tx, {
    ...{ action: 'dicom-node.step', actor: by, entityType: 'performed-step', entityId: id, patientId, groupId },
    details: { nodeId, status, orderIds },
  });
  for (const { id: consultationId } of await tx.rows(CONSULTATIONS, [orderIds])) {
    await touchConsultation(tx, consultationId);
    await events.publish('consultations-changed', consultationId, tx);
  }
}

/** A device has begun with something. Orders that it names are being examined; of two patients' only the first one's are believed. False where it has told so already. */
export async function beginStep(
  deps: StepDeps,
  place: StepPlace,
  {
    status,
    attributes,
    numbers,
    studyUids,
  }: Step & { readonly numbers: readonly string[]; readonly studyUids: readonly string[] },
): Promise<boolean> {
  const scope = partition(place.groupId);
  return deps.db.withScope(scope, async (tx) => {
    const found = await tx.rows(ORDERS, [...partitionValues(scope), numbers.flatMap(numberOf), [...studyUids]]);
    const patientId = found[0]?.patient_id ?? null;
    const orderIds = found.filter((one) => one.patient_id === patientId).map(({ id }) => id);
    const id = newId();
    const made = await tx.run(
      `INSERT INTO performed_steps (id, node_id, sop_instance_uid, group_id, patient_id, order_ids, status, attributes, begun_at, told_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $9) ON CONFLICT (node_id, sop_instance_uid) DO NOTHING`,
      [
        ...([id, place.nodeId, place.sopInstanceUid, place.groupId, patientId, orderIds, status] as const),
        ...([storableJson(JSON.stringify(attributes)), deps.clock.now()] as const),
      ],
    );
    if (made > 0) await tell(deps, tx, place, { id, patientId, orderIds, status });
    return made > 0;
  });
}

/** What was told of nothing that was ordered here, and is told of no more, goes. */
export const forgetSteps = (tx: Tx, before: Date): Promise<number> =>
  tx.run('DELETE FROM performed_steps WHERE patient_id IS NULL AND told_at < $1', [before]);

/** A device goes on, or has ended. Undefined where it has not told of a beginning. */
export async function changeStep<R extends { readonly refused: unknown }>(
  deps: StepDeps,
  place: StepPlace,
  change: (present: Step) => Step | R,
): Promise<Step | R | undefined> {
  return deps.db.withScope(partition(place.groupId), async (tx) => {
    const row = await tx.first(
      'SELECT id, patient_id, order_ids, status, attributes FROM performed_steps WHERE node_id = $1 AND sop_instance_uid = $2 FOR UPDATE',
      [place.nodeId, place.sopInstanceUid],
    );
    if (row === undefined) return undefined;
    const changed = change({ status: row.status, attributes: row.attributes });
    if ('refused' in changed) return changed;
    await tx.run('UPDATE performed_steps SET status = $2, attributes = $3::jsonb, told_at = $4 WHERE id = $1', [
      ...([row.id, changed.status, storableJson(JSON.stringify(changed.attributes)), deps.clock.now()] as const),
    ]);
    const { id, patient_id: patientId, order_ids: orderIds } = row;
    await tell(deps, tx, place, { id, patientId, orderIds, status: changed.status });
    return changed;
  });
}
