import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import {
  type DicomwebServer,
  hasTestData,
  instancePath,
  type ManifestRow,
  manifest,
  openDicomweb,
  readTestFile,
  rowOf,
  splitRelated,
} from './support.ts';

const SURVEY = '1.3.46.670589.11.30.6.106253130282775287';
const cleared = (bytes: Buffer): Buffer => Buffer.concat([Buffer.alloc(128), bytes.subarray(128)]);

describe.skipIf(!hasTestData)('retrieval (PS3.18 10.4.1.1.1)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  const survey = [...rows.keys()].filter((name) => name.startsWith('fo-dicom/series-MR-survey/'));
  const files = new Map(survey.map((name) => [rowOf(rows, name).sop_instance_uid, readTestFile(name)]));
  const marked = Buffer.from(hasTestData ? readTestFile('pydicom/CT_small.dcm') : []);
  let server: DicomwebServer;
  let admin: Browser;
  const series = `/studies/${SURVEY}/series/1.3.46.670589.11.30.7.1062531302827752870101`;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    marked.write('#!/bin/sh', 0, 'latin1');
    expect((await server.store(admin, [...files.values(), marked])).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  test('one instance is its file; what hides before DICM does not leave (PS3.10 7.1)', async () => {
    const row = rowOf(rows, 'pydicom/CT_small.dcm');
    const response = await server.get(admin, instancePath(row), { accept: 'application/dicom' });
    expect(response.headers).toMatchObject({
      'content-type': `application/dicom; transfer-syntax=${row.transfer_syntax_uid}`,
      'content-length': String(marked.length),
      'cache-control': 'private, no-store',
    });
    expect(response.rawPayload.equals(cleared(marked))).toBe(true);
  });

  test.each([
    ['the study', `/studies/${SURVEY}`, 'multipart/related; type="application/dicom"'],
    ['the series', series, 'multipart/related; type=application/dicom; transfer-syntax=*'],
    ['the study, to whoever takes anything', `/studies/${SURVEY}`, '*/*'],
  ])('%s is one part an instance, byte for byte', async (_what, url, accept) => {
    const response = await server.get(admin, url, { accept });
    expect(response.headers['content-type']).toMatch(/^multipart\/related; type="application\/dicom"; boundary=/);
    const parts = splitRelated(response);
    expect(parts).toHaveLength(files.size);
    const bytes = new Set([...files.values()].map((file) => cleared(file).toString('base64')));
    expect(new Set(parts.map(({ body }) => body.toString('base64')))).toEqual(bytes);
    expect(parts[0]?.headers).toMatch(/^Content-Type: application\/dicom; transfer-syntax=1\.2/);
  });

  test('one instance as multipart', async () => {
    const [uid = '', file = Buffer.alloc(0)] = [...files][0] ?? [];
    const response = await server.get(admin, `${series}/instances/${uid}`, {
      accept: 'multipart/related; type="application/dicom"',
    });
    const parts = splitRelated(response);
    expect(parts).toHaveLength(1);
    expect(parts[0]?.body.equals(cleared(file))).toBe(true);
  });

  test.each([`/studies/${SURVEY}`, series])('%s as ZIP (Sup 211) opens with unzip and holds every file', async (url) => {
    const response = await server.get(admin, url, { accept: 'application/zip' });
    expect(response.headers['content-type']).toBe('application/zip');
    const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-zip-'));
    try {
      writeFileSync(path.join(folder, 'study.zip'), response.rawPayload);
      const script =
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])';
      execFileSync('python3', ['-c', script, path.join(folder, 'study.zip'), folder]);
      for (const [uid, file] of files)
        expect(readFileSync(path.join(folder, series.split('/').at(-1) ?? '', `${uid}.dcm`)).equals(cleared(file))).toBe(true);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test.each([
    'image/jpeg',
    'application/dicom; transfer-syntax=1.2.840.10008.1.2.4.999',
    'multipart/related; type="application/dicom"; transfer-syntax=9.9',
    'text/html',
  ])('what can not be given is 406: %s', async (accept) => {
    expect((await server.get(admin, `${series}/instances/${[...files.keys()][0]}`, { accept })).statusCode).toBe(406);
  });

  test('a whole series is no single file', async () => {
    expect((await server.get(admin, series, { accept: 'application/dicom' })).statusCode).toBe(406);
  });

  test('HEAD answers with the headers alone', async () => {
    const response = await server.app.inject({
      method: 'HEAD',
      url: `/dicom-web${instancePath(rowOf(rows, 'pydicom/CT_small.dcm'))}`,
      headers: { cookie: admin.cookie, accept: 'application/dicom' },
    });
    expect([response.statusCode, response.rawPayload.length]).toEqual([200, 0]);
  });
});
