import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import { prepareBucket, type S3Place, S3Store } from '../../src/platform/objects/s3/index.ts';
import { S3Server } from '../support/s3-server.ts';
import { objectStoreContract, stageIn } from './store-contract.ts';

const placeOf = (server: S3Server): S3Place => ({
  ...{ endpoint: server.endpoint, bucket: server.bucket, region: 'us-east-1', prefix: 'site-1/', forcePathStyle: true },
  ...server.keys,
});
const patience = { tries: 4, withinMs: 5_000, pauseMs: 10, tryMs: 2_000 };
const fresh = { mayBeNew: async () => true, warn: () => undefined, patience };

describe('the contract', () => {
  let server: S3Server;
  let folder: string;
  let disk: DiskStore;
  beforeAll(async () => {
    server = await S3Server.open();
    folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-s3-'));
    disk = await DiskStore.open({ root: path.join(folder, 'objects') });
  });
  afterAll(async () => {
    server.close();
    await disk.close();
    await rm(folder, { recursive: true, force: true });
  });

  objectStoreContract('S3', async () => {
    server.objects.clear();
    server.isFull = false;
    await prepareBucket(placeOf(server), fresh);
    const store = new S3Store(placeOf(server), patience);
    return {
      store,
      stage: stageIn(() => disk.staging),
      setFull: (isFull) => {
        server.isFull = isFull;
      },
      restart: async () => new S3Store(placeOf(server), patience),
      close: async () => store.close(),
    };
  });
});
