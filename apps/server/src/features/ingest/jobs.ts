import { type PackedInstance, packSeriesMetadata as pack, readSeriesMetadata } from '../../archive/metadata/series-metadata.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Db, Tx } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import { type Job, job } from '../../platform/queue/job.ts';
import { type AcceptedTools, cancelForgotten, readAccepted, removeUnacceptedSpools } from './accepted.ts';
import { PACK_SERIES, READ_SPOOL, REMOVE_ORPHANS } from './job-kinds.ts';

export interface IngestJobTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly clock: Clock;
}

const PACK_BATCH = 100;

/** The handlers of this feature's kinds. */
export const ingestJobs = (tools: IngestJobTools & { accepted: AcceptedTools }): Job[] => [
  job(PACK_SERIES, async (_payload, { signal }) => {
    let packed = 0;
    for (let some = PACK_BATCH; some === PACK_BATCH && !signal.aborted; packed += some)
      some = await packSeriesMetadata(tools, PACK_BATCH);
    return { packed, deleted: await deleteRetired(tools) };
  }),
  job(READ_SPOOL, ({ importId }, run) => readAccepted(tools.accepted, importId, run)),
  job(REMOVE_ORPHANS, async () => ({
    removed: await removeOrphans(tools),
    spools: await removeUnacceptedSpools(tools.accepted),
    closed: (await closeStaleImports(tools)) + (await cancelForgotten(tools.accepted)),
  })),
];

/** Longer than the longest time between an object's publishing and its transaction. */
const ORPHAN_AFTER_MS = 3_600_000;
const QUIET_AFTER_MS = 5 * 60_000;
/** Longer than any read of a series' metadata: it is one statement and then one object. */
const RETIRED_FOR_MS = 15 * 60_000;
const STALE_IMPORT_MS = 7 * 24 * 3_600_000;

/** The ids among these that no row names. */
async function withoutRow(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.rows<{ id: string }>(
    `SELECT id FROM unnest($1::uuid[]) AS o(id)
     WHERE NOT EXISTS (SELECT FROM instances i WHERE i.id = o.id) AND NOT EXISTS (SELECT FROM instance_versions v WHERE v.id = o.id)
       AND NOT EXISTS (SELECT FROM conflicts c WHERE c.id = o.id AND c.status <> 'DISCARDED')
       AND NOT EXISTS (SELECT FROM series s WHERE s.metadata_object = o.id) AND NOT EXISTS (SELECT FROM retired_objects r WHERE r.id = o.id)`,
    [ids],
  );
  return rows.map((row) => row.id);
}

/** Deletes objects that no row names and that have not changed for an hour: what a crash between publishing and committing left. Idempotent. */
export async function removeOrphans({ db, objects, clock }: IngestJobTools): Promise<number> {
  let removed = 0;
  for await (const ids of objects.list(new Date(clock.now().getTime() - ORPHAN_AFTER_MS))) {
    for (let at = 0; at < ids.length; at += 1000) {
      const orphans = await db.withSystem((tx) => withoutRow(tx, ids.slice(at, at + 1000)));
      await objects.delete(orphans);
      removed += orphans.length;
    }
  }
  return removed;
}

/**
 * Moves the metadata of series that nothing was added to for five minutes from the database into one object a series. Object before
 * row; the object it takes the place of is retired, for who has just read its name. Gives the number of series. Idempotent.
 */
export async function packSeriesMetadata(tools: IngestJobTools, limit = 100): Promise<number> {
  const quietSince = new Date(tools.clock.now().getTime() - QUIET_AFTER_MS);
  const series = await tools.db.withSystem((tx) =>
    tx.rows<{ id: string }>(
      `SELECT s.id FROM series s WHERE s.updated_at < $1 AND EXISTS (SELECT FROM instance_metadata m WHERE m.series_id = s.id) LIMIT $2`,
      [quietSince, limit],
    ),
  );
  for (const { id } of series) await tools.db.withSystem((tx) => packOne(tx, tools.objects, id));
  return series.length;
}

/** The series' row is locked, so that no import adds to it meanwhile. */
async function packOne(tx: Tx, objects: ObjectStore, id: string): Promise<void> {
  const series = await tx.first<{ metadata_object: string | null }>(
    'SELECT metadata_object FROM series WHERE id = $1 FOR NO KEY UPDATE',
    [id],
  );
  if (series === undefined) return;
  const rows = await tx.rows<{ id: string; json: Buffer | null }>(
    'SELECT i.id, m.json FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id WHERE i.series_id = $1',
    [id],
  );
  const packed = series.metadata_object === null ? [] : await readSeriesMetadata(objects, series.metadata_object);
  const before = new Map(packed.map((instance) => [instance.instanceId, instance.json]));
  const instances = rows.flatMap((row): PackedInstance[] => {
    const json = row.json ?? before.get(row.id);
    return json === undefined ? [] : [{ instanceId: row.id, json }];
  });
  const draft = await objects.create();
  await draft.write(pack(instances));
  const { sha256 } = await draft.finish();
  await objects.publish([draft]);
  await tx.run('UPDATE series SET metadata_object = $2, metadata_sha256 = $3 WHERE id = $1', [id, draft.id, Buffer.from(sha256)]);
  await tx.run('DELETE FROM instance_metadata WHERE series_id = $1', [id]);
  if (series.metadata_object !== null)
    await tx.run('INSERT INTO retired_objects (id) VALUES ($1) ON CONFLICT DO NOTHING', [series.metadata_object]);
}

/** Deletes objects that were retired so long ago that no reader can still want them. Gives their number. Idempotent. */
export async function deleteRetired({ db, objects, clock }: IngestJobTools): Promise<number> {
  const before = new Date(clock.now().getTime() - RETIRED_FOR_MS);
  const rows = await db.withSystem((tx) =>
    tx.rows<{ id: string }>('SELECT id FROM retired_objects WHERE retired_at < $1 LIMIT 1000', [before]),
  );
  const ids = rows.map(({ id }) => id);
  await objects.delete(ids);
  if (ids.length > 0) await db.withSystem((tx) => tx.run('DELETE FROM retired_objects WHERE id = ANY($1::uuid[])', [ids]));
  return ids.length;
}

/** Closes imports that their page never finished (a lost tab): what was stored stays. Gives their number. Idempotent. */
export function closeStaleImports({ db, clock }: IngestJobTools): Promise<number> {
  const before = new Date(clock.now().getTime() - STALE_IMPORT_MS);
  return db.withSystem((tx) =>
    tx.run("UPDATE imports SET status = 'CANCELLED', finished_at = $2 WHERE status = 'RUNNING' AND created_at < $1", [
      before,
      clock.now(),
    ]),
  );
}
