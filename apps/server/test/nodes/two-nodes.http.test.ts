import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ImportReport } from '@negatoscope/contract';
import { buildZip, ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { validateSettings } from '../../src/config/settings.ts';
import { formOf } from '../../src/features/ingest/ingest-fixture.ts';
import { prepareStore } from '../../src/object-store.ts';
import { keepNode, nodeOf, requireLikeOthers, type ServerNode } from '../../src/supervisor/nodes.ts';
import { type Browser, openTestApp, type TestApp } from '../support/app.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { hasRedis, openRedis, type Redis } from '../support/redis.ts';
import { S3Server } from '../support/s3-server.ts';

const POLL = { timeout: 15_000, interval: 10 };

/** Two machines: one database, one bucket and one Redis, and a DATA_DIR each. */
describe('two nodes', () => {
  let bucket: S3Server;
  let database: TestDatabase;
  let redis: Redis | undefined;
  const folders: string[] = [];
  const nodes: TestApp[] = [];
  const logLines: string[] = [];
  const [first, second] = [0, 1].map((at) => () => {
    const node = nodes[at];
    if (node === undefined) throw new Error('There is no such node.');
    return node;
  }) as [() => TestApp, () => TestApp];
  beforeAll(async () => {
    [bucket, database, redis] = await Promise.all([
      S3Server.open(),
      createTestDatabase(),
      hasRedis ? openRedis() : Promise.resolve(undefined),
    ]);
    const settings = validateSettings({
      ...{ OBJECT_STORE: 's3', S3_ENDPOINT: bucket.endpoint, S3_BUCKET: bucket.bucket, S3_PREFIX: 'here' },
      ...{ S3_ACCESS_KEY_ID: bucket.keys.accessKeyId, S3_SECRET_ACCESS_KEY: bucket.keys.secretAccessKey },
      SESSION_SECRET: 'the-same-secret-on-both-nodes-of-it',
      ...(redis === undefined ? {} : { REDIS_URL: redis.url }),
    });
    for (let at = 0; at < 2; at += 1) folders.push(await mkdtemp(path.join(os.tmpdir(), 'negatoscope-node-')));
    for (const dataDir of folders) {
      await prepareStore({ ...settings, dataDir }, { hasInstances: async () => false, warn: () => undefined });
      nodes.push(await openTestApp({ settings, logLines }, database, dataDir, async () => undefined));
    }
  });
  afterAll(async () => {
    for (const node of nodes) await node.close();
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
    await redis?.stop();
    await database.drop();
    bucket.close();
  });

  const status = async (node: TestApp, { cookie }: Browser): Promise<number> =>
    (await node.app.inject({ url: '/api/auth/me', headers: { cookie } })).statusCode;

  /** Milliseconds from the answer to signing out at the first until the second, which knows the session, refuses it. */
  async function revokeAndMeasure(): Promise<number> {
    const who = await first().login('RADIOLOGIST');
    expect([await status(first(), who), await status(second(), who)]).toEqual([200, 200]);
    await first().app.inject({ method: 'POST', url: '/api/auth/logout', headers: { ...who.headers } });
    const begun = performance.now();
    while ((await status(second(), who)) === 200) if (performance.now() - begun > 5_000) break;
    return performance.now() - begun;
  }
  const health = async (node: TestApp) => (await node.app.inject('/api/health')).json<{ status: string; redis: string }>();

  test('a session that ends on one is dead on the other within a second', async () => {
    const times = [await revokeAndMeasure(), await revokeAndMeasure(), await revokeAndMeasure()];
    expect(Math.max(...times), `${times}`).toBeLessThan(1_000);
  });

  test('an import that one accepted is read by the other: what waits for it is in the bucket', async () => {
    const who = await first().login('RADIOLOGIST');
    const files = [...ctVolume({ seed: 'accepted elsewhere', slices: 4, rows: 8, columns: 8 })];
    const zip = buildZip(files.map(({ fileName, bytes }) => ({ name: fileName, bytes })));
    const form = formOf([{ name: 'study.zip', bytes: zip }]);
    const headers = { ...form.headers, ...who.headers, prefer: 'respond-async' };
    const sent = { method: 'POST' as const, url: '/api/patients/import', payload: form.payload, headers };
    const answer = await first().app.inject(sent);
    expect(answer.statusCode).toBe(202);
    const { id } = answer.json<ImportReport>();
    expect(await readdir(path.join(folders[0] ?? '', 'spool')).catch(() => [])).toEqual([]);
    const kept = (): string[] => [...bucket.objects.keys()].filter((key) => key.startsWith('here/spool/objects/'));
    expect(kept()).toHaveLength(1);
    await second().runJob('read-spool', { importId: id });
    const report = await first().app.inject({ url: `/api/imports/${id}`, headers: { cookie: who.cookie } });
    expect(report.json()).toMatchObject({ status: 'DONE', received: 4, stored: 4 });
    expect(kept()).toEqual([]);
    const [file] = files;
    const url = `/dicom-web/studies/${file?.studyInstanceUid}/series/${file?.seriesInstanceUid}/instances/${file?.sopInstanceUid}/frames/1`;
    const frame = await first().app.inject({ url, headers: { cookie: who.cookie } });
    expect(frame.statusCode).toBe(200);
    // Nothing of what waits is there: it was never accepted, or it is done.
    expect(await second().parts.scratch.kept(id)).toBeUndefined();
    expect(await readdir(path.join(folders[1] ?? '', 'tmp')).catch(() => [])).toEqual([]);
  });

  test.runIf(hasRedis)('Redis gone: what ends on one is dead on the other all the same, and each says so once', async () => {
    for (const node of nodes) await expect.poll(() => health(node), POLL).toMatchObject({ status: 'OK', redis: 'OK' });
    await redis?.kill();
    expect(await revokeAndMeasure()).toBeLessThan(1_000);
    for (const node of nodes) await expect.poll(() => health(node), POLL).toMatchObject({ status: 'OK', redis: 'UNAVAILABLE' });
    const told = logLines.filter((line) => line.includes('Redis does not answer'));
    expect([told.length, told.join('').includes('of-the-tests')]).toEqual([2, false]);
    await redis?.start();
    for (const node of nodes) await expect.poll(() => health(node), POLL).toMatchObject({ redis: 'OK' });
    expect(await revokeAndMeasure()).toBeLessThan(1_000);
  });

  describe('at its start', () => {
    const secrets = { sessionSecret: 's'.repeat(64), auditKey: 'a'.repeat(64), factorKey: 'f'.repeat(64) };
    const s3 = validateSettings({
      ...{ OBJECT_STORE: 's3', S3_BUCKET: 'one', S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret' },
    });
    const made = (host: string, change: Partial<ServerNode> = {}, given = secrets): ServerNode => ({
      ...nodeOf(s3, given, host),
      ...change,
    });
    const warnings: string[] = [];
    const keep = (node: ServerNode) =>
      keepNode(database.ownerConfig, node, { log: { warn: (message) => void warnings.push(message) } });

    test('one with other secrets, another version or other objects is refused with a word that says what to do', async () => {
      const kept = await keep(made('one'));
      await requireLikeOthers(database.ownerConfig, made('two'));
      const refused = (node: ServerNode) => expect(requireLikeOthers(database.ownerConfig, node)).rejects;
      await refused(made('two', {}, { ...secrets, auditKey: 'b'.repeat(64) })).toThrow(/one:3000 .*copy its DATA_DIR\/secrets/);
      await refused(made('two', {}, { ...secrets, sessionSecret: 'b'.repeat(64) })).toThrow(/the same SESSION_SECRET/);
      await refused(made('two', {}, { ...secrets, factorKey: 'b'.repeat(64) })).toThrow(/copy its DATA_DIR\/secrets/);
      await refused(made('two', { version: '9.9.9' })).toThrow(/this one is 9\.9\.9: end all nodes/);
      await refused(nodeOf({ ...s3, objectStore: 'disk' }, secrets, 'two')).toThrow(/OBJECT_STORE=s3 and one bucket/);
      await expect(keep(made('two', { version: '9.9.9' }))).rejects.toMatchObject({ code: 'NODE_VERSION' });
      // Itself, killed and started again as another version, and whoever comes when it has ended.
      await requireLikeOthers(database.ownerConfig, made('one', { version: '9.9.9' }));
      await kept.stop();
      await requireLikeOthers(database.ownerConfig, made('two', { version: '9.9.9' }));
      expect(warnings).toEqual([]);
    });

    test('a clock that is wrong is told, and by how much', async () => {
      const { now } = Date;
      Date.now = () => now() + 90_000;
      try {
        const kept = await keep(made('late'));
        await expect.poll(() => kept.skewSeconds).toBeGreaterThan(80);
        await kept.stop();
      } finally {
        Date.now = now;
      }
      expect(warnings.join()).toMatch(/differs from the database's by \d+\.\d s: keep time by NTP/);
    });
  });
});
