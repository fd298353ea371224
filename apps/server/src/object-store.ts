import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { shareDescriptors } from './config/descriptors.ts';
import type { Settings } from './config/settings.ts';
import { type DiskStore, ReadCache } from './platform/objects/disk/index.ts';
import { MovedStore, type ObjectStore } from './platform/objects/store/index.ts';

/** A store, and how it is ended. */
export interface OpenStore {
  readonly store: ObjectStore;
  close(): Promise<void>;
}

/**
 * Where the settings keep objects. What arrives is spooled on this machine's disk either way; in S3 it is read from there first, and from the disk what was not
 * moved yet. The client of S3 is loaded only where it is used.
 */
export async function openStore(
  { objectStore, s3, dataDir }: Pick<Settings, 'objectStore' | 's3' | 'dataDir'>,
  disk: DiskStore,
): Promise<OpenStore> {
  if (objectStore === 'disk' || s3 === undefined) return { store: disk, close: () => disk.close() };
  const { CachedStore, S3Store } = await import('./platform/objects/s3/index.ts');
  const copies = { mostBytes: s3.cacheBytes, openFiles: shareDescriptors().cachedFiles };
  const bucket = new CachedStore(new S3Store(s3), new ReadCache(path.join(dataDir, 'cache'), copies));
  return {
    store: new MovedStore(bucket, disk),
    close: async () => {
      await bucket.close();
      await disk.close();
    },
  };
}

/**
 * Looks at the bucket before the start: see `prepareBucket`. An empty one is a new store while nothing is stored yet, or while it is on this machine's disk and
 * will be moved.
 */
export async function prepareStore(
  { objectStore, s3, dataDir }: Pick<Settings, 'objectStore' | 's3' | 'dataDir'>,
  { hasInstances, warn }: { readonly hasInstances: () => Promise<boolean>; readonly warn: (message: string) => void },
): Promise<void> {
  if (objectStore !== 's3' || s3 === undefined) return;
  const { prepareBucket } = await import('./platform/objects/s3/index.ts');
  const mayBeNew = async (): Promise<boolean> => {
    const names = await readdir(path.join(dataDir, 'objects')).catch(() => []);
    return names.some((name) => /^[0-9a-f]{4}$/.test(name)) || !(await hasInstances());
  };
  await prepareBucket(s3, { mayBeNew, warn });
}
