import type { Scope } from '../../access/index.ts';
import type { ReadTx } from '../../platform/db/database.ts';
import { inScope, scopeValues } from '../in-scope.ts';

/** Instances of these UIDs in scope whose study is in sight; each was hashed when it came. */
export const findKept = (tx: ReadTx, scope: Scope, sopInstanceUids: readonly string[]) =>
  tx.rows(
    `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.size_bytes FROM instances i JOIN series e ON e.id = i.series_id JOIN studies t ON t.id = e.study_id
     WHERE i.sop_instance_uid = ANY($1::text[]) AND t.deleted_at IS NULL AND i.file_sha256 IS NOT NULL AND ${inScope('instances', 'i', 2)}`,
    [sopInstanceUids, ...scopeValues(scope)],
    'instances-kept',
  );
