import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Failure } from '../../src/kernel/failure.ts';
import { DiskStore } from '../../src/platform/objects/disk/disk-store.ts';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, firstValue, type Json, openDicomweb } from './support.ts';

/** More than two commits take. */
const SLICES = 120;
const OUT_OF_RESOURCES = 0xa700;
const PROCESSING_FAILURE = 0x0110;
const volume = (seed: string) => [...ctVolume({ seed, slices: SLICES, rows: 16, columns: 16 })];

let server: DicomwebServer;
let admin: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());
afterEach(() => vi.restoreAllMocks());

/** The store takes so many batches, and then fails. */
function failAfter(times: number, code: 'STORAGE_FULL' | 'UNAVAILABLE'): void {
  const put = DiskStore.prototype.put;
  let count = 0;
  vi.spyOn(DiskStore.prototype, 'put').mockImplementation(async function (this: DiskStore, objects) {
    count += 1;
    if (count <= times) return put.call(this, objects);
    for (const object of objects) await object.discard();
    throw new Failure(code);
  });
}

const uidsOf = (items: Json[] | undefined): string[] => (items ?? []).map((item) => firstValue(item, '00081155'));
const temporary = (): string[] => readdirSync(path.join(server.settings.dataDir, 'objects', 'tmp'));

describe.each([
  ['STORAGE_FULL', OUT_OF_RESOURCES, 507],
  ['UNAVAILABLE', PROCESSING_FAILURE, 503],
] as const)('a store that fails with %s in the middle of a request', (code, reason, status) => {
  test.each(['/studies', '/studies/{study}'])(
    'by %s: what was committed before is told as stored, each of the others as failed (PS3.18 10.5.3)',
    async (address) => {
      const images = volume(`${code} ${address}`);
      const url = address.replace('{study}', images[0]?.studyInstanceUid ?? '');
      failAfter(1, code);
      const response = await server.store(
        admin,
        images.map(({ bytes }) => Buffer.from(bytes)),
        url,
      );
      expect(response.statusCode).toBe(202);
      const answer: Json = response.json();
      const stored = uidsOf(answer['00081199']?.Value);
      const failures: Json[] = answer['00081198']?.Value ?? [];
      expect(stored.length).toBeGreaterThan(0);
      const sent = new Set(images.map(({ sopInstanceUid }) => sopInstanceUid));
      const named = uidsOf(failures);
      expect(named.length).toBeGreaterThan(0);
      expect([...stored, ...named].every((uid) => sent.has(uid))).toBe(true);
      expect(stored.filter((uid) => named.includes(uid))).toEqual([]);
      expect(new Set(failures.map((item) => firstValue(item, '00081197')))).toEqual(new Set([reason]));
      // Parts that were not read any more are one failure without a UID, in Other Failures Sequence.
      const others: Json[] = answer['0008119A']?.Value ?? [];
      expect(others.map((item) => firstValue(item, '00081197'))).toEqual(stored.length + named.length < SLICES ? [reason] : []);
      const found = (await server.json(admin, `/studies/${images[0]?.studyInstanceUid}/instances?limit=1000`)) as Json[];
      expect(found.map((item) => firstValue(item, '00080018')).sort()).toEqual([...stored].sort());
      expect(temporary()).toEqual([]);
    },
  );

  test('before anything was kept: the request fails as a whole', async () => {
    failAfter(0, code);
    const images = volume(`nothing ${code}`);
    const response = await server.store(
      admin,
      images.map(({ bytes }) => Buffer.from(bytes)),
    );
    expect([response.statusCode, response.json()]).toEqual([status, expect.objectContaining({ code })]);
    const address = `/studies/${images[0]?.studyInstanceUid}`;
    const inStudy = await server.store(
      admin,
      images.map(({ bytes }) => Buffer.from(bytes)),
      address,
    );
    expect(inStudy.statusCode).toBe(status);
    expect(temporary()).toEqual([]);
  });
});
