import type { ReadTx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { isPersonal } from '../partitions.ts';

/** `is_held`: whether it stands in the own partition of somebody who imported it without seeing identities. */
export type StudyRow = FoundBy<typeof findStudies>;

const IS_HELD = `${isPersonal('t.group_id')} AS is_held` as const;

/** The row of a study's patient; undefined when the study is gone. */
export const patientOf = async (tx: ReadTx, studyId: string): Promise<string | undefined> =>
  (await tx.first('SELECT patient_id AS id FROM studies WHERE id = $1', [studyId], 'dicomweb-patient'))?.id;

/**
 * The study that a UID names for this actor: of the own partition first, then of the own group, then the ungrouped one. Every match is told, so
 * that an ambiguous UID can be refused. `groupIds` narrows it to some partitions; none of them is what is in no group.
 */
export const findStudies = (tx: ReadTx, studyInstanceUid: string, groupIds: readonly string[] | undefined) =>
  groupIds === undefined
    ? tx.rows(
        `SELECT t.id, t.group_id, t.patient_id, ${IS_HELD} FROM studies t JOIN patients p ON p.id = t.patient_id
         WHERE t.study_instance_uid = $1 AND t.deleted_at IS NULL AND p.deleted_at IS NULL ORDER BY t.group_id NULLS LAST`,
        [studyInstanceUid],
        'dicomweb-study',
      )
    : tx.rows(
        `SELECT t.id, t.group_id, t.patient_id, ${IS_HELD} FROM studies t JOIN patients p ON p.id = t.patient_id
         WHERE t.study_instance_uid = $1 AND CASE cardinality($2::uuid[]) WHEN 0 THEN t.group_id IS NULL ELSE t.group_id = ANY ($2::uuid[]) END
           AND t.deleted_at IS NULL AND p.deleted_at IS NULL`,
        [studyInstanceUid, groupIds],
        'dicomweb-study-group',
      );
