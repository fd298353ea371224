import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import path from 'node:path';
import type { ImportReport } from '@negatoscope/contract';
import { buildZip, ctVolume, dicomdirCd, zipCorpus } from '@negatoscope/testkit';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { itInLongRun } from '../../../../test/support/sample.ts';
import { createIngestFixture, formOf, type IngestFixture, type NamedBytes } from '../ingest-fixture.ts';

let fixture: IngestFixture;
let app: FastifyInstance;
beforeAll(async () => {
  fixture = await createIngestFixture({
    limits: { maxExpandedBytes: 300 * 1024 * 1024, maxUploadBytes: 200 * 1024 * 1024, maxParts: 5000 },
  });
  app = await fixture.http(await fixture.actor());
});
afterAll(async () => {
  await app.close();
  await fixture.close();
});

const slices = (seed: string, count: number): NamedBytes[] =>
  [...ctVolume({ seed, slices: count, rows: 32, columns: 32 })].map(({ fileName, bytes }) => ({
    name: `${seed}/${fileName}`,
    bytes,
  }));

async function importAll(files: readonly NamedBytes[], headers: Record<string, string> = {}): Promise<ImportReport> {
  const form = formOf(files);
  const response = await app.inject({
    method: 'POST',
    url: '/api/patients/import',
    payload: form.payload,
    headers: { ...form.headers, ...headers },
  });
  expect(response.statusCode, response.body).toBeLessThan(300);
  return response.json<ImportReport>();
}

const leftovers = async (): Promise<string[]> => [
  ...(await readdir(path.join(fixture.folder, 'objects', 'tmp'))),
  ...(await readdir(path.join(fixture.folder, 'tmp')).catch(() => [])),
];

