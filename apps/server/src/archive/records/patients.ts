import type { Patient } from '@negatoscope/contract';
import type { Scope } from '../../access/scope.ts';
import type { Db, ReadTx, Tx } from '../../platform/db/database.ts';
import { composed, statement } from '../../platform/db/statements.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { movePatientRows } from '../kinds.ts';
import type { RowKinds } from '../row-kind.ts';
import { type IndexListRequest, listedBy, listOf, storableText } from '../search/index-list.ts';
import { patientJson } from './patient-json.ts';
import { LIVE, PATIENT_BY_ID, PATIENT_COLUMNS, type PatientRow } from './patient-rows.ts';

const LISTED = {
  columns: PATIENT_COLUMNS,
  join: 'patients p ON p.id = wanted.id',
  where: `${LIVE} AND ${inScope('patients', 'p', 3)}`,
} as const;

/** One page of the patients that the transaction's actor may see. */
export function patientList(request: IndexListRequest, scope: Scope) {
  const { finder, values } = listOf(request, scope);
  return statement(
    finder === 'ng_list' ? listedBy('ng_list', LISTED) : listedBy('ng_search', LISTED),
    values,
    `${finder}-patients`,
  );
}

/** The same in a transaction of its own, planned once a connection: whatever is looked for, these are a few rows by their ids, and the planner takes longer than they do. */
export async function askPatients(db: Pick<Db, 'asking'>, request: IndexListRequest, scope: Scope) {
  const [rows = []] = await db.asking(scope, [patientList(request, scope)], 'once');
  return rows;
}

export const findPatient = (tx: ReadTx, scope: Scope, id: string): Promise<PatientRow | undefined> =>
  tx.first(PATIENT_BY_ID, [id, ...scopeValues(scope)], 'patient-by-id');

/** Patients of these ids, and of these record numbers or external ids; null is not asked for. The newest first. */
export const findPatients = (
  tx: ReadTx,
  scope: Scope,
  { ids, recordNumbers, externalIds }: Readonly<Record<'ids' | 'recordNumbers' | 'externalIds', readonly string[] | null>>,
): Promise<PatientRow[]> =>
  tx.rows(
    `SELECT ${PATIENT_COLUMNS} FROM patients p WHERE ${LIVE} AND ${inScope('patients', 'p', 1)} AND ($5::uuid[] IS NULL OR p.id = ANY($5))
       AND (($6::text[] IS NULL AND $7::text[] IS NULL) OR p.record_number = ANY($6)
         OR (p.external_id = ANY($7) AND coalesce(p.external_id, p.record_number) = ANY($7))) ORDER BY p.id DESC LIMIT 200`,
    [...scopeValues(scope), ids, recordNumbers, externalIds],
  );

/** Those of these patients in whose names all words of any of `names` are, in any order; of fewer than three letters a word begins one, as in searches. */
export async function namedAmong(tx: ReadTx, ids: readonly string[], names: readonly string[]): Promise<string[]> {
  const rows = await tx.rows(
    `SELECT p.id FROM patients p WHERE p.id = ANY ($1::uuid[]) AND EXISTS (SELECT FROM unnest($2::text[]) AS n (name)
       WHERE ng_normalize(n.name) <> '' AND NOT EXISTS (SELECT FROM unnest(string_to_array(ng_normalize(n.name), ' ')) AS w (word)
         WHERE strpos(' ' || p.name_key, CASE WHEN length(w.word) < 3 THEN ' ' ELSE '' END || w.word) = 0))`,
    [ids, names.map(storableText)],
    'patients-named',
  );
  return rows.map(({ id }) => id);
}

/** The same, locked for a change: locks are taken in the order patient, study, series. */
export const lockPatient = (tx: Tx, scope: Scope, id: string): Promise<PatientRow | undefined> =>
  tx.first(`${PATIENT_BY_ID} FOR UPDATE`, [id, ...scopeValues(scope)], 'patient-lock');

export interface NewPatient {
  readonly id: string;
  readonly groupId: string | null;
  readonly externalId: string | null;
  readonly familyName: string;
  readonly givenName: string;
  readonly birthDate: string | null;
  readonly sex: PatientRow['sex'];
  readonly phone: string | null;
  readonly address: string | null;
  readonly now: Date;
}

export const insertPatient = (tx: Tx, p: NewPatient): Promise<PatientRow | undefined> =>
  tx.first(
    `INSERT INTO patients AS p (id, group_id, external_id, family_name, given_name, birth_date, sex, phone, address, created_at, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) RETURNING ${PATIENT_COLUMNS}`,
    [p.id, p.groupId, p.externalId, p.familyName, p.givenName, p.birthDate, p.sex, p.phone, p.address, p.now],
  );

