import type { Scope } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/**
 * Instances of these UIDs in scope whose study is in sight; each was hashed when it came. Not those of which other content is kept aside: nobody knows which of the two
 * is meant until a person has decided.
 */
export const findKept = (tx: ReadTx, scope: Scope, sopInstanceUids: readonly string[]) =>
  tx.rows(
    `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.size_bytes FROM instances i JOIN series e ON e.id = i.series_id JOIN studies t ON t.id = e.study_id
     WHERE i.sop_instance_uid = ANY($1::text[]) AND t.deleted_at IS NULL AND i.file_sha256 IS NOT NULL
       AND NOT EXISTS (SELECT FROM conflicts c WHERE c.sop_instance_uid = i.sop_instance_uid AND c.group_id IS NOT DISTINCT FROM i.group_id AND c.status = 'OPEN')
       AND ${inScope('instances', 'i', 2)}`,
    [sopInstanceUids, ...scopeValues(scope)],
    'instances-kept',
  );
