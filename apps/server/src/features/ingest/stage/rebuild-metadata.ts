import { requirePermission, type Service, scopeOf } from '../../../access/index.ts';
import { dropPacked, instancesWithoutJson, keepJson } from '../../../archive/metadata/packing.ts';
import { Failure } from '../../../kernel/failure.ts';
import type { Db } from '../../../platform/db/database.ts';
import type { ObjectStore } from '../../../platform/objects/store/index.ts';
import type { HeaderReader } from './header.ts';

export interface RebuildTools {
  readonly db: Db;
  readonly objects: ObjectStore;
  readonly headers: HeaderReader;
}

/**
 * Reads the metadata of a series from its instances again and takes its damaged object away: packing makes a new one. An instance that is
 * damaged itself fails with OBJECT_DAMAGED, and nothing is changed. Idempotent.
 */
export async function rebuildMetadata({ db, objects, headers }: RebuildTools, by: Service, seriesId: string): Promise<void> {
  requirePermission(by, 'system.manage');
  const scope = scopeOf(by);
  for (const instance of await db.reading(scope, (tx) => instancesWithoutJson(tx, seriesId))) {
    const { id, size_bytes } = instance;
    const digest = await headers.read(size_bytes, (offset, length) =>
      objects.read(id, offset, Math.min(length, size_bytes - offset)),
    );
    if (digest.kind !== 'instance') throw new Failure('UNAVAILABLE');
    await db.withScope(scope, (tx) => keepJson(tx, instance, Buffer.from(digest.json)));
  }
  await db.withScope(scope, (tx) => dropPacked(tx, seriesId));
}
