import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { shareDescriptors } from './config/descriptors.ts';
import type { S3Settings } from './config/s3-settings.ts';
import type { Settings } from './config/settings.ts';
import { DiskScratch, type DiskStore, ReadCache } from './platform/objects/disk/index.ts';
import type { Scratch } from './platform/objects/scratch/index.ts';
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

/** Where bytes wait for another process: beside the objects in S3, so that any node finds them. A folder of DATA_DIR, or a prefix in the bucket. */
const SCRATCHES = { scratch: 'spool', uploads: 'predict', exports: 'exports' } as const;

export interface OpenScratches extends Readonly<Record<keyof typeof SCRATCHES, Scratch>> {
  close(): void;
}

export async function openScratches({
  objectStore,
  s3,
  dataDir,
}: Pick<Settings, 'objectStore' | 's3' | 'dataDir'>): Promise<OpenScratches> {
  const here = (name: string): Scratch =>
    new DiskScratch({ temporary: path.join(dataDir, 'tmp'), kept: path.join(dataDir, name) });
  const [scratch, uploads, exports] = [here(SCRATCHES.scratch), here(SCRATCHES.uploads), here(SCRATCHES.exports)];
  if (objectStore === 'disk' || s3 === undefined) return { scratch, uploads, exports, close: () => undefined };
  const { S3Store, SharedScratch } = await import('./platform/objects/s3/index.ts');
  const [first, second] = [new S3Store(placeOf(s3, SCRATCHES.scratch)), new S3Store(placeOf(s3, SCRATCHES.uploads))];
  const third = new S3Store(placeOf(s3, SCRATCHES.exports));
  return {
    scratch: new SharedScratch(scratch, first),
    uploads: new SharedScratch(uploads, second),
    exports: new SharedScratch(exports, third),
    close: () => {
      first.close();
      second.close();
      third.close();
    },
  };
}

const placeOf = (s3: S3Settings, name: string): S3Settings => ({ ...s3, prefix: `${s3.prefix}${name}/` });

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
  // Nothing there has to be: it is needed for hours, or some days.
  for (const name of Object.values(SCRATCHES)) await prepareBucket(placeOf(s3, name), { mayBeNew: async () => true, warn });
}
