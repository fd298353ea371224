import type { Scope } from '../../access/index.ts';
import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import { statement } from '../../platform/db/statements.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { inGroup } from '../write/in-group.ts';
import { readSeriesMetadata } from './series-metadata.ts';

/** Where the deflated DICOM JSON of an instance is: in its own row, or once the series is packed in the series' object. */
export interface StoredJsonRow {
  readonly id: string;
  readonly json: Buffer | null;
  readonly metadata_object: string | null;
}

/** The deflated JSON of a stored instance, wherever it is now. */
export async function storedJson(objects: ObjectStore, row: StoredJsonRow): Promise<Buffer | undefined> {
  if (row.json !== null) return row.json;
  if (row.metadata_object === null) return undefined;
  const packed = await readSeriesMetadata(objects, row.metadata_object);
  return packed.find((instance) => instance.instanceId === row.id)?.json;
}

export interface StoredFileRow extends StoredJsonRow {
  readonly sop_instance_uid: string;
  readonly file_sha256: Buffer;
  readonly size_bytes: number;
}

/** The stored instances of these UIDs in a partition, with their hashes and headers. */
export const storedFiles = (sopInstanceUids: readonly string[], groupId: string | null) => {
  const { where, kind } = inGroup('i.group_id', groupId, 2);
  return statement(
    `SELECT i.id, i.sop_instance_uid, i.file_sha256, i.size_bytes, m.json, s.metadata_object
     FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id
     WHERE i.sop_instance_uid = ANY($1::text[]) AND ${where}`,
    [sopInstanceUids, groupId],
    `ingest-stored${kind}`,
  );
};

/** One instance of a series as it is kept: raw deflate of its DICOM JSON. */
export interface StoredInstance {
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly deflated: Buffer;
}

export interface MetadataSource {
  readonly db: Pick<Db, 'reading'>;
  readonly objects: ObjectStore;
}

/**
 * Compressed DICOM JSON of each instance in the order of the series: rows decide what exists, packed objects only hold it. One statement, so
 * that packing can't move them in between, in the scope of who reads; the object that it names outlives its replacement by more than a read.
 */
export async function readSeriesStored(
  { db, objects }: MetadataSource,
  { seriesId, scope }: { readonly seriesId: string; readonly scope: Scope },
): Promise<StoredInstance[]> {
  const rows = await db.reading(scope, (tx) =>
    tx.rows(
      `SELECT i.id, i.sop_instance_uid, i.sop_class_uid, i.transfer_syntax_uid, m.json, s.metadata_object
       FROM instances i JOIN series s ON s.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id
       WHERE i.series_id = $1 ORDER BY i.instance_number NULLS LAST, i.id`,
      [seriesId],
      'dicomweb-metadata',
    ),
  );
  const packedObject = rows[0]?.metadata_object ?? null;
  const packed = packedObject === null ? [] : await readSeriesMetadata(objects, packedObject);
  const jsonOf = new Map(packed.map((instance) => [instance.instanceId, instance.json]));
  return rows.map((row) => {
    const json = row.json ?? jsonOf.get(row.id);
    if (json === undefined) throw new Failure('UNAVAILABLE', { detail: 'The metadata of an instance is missing.' });
    const { sop_instance_uid: sopInstanceUid, sop_class_uid: sopClassUid, transfer_syntax_uid: transferSyntaxUid } = row;
    return { sopInstanceUid, sopClassUid, transferSyntaxUid, deflated: json };
  });
}

/** Finds deflated DICOM JSON by the ids of instances in a scope; the last packed object stays at hand, for rows come series by series. */
export function createStoredFinder(
  { db, objects }: MetadataSource,
  scope: Scope,
): (ids: readonly string[]) => Promise<ReadonlyMap<string, Buffer>> {
  let packed: { readonly object: string; readonly jsonOf: ReadonlyMap<string, Buffer> } | undefined;
  const find = async (ids: readonly string[]): Promise<Map<string, Buffer>> => {
    const rows = await db.reading(scope, (tx) =>
      tx.rows(
        `SELECT i.id, r.metadata_object, m.json FROM unnest($1::uuid[]) AS asked (id) JOIN instances i ON i.id = asked.id
         JOIN series r ON r.id = i.series_id LEFT JOIN instance_metadata m ON m.instance_id = i.id`,
        [[...ids]],
        'qido-stored',
      ),
    );
    const found = new Map<string, Buffer>();
    for (const { id, metadata_object: object, json } of rows) {
      if (json === null && object !== null && packed?.object !== object) {
        const list = await readSeriesMetadata(objects, object);
        packed = { object, jsonOf: new Map(list.map((one) => [one.instanceId, one.json])) };
      }
      const bytes = json ?? packed?.jsonOf.get(id);
      if (bytes !== undefined) found.set(id, bytes);
    }
    return found;
  };
  // Packing again takes the place of an object now and then between the row and the reading: once more finds the new one.
  return (ids) =>
    find(ids).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'UNAVAILABLE') return find(ids);
      throw error;
    });
}
