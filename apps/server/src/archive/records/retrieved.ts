import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { INDEX_VALUES, type IndexValues } from '../coercion/read-overlay.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { type InstanceEntry, withoutRow } from '../pixels/series-table.ts';

/** What a retrieval names: one Patient ID as searches show it, and UIDs; what is left out narrows nothing. */
export interface RetrievedKeys {
  readonly patientId?: string | undefined;
  readonly studies?: readonly string[] | undefined;
  readonly series?: readonly string[] | undefined;
  readonly instances?: readonly string[] | undefined;
}

const FROM =
  `FROM instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id JOIN patients p ON p.id = t.patient_id
     WHERE t.deleted_at IS NULL AND p.deleted_at IS NULL` as const;

/** Up to `most` instances in scope, study by study and series by series, in the order of their numbers. */
export const findRetrieved = (tx: ReadTx, scope: Scope, { patientId, studies, series, instances }: RetrievedKeys, most: number) =>
  tx.rows(
    `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, t.id AS study_id, t.patient_id ${FROM} AND ${inScope('instances', 'i', 1)}
       AND ($5::text IS NULL OR coalesce(p.external_id, p.record_number) = $5) AND ($6::text[] IS NULL OR t.study_instance_uid = ANY ($6))
       AND ($7::text[] IS NULL OR r.series_instance_uid = ANY ($7)) AND ($8::text[] IS NULL OR i.sop_instance_uid = ANY ($8))
     ORDER BY t.study_date NULLS LAST, t.id, r.series_number NULLS LAST, r.id, i.instance_number NULLS LAST, i.id LIMIT $9`,
    [...scopeValues(scope), patientId ?? null, studies ?? null, series ?? null, instances ?? null, most],
  );

/** An instance ready to leave, and what the index says of its study now. */
export interface Sendable {
  readonly entry: InstanceEntry;
  readonly studyId: string;
  readonly values: IndexValues;
}

/** Those of some instances that are in scope and not in the trash now. */
export async function findSendable(tx: ReadTx, scope: Scope, ids: readonly string[]): Promise<Sendable[]> {
  const rows = await tx.rows(
    `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, i.size_bytes, i.file_sha256, i.repairs, i.frames, t.id AS study_id,
       ${INDEX_VALUES} ${FROM} AND i.id = ANY ($1::uuid[]) AND ${inScope('instances', 'i', 2)}`,
    [ids, ...scopeValues(scope)],
    'sendable',
  );
  return rows.map(
    ({
      id,
      sop_instance_uid,
      sop_class_uid,
      transfer_syntax_uid,
      size_bytes,
      file_sha256,
      repairs,
      frames,
      study_id,
      ...values
    }) => ({
      entry: {
        ...withoutRow({ id, sizeBytes: size_bytes }),
        key: repairs === 0 ? id : `${id}-${repairs}`,
        sha256: file_sha256,
        sopInstanceUid: sop_instance_uid,
        sopClassUid: sop_class_uid,
        transferSyntaxUid: transfer_syntax_uid,
        frames,
      },
      studyId: study_id,
      values,
    }),
  );
}
