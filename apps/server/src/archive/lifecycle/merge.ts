import type { Tx } from '../../platform/db/database.ts';
import { mergeRows } from '../merged-rows.ts';
import { notifySeries } from '../notify.ts';
import { refreshPatients } from '../records/patients.ts';
import type { RowKinds } from '../row-kind.ts';
import type { MergeRecord } from './merge-record.ts';

/** Which record goes into which, in whose name, when, and under what id it is noted. */
export interface Merge {
  readonly id: string;
  readonly from: string;
  readonly into: string;
  readonly actorId: string;
  readonly now: Date;
}

/**
 * Moves the studies of a patient to another of the same partition, with identifiers and all that hangs there; its row stays as a pointer, and what
 * was changed is noted. The caller holds both rows' locks. Gives the ids of these studies.
 */
export async function mergePatients(tx: Tx, kinds: RowKinds, merge: Merge): Promise<ReadonlySet<string>> {
  const { from, into } = merge;
  const before = await tx.first(
    'SELECT identity_status AS "identityStatus", suspect_id AS "suspectId" FROM patients WHERE id = $1',
    [from],
  );
  const moved = await tx.rows('SELECT id FROM studies WHERE patient_id = $1 ORDER BY id FOR NO KEY UPDATE', [from]);
  const identifiers = await tx.rows(
    `INSERT INTO patient_identifiers (patient_id, group_id, issuer, value)
     SELECT $2::uuid, group_id, issuer, value FROM patient_identifiers WHERE patient_id = $1 ON CONFLICT DO NOTHING RETURNING issuer, value`,
    [from, into],
  );
  await tx.run('UPDATE studies SET patient_id = $2, updated_at = now() WHERE patient_id = $1', [from, into]);
  const rows = await mergeRows(tx, kinds, from, into);
  const suspects = await tx.rows('UPDATE patients SET suspect_id = $2 WHERE suspect_id = $1 AND id <> $2 RETURNING id', [
    from,
    into,
  ]);
  const pointers = await tx.rows('UPDATE patients SET merged_into = $2 WHERE merged_into = $1 RETURNING id', [from, into]);
  await tx.run(
    "UPDATE patients SET merged_into = $2, deleted_at = now(), identity_status = 'CONFIRMED', suspect_id = NULL, study_count = 0, updated_at = now() WHERE id = $1",
    [from, into],
  );
  await refreshPatients(tx, [into]);
  await noteMerge(tx, merge, {
    before: before ?? { identityStatus: 'CONFIRMED', suspectId: null },
    studies: idsOf(moved),
    identifiers,
    suspects: idsOf(suspects),
    pointers: idsOf(pointers),
    rows,
  });
  await notifyStudiesOf(tx, [into]);
  return new Set(idsOf(moved));
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

const noteMerge = (tx: Tx, { id, from, into, actorId, now }: Merge, moved: MergeRecord): Promise<number> =>
  tx.run(
    `INSERT INTO patient_merges (id, group_id, from_patient_id, into_patient_id, moved, merged_by, merged_at)
     SELECT $1::uuid, p.group_id, p.id, $3::uuid, $4::jsonb, $5::uuid, $6::timestamptz FROM patients p WHERE p.id = $2`,
    [id, from, into, JSON.stringify(moved), actorId, now],
  );

/** Every series of these patients is told of: their name is laid over it. */
export async function notifyStudiesOf(tx: Tx, patients: readonly string[]): Promise<void> {
  const series = await tx.rows(
    'SELECT s.id, s.study_id AS "studyId" FROM series s JOIN studies st ON st.id = s.study_id WHERE st.patient_id = ANY($1::uuid[])',
    [patients],
  );
  await notifySeries(tx, series);
}

/** A patient who waited for the identity review is somebody of their own. */
export const confirmPatient = (tx: Tx, id: string): Promise<number> =>
  tx.run("UPDATE patients SET identity_status = 'CONFIRMED', suspect_id = NULL, updated_at = now() WHERE id = $1", [id]);

export interface LockedPatient {
  readonly id: string;
  readonly group_id: string | null;
  readonly identity_status: string;
  readonly suspect_id: string | null;
  readonly merged_into: string | null;
  readonly deleted: boolean;
}

/** Patients by their ids, locked in one order. */
export async function lockPatients(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, LockedPatient>> {
  const rows = await tx.rows(
    `SELECT id, group_id, identity_status, suspect_id, merged_into, deleted_at IS NOT NULL AS deleted FROM patients
     WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}
