import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { validateSettings } from '../../src/config/settings.ts';
import { prepareStore } from '../../src/object-store.ts';
import { createMetrics } from '../../src/platform/metrics/index.ts';
import { type DicomwebServer, openDicomweb } from '../dicomweb/support.ts';
import type { Browser } from '../support/app.ts';
import { S3Server } from '../support/s3-server.ts';

let bucket: S3Server;
let server: DicomwebServer;
let who: Browser;
const metrics = createMetrics();
const logLines: string[] = [];
/** How many operations of the store ended so. */
const ended = async (outcome: string): Promise<number> =>
  [...(await metrics.text()).matchAll(/^negatoscope_object_store_seconds_count\{(.*)\} (\d+)$/gm)]
    .filter(([, labels = '']) => labels.includes(`outcome="${outcome}"`))
    .reduce((sum, [, , count]) => sum + Number(count), 0);

beforeAll(async () => {
  bucket = await S3Server.open();
  const { objectStore, s3 } = validateSettings({
    ...{ OBJECT_STORE: 's3', S3_ENDPOINT: bucket.endpoint, S3_BUCKET: bucket.bucket, S3_PREFIX: 'here' },
    ...{ S3_ACCESS_KEY_ID: bucket.keys.accessKeyId, S3_SECRET_ACCESS_KEY: bucket.keys.secretAccessKey },
  });
  const dataDir = await mkdtemp(path.join(os.tmpdir(), 'negatoscope-s3-'));
  await prepareStore({ objectStore, s3, dataDir }, { hasInstances: async () => false, warn: () => undefined });
  await rm(dataDir, { recursive: true });
  server = await openDicomweb({ settings: { objectStore, s3 }, metrics, logLines });
  who = await server.login('RADIOLOGIST');
});
afterAll(async () => {
  await server.close();
  bucket.close();
});

async function store(seed: string): Promise<{ url: string; bytes: Buffer; status: number }> {
  const [file] = ctVolume({ seed, slices: 1, rows: 64, columns: 64 });
  if (file === undefined) throw new Error('The phantom has no slice.');
  const { statusCode: status } = await server.store(who, [Buffer.from(file.bytes)]);
  const url = `/studies/${file.studyInstanceUid}/series/${file.seriesInstanceUid}/instances/${file.sopInstanceUid}`;
  return { url, bytes: Buffer.from(file.bytes), status };
}
const whole = (url: string) =>
  server.get(who, `${url}?original=true`, { accept: 'multipart/related; type="application/dicom"; transfer-syntax=*' });
const counted = async (): Promise<{ instances: number; damaged: number }> =>
  server.db.withSystem(async (tx) => {
    const rows = await tx.rows('SELECT id FROM instances');
    const damaged = await tx.first('SELECT count(*) AS n FROM damaged_objects', [], 'damaged-count');
    return { instances: rows.length, damaged: Number(damaged?.n ?? 0) };
  });
const health = async () => (await server.app.inject('/api/health')).json();

test('what is sent goes into the bucket and is given back from there', async () => {
  const { url, bytes, status } = await store('in a bucket');
  expect(status).toBe(200);
  expect([...bucket.objects.keys()].filter((key) => key.startsWith('here/objects/'))).toHaveLength(1);
  const answer = await whole(url);
  expect([answer.statusCode, answer.rawPayload.includes(bytes.subarray(200))]).toEqual([200, true]);
  expect((await server.get(who, `${url}/frames/1`)).statusCode).toBe(200);
  expect(await health()).toMatchObject({ status: 'OK', objects: 'OK' });
});

test('a bucket without room refuses what is new, and gives what it has', async () => {
  const { url } = await store('before it was full');
  bucket.isFull = true;
  const before = await ended('STORAGE_FULL');
  expect((await store('when it was full')).status).toBe(507);
  expect(await ended('STORAGE_FULL')).toBeGreaterThan(before);
  expect((await whole(url)).statusCode).toBe(200);
  bucket.isFull = false;
  expect((await store('when it was full')).status).toBe(200);
});

test('a service that is away, and a bucket that was emptied or is gone, are 503 with a code: no row is lost, nothing is taken for damaged, and it goes on by itself', async () => {
  const states: readonly [string, () => void][] = [
    ['away', () => (bucket.fault = () => ({ kind: 'status', status: 503, code: 'SlowDown' }))],
    ['emptied', () => bucket.objects.clear()],
  ];
  for (const [name, begin] of states) {
    // One that was not read yet: of what was read there is a copy here.
    const { url } = await store(`before it was ${name}`);
    const before = await counted();
    const kept = new Map(bucket.objects);
    const failed = await ended('UNAVAILABLE');
    begin();
    const answer = await whole(url);
    expect([name, answer.statusCode, answer.json().code]).toEqual([name, 503, 'UNAVAILABLE']);
    const sent = await store(`while it was ${name}`);
    expect([name, sent.status]).toEqual([name, 503]);
    expect([name, await counted()]).toEqual([name, before]);
    // Each has its figure, and is in the log.
    expect([name, (await ended('UNAVAILABLE')) > failed]).toEqual([name, true]);
    expect([name, logLines.splice(0).some((line) => /"level":[45]0/.test(line))]).toEqual([name, true]);
    bucket.fault = () => undefined;
    bucket.hasBucket = true;
    for (const [key, object] of kept) bucket.objects.set(key, object);
    expect([name, (await whole(url)).statusCode]).toEqual([name, 200]);
  }
  expect((await store('afterwards')).status).toBe(200);
}, 60_000);
