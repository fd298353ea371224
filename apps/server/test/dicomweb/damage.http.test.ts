import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { unzip } from '../support/unzip.ts';
import { type DicomwebServer, openDicomweb, splitRelated } from './support.ts';

let server: DicomwebServer;
let admin: Browser;
let port: number;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  ({ port } = server.app.server.address() as AddressInfo); // It listens on TCP.
});
afterAll(() => server.close());

interface Stored {
  readonly id: string;
  readonly url: string;
  readonly study: string;
  readonly uid: string;
  readonly bytes: Buffer;
}

async function store(seed: string, slices: number, edge: number): Promise<Stored[]> {
  const files = [...ctVolume({ seed, slices, rows: edge, columns: edge })];
  const answer = await server.store(
    admin,
    files.map(({ bytes }) => Buffer.from(bytes)),
  );
  expect(answer.statusCode).toBe(200);
  const rows = await server.db.withSystem((tx) => tx.rows('SELECT id, sop_instance_uid AS uid FROM instances'));
  return files.map(({ studyInstanceUid: study, seriesInstanceUid, sopInstanceUid: uid, bytes }) => ({
    id: rows.find((row) => row.uid === uid)?.id ?? '',
    url: `/studies/${study}/series/${seriesInstanceUid}/instances/${uid}`,
    study,
    uid,
    bytes: Buffer.from(bytes),
  }));
}

/** Another bit in the last byte of the pixels, as the disk gives it. */
async function flip(id: string): Promise<void> {
  const file = path.join(server.settings.dataDir, 'objects', id.slice(0, 4), id.slice(4, 8), id);
  const bytes = await readFile(file);
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  await writeFile(file, bytes);
}

/** The status of an answer over a real connection, and whether it came whole. */
const fetchWhole = (url: string): Promise<{ status: number; isWhole: boolean; bytes: number }> =>
  new Promise((resolve, reject) => {
    const asked = request({ port, path: url, headers: { cookie: admin.cookie } }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      response.on('error', () => undefined);
      response.on('close', () => resolve({ status: response.statusCode ?? 0, isWhole: response.complete, bytes }));
    });
    asked.on('error', reject);
    asked.end();
  });

test('a damaged file is answered 503 OBJECT_DAMAGED on every route that reads it, its neighbours come, and after healing all is as before', async () => {
  const [one, two, three] = await store('every route', 3, 16);
  if (one === undefined || two === undefined || three === undefined) throw new Error('no files');
  const routes = [
    `${two.url}/frames/1`,
    `${two.url}/frames/1/progressive`,
    two.url,
    `${two.url}/rendered`,
    `${two.url}/bulkdata/1000-16`,
    `${two.url}/thumbnail`,
  ];
  const tagOf = async () => (await server.get(admin, `${two.url}/frames/1`)).headers.etag;
  // Twice, so that what is kept in memory is there.
  for (let round = 0; round < 2; round += 1)
    for (const url of routes) expect((await server.get(admin, url)).statusCode, url).not.toBe(503);
  const etag = await tagOf();
  await flip(two.id);
  // Whole files are compared while they are sent: this one is small enough for an answer.
  const first = await server.get(admin, two.url);
  expect([first.statusCode, first.json().code]).toEqual([503, 'OBJECT_DAMAGED']);
  for (const url of routes) {
    const answer = await server.get(admin, url, { 'if-none-match': String(etag) });
    expect([url, answer.statusCode, answer.json().code]).toEqual([url, 503, 'OBJECT_DAMAGED']);
  }
  expect((await server.get(admin, `${one.url}/frames/1`)).statusCode).toBe(200);
  const study = await server.get(admin, `/studies/${two.study}`, { accept: 'multipart/related; type="application/dicom"' });
  // What is known before the first byte is said by the status (PS3.18 10.4.3), and refused where the answer has no such word.
  expect([study.statusCode, study.headers.warning]).toEqual([206, expect.stringContaining('1 instances could not be given')]);
  expect(splitRelated(study)).toHaveLength(2);
  const patients = await server.app.inject({ url: '/api/patients?limit=1', headers: { cookie: admin.cookie } });
  const { items } = patients.json<{ items: { id: string }[] }>();
  const exported = `/api/patients/${items[0]?.id}/export`;
  const ask = (url: string) => server.app.inject({ url, headers: { cookie: admin.cookie } });
  expect((await ask(`${exported}/check`)).json()).toEqual({ damaged: 1 });
  const refused = await ask(exported);
  expect([refused.statusCode, refused.json<{ code: string }>().code]).toEqual([503, 'OBJECT_DAMAGED']);
  const events = await server.db.withSystem((tx) => tx.rows("SELECT FROM audit_events WHERE action = 'patient.exported'"));
  expect(events).toEqual([]);
  const zip = await ask(`${exported}?partial=true`);
  const manifest = JSON.parse(String((await unzip(zip.rawPayload)).get('manifest.json'))) as {
    files: unknown[];
    missing: string[];
  };
  expect(manifest.missing).toEqual([expect.stringContaining(two.uid)]);

  const health = await server.app.inject({ url: '/api/health' });
  expect(health.json()).toMatchObject({ status: 'OK', damagedObjects: 1 });
  const care = await server.app.inject({ url: '/api/system/objects', headers: { cookie: admin.cookie } });
  expect(care.json()).toMatchObject({
    damaged: 1,
    items: [{ id: two.id, kind: 'INSTANCE', reason: 'HASH', studyInstanceUid: two.study }],
  });

  expect((await server.store(admin, [two.bytes])).statusCode).toBe(200);
  for (const url of routes) await expect.poll(async () => (await server.get(admin, url)).statusCode).not.toBe(503);
  expect(
    (await server.get(admin, two.url, { accept: 'application/dicom' })).rawPayload.subarray(132).equals(two.bytes.subarray(132)),
  ).toBe(true);
  // Who keeps a picture from before the healing may keep the damaged one.
  expect(await tagOf()).not.toBe(etag);
  expect((await server.app.inject({ url: '/api/health' })).json()).toMatchObject({ damagedObjects: 0 });
  expect((await ask(`${exported}/check`)).json()).toEqual({ damaged: 0 });
  expect((await ask(exported)).statusCode).toBe(200);
});

test('a large file that turns out to be damaged is broken off before its end, by every way out, and noted', async () => {
  const files = await store('broken off', 3, 1024);
  for (const [index, way] of ['', '?original=true', 'api'].entries()) {
    const { id, url, uid } = files[index] ?? { id: '', url: '', uid: '' };
    await flip(id);
    const address = way === 'api' ? `/api/patients/images/${uid}` : `/dicom-web${url}${way}`;
    const answer = await fetchWhole(address);
    expect(answer).toMatchObject({ status: 200, isWhole: false });
    const again = await fetchWhole(address);
    expect(again.status).toBe(503);
  }
});