/** What imports match by: the id that a person typed counts as one of an unnamed issuer. */
export async function replaceIdentifier(tx: Tx, patient: PatientRow, before: string | null, after: string | null): Promise<void> {
  if (before !== null) {
    await tx.run("DELETE FROM patient_identifiers WHERE patient_id = $1 AND issuer = '' AND value = $2", [patient.id, before]);
  }
  if (after !== null) {
    await tx.run('INSERT INTO patient_identifiers (patient_id, group_id, value) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      patient.id,
      patient.group_id,
      after,
    ]);
  }
}

/**
 * What a device is told to call these patients comes back as theirs: of those to whom nobody gave an id the record number is one from then on. Not before: images that come
 * under another number would count as somebody else's.
 */
export const knowByNumber = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run(
    `INSERT INTO patient_identifiers (patient_id, group_id, value) SELECT p.id, p.group_id, p.record_number FROM patients p
     WHERE p.id = ANY($1::uuid[]) AND p.external_id IS NULL ON CONFLICT DO NOTHING`,
    [ids],
  );

/** Columns that a person may edit, by the contract's names. */
const EDITABLE = {
  lastName: 'family_name',
  firstName: 'given_name',
  birthDate: 'birth_date',
  sex: 'sex',
  phone: 'phone',
  address: 'address',
  externalId: 'external_id',
  status: 'status',
} as const;
export type EditableField = keyof typeof EDITABLE;
export const EDITABLE_FIELDS = Object.keys(EDITABLE) as EditableField[];

/** Writes the named columns; updated_at always grows, so that the same millisecond can't hide a change. */
export async function updatePatientRow(
  tx: Tx,
  id: string,
  changes: Readonly<Partial<Record<EditableField, string | null>>>,
  now: Date,
): Promise<void> {
  const fields = EDITABLE_FIELDS.filter((field) => changes[field] !== undefined);
  const set = fields.map((field, index) => `${EDITABLE[field]} = $${index + 3}`);
  // The name as received would still be found, and sent, after a person corrected it.
  if (changes.lastName !== undefined || changes.firstName !== undefined) set.push("person_name = ''", 'text_uncertain = false');
  set.push("updated_at = greatest($2::timestamptz, date_trunc('milliseconds', updated_at) + interval '1 millisecond')");
  const values = [id, now, ...fields.map((field) => changes[field] ?? null)];
  await tx.run(composed({ text: `UPDATE patients SET ${set.join(', ')} WHERE id = $1`, values }));
}

/** A person has looked at the name, which stays as it was received. */
export const confirmText = (tx: Tx, id: string): Promise<number> =>
  tx.run('UPDATE patients SET text_uncertain = false WHERE id = $1', [id]);

/** Every row of a patient goes to another partition; fails with UNIQUE_VIOLATION when a UID is there already. */
export async function moveToGroup(tx: Tx, kinds: RowKinds, id: string, groupId: string | null): Promise<void> {
  await tx.run('SELECT 1 FROM studies WHERE patient_id = $1 ORDER BY id FOR UPDATE', [id]);
  await movePatientRows(tx, kinds, id, groupId);
}

/** Counts, modalities, last date and status of these patients, from their studies. */
export const refreshPatients = (tx: Tx, ids: readonly string[]): Promise<number> =>
  tx.run('SELECT ng_refresh_patients($1::uuid[])', [ids], 'ingest-refresh');

/** Whether this server has had a patient: the demonstration set is for an empty one. */
export const hasAnyPatient = async (tx: ReadTx): Promise<boolean> =>
  (await tx.first('SELECT 1 FROM patients LIMIT 1')) !== undefined;

/** The group of a patient who may get studies; undefined when there is none in sight. */
export const partitionOfPatient = (tx: ReadTx, id: string): Promise<{ group_id: string | null } | undefined> =>
  tx.first('SELECT group_id FROM patients WHERE id = $1 AND deleted_at IS NULL AND merged_into IS NULL', [id]);

/** Patients by their ids, as the contract has them. */
export async function describePatients(tx: ReadTx, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
  const rows = await tx.rows(
    `SELECT p.id, ${patientJson('p')} AS patient FROM patients p WHERE p.id = ANY($1::uuid[]) AND p.deleted_at IS NULL`,
    [ids],
  );
  return new Map(rows.map(({ id, patient }) => [id, patient]));
}

/** The partition of a patient who is there; null is none. */
export const findGroupOf = async (tx: ReadTx, id: string): Promise<string | null> =>
  (await tx.first('SELECT group_id FROM patients WHERE id = $1', [id]))?.group_id ?? null;
