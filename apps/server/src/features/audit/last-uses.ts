import type { ReadTx } from '../../platform/db/database.ts';

/** Acts of a person that are looked back at, so that who works much without patients costs no more than who works little. */
const LOOKED_BACK = 5000;

/** When each of these people last did anything with a patient: opened, found in a list, changed. Nothing for whose latest acts hold none. */
export async function lastPatientUses(tx: ReadTx, people: readonly string[]): Promise<ReadonlyMap<string, Date>> {
  const rows = await tx.rows(
    `SELECT p.id, used.occurred_at FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL (
       SELECT e.occurred_at FROM (SELECT a.occurred_at, a.patient_id, a.entity_type, a.details FROM audit_events a
         WHERE a.actor_id = p.id ORDER BY a.occurred_at DESC LIMIT ${LOOKED_BACK}) e
       WHERE e.patient_id IS NOT NULL OR (e.entity_type IN ('patient', 'study') AND (e.details->>'results')::int > 0)
       ORDER BY e.occurred_at DESC LIMIT 1) used`,
    [people],
  );
  return new Map(rows.flatMap(({ id, occurred_at: at }) => (id === null ? [] : [[id, at] as const])));
}
