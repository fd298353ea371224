import { decodeFrameTable, type FrameTable } from '@negatoscope/dicom';
import { LRUCache } from 'lru-cache';
import { type Scope, scopeKey } from '../../access/index.ts';
import { notFound } from '../../kernel/failure.ts';
import type { RowOf } from '../../platform/db/statements.ts';
import type { ArchiveReader } from '../doors.ts';
import type { SeriesHandle } from './handles.ts';

/** What serving an instance's bytes needs, without the database: id of the object, size, where its frames are. */
export interface InstanceEntry {
  readonly id: string;
  /** What is made of the object's bytes is kept under this key: another one once the object was damaged and healed. */
  readonly key: string;
  /** SHA-256 of the file as received. */
  readonly sha256: Buffer;
  readonly sopInstanceUid: string;
  readonly sopClassUid: string;
  readonly transferSyntaxUid: string;
  readonly sizeBytes: number;
  readonly frames: number;
  readonly columns: number | null;
  readonly rows: number | null;
  /** Undefined when the table is too long for the row: it is located again on the slow path. */
  readonly frameTable: FrameTable | undefined;
}

/** A file that has no row among the instances, before anything is read of it: its header says what it is. No whole file that would be compared leaves of it. */
export const withoutRow = ({ id, sizeBytes }: Pick<InstanceEntry, 'id' | 'sizeBytes'>): InstanceEntry => ({
  id,
  key: id,
  sizeBytes,
  sha256: Buffer.alloc(0),
  sopInstanceUid: '',
  sopClassUid: '',
  transferSyntaxUid: '',
  frames: 0,
  rows: null,
  columns: null,
  frameTable: undefined,
});

export interface SeriesTable {
  readonly instances: readonly InstanceEntry[];
  readonly bySopInstanceUid: ReadonlyMap<string, InstanceEntry>;
}

const INSTANCES = `SELECT id, sop_instance_uid, sop_class_uid, transfer_syntax_uid, size_bytes, frames, rows, columns, frame_table, file_sha256, repairs FROM instances
         WHERE series_id = $1 ORDER BY instance_number NULLS LAST, id`;
type Row = RowOf<typeof INSTANCES>;

/** Some 2 million instances of one frame in about 1 GB would be too much: this bound keeps the tables near 100 MB. */
const MAX_INSTANCES = 200_000;

const toEntry = (row: Row): InstanceEntry => ({
  id: row.id,
  key: row.repairs === 0 ? row.id : `${row.id}-${row.repairs}`,
  sha256: row.file_sha256,
  sopInstanceUid: row.sop_instance_uid,
  sopClassUid: row.sop_class_uid,
  transferSyntaxUid: row.transfer_syntax_uid,
  sizeBytes: row.size_bytes,
  frames: row.frames,
  rows: row.rows,
  columns: row.columns,
  frameTable: row.frame_table === null ? undefined : decodeFrameTable(row.frame_table),
});

/** Which series, at which version, and in whose scope it is read. */
type Named = Pick<SeriesHandle, 'seriesId' | 'version'> & { readonly scope: Scope };

export interface SeriesTables {
  load(series: Named): Promise<SeriesTable>;
  /** Fails with NOT_FOUND. */
  instance(series: Named, uid: string): Promise<InstanceEntry>;
}

/** In-memory tables of series, keyed by version: a handle that was authorised names the table that belongs to it, whoever read it first. */
export function createSeriesTables(db: ArchiveReader): SeriesTables {
  const tables = new LRUCache<string, SeriesTable>({ maxSize: MAX_INSTANCES });
  const loading = new Map<string, Promise<SeriesTable>>();

  async function read(series: Named): Promise<SeriesTable> {
    const rows = await db.reading(series.scope, (tx) => tx.rows(INSTANCES, [series.seriesId], 'dicomweb-table'));
    const instances = rows.map(toEntry);
    return { instances, bySopInstanceUid: new Map(instances.map((entry) => [entry.sopInstanceUid, entry])) };
  }

  async function load(series: Named): Promise<SeriesTable> {
    const key = `${series.seriesId}:${series.version}`;
    const known = tables.get(key);
    if (known !== undefined) return known;
    const request = `${key} ${scopeKey(series.scope)}`;
    const pending = loading.get(request) ?? read(series).finally(() => loading.delete(request));
    loading.set(request, pending);
    const table = await pending;
    // A series that has just gone to another group shows its last reader nothing: that is no table for those who see it.
    if (table.instances.length > 0) tables.set(key, table, { size: table.instances.length + 1 });
    return table;
  }

  return {
    load,
    instance: async (series, uid) => {
      const entry = (await load(series)).bySopInstanceUid.get(uid);
      if (entry === undefined) throw notFound();
      return entry;
    },
  };
}
