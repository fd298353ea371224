import { requirePermission, type Service, scopeOf } from '../../access/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import { Failure } from '../../kernel/failure.ts';
import { groupBy } from '../../kernel/group-by.ts';
import type { Db, ReadTx, RowScope, Tx } from '../../platform/db/database.ts';
import type { FoundBy } from '../../platform/db/statements.ts';
import { MadeObject } from '../../platform/objects/staging/index.ts';
import type { ObjectStore } from '../../platform/objects/store/index.ts';
import { type PackedInstance, packSeriesMetadata as pack, readSeriesMetadata } from './series-metadata.ts';

export interface PackingTools {
  readonly db: Db;
  readonly by: Service;
  readonly objects: ObjectStore;
  readonly clock: Clock;
}

const QUIET_AFTER_MS = 5 * 60_000;
/** Longer than any read of a series' metadata: it is one statement and then one object. */
const RETIRED_FOR_MS = 15 * 60_000;

const SERIES_A_RUN = 100;
/** What is in memory at once, unless one series has more: a commit and a flush for many small series, not for each. */
const [INSTANCES_AT_ONCE, BYTES_AT_ONCE] = [1_000, 32 * 1024 * 1024];

/**
 * Moves the metadata of series that nothing was added to for five minutes from the database into one object a series. Objects before
 * rows; the object that one takes the place of is retired, for who has just read its name. Gives the number of series; 0 where none can be packed
 * now. Idempotent.
 */
export async function packSeriesMetadata(tools: PackingTools): Promise<number> {
  const quietSince = new Date(tools.clock.now().getTime() - QUIET_AFTER_MS);
  requirePermission(tools.by, 'system.manage');
  const scope = scopeOf(tools.by);
  const series = await tools.db.reading(scope, (tx) =>
    tx.rows(
      `SELECT s.id, s.instance_count, (SELECT max(octet_length(m.json)) FROM instance_metadata m WHERE m.series_id = s.id) AS longest FROM series s
       WHERE s.updated_at < $1 AND EXISTS (SELECT FROM instance_metadata m WHERE m.series_id = s.id)
         AND NOT EXISTS (SELECT FROM damaged_objects d WHERE d.id = s.metadata_object) LIMIT $2`,
      [quietSince, SERIES_A_RUN],
    ),
  );
  let packed = 0;
  for (const ids of together(series)) packed += await packTogether(tools, scope, ids);
  return packed;
}

interface Waiting {
  readonly id: string;
  readonly instance_count: number;
  /** Bytes of its longest header that stands in a row: of those that were packed before none is known, and headers of one series are much alike. */
  readonly longest: number | null;
}

function* together(series: readonly Waiting[]): Generator<string[]> {
  let [ids, instances, bytes]: [string[], number, number] = [[], 0, 0];
  for (const { id, instance_count: more, longest } of series) {
    const moreBytes = more * (longest ?? 0);
    if (ids.length > 0 && (instances + more > INSTANCES_AT_ONCE || bytes + moreBytes > BYTES_AT_ONCE)) {
      yield ids;
      [ids, instances, bytes] = [[], 0, 0];
    }
    ids.push(id);
    instances += more;
    bytes += moreBytes;
  }
  if (ids.length > 0) yield ids;
}

/**
 * Objects are put while nothing is held: a slow bucket keeps no import, purge or erasure waiting. A series that changed meanwhile is left for later, and the object
 * that was made of it goes again; where that can't be told any more (a connection lost behind the commit) `removeOrphans` finds out.
 */
async function packTogether({ db, objects }: PackingTools, scope: RowScope, ids: readonly string[]): Promise<number> {
  const made: MadeSeries[] = [];
  for (const series of await db.reading(scope, (tx) => readTogether(tx, ids))) {
    const object = await madeOf(objects, series);
    // A store may let go of the bytes once they are put.
    if (object !== undefined) made.push({ ...series, object, sha256: await object.sha256() });
  }
  await objects.put(made.map(({ object }) => object));
  const kept = await db.withScope(scope, (tx) => keepPacked(tx, made));
  await objects.delete(made.flatMap(({ id, object }) => (kept.has(id) ? [] : [object.id])));
  return kept.size;
}

interface ReadSeries {
  readonly id: string;
  readonly version: number;
  /** The object that its own takes the place of. */
  readonly before: string | null;
  readonly rows: readonly { readonly id: string; readonly json: Buffer | null }[];
}

/** Versions first: what comes or goes behind them makes them old. */
async function readTogether(tx: ReadTx, ids: readonly string[]): Promise<ReadSeries[]> {
  const series = await tx.rows('SELECT id, version, metadata_object FROM series WHERE id = ANY($1::uuid[])', [ids]);
  const rows = await tx.rows(
    `SELECT i.series_id, i.id, m.json FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id
     WHERE i.series_id = ANY($1::uuid[])`,
    [ids],
  );
  const rowsOf = groupBy(rows, ({ series_id: id }) => id);
  return series.map(({ id, version, metadata_object: before }) => ({ id, version, before, rows: rowsOf.get(id) ?? [] }));
}

interface MadeSeries extends ReadSeries {
  readonly object: MadeObject;
  readonly sha256: Buffer;
}

const rowsRead = ({ rows }: MadeSeries): string[] => rows.flatMap(({ id, json }) => (json === null ? [] : [id]));

/**
 * Those series that are still what was read, and held with the rows of their headers. What somebody else holds is left for later and not waited for: imports hold several
 * series, who deletes instances holds these first, and of two that each hold what the other waits for one fails.
 */
