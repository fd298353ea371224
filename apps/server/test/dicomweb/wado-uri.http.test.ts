import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, hasTestData, type ManifestRow, manifest, openDicomweb, readTestFile, rowOf } from './support.ts';

const FILE = 'pydicom/CT_small.dcm';

describe.skipIf(!hasTestData)('WADO-URI (PS3.18 9)', () => {
  const row = hasTestData ? rowOf(manifest(), FILE) : ({} as ManifestRow);
  const base = `/wado?requestType=WADO&studyUID=${row.study_instance_uid}&seriesUID=${row.series_instance_uid}&objectUID=${row.sop_instance_uid}`;
  let server: DicomwebServer;
  let admin: Browser;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    await server.store(admin, [readTestFile(FILE)]);
  });
  afterAll(() => server.close());

  test('application/dicom is the stored file', async () => {
    const response = await server.get(admin, `${base}&contentType=application/dicom`);
    expect(response.statusCode).toBe(200);
    expect(response.rawPayload.subarray(128).equals(readTestFile(FILE).subarray(128))).toBe(true);
    const other = await server.get(admin, `${base}&contentType=application/dicom&transferSyntax=1.2.840.10008.1.2.4.50`);
    expect(other.statusCode).toBe(406);
  });

  test('images are JPEG unless another type is wanted', async () => {
    const jpeg = await server.get(admin, base);
    expect([jpeg.statusCode, jpeg.headers['content-type']]).toEqual([200, 'image/jpeg']);
    expect(jpeg.rawPayload.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    const png = await server.get(
      admin,
      `${base}&contentType=image/png&windowCenter=40&windowWidth=400&rows=64&columns=64&frameNumber=1`,
    );
    expect([png.statusCode, png.headers['content-type']]).toEqual([200, 'image/png']);
    expect(png.rawPayload.readUInt32BE(16)).toBe(64);
    expect((await server.get(admin, `${base}&frameNumber=2`)).statusCode).toBe(404);
    expect((await server.get(admin, `${base}&contentType=video/mpeg`)).statusCode).toBe(406);
  });
});
