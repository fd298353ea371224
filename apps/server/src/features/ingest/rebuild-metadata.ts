import { Failure } from '../../kernel/failure.ts';
import type { Db } from '../../platform/db/database.ts';
import type { ObjectStore } from '../../platform/objects/types.ts';
import type { HeaderReader } from './header.ts';

export interface RebuildTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly headers: HeaderReader;
}

interface Missing {
  readonly id: string;
  readonly group_id: string | null;
  readonly size_bytes: number;
}

/**
 * Reads the metadata of a series from its instances again and takes its damaged object away: packing makes a new one. An instance that is
 * damaged itself fails with OBJECT_DAMAGED, and nothing is changed. Idempotent.
 */
export async function rebuildMetadata({ db, objects, headers }: RebuildTools, seriesId: string): Promise<void> {
  const missing = await db.withSystem((tx) =>
    tx.rows<Missing>(
      `SELECT i.id, i.group_id, i.size_bytes FROM instances i LEFT JOIN instance_metadata m ON m.instance_id = i.id
       WHERE i.series_id = $1 AND m.instance_id IS NULL ORDER BY i.id`,
      [seriesId],
    ),
  );
  for (const { id, group_id, size_bytes } of missing) {
    const digest = await headers.read(size_bytes, (offset, length) =>
      objects.read(id, offset, Math.min(length, size_bytes - offset)),
    );
    if (digest.kind !== 'instance') throw new Failure('UNAVAILABLE');
    await db.withSystem((tx) =>
      tx.run(
        `INSERT INTO instance_metadata (instance_id, series_id, group_id, json)
         SELECT id, series_id, $2::uuid, $3 FROM instances WHERE id = $1 ON CONFLICT DO NOTHING`,
        [id, group_id, Buffer.from(digest.json)],
      ),
    );
  }
  await db.withSystem(async (tx) => {
    const series = await tx.first<{ metadata_object: string | null }>(
      'SELECT metadata_object FROM series WHERE id = $1 FOR NO KEY UPDATE',
      [seriesId],
    );
    if (series?.metadata_object === undefined || series.metadata_object === null) return;
    await tx.run('UPDATE series SET metadata_object = NULL, metadata_sha256 = NULL WHERE id = $1', [seriesId]);
    await tx.run('INSERT INTO retired_objects (id) VALUES ($1) ON CONFLICT DO NOTHING', [series.metadata_object]);
    await tx.run('DELETE FROM damaged_objects WHERE id = $1', [series.metadata_object]);
  });
}