async function holdUnchanged(tx: Tx, made: readonly MadeSeries[]): Promise<MadeSeries[]> {
  const held = await tx.rows(
    `SELECT s.id FROM series s JOIN unnest($1::uuid[], $2::bigint[], $3::uuid[]) AS p (id, version, before) ON p.id = s.id
     WHERE s.version = p.version AND s.metadata_object IS NOT DISTINCT FROM p.before ORDER BY s.id FOR NO KEY UPDATE OF s SKIP LOCKED`,
    [made.map(({ id }) => id), made.map(({ version }) => version), made.map(({ before }) => before)],
  );
  const rows = await tx.rows(
    'SELECT instance_id FROM instance_metadata WHERE instance_id = ANY($1::uuid[]) FOR UPDATE SKIP LOCKED',
    [made.flatMap(rowsRead)],
  );
  const ids = new Set([...held.map(({ id }) => id), ...rows.map(({ instance_id: id }) => id)]);
  return made.filter((one) => ids.has(one.id) && rowsRead(one).every((id) => ids.has(id)));
}

/**
 * Names the objects of series that nobody changed meanwhile; gives these. Of rows those go that an object has now, and no other of their series: one may have come without
 * the series being counted anew.
 */
async function keepPacked(tx: Tx, made: readonly MadeSeries[]): Promise<ReadonlySet<string>> {
  const kept = await holdUnchanged(tx, made);
  await tx.run(
    `UPDATE series s SET metadata_object = p.object, metadata_sha256 = p.sha256
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS p (id, object, sha256) WHERE s.id = p.id`,
    [kept.map(({ id }) => id), kept.map(({ object }) => object.id), kept.map(({ sha256 }) => sha256)],
  );
  await tx.run('DELETE FROM instance_metadata WHERE instance_id = ANY($1::uuid[])', [kept.flatMap(rowsRead)]);
  for (const { before } of kept) if (before !== null) await retireObject(tx, before);
  return new Set(kept.map(({ id }) => id));
}

/**
 * What a series' object is to hold: rows, and for those that have no metadata there what was packed before. Undefined where that can't be read: it is made anew
 * from the instances once it is noted as damaged, and costs no other series anything.
 */
async function madeOf(objects: ObjectStore, { rows, before }: ReadSeries): Promise<MadeObject | undefined> {
  const known = new Map<string, Buffer>();
  try {
    for (const { instanceId, json } of before === null ? [] : await readSeriesMetadata(objects, before))
      known.set(instanceId, json);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
  const instances = rows.flatMap((row): PackedInstance[] => {
    const json = row.json ?? known.get(row.id);
    return json === undefined ? [] : [{ instanceId: row.id, json }];
  });
  return new MadeObject(pack(instances));
}

/** An object that a reader may just have read the name of is deleted some time later. */
const retireObject = (tx: Tx, id: string): Promise<number> =>
  tx.run('INSERT INTO retired_objects (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);

/** Deletes objects that were retired so long ago that no reader can still want them. Gives their number. Idempotent. */
export async function deleteRetired({ db, objects, clock, by }: PackingTools): Promise<number> {
  requirePermission(by, 'system.manage');
  const before = new Date(clock.now().getTime() - RETIRED_FOR_MS);
  const rows = await db.reading(scopeOf(by), (tx) =>
    tx.rows('SELECT id FROM retired_objects WHERE retired_at < $1 LIMIT 1000', [before]),
  );
  const ids = rows.map(({ id }) => id);
  await objects.delete(ids);
  if (ids.length > 0)
    await db.withScope(scopeOf(by), (tx) => tx.run('DELETE FROM retired_objects WHERE id = ANY($1::uuid[])', [ids]));
  return ids.length;
}

export type UnpackedInstance = FoundBy<typeof instancesWithoutJson>;

/** The instances of a series whose header stands in no row of its own. */
export const instancesWithoutJson = (tx: ReadTx, seriesId: string) =>
  tx.rows(
    `SELECT i.id, i.group_id, i.size_bytes FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id
     WHERE i.series_id = $1 AND m.instance_id IS NULL ORDER BY i.id`,
    [seriesId],
  );

/** Keeps the header of an instance in a row again. */
export const keepJson = (tx: Tx, { id, group_id }: UnpackedInstance, json: Buffer): Promise<number> =>
  tx.run(
    `INSERT INTO instance_metadata (instance_id, series_id, group_id, json)
     SELECT id, series_id, $2::uuid, $3 FROM instances WHERE id = $1 ON CONFLICT DO NOTHING`,
    [id, group_id, json],
  );

/**
 * Takes the packed object of a series away, whose headers all stand in rows: packing makes a new one. Where some do not, it has done so since they were put there, and
 * the object has them.
 */
export async function dropPacked(tx: Tx, seriesId: string): Promise<void> {
  const series = await tx.first('SELECT metadata_object FROM series WHERE id = $1 FOR NO KEY UPDATE', [seriesId]);
  if (series?.metadata_object === undefined || series.metadata_object === null) return;
  if ((await instancesWithoutJson(tx, seriesId)).length > 0) return;
  await tx.run('UPDATE series SET metadata_object = NULL, metadata_sha256 = NULL WHERE id = $1', [seriesId]);
  await retireObject(tx, series.metadata_object);
  await tx.run('DELETE FROM damaged_objects WHERE id = $1', [series.metadata_object]);
}
