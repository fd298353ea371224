import type { Scope } from '../../access/scope.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/** A class of studies and how long they are kept, as the database reads it. */
export interface KeptFor {
  readonly modality: string | null;
  readonly group_id: string | null;
  readonly is_ungrouped: boolean;
  readonly of_minors: boolean | null;
  readonly counts_from: 'LAST_STUDY' | 'ADULTHOOD';
  readonly years: number;
}

/**
 * Studies of the scope ($1 to $4) that some rule of $5 is about and that all rules about them have let go of on the day $6, with their last day. The last examination is the patient's latest of any kind, by its date or
 * else the day when it came. A birth date that nobody knows makes a minor, and no day of coming of age: what is in doubt is kept.
 */
const DUE =
  `SELECT s.id, s.patient_id, s.study_instance_uid, s.study_date, s.modalities, s.size_bytes, s.group_id, p.record_number, max(k.until) AS until,
    ng_is_held(s.patient_id, s.id) AS is_held
  FROM studies s JOIN patients p ON p.id = s.patient_id
  CROSS JOIN LATERAL (SELECT max(coalesce(l.study_date, l.received_at::date)) AS day FROM studies l WHERE l.patient_id = p.id) seen
  JOIN LATERAL (
    SELECT CASE r.counts_from WHEN 'LAST_STUDY' THEN (seen.day + make_interval(years => r.years))::date
        ELSE coalesce((p.birth_date + make_interval(years => 18 + r.years))::date, 'infinity'::date) END AS until
    FROM jsonb_to_recordset($5::jsonb) AS r(modality text, group_id uuid, is_ungrouped boolean, of_minors boolean, counts_from text, years int)
    WHERE (r.modality IS NULL OR r.modality = ANY (s.modalities)) AND (r.group_id IS NULL OR s.group_id = r.group_id)
      AND (NOT r.is_ungrouped OR s.group_id IS NULL)
      AND (r.of_minors IS NULL OR r.of_minors = (p.birth_date IS NULL OR p.birth_date + interval '18 years' > seen.day))) k ON true
  WHERE s.deleted_at IS NULL AND p.deleted_at IS NULL AND ${inScope('studies', 's', 1)}
  GROUP BY s.id, p.id HAVING max(k.until) < $6::date` as const;

const valuesOf = (scope: Scope, rules: readonly KeptFor[], day: string) =>
  [...scopeValues(scope), JSON.stringify(rules), day] as const;

/** The longest due first; what is held is none of them. */
export const findDue = (
  tx: ReadTx,
  scope: Scope,
  { rules, day, limit }: { rules: readonly KeptFor[]; day: string; limit: number },
) =>
  tx.rows(`SELECT d.* FROM (${DUE}) d WHERE NOT d.is_held ORDER BY d.until, d.id LIMIT $7`, [
    ...valuesOf(scope, rules, day),
    limit,
  ]);

/** Whether a study is due still: what came of its patient since, or another birth date, may have put it off. */
export const isDue = async (
  tx: ReadTx,
  scope: Scope,
  { rules, day, id }: { rules: readonly KeptFor[]; day: string; id: string },
): Promise<boolean> =>
  (await tx.first(`SELECT d.id FROM (${DUE}) d WHERE d.id = $7 AND NOT d.is_held`, [...valuesOf(scope, rules, day), id])) !==
  undefined;

export const countDue = (tx: ReadTx, scope: Scope, { rules, day }: { rules: readonly KeptFor[]; day: string }) =>
  tx.first(
    `SELECT count(*) FILTER (WHERE NOT d.is_held)::int AS studies, count(DISTINCT d.patient_id) FILTER (WHERE NOT d.is_held)::int AS patients,
       coalesce(sum(d.size_bytes) FILTER (WHERE NOT d.is_held), 0)::bigint AS bytes, count(*) FILTER (WHERE d.is_held)::int AS held FROM (${DUE}) d`,
    valuesOf(scope, rules, day),
  );

/** Locks a study that is there and not held, with its patient before it; whose it is. Undefined where that is not so any more. */
export async function lockUnheld(tx: Tx, { id, patientId }: { readonly id: string; readonly patientId: string }) {
  await tx.rows('SELECT id FROM patients WHERE id = $1 FOR NO KEY UPDATE', [patientId]);
  return tx.first(
    'SELECT s.id, s.group_id FROM studies s WHERE s.id = $1 AND s.patient_id = $2 AND s.deleted_at IS NULL AND NOT ng_is_held(s.patient_id, s.id) FOR UPDATE',
    [id, patientId],
  );
}
