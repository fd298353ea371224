import type { Scope } from '../../access/scope.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';
import { inGroup } from '../write/in-group.ts';

/** What of some studies there is in scope, the nearest partition first. */
export const studiesHere = (tx: ReadTx, scope: Scope, studyInstanceUids: readonly string[]) =>
  tx.rows(
    `SELECT s.study_instance_uid, s.group_id, s.instance_count AS instances FROM studies s
     WHERE s.study_instance_uid = ANY ($1::text[]) AND s.deleted_at IS NULL AND ${inScope('studies', 's', 2)}
     ORDER BY array_position($3::uuid[], s.group_id), (s.group_id IS NULL) DESC, s.id`,
    [studyInstanceUids, ...scopeValues(scope)],
  );

/** The instances of a study in scope, series by series. */
export const instancesOfStudy = (tx: ReadTx, scope: Scope, studyId: string, most: number) =>
  tx.rows(
    `SELECT i.id, i.sop_instance_uid FROM instances i JOIN series r ON r.id = i.series_id JOIN studies t ON t.id = r.study_id
     WHERE t.id = $1 AND t.deleted_at IS NULL AND ${inScope('instances', 'i', 2)}
     ORDER BY r.series_number NULLS LAST, r.id, i.instance_number NULLS LAST, i.id LIMIT $6`,
    [studyId, ...scopeValues(scope), most],
  );

/** Whether a study lies in the trash of a partition, alone or with its patient. */
export const isInTrash = async (tx: ReadTx, studyInstanceUid: string, groupId: string | null): Promise<boolean> =>
  (
    await tx.rows(
      `SELECT id FROM studies WHERE study_instance_uid = $1 AND deleted_at IS NOT NULL AND ${inGroup('group_id', groupId, 2).where} LIMIT 1`,
      [studyInstanceUid, groupId],
    )
  ).length > 0;
