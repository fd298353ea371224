import type { ReadTx } from '../../platform/db/database.ts';
import type { ErasedIds } from './erasure.ts';

/** By what other archives may know what is erased here. */
export interface ErasedCopies {
  /** Patient IDs, whoever issued them. */
  readonly patientIds: readonly string[];
  readonly studyInstanceUids: readonly string[];
  readonly instanceIds: readonly string[];
  /** Studies that somebody else has here under the same UID, in whichever group: copies of them are theirs as well, and are left out of the rest. */
  readonly shared: number;
}

/** Before their rows go: by what copies of these records and studies, and of those merged into them, may be known elsewhere. */
export async function findCopies(tx: ReadTx, { records, studies }: ErasedIds): Promise<ErasedCopies> {
  const identifiers = await tx.rows(
    `SELECT DISTINCT i.value FROM patient_identifiers i JOIN patients p ON p.id = i.patient_id
     WHERE p.id = ANY($1::uuid[]) OR p.merged_into = ANY($1::uuid[])`,
    [records],
  );
  const own = await tx.rows(
    `WITH own AS (SELECT s.id, s.study_instance_uid AS uid FROM studies s JOIN patients p ON p.id = s.patient_id
       WHERE p.id = ANY($1::uuid[]) OR p.merged_into = ANY($1::uuid[]) OR s.id = ANY($2::uuid[]))
     SELECT own.id, own.uid, EXISTS (SELECT FROM studies o WHERE o.study_instance_uid = own.uid AND o.id NOT IN (SELECT w.id FROM own w)) AS is_shared FROM own`,
    [records, studies],
  );
  const theirs = own.filter(({ is_shared }) => is_shared !== true);
  const instances = await tx.rows(
    'SELECT i.id FROM instances i JOIN series s ON s.id = i.series_id WHERE s.study_id = ANY($1::uuid[])',
    [theirs.map(({ id }) => id)],
  );
  return {
    patientIds: identifiers.map(({ value }) => value),
    studyInstanceUids: [...new Set(theirs.map(({ uid }) => uid))],
    instanceIds: instances.map(({ id }) => id),
    shared: own.length - theirs.length,
  };
}
