import type { Scope } from '../../access/scope.ts';
import { TOTAL_CAP } from '../../kernel/list.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

export interface TrashRow {
  readonly id: string;
  readonly kind: 'patient' | 'study';
  readonly record_number: string;
  readonly family_name: string;
  readonly given_name: string;
  /** Of a study. */
  readonly description: string | null;
  readonly study_date: string | null;
  readonly deleted_at: Date;
}

/** Studies that went with their patient are one entry with that patient. Merged patients are no trash. */
const ENTRIES = `
  SELECT p.id, 'patient' AS kind, p.record_number, p.family_name, p.given_name, NULL::text AS description, NULL::text AS study_date, p.deleted_at
  FROM patients p WHERE p.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 1)}
  UNION ALL
  SELECT s.id, 'study', p.record_number, p.family_name, p.given_name, s.description, s.study_date::text, s.deleted_at
  FROM studies s JOIN patients p ON p.id = s.patient_id
  WHERE s.deleted_at IS NOT NULL AND p.deleted_at IS DISTINCT FROM s.deleted_at AND ${inScope('studies', 's', 1)}` as const;

/** The trash of a scope from the newest on, after a moment and an id; and how many there are, counted up to one more than are told. */
export async function listTrash(
  tx: ReadTx,
  scope: Scope,
  { after, limit }: { after: readonly [string | null, string | null]; limit: number },
): Promise<{ rows: TrashRow[]; total: number }> {
  const values = scopeValues(scope);
  const rows = await tx.rows(
    `SELECT * FROM (${ENTRIES}) trash WHERE $5::timestamptz IS NULL OR (date_trunc('milliseconds', deleted_at), id) < ($5, $6::uuid)
     ORDER BY date_trunc('milliseconds', deleted_at) DESC, id DESC LIMIT $7`,
    [...values, ...after, limit],
  );
  const count = await tx.first(
    `SELECT count(*)::int AS total FROM (SELECT 1 FROM (${ENTRIES}) trash LIMIT ${TOTAL_CAP} + 1) counted`,
    values,
  );
  return { rows, total: count?.total ?? 0 };
}

/** Locks the studies of a patient that are not in the trash; gives how many there are. */
export async function lockLiveStudies(tx: Tx, patientId: string): Promise<number> {
  const rows = await tx.rows('SELECT id FROM studies WHERE patient_id = $1 AND deleted_at IS NULL ORDER BY id FOR UPDATE', [
    patientId,
  ]);
  return rows.length;
}

/** A patient and the studies go at one instant, by which they come back together. */
export async function trashPatient(tx: Tx, id: string, now: Date): Promise<void> {
  await tx.run('UPDATE patients SET deleted_at = $2, updated_at = $2 WHERE id = $1', [id, now]);
  await tx.run('UPDATE studies SET deleted_at = $2, updated_at = $2 WHERE patient_id = $1 AND deleted_at IS NULL', [id, now]);
}

export const trashStudy = (tx: Tx, id: string, now: Date): Promise<number> =>
  tx.run('UPDATE studies SET deleted_at = $2, updated_at = $2 WHERE id = $1', [id, now]);

export interface Restored {
  readonly kind: 'patient' | 'study';
  readonly patientId: string;
  readonly groupId: string | null;
}

/** Brings a patient back with the studies that went together; undefined when there is none in this scope's trash. */
export async function restorePatient(tx: Tx, scope: Scope, id: string, now: Date): Promise<Restored | undefined> {
  const row = await tx.first(
    `SELECT p.group_id FROM patients p
     WHERE p.id = $1 AND p.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('patients', 'p', 2)} FOR UPDATE`,
    [id, ...scopeValues(scope)],
  );
  if (row === undefined) return undefined;
  await tx.run(
    `UPDATE studies s SET deleted_at = NULL, updated_at = $2 FROM patients p
     WHERE p.id = $1 AND s.patient_id = p.id AND s.deleted_at = p.deleted_at`,
    [id, now],
  );
  await tx.run('UPDATE patients SET deleted_at = NULL, updated_at = $2 WHERE id = $1', [id, now]);
  return { kind: 'patient', patientId: id, groupId: row.group_id };
}

/** A study whose patient is in the trash brings the patient's record back, without the other studies. */
export async function restoreStudy(tx: Tx, scope: Scope, id: string, now: Date): Promise<Restored | undefined> {
  const row = await tx.first(
    `SELECT s.patient_id, s.group_id FROM studies s JOIN patients p ON p.id = s.patient_id
     WHERE s.id = $1 AND s.deleted_at IS NOT NULL AND p.merged_into IS NULL AND ${inScope('studies', 's', 2)} FOR UPDATE`,
    [id, ...scopeValues(scope)],
  );
  if (row === undefined) return undefined;
  await tx.run('UPDATE patients SET deleted_at = NULL, updated_at = $2 WHERE id = $1 AND deleted_at IS NOT NULL', [
    row.patient_id,
    now,
  ]);
  await tx.run('UPDATE studies SET deleted_at = NULL, updated_at = $2 WHERE id = $1', [id, now]);
  return { kind: 'study', patientId: row.patient_id, groupId: row.group_id };
}

/** The studies in the trash that have some of these instances. */
export const findTrashed = (tx: ReadTx, instanceIds: readonly string[]) =>
  tx.rows(
    `SELECT DISTINCT t.id FROM studies t JOIN series e ON e.study_id = t.id JOIN instances i ON i.series_id = e.id
     WHERE i.id = ANY($1::uuid[]) AND t.deleted_at IS NOT NULL ORDER BY t.id`,
    [instanceIds],
  );

/** The studies that are not in the trash and of which every instance is among these. */
export const findWhole = (tx: ReadTx, instanceIds: readonly string[]) =>
  tx.rows(
    `SELECT t.id, t.patient_id, t.group_id, w.instances FROM studies t JOIN (
       SELECT e.study_id, array_agg(i.id) AS instances FROM instances i JOIN series e ON e.id = i.series_id
       WHERE i.id = ANY($1::uuid[]) GROUP BY e.study_id) w ON w.study_id = t.id
     WHERE t.deleted_at IS NULL AND cardinality(w.instances) = (
       SELECT count(*) FROM instances i JOIN series e ON e.id = i.series_id WHERE e.study_id = t.id)
     ORDER BY t.id`,
    [instanceIds],
    'whole-studies',
  );