describe('POST /api/patients/import', () => {
  test('answers the report of the whole import, folders and junk included', async () => {
    const files = [
      ...slices('mixed', 3),
      { name: 'mixed/readme.txt', bytes: Buffer.from('hello') },
      { name: 'x.dcm', bytes: Buffer.from('junk') },
    ];
    const report = await importAll(files);
    expect(report).toMatchObject({
      status: 'DONE',
      received: 5,
      stored: 3,
      ignored: 1,
      rejected: 1,
      duplicates: 0,
      conflicts: 0,
    });
    expect(report.files.map(({ name, outcome }) => `${name} ${outcome}`)).toContain('mixed/readme.txt ignored');
    expect(report.patients).toHaveLength(1);
    expect(report.patients[0]?.recordNumber).toMatch(/^NG-\d{4}-\d{6}$/);
    expect(report.studies).toHaveLength(1);
  });

  test('opens a ZIP whatever its name; the same files again are all duplicates', async () => {
    const files = slices('zipped', 4);
    const zip = { name: 'no-extension', bytes: buildZip(files.map(({ name, bytes }) => ({ name, bytes, method: 8 }))) };
    expect(await importAll([zip])).toMatchObject({ received: 4, stored: 4 });
    const again = await importAll([zip, ...files]);
    expect(again).toMatchObject({ received: 8, stored: 0, duplicates: 8 });
    expect(again.files[0]?.name).toBe('zipped/ct-1-0001.dcm');
  });

  test('a DICOM file whose preamble begins like a ZIP is DICOM (S11)', async () => {
    const [file] = slices('polyglot', 1);
    const bytes = Buffer.from(file?.bytes ?? []);
    bytes.write('PK\x03\x04', 0, 'latin1');
    expect(await importAll([{ name: 'polyglot.zip', bytes }])).toMatchObject({ received: 1, stored: 1 });
  });

  test.each([
    ['no boundary', 'multipart/form-data', Buffer.from('x'), 400],
    ['no multipart', 'application/octet-stream', Buffer.from('x'), 415],
    ['an endless header', 'multipart/form-data; boundary=b', Buffer.from(`--b\r\nX: ${'y'.repeat(200_000)}`), 400],
    [
      'a body that ends early',
      'multipart/form-data; boundary=b',
      Buffer.from('--b\r\nContent-Disposition: form-data; name="files"; filename="a"\r\n\r\nxx'),
      400,
    ],
    ['random bytes', 'multipart/form-data; boundary=b', randomBytes(5000), 400],
    ['10,000 parts', 'multipart/form-data; boundary=b', Buffer.from('--b\r\n\r\n\r\n'.repeat(10_000)), 400],
    [
      'a field that is no UUID',
      'multipart/form-data; boundary=b',
      Buffer.from('--b\r\nContent-Disposition: form-data; name="patientId"\r\n\r\nxx\r\n--b--\r\n'),
      400,
    ],
  ])('answers %s with 4xx and goes on (S34)', async (_, type, payload, status) => {
    const response = await app.inject({
      method: 'POST',
      url: '/api/patients/import',
      payload,
      headers: { 'content-type': type },
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toContain('application/problem+json');
  });

  test('an upload that is cut keeps what was committed, reports the rest, and leaves no temporary file', async () => {
    await app.listen({ port: 0, host: '127.0.0.1' });
    const address = app.server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const form = formOf(slices('cut', 60));
    await new Promise<void>((resolve) => {
      const request = httpRequest({
        port: address.port,
        method: 'POST',
        path: '/api/patients/import',
        headers: { ...form.headers, 'content-length': form.payload.length },
      });
      request.on('error', () => resolve());
      request.on('close', () => resolve());
      request.write(form.payload.subarray(0, form.payload.length - 1000));
      setTimeout(() => request.destroy(), 1500);
    });
    const last = async () => (await app.inject({ url: '/api/imports?limit=1' })).json<{ items: ImportReport[] }>().items[0];
    await expect.poll(last, { timeout: 30_000 }).toMatchObject({ status: 'CANCELLED', stored: 59, rejected: 1 });
    expect(await leftovers()).toEqual([]);
  });
});

describe('hostile archives (S8, S9)', () => {
  test.each(zipCorpus().map((zip) => [zip.name, zip] as const))('%s', async (_, zip) => {
    const report = await importAll([{ name: zip.name, bytes: zip.bytes }]);
    const taken = report.files.filter(({ outcome }) => outcome === 'stored' || outcome === 'duplicate').map(({ name }) => name);
    if (zip.expectation === 'refuse') expect(taken, zip.about).toEqual([]);
    // A bad entry costs only itself; of an odd one that can be read it is no fault to read it.
    if (zip.expectation !== 'refuse' && zip.expectation !== 'either')
      expect(taken, zip.about).toEqual(expect.arrayContaining([...zip.good]));
    expect(taken.every((name) => !name.includes('..'))).toBe(true);
    expect(await leftovers()).toEqual([]);
  });

  itInLongRun('an archive that would expand past the budget stops there', { timeout: 60_000 }, async () => {
    const zeros = new Uint8Array(1 << 26);
    const bomb = buildZip(Array.from({ length: 8 }, (_, index) => ({ name: `${index}.dcm`, bytes: zeros, method: 8 })));
    const report = await importAll([{ name: 'bomb.zip', bytes: bomb }, ...slices('beside a bomb', 1)]);
    expect(report.stored).toBe(1);
    expect(report.files.map(({ reason }) => reason)).toContain('ZIP_BOMB');
    expect(await leftovers()).toEqual([]);
  });
});

test('a patient CD imports as what it announces and says what is missing', async () => {
  const cd = dicomdirCd({ seed: 'cd' });
  const report = await importAll(cd.files.map((file) => ({ name: file.path, bytes: file.bytes })));
  expect(report.stored).toBe(cd.sopInstanceUids.length);
  const missing = report.files.filter(({ reason }) => reason === 'ANNOUNCED_BUT_MISSING');
  expect(missing.map(({ name }) => name)).toEqual(cd.missing);
  expect(report.files.filter(({ outcome }) => outcome === 'rejected')).toHaveLength(cd.missing.length);
});

describe('an import in batches', () => {
  test('opens, skips what is known, takes files, and closes', async () => {
    const files = slices('batches', 4);
    const { id } = (await app.inject({ method: 'POST', url: '/api/imports', payload: {} })).json<ImportReport>();
    const send = (some: NamedBytes[]) => app.inject({ method: 'POST', url: `/api/imports/${id}/files`, ...formOf(some) });
    const first = (await send(files.slice(0, 2))).json<{ files: { sha256: string; outcome: string }[] }>();
    expect(first.files.map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
    const sha256 = first.files[0]?.sha256 ?? '';
    const asked = [sha256, '0'.repeat(64)].map((hash) => ({ name: 'known.dcm', sizeBytes: 1, sha256: hash }));
    const known = await app.inject({ method: 'POST', url: `/api/imports/${id}/known`, payload: { files: asked } });
    expect(known.json()).toEqual({ known: [sha256] });
    const done = await app.inject({ method: 'POST', url: `/api/imports/${id}/finish`, payload: {} });
    expect(done.json()).toMatchObject({ status: 'DONE', received: 3, stored: 2, duplicates: 1 });
    expect((await send(files.slice(2))).json()).toMatchObject({ code: 'IMPORT_FINISHED' });
    const events = await app.inject({ url: `/api/imports/${id}/events` });
    expect(events.body).toMatch(/^event: done\ndata: \{/);
  });

  test('is nobody else’s, and tells another group nothing of what is stored', async () => {
    const group = await fixture.group();
    const other = await fixture.http(await fixture.actor('RESEARCHER', group));
    const [file] = slices('oracle', 1);
    const report = await importAll(file === undefined ? [] : [file]);
    expect((await other.inject({ url: `/api/imports/${report.id}` })).statusCode).toBe(404);
    const { id } = (await other.inject({ method: 'POST', url: '/api/imports', payload: {} })).json<ImportReport>();
    const asked = [{ name: 'x', sizeBytes: 1, sha256: report.files[0]?.sha256 }];
    const known = await other.inject({ method: 'POST', url: `/api/imports/${id}/known`, payload: { files: asked } });
    expect(known.json()).toEqual({ known: [] });
    await other.close();
  });
});
