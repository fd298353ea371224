import type { ReadTx, Tx } from '../../platform/db/database.ts';
import { composed, type FoundBy } from '../../platform/db/statements.ts';
import type { KindObject, RowKind, RowKinds } from '../row-kind.ts';

/**
 * An object that a row names. `size_bytes`: null for metadata of series. `sha256`: null for metadata that was packed before its hash was kept.
 * `series_id`: of metadata.
 */
export type NamedObject = FoundBy<typeof nextObjects>;

const FIRST = '00000000-0000-0000-0000-000000000000';
/** Of the archive proper; the others are those of kinds. */
const OWN = `
  (SELECT id, size_bytes, file_sha256 AS sha256, NULL::uuid AS series_id FROM instances WHERE id > $1 ORDER BY id LIMIT $2)
  UNION ALL (SELECT metadata_object, NULL, metadata_sha256, id FROM series WHERE metadata_object > $1 ORDER BY metadata_object LIMIT $2)` as const;

const holds = ({ object }: RowKind): string => (object?.while === undefined ? '' : ` AND ${object.while}`);
const withObject = (kinds: RowKinds): (RowKind & { readonly object: KindObject })[] =>
  kinds.flatMap((kind) => (kind.object === undefined ? [] : [{ ...kind, object: kind.object }]));

/** The next objects in the order of ids, whatever they are: instances, packed metadata, and what rows of every declared kind name. */
export const nextObjects = (tx: ReadTx, kinds: RowKinds, { after, limit }: { after: string | null; limit: number }) => {
  const others = withObject(kinds).map(
    (kind) =>
      `UNION ALL (SELECT ${kind.object.column}, ${kind.object.size}, ${kind.object.sha256}, NULL FROM ${kind.table}
    WHERE ${kind.object.column} > $1${holds(kind)} ORDER BY ${kind.object.column} LIMIT $2)`,
  );
  const text = `SELECT * FROM (${OWN} ${others.join(' ')}) AS named ORDER BY id LIMIT $2`;
  return tx.rows(composed({ text, values: [after ?? FIRST, limit] }, `SELECT * FROM (${OWN}) AS named ORDER BY id LIMIT $2`));
};

export async function countObjects(tx: ReadTx, kinds: RowKinds): Promise<number> {
  const others = withObject(kinds).map(
    (kind) => ` + (SELECT count(*) FROM ${kind.table} WHERE ${kind.object.column} IS NOT NULL${holds(kind)})`,
  );
  const own = '(SELECT count(*) FROM instances) + (SELECT count(*) FROM series WHERE metadata_object IS NOT NULL)';
  const row = await tx.first(
    composed({ text: `SELECT ${own}${others.join('')} AS n` }, 'SELECT count(*) AS n FROM damaged_objects'),
  );
  return Number(row?.n ?? 0);
}

/** As what an object that is named `$1` is told of when it is damaged: an SQL query of `kind`, with at least one row for an object that is named. */
export const namedAs = (kinds: RowKinds): string =>
  [
    "SELECT 'INSTANCE' AS kind FROM instances WHERE id = $1",
    ...withObject(kinds).map(
      (kind) => `SELECT '${kind.object.damagedAs}' FROM ${kind.table} WHERE ${kind.object.column} = $1${holds(kind)}`,
    ),
    "SELECT 'METADATA' FROM series WHERE metadata_object = $1",
  ].join(' UNION ALL ');

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
