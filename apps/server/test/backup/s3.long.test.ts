import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openTarget } from '../../src/backup/index.ts';
import type { BackupS3 } from '../../src/config/backup-settings.ts';
import type { BackupTarget } from '../../src/platform/backup/index.ts';
import { type Ceph, hasCeph, openCeph } from '../support/radosgw.ts';
import { S3Server } from '../support/s3-server.ts';
import { type Installation, makeParent, openInstallation, readBack, restoreTo } from './installation.ts';

vi.setConfig({ testTimeout: 600_000, hookTimeout: 240_000 });

const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

let parent: string;
let server: Installation;
beforeEach(async () => {
  parent = await makeParent();
  server = await openInstallation(path.join(parent, 'data'), path.join(parent, 'nowhere'));
});
afterEach(async () => {
  await server.close();
  await rm(parent, { recursive: true, force: true });
});

const serviceOf = ({
  endpoint,
  accessKeyId,
  secretAccessKey,
}: Omit<BackupS3, 'region' | 'forcePathStyle' | 'settings' | 'objectsBucket'>): BackupS3 => ({
  ...{ endpoint, accessKeyId, secretAccessKey, region: 'us-east-1', forcePathStyle: true },
  ...{ settings: 'BACKUP_S3', objectsBucket: undefined },
});

/** Backs up twice while imports go on, restores the newest and the first, and compares. */
async function thereAndBack(target: BackupTarget): Promise<void> {
  await server.import('first', 20);
  const { manifest: first } = await server.backUp({ target });
  const stored = await server.stored();
  await server.import('second', 10);
  const { isWhole, progress, keptBytes } = await server.backUp({ target });
  expect({ isWhole, hasCopied: progress.copiedObjects >= 10 }).toEqual({ isWhole: false, hasCopied: true });
  expect(keptBytes).toBeGreaterThan(0);
  const newest = path.join(parent, 'newest');
  expect((await restoreTo(newest, '', { target })).differences).toEqual([]);
  expect(await readBack(newest)).toEqual(await server.stored());
  const older = path.join(parent, 'older');
  expect((await restoreTo(older, '', { target, name: first.id })).differences).toEqual([]);
  expect(await readBack(older)).toEqual(stored);
  await server.backUp({ target, keep: 1, isWhole: true });
  expect(await target.list('backups')).toHaveLength(1);
  const last = path.join(parent, 'last');
  expect((await restoreTo(last, '', { target })).differences).toEqual([]);
}

describe.skipIf(!hasCeph)('a backup in Ceph (Debian’s radosgw)', () => {
  let ceph: Ceph;
  beforeEach(async () => {
    ceph = await openCeph();
  });
  afterEach(() => ceph?.stop());

  it('goes there, is restored from there, and lets go of what is not kept', async () => {
    const { bucket, endpoint, accessKeyId, secretAccessKey } = ceph.place;
    const service = serviceOf({ endpoint, accessKeyId, secretAccessKey });
    const target = await openTarget(`s3://${bucket}/backup/site`, service);
    await thereAndBack(target);
    const wrong = await openTarget(`s3://${bucket}/backup/site`, { ...service, secretAccessKey: 'wrong' });
    await expect(server.backUp({ target: wrong })).rejects.toThrow(failure('TARGET_REFUSED', 'BACKUP_S3_SECRET_ACCESS_KEY'));
    await expect(restoreTo(path.join(parent, 'never'), '', { target: wrong })).rejects.toThrow(failure('TARGET_REFUSED'));
    const none = await openTarget('s3://not-there/backup', service);
    await expect(server.backUp({ target: none })).rejects.toThrow(failure('TARGET_REFUSED', 'not-there is not there'));
    for (const one of [target, wrong, none]) one.close();
  });
});

describe('a backup in a bucket', () => {
  let s3: S3Server;
  let target: BackupTarget;
  beforeEach(async () => {
    s3 = await S3Server.open();
    target = await openTarget(`s3://${s3.bucket}/backup`, serviceOf({ endpoint: s3.endpoint, ...s3.keys }));
  });
  afterEach(() => {
    target.close();
    s3.close();
  });

  it('that answers 503 now and then, and breaks off, is whole', async () => {
    let asked = 0;
    s3.fault = () => {
      asked += 1;
      if (asked % 5 === 0) return { kind: 'status', status: 503, code: 'SlowDown' };
      return asked % 7 === 0 ? { kind: 'cut', after: 100 } : undefined;
    };
    await thereAndBack(target);
  });

  it('that is full in the midst is none, leaves the one before whole, and goes on from there once there is room', async () => {
    await server.import('first', 20);
    await server.backUp({ target });
    const before = await target.list('backups');
    await server.import('second', 20);
    let packs = 0;
    s3.fault = ({ method, key }) => {
      if (method === 'PUT' && key.includes('/packs/')) packs += 1;
      s3.isFull = packs > 0;
      return undefined;
    };
    await expect(server.backUp({ target })).rejects.toThrow(failure('TARGET_FULL', 'keep fewer backups'));
    const rows = await server.parts.db.withSystem((tx) => tx.rows('SELECT outcome, failure FROM backups ORDER BY started_at'));
    expect(rows).toEqual([
      { outcome: 'DONE', failure: null },
      { outcome: 'FAILED', failure: 'TARGET_FULL' },
    ]);
    expect(await target.list('backups')).toEqual(before);
    expect(await target.find('lock.json')).toBeUndefined();
    s3.fault = () => undefined;
    s3.isFull = false;
    await server.backUp({ target });
    const restored = path.join(parent, 'restored');
    expect((await restoreTo(restored, '', { target })).differences).toEqual([]);
    expect(await readBack(restored)).toEqual(await server.stored());
    expect(await readdir(parent)).not.toContain('nowhere');
  });
});
