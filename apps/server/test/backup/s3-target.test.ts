import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTarget } from '../../src/backup/index.ts';
import type { BackupS3 } from '../../src/config/backup-settings.ts';
import {
  type BackupTarget,
  folderTarget,
  lockTarget,
  openRepository,
  Pieces,
  prune,
  sha256,
  unlockRepository,
} from '../../src/platform/backup/index.ts';
import { s3Target } from '../../src/platform/objects/s3/index.ts';
import { type Fault, S3Server } from '../support/s3-server.ts';

const KEY = 'a'.repeat(64);
const quick = { tries: 4, withinMs: 5_000, pauseMs: 10, tryMs: 1_000 };
const failure = (code: string, words = '') => expect.objectContaining({ code, message: expect.stringContaining(words) });

let folder: string;
let server: S3Server;
let target: BackupTarget;
const open = (more: Partial<Parameters<typeof s3Target>[0]> = {}): BackupTarget =>
  s3Target(
    {
      ...{ endpoint: server.endpoint, bucket: server.bucket, region: 'us-east-1', prefix: 'site/backup/' },
      ...{ ...server.keys, forcePathStyle: true, settings: 'BACKUP_S3', ...more },
    },
    { first: quick, later: quick },
  );

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-target-'));
  server = await S3Server.open();
  target = open();
});
afterEach(async () => {
  target.close();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.each([
  ['a folder', () => folderTarget(folder)],
  ['a bucket of S3', () => target],
] as const)('%s as a target', (_, given) => {
  test('keeps files by name, of two that begin one at once one succeeds, and lists what is whole', async () => {
    const at = given();
    const [first, second] = [randomBytes(3_000), randomBytes(20)];
    expect(await at.find('packs/ab/one')).toBeUndefined();
    await expect(at.get('packs/ab/one')).rejects.toThrow(failure('BACKUP_INCOMPLETE', 'packs/ab/one'));
    expect(await at.list('packs')).toEqual([]);
    await at.put('packs/ab/one', first);
    // More than a page of the service.
    for (let index = 10; index < 20; index += 1) await at.put(`packs/cd/${index}`, second);
    expect((await at.get('packs/ab/one')).equals(first)).toBe(true);
    const listed = await at.list('packs');
    expect(listed.map(({ name }) => name)).toEqual([
      'packs/ab/one',
      ...Array.from({ length: 10 }, (_, i) => `packs/cd/${10 + i}`),
    ]);
    expect(listed[0]?.sizeBytes).toBe(3_000);
    const begun = await Promise.all([at.create('lock.json', first), at.create('lock.json', second)]);
    expect(begun.sort()).toEqual([false, true]);
    await at.replace('lock.json', second);
    expect((await at.get('lock.json')).equals(second)).toBe(true);
    await at.remove('lock.json');
    await at.remove('lock.json');
    expect(await at.find('lock.json')).toBeUndefined();
  });

  test('holds a backup that is read, pruned and locked', async () => {
    const at = given();
    const { key } = await openRepository(at, KEY);
    const lock = await lockTarget(at);
    await expect(lockTarget(at)).rejects.toThrow(failure('BACKUP_RUNNING'));
    const repository = { id: '', key, isEncrypted: true };
    const pieces = await Pieces.load(at, repository);
    const [kept, gone] = [randomBytes(100_000), randomBytes(900_000)];
    for (const bytes of [kept, gone]) await pieces.add(bytes);
    await pieces.flush();
    await prune(at, { pieces: await Pieces.load(at, repository), key, isNeeded: ({ hash }) => hash.equals(sha256(kept)) });
    const after = await Pieces.load(at, await unlockRepository(at, KEY));
    expect((await after.read(sha256(kept))).equals(kept)).toBe(true);
    expect(await at.list('packs')).toHaveLength(1);
    await lock.require();
    await lock.release();
    await expect(unlockRepository(at, 'b'.repeat(64))).rejects.toThrow(failure('BACKUP_KEY_WRONG'));
  });
});

describe('a bucket of S3 as a target', () => {
  const failFirst = (times: number, fault: Fault): void => {
    let left = times;
    server.fault = () => {
      left -= 1;
      return left < 0 ? undefined : fault;
    };
  };

  test.each([
    ['503', { kind: 'status', status: 503, code: 'SlowDown' }],
    ['an answer that is lost', { kind: 'lost' }],
    ['one that breaks off', { kind: 'cut', after: 10 }],
  ] as const)('goes on after %s: nothing is there twice, half, or taken for somebody else’s', async (_, fault) => {
    const bytes = randomBytes(50_000);
    failFirst(2, fault);
    expect(await target.create('lock.json', bytes)).toBe(true);
    expect(await target.create('lock.json', randomBytes(9))).toBe(false);
    failFirst(2, fault);
    expect((await target.get('lock.json')).equals(bytes)).toBe(true);
    failFirst(2, fault);
    expect(await target.list('packs')).toEqual([]);
    expect([...server.objects.keys()]).toEqual(['site/backup/lock.json']);
  });

  test('tells what is wrong in one line with a code', async () => {
    const words = (promise: Promise<unknown>) => expect(promise).rejects;
    await words(unlockRepository(target, KEY)).toThrow(
      failure('BACKUP_NONE', `s3://${server.bucket}/site/backup holds no backup`),
    );
    await words(unlockRepository(open({ secretAccessKey: 'other' }), KEY)).toThrow(
      failure('TARGET_REFUSED', 'BACKUP_S3_SECRET_ACCESS_KEY'),
    );
    await words(unlockRepository(open({ accessKeyId: 'OTHER' }), KEY)).toThrow(
      failure('TARGET_REFUSED', 'BACKUP_S3_ACCESS_KEY_ID'),
    );
    failFirst(1, { kind: 'status', status: 403, code: 'AccessDenied' });
    await words(unlockRepository(open(), KEY)).toThrow(failure('TARGET_REFUSED', 'listed, read, written and deleted'));
    failFirst(100, { kind: 'status', status: 503, code: 'ServiceUnavailable' });
    await words(unlockRepository(open(), KEY)).toThrow(failure('TARGET_UNREACHABLE', 'ServiceUnavailable, 503'));
    server.fault = () => undefined;
    server.hasBucket = false;
    await words(unlockRepository(open(), KEY)).toThrow(failure('TARGET_REFUSED', 'is not there'));
  });

  test('that is full takes nothing more, and gives what it has', async () => {
    const repository = await openRepository(target, KEY);
    const pieces = await Pieces.load(target, repository);
    const [kept, more] = [randomBytes(10_000), randomBytes(20_000)];
    await pieces.add(kept);
    await pieces.flush();
    server.isFull = true;
    await pieces.add(more);
    await expect(pieces.flush()).rejects.toThrow(failure('TARGET_FULL', 'no room'));
    const again = await Pieces.load(target, repository);
    expect((await again.read(sha256(kept))).equals(kept)).toBe(true);
    expect(again.has(sha256(more))).toBe(false);
  });

  test('is named by an address, is not that of the objects, and needs a key', async () => {
    const s3: BackupS3 = {
      ...{ endpoint: server.endpoint, region: 'us-east-1', ...server.keys, forcePathStyle: true },
      ...{ settings: 'S3', objectsBucket: 'images' },
    };
    const named = await openTarget(`s3://${server.bucket}/a/b/`, s3);
    expect(named.address).toBe(`s3://${server.bucket}/a/b`);
    await named.put('packs/x', randomBytes(4));
    expect([...server.objects.keys()]).toEqual(['a/b/packs/x']);
    named.close();
    await expect(openTarget('s3://images/backup', s3)).rejects.toThrow(failure('BACKUP_TARGET', 'lost with it'));
    await expect(openTarget('s3://images/backup')).rejects.toThrow(failure('BACKUP_TARGET', 'BACKUP_S3_ACCESS_KEY_ID'));
    await expect(openTarget('s3://UPPER/x', s3)).rejects.toThrow(failure('BACKUP_TARGET', 's3://bucket/prefix'));
  });
});
