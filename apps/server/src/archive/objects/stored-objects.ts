import type { ReadTx, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';

/**
 * An object that a row names. `size_bytes`: null for metadata of series. `sha256`: null for metadata that was packed before its hash was kept.
 * `series_id`: of metadata.
 */
export type NamedObject = FoundBy<typeof nextObjects>;

const FIRST = '00000000-0000-0000-0000-000000000000';
/** A conflict with an object that is no instance's. */
const IS_ASIDE = "(status IN ('OPEN', 'KEPT') OR (status = 'DISCARDED' AND object_until > now()))";
const NAMED = `
  (SELECT id, 'INSTANCE' AS kind, size_bytes, file_sha256 AS sha256, NULL::uuid AS series_id FROM instances WHERE id > $1 ORDER BY id LIMIT $2)
  UNION ALL (SELECT id, 'VERSION', (row->>'size_bytes')::bigint, decode(substr(row->>'file_sha256', 3), 'hex'), NULL FROM instance_versions WHERE id > $1 ORDER BY id LIMIT $2)
  UNION ALL (SELECT id, 'CONFLICT', size_bytes, file_sha256, NULL FROM conflicts WHERE id > $1 AND ${IS_ASIDE} ORDER BY id LIMIT $2)
  UNION ALL (SELECT metadata_object, 'METADATA', NULL, metadata_sha256, id FROM series WHERE metadata_object > $1 ORDER BY metadata_object LIMIT $2)` as const;

/** The next objects in the order of ids, whatever they are. */
export const nextObjects = (tx: ReadTx, after: string | null, limit: number) =>
  tx.rows(`SELECT * FROM (${NAMED}) AS named ORDER BY id LIMIT $2`, [after ?? FIRST, limit], 'scrub-next');

export async function countObjects(tx: ReadTx): Promise<number> {
  const row = await tx.first(
    `SELECT (SELECT count(*) FROM instances) + (SELECT count(*) FROM instance_versions) + (SELECT count(*) FROM conflicts WHERE ${IS_ASIDE})
       + (SELECT count(*) FROM series WHERE metadata_object IS NOT NULL) AS n`,
  );
  return Number(row?.n ?? 0);
}

export const noteMetadataHash = (tx: Tx, objectId: string, sha256: Buffer): Promise<number> =>
  tx.run('UPDATE series SET metadata_sha256 = $2 WHERE metadata_object = $1', [objectId, sha256]);

/** Damaged objects, the newest first, with the study that each belongs to. */
export const listDamaged = (tx: ReadTx, limit: number) =>
  tx.rows(
    `SELECT d.id, d.kind, d.reason, d.found_at, coalesce(t.study_instance_uid, c.study_instance_uid) AS study_instance_uid
     FROM damaged_objects d LEFT JOIN instances i ON i.id = d.id LEFT JOIN instance_versions v ON v.id = d.id LEFT JOIN conflicts c ON c.id = d.id
       LEFT JOIN series s ON s.id = coalesce(i.series_id, v.series_id) OR s.metadata_object = d.id LEFT JOIN studies t ON t.id = s.study_id
     ORDER BY d.found_at DESC, d.id LIMIT $1`,
    [limit],
  );

export async function countDamaged(tx: ReadTx): Promise<number> {
  const row = await tx.first('SELECT count(*) AS n FROM damaged_objects', [], 'damaged-count');
  return Number(row?.n ?? 0);
}
