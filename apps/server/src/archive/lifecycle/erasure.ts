import { Failure } from '../../kernel/failure.ts';
import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { blankRows, blankTexts, blankUidRows, purgeRows } from '../kinds.ts';
import type { RowKinds, TextRows, UidRows } from '../row-kind.ts';
import { hasHeld } from './holds.ts';

/** Whose an erasure is, by ids. */
export interface ErasedIds {
  readonly records: readonly string[];
  readonly studies: readonly string[];
}

/** Every kind of rows that an erasure follows. */
export interface ErasedRows {
  readonly kinds: RowKinds;
  readonly byUid: readonly UidRows[];
  readonly byText: readonly TextRows[];
}

/** What somebody may be known by when they come back. */
export interface KnownBy {
  readonly identifiers: readonly { readonly issuer: string; readonly value: string }[];
  readonly names: readonly { readonly name: string; readonly birthDate: string }[];
  readonly studyInstanceUids: readonly string[];
}

/** A record with those that were merged into it, and all their studies, also in the trash. */
export async function findErased(tx: ReadTx, patientId: string): Promise<ErasedIds> {
  const records = await tx.rows('SELECT id FROM patients WHERE id = $1 OR merged_into = $1 ORDER BY id = $1 DESC, id', [
    patientId,
  ]);
  const studies = await tx.rows('SELECT s.id FROM studies s WHERE s.patient_id = ANY($1::uuid[]) ORDER BY s.id', [
    idsOf(records),
  ]);
  return { records: idsOf(records), studies: idsOf(studies) };
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

/** By what these records and their studies are known. */
export async function findKnownBy(tx: ReadTx, records: readonly string[]): Promise<KnownBy> {
  const names = await tx.rows('SELECT name_key AS name, birth_date AS "birthDate" FROM patients WHERE id = ANY($1::uuid[])', [
    records,
  ]);
  return {
    identifiers: await tx.rows('SELECT DISTINCT issuer, value FROM patient_identifiers WHERE patient_id = ANY($1::uuid[])', [
      records,
    ]),
    names: names.flatMap(({ name, birthDate }) => (name === '' || birthDate === null ? [] : [{ name, birthDate }])),
    studyInstanceUids: (
      await tx.rows('SELECT DISTINCT study_instance_uid AS uid FROM studies WHERE patient_id = ANY($1::uuid[])', [records])
    ).map(({ uid }) => uid),
  };
}

/** Records that were made, and those that got a study, from a moment on: of either no more than `limit`, the oldest first. */
export const findArrived = (tx: ReadTx, since: Date, limit: number) =>
  tx.rows(
    `(SELECT p.id, p.created_at AS at, true AS is_new FROM patients p WHERE p.created_at >= $1 AND p.deleted_at IS NULL ORDER BY p.created_at LIMIT $2)
     UNION ALL
     (SELECT s.patient_id, s.received_at, false FROM studies s WHERE s.received_at >= $1 AND s.deleted_at IS NULL ORDER BY s.received_at LIMIT $2)`,
    [since, limit],
    'arrived-patients',
  );

/**
 * Ends records and studies for good, wherever these are: rows of every declared kind, what names a study by its UID alone, and the index. Gives the objects that nothing names any more. Fails with LEGAL_HOLD
 * where something of them is held.
 */
export async function eraseRecords(tx: Tx, rows: ErasedRows, { records, studies }: ErasedIds): Promise<string[]> {
  const { kinds } = rows;
  const found = await tx.rows(
    'SELECT id, group_id FROM patients WHERE id = ANY($1::uuid[]) OR merged_into = ANY($1::uuid[]) ORDER BY id FOR UPDATE',
    [records],
  );
  const ids = idsOf(found);
  const own = await tx.rows(
    'SELECT id, patient_id FROM studies WHERE patient_id = ANY($1::uuid[]) OR id = ANY($2::uuid[]) ORDER BY id FOR UPDATE',
    [ids, studies],
  );
  // Of a study that is elsewhere now the database says so itself.
  for (const id of ids) if (await hasHeld(tx, id)) throw new Failure('LEGAL_HOLD');
  await blankTexts(tx, rows.byText, ids);
  const objects: string[] = [];
  for (const { id } of own) objects.push(...(await eraseStudy(tx, rows, id)));
  for (const id of ids) {
    await blankRows(tx, kinds, 'patient', id);
    objects.push(...(await purgeRows(tx, kinds, 'patient', id)));
  }
  await tx.run('UPDATE patients SET suspect_id = NULL WHERE suspect_id = ANY($1::uuid[])', [ids]);
  await tx.run('DELETE FROM patients WHERE id = ANY($1::uuid[])', [ids]);
  return objects;
}

async function eraseStudy(tx: Tx, { kinds, byUid }: Pick<ErasedRows, 'kinds' | 'byUid'>, id: string): Promise<string[]> {
  await blankRows(tx, kinds, 'study', id);
  await blankUidRows(tx, byUid, id);
  const objects = await purgeRows(tx, kinds, 'study', id);
  const instances = await tx.rows(
    'DELETE FROM instances WHERE series_id IN (SELECT s.id FROM series s WHERE s.study_id = $1) RETURNING id',
    [id],
  );
  const series = await tx.rows('DELETE FROM series WHERE study_id = $1 RETURNING metadata_object AS id', [id]);
  await tx.run('DELETE FROM studies WHERE id = $1', [id]);
  return [...objects, ...idsOf(instances), ...series.flatMap((row) => row.id ?? [])];
}
