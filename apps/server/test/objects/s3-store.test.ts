import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../src/kernel/ids.ts';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import { ReadCache } from '../../src/platform/objects/disk/read-cache.ts';
import { CachedStore, prepareBucket, type S3Place, S3Store } from '../../src/platform/objects/s3/index.ts';
import { MadeObject } from '../../src/platform/objects/staging/index.ts';
import { MovedStore, moveObject } from '../../src/platform/objects/store/index.ts';
import { MemoryStore } from '../support/memory-objects.ts';
import { S3Server } from '../support/s3-server.ts';
import { itInLongRun } from '../support/sample.ts';

const patience = { tries: 4, withinMs: 5_000, pauseMs: 10, tryMs: 1_000 };
const fresh = { mayBeNew: async () => true, warn: () => undefined, patience };
const placeOf = (server: S3Server, more: Partial<S3Place> = {}): S3Place => ({
  ...{ endpoint: server.endpoint, bucket: server.bucket, region: 'us-east-1', prefix: 'site-1/', forcePathStyle: true },
  ...server.keys,
  ...more,
});

describe('a store in a bucket of S3', () => {
  let server: S3Server;
  let store: S3Store;
  beforeEach(async () => {
    server = await S3Server.open();
    await prepareBucket(placeOf(server), fresh);
    store = new S3Store(placeOf(server), patience);
  });
  afterEach(() => {
    store.close();
    server.close();
  });
  const bytesOf = (seed: number, length: number): Buffer =>
    createHash('shake256', { outputLength: length }).update(`${seed}`).digest();
  const put = async (bytes: Buffer): Promise<string> => {
    const object = new MadeObject(Buffer.from(bytes));
    await store.put([object]);
    return object.id;
  };
  /** The first so many requests of a kind meet it. */
  const failFirst = (times: number, method: string, fault: Exclude<ReturnType<S3Server['fault']>, undefined>): void => {
    let left = times;
    server.fault = (asked) => {
      if (asked.method !== method || !asked.key.includes('objects/') || left === 0) return undefined;
      left -= 1;
      return fault;
    };
  };

  test.each([
    ['503 and "slow down"', { kind: 'status', status: 503, code: 'SlowDown' }],
    ['500', { kind: 'status', status: 500, code: 'InternalError' }],
    ['429', { kind: 'status', status: 429, code: 'TooManyRequests' }],
    ['a conflict of conditions', { kind: 'status', status: 409, code: 'ConditionalRequestConflict' }],
    ['an answer that is lost', { kind: 'lost' }],
    ['no answer at all', { kind: 'silent' }],
  ] as const)('%s: tried again, and nothing is put twice', async (_, fault) => {
    const times = fault.kind === 'silent' ? 1 : 2;
    failFirst(times, 'PUT', fault);
    const bytes = bytesOf(1, 5_000);
    const id = await put(bytes);
    failFirst(times, 'GET', fault);
    expect((await store.read(id, 0, 5_000)).equals(bytes)).toBe(true);
    expect(server.objects.size).toBe(2);
    if (fault.kind !== 'silent') failFirst(times, 'DELETE', fault);
    await store.delete([id]);
    expect(server.objects.size).toBe(1);
  });

  test('what breaks off is read on: whole, by range, and as a stream from where it was', async () => {
    const bytes = bytesOf(2, 300_000);
    const id = await put(bytes);
    failFirst(2, 'GET', { kind: 'cut', after: 70_000 });
    expect((await store.read(id, 1_000, 200_000)).equals(bytes.subarray(1_000, 201_000))).toBe(true);
    failFirst(3, 'GET', { kind: 'cut', after: 50_000 });
    const pieces: Buffer[] = [];
    for await (const piece of store.stream(id)) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).equals(bytes)).toBe(true);
  });

  test('bytes from elsewhere than where they were asked for are never given: a server that ignores ranges', async () => {
    const bytes = bytesOf(7, 300_000);
    const id = await put(bytes);
    server.fault = ({ method }) => (method === 'GET' ? { kind: 'whole' } : undefined);
    const streamed = async (start: number, end: number): Promise<Buffer> => {
      const pieces: Buffer[] = [];
      for await (const piece of store.stream(id, { start, end })) pieces.push(piece as Buffer);
      return Buffer.concat(pieces);
    };
    await expect(store.read(id, 1_000, 5_000)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(streamed(1_000, 5_999)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect((await store.read(id, 0, 5_000)).equals(bytes.subarray(0, 5_000))).toBe(true);
    expect((await streamed(0, 4_999)).equals(bytes.subarray(0, 5_000))).toBe(true);
  });

  test('a copy that is on its way does not outlive its object', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-s3-'));
    let go: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    let isRead: () => void = () => undefined;
    const read = new Promise<void>((resolve) => {
      isRead = resolve;
    });
    class Late extends ReadCache {
      override keep(...[id, source, isRight]: Parameters<ReadCache['keep']>): Promise<boolean> {
        return super.keep(id, source, async (file) => {
          const found = await isRight(file);
          isRead();
          await gate;
          return found;
        });
      }
    }
    const cached = new CachedStore(
      new S3Store(placeOf(server), patience),
      new Late(folder, { mostBytes: 2_000_000, openFiles: 4 }),
    );
    const ids = [await put(bytesOf(1, 1_000)), await put(bytesOf(2, 1_000))];
    for (const id of ids) await cached.read(id, 0, 10);
    await read;
    // One is deleted here, one by another process.
    await cached.delete(ids.slice(0, 1));
    cached.forget(ids[1]);
    go();
    await cached.settled();
    const kept = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(kept).toEqual([]);
    await cached.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('what goes on failing is UNAVAILABLE with its time, whoever asks meanwhile is told at once, and it goes on by itself', async () => {
    const id = await put(bytesOf(3, 100));
    server.fault = () => ({ kind: 'status', status: 503, code: 'ServiceUnavailable' });
    await expect(store.read(id, 0, 100)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterSeconds: 5 });
    expect((await store.read(id, 0, 100).catch((error: Error) => error)) instanceof Error).toBe(true);
    const before = server.asked.length;
    await store.size(id).catch(() => undefined);
    expect(server.asked.length - before).toBe(1);
    expect(await store.isThere()).toBe(false);
    server.fault = () => undefined;
    expect((await store.read(id, 0, 100)).length).toBe(100);
  });

  itInLongRun('large objects go in parts, whole or not at all, and nothing is overwritten', async () => {
    const bytes = Buffer.alloc(20 * 1024 * 1024, 7);
    bytes.write('the end', bytes.length - 7);
    const id = await put(bytes);
    expect(server.asked.filter((line) => line.includes('partNumber'))).toHaveLength(3);
    // The answer to the end of another is lost: it is found, and not put again.
    let losing = true;
    server.fault = ({ method, query }) => {
      if (method !== 'POST' || !query.has('uploadId') || !losing) return undefined;
      losing = false;
      return { kind: 'lost' };
    };
    const found = await put(bytes);
    expect([losing, await store.size(found)]).toEqual([false, bytes.length]);
    expect(server.objects.get(`site-1/objects/${id}`)?.bytes.equals(bytes)).toBe(true);
    await expect(store.put([new MadeObject(Buffer.from(bytes), id)])).rejects.toMatchObject({ code: 'CONFLICT' });
    server.fault = ({ method, key }) =>
      method === 'PUT' && key.includes('objects/') ? { kind: 'status', status: 400, code: 'BadDigest' } : undefined;
    const other = new MadeObject(Buffer.from(bytes));
    await expect(store.put([other])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect([server.uploads.size, server.objects.has(`site-1/objects/${other.id}`)]).toEqual([0, false]);
  });

  test('an emptied bucket takes nothing, and what is missing there is not taken for lost', async () => {
    const id = await put(bytesOf(4, 100));
    server.objects.clear();
    await expect(store.read(id, 0, 100)).rejects.toMatchObject({ reason: 'MISSING' });
    expect(await store.isThere()).toBe(false);
    const other = new S3Store(placeOf(server), patience);
    await expect(other.put([new MadeObject(bytesOf(5, 10))])).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(other.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(server.objects.size).toBe(0);
    other.close();
    server.hasBucket = false;
    const failure = await store.read(id, 0, 100).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'UNAVAILABLE', detail: 'The bucket is not there.' });
  });

  test('a draft that was put leaves nothing on this machine', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-s3-'));
    const disk = await DiskStore.open({ root: path.join(folder, 'objects') });
    const draft = await disk.staging.begin();
    await draft.write(Buffer.alloc(2_000_000, 1));
    await store.put([draft]);
    expect(await store.size(draft.id)).toBe(2_000_000);
    expect(await readdir(path.join(folder, 'objects', 'tmp'))).toEqual([]);
    await disk.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('the start names what is wrong: key, secret, bucket, rights, a foreign bucket, one that was emptied', async () => {
    const start = (more: Partial<S3Place> = {}, options = fresh): Promise<void> => prepareBucket(placeOf(server, more), options);
    await start();
    await expect(start({ accessKeyId: 'other' })).rejects.toMatchObject({
      code: 'S3_CREDENTIALS',
      message: expect.stringContaining('InvalidAccessKeyId'),
    });
    await expect(start({ secretAccessKey: 'other' })).rejects.toMatchObject({
      code: 'S3_CREDENTIALS',
      message: expect.stringContaining('SignatureDoesNotMatch'),
    });
    await expect(start({ bucket: 'another' })).rejects.toMatchObject({
      code: 'S3_BUCKET',
      message: 'S3_BUCKET another is not there: make it, or correct its name',
    });
    server.fault = () => ({ kind: 'status', status: 403, code: 'AccessDenied' });
    await expect(start()).rejects.toMatchObject({ code: 'S3_FORBIDDEN' });
    server.fault = () => undefined;
    await expect(start({ prefix: 'site' })).rejects.toMatchObject({ code: 'S3_FOREIGN' });
    await expect(start({ prefix: 'site-2/' }, { ...fresh, mayBeNew: async () => false })).rejects.toMatchObject({
      code: 'S3_EMPTIED',
    });
    const warned: string[] = [];
    server.fault = () => ({ kind: 'status', status: 503, code: 'SlowDown' });
    await start({}, { ...fresh, warn: (message: string) => void warned.push(message) } as typeof fresh);
    await start({ endpoint: 'http://127.0.0.1:9' }, {
      ...fresh,
      warn: (message: string) => void warned.push(message),
    } as typeof fresh);
    expect(warned).toEqual([expect.stringContaining('(SlowDown)'), expect.stringContaining('(ECONNREFUSED)')]);
  });

  test('an id that is none is no key, and of what is beside objects nothing is listed', async () => {
    await expect(store.size('../.negatoscope-objects')).rejects.toThrow(TypeError);
    await expect(store.delete(['../.negatoscope-objects'])).rejects.toThrow();
    expect(await store.isThere()).toBe(true);
    await store.check();
    const ids: string[] = [];
    for await (const some of store.list()) ids.push(...some);
    expect(ids).toEqual([]);
    await expect(store.size(newId())).rejects.toMatchObject({ reason: 'MISSING' });
  });

  test('what was read is read from copies on this machine, as long as there is room, and never other bytes', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-s3-'));
    const cached = new CachedStore(
      new S3Store(placeOf(server), patience),
      new ReadCache(folder, { mostBytes: 2_000_000, openFiles: 4 }),
    );
    const bytes = Array.from({ length: 24 }, (_, seed) => bytesOf(seed, 100_000));
    const ids: string[] = [];
    for (const one of bytes) ids.push(await put(one));
    const [first = '', second = '', third = ''] = ids;
    const isRight = async (id: string): Promise<boolean> =>
      (await cached.read(id, 1_000, 5_000)).equals(bytes[ids.indexOf(id)]?.subarray(1_000, 6_000) ?? Buffer.alloc(0));
    expect(await isRight(first)).toBe(true);
    await cached.settled();
    server.asked.length = 0;
    expect([await isRight(first), server.asked]).toEqual([true, []]);
    // A range beyond it, and one that is empty, are the bucket's to answer.
    await expect(cached.read(first, 99_999, 2)).rejects.toMatchObject({ reason: 'SIZE' });
    // Other bytes than were put are given to who asks, whose own hash tells, and are not kept.
    const key = `site-1/objects/${second}`;
    const stored = server.objects.get(key);
    if (stored !== undefined) server.objects.set(key, { ...stored, bytes: Buffer.alloc(100_000, 9) });
    await cached.read(second, 0, 10);
    await cached.settled();
    if (stored !== undefined) server.objects.set(key, stored);
    expect(await isRight(second)).toBe(true);
    // Deleted, or written anew: the copy goes as well.
    await cached.delete([first]);
    await expect(cached.read(first, 1_000, 5_000)).rejects.toMatchObject({ reason: 'MISSING' });
    await isRight(third);
    await cached.settled();
    const other = Buffer.alloc(50_000, 5);
    await cached.restore(third, { sizeBytes: other.length, read: async (at, length) => other.subarray(at, at + length) });
    expect((await cached.read(third, 0, 10)).equals(other.subarray(0, 10))).toBe(true);
    // 2.4 MB where there is room for 2.
    for (const id of ids.slice(3)) expect(await isRight(id)).toBe(true);
    await cached.settled();
    await cached.close();
    const kept = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(kept.length * 100_000).toBeLessThanOrEqual(2_000_000 + 200_000);
    expect(kept.length).toBeGreaterThan(10);
    await rm(folder, { recursive: true, force: true });
  });

  test('objects are moved one by one: copied, read back, compared with their row, and let go only when they are asked to', async () => {
    const from = new MemoryStore();
    const bytes = [1, 2, 3, 4].map((seed) => bytesOf(seed, 50_000));
    const objects = bytes.map((one) => new MadeObject(Buffer.from(one)));
    await from.put(objects);
    const rows = objects.map(({ id }, index) => ({
      id,
      sha256: createHash('sha256')
        .update(bytes[index] ?? '')
        .digest(),
    }));
    const [first, second, third, fourth] = rows;
    if (first === undefined || second === undefined || third === undefined || fourth === undefined)
      throw new Error('There are four.');
    const move = (row: (typeof rows)[number] | { id: string; sha256: null }, removes = false) =>
      moveObject(row, { from, to: store, removes });
    const isThere = (id: string) =>
      from.size(id).then(
        () => true,
        () => false,
      );
    // Broken off in the middle, and begun again.
    server.fault = ({ method }) => (method === 'PUT' ? { kind: 'status', status: 400, code: 'BadDigest' } : undefined);
    await expect(move(first)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    server.fault = () => undefined;
    expect([await move(first), await move(first), await isThere(first.id)]).toEqual(['moved', 'there', true]);
    expect((await store.read(first.id, 0, 50_000)).equals(bytes[0] ?? Buffer.alloc(0))).toBe(true);
    // What is not what was received is not moved, and stays where it is.
    expect([await move({ ...second, sha256: Buffer.alloc(32) }), server.objects.has(`site-1/objects/${second.id}`)]).toEqual([
      'damaged',
      false,
    ]);
    // Of packed metadata no hash may be known: what is moved is compared with what was there.
    expect(await move({ id: second.id, sha256: null })).toBe('moved');
    // Other bytes come back than were sent: the old copy stays, whatever is asked.
    const key = `site-1/objects/${first.id}`;
    const stored = server.objects.get(key);
    if (stored !== undefined) server.objects.set(key, { ...stored, bytes: Buffer.alloc(50_000) });
    expect([await move(first, true), await isThere(first.id)]).toEqual(['other', true]);
    if (stored !== undefined) server.objects.set(key, stored);
    expect([await move(first, true), await isThere(first.id), await move(first, true)]).toEqual(['there', false, 'there']);
    expect([await move(third, true), await isThere(third.id)]).toEqual(['moved', false]);
    expect(await move({ ...fourth, id: newId() })).toBe('missing');
    // Who reads meanwhile finds each wherever it is.
    const both = new MovedStore(store, from);
    for (const [index, { id }] of rows.entries())
      expect((await both.read(id, 0, 50_000)).equals(bytes[index] ?? Buffer.alloc(0))).toBe(true);
  });
});
