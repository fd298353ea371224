import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import {
  type DicomwebServer,
  hasTestData,
  instancePath,
  type Json,
  type ManifestRow,
  manifest,
  openDicomweb,
  readTestFile,
  rowOf,
  splitRelated,
} from './support.ts';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const FILES = [
  'pydicom/CT_small.dcm',
  'pydicom/MR_small_bigendian.dcm',
  'pydicom/image_dfl.dcm',
  'pydicom/examples_palette.dcm',
  'dcmjs-dimse/ebe.dcm',
  'pydicom/waveform_ecg.dcm',
  'pydicom/liver_1frame.dcm',
  'dcmjs-dimse/pdf.dcm',
];

/** Pairs of a bulk value of ours and the oracle's, sequences included. */
function bulkPairs(json: Json, oracle: Json): [string, string][] {
  return Object.entries(json).flatMap(([tag, element]: [string, Json]): [string, string][] => {
    const other = oracle[tag];
    if (element.BulkDataURI !== undefined && other?.BulkDataURI !== undefined) return [[element.BulkDataURI, other.BulkDataURI]];
    if (element.vr !== 'SQ' || element.Value === undefined) return [];
    return element.Value.flatMap((item: Json, index: number) => bulkPairs(item, other?.Value?.[index] ?? {}));
  });
}

describe.skipIf(!hasTestData)('bulk data (PS3.18 10.4.1.1.5)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  let server: DicomwebServer;
  let admin: Browser;
  const below = (uri: string): string => uri.slice(`${server.settings.publicUrl}/dicom-web`.length);
  const uriOf = async (file: string, tag: string): Promise<string> => {
    const [json] = await server.json(admin, `${instancePath(rowOf(rows, file))}/metadata`);
    return below(json[tag].BulkDataURI);
  };

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    expect((await server.store(admin, FILES.map(readTestFile))).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  test.each(FILES)('%s: each address in the metadata gives the bytes of the oracle, little endian', async (file) => {
    const [json] = await server.json(admin, `${instancePath(rowOf(rows, file))}/metadata`);
    const pairs = bulkPairs(json, JSON.parse(readTestFile(`oracle/${file}.json`).toString()));
    expect(pairs.length).toBeGreaterThan(0);
    for (const [uri, expected] of pairs) {
      const response = await server.get(admin, below(uri), { accept: 'application/octet-stream' });
      expect(response.statusCode).toBe(200);
      expect(`sha256:${sha256(response.rawPayload)};bytes=${response.rawPayload.length}`, uri).toBe(expected);
    }
  });

  test.each(['pydicom/CT_small.dcm', 'pydicom/MR_small_bigendian.dcm', 'pydicom/image_dfl.dcm'])(
    'byte ranges of %s (RFC 9110 14)',
    async (file) => {
      const url = await uriOf(file, '7FE00010');
      const whole = (await server.get(admin, url)).rawPayload;
      for (const [range, start, end] of [
        ['bytes=0-9', 0, 10],
        ['bytes=100-', 100, whole.length],
        ['bytes=-7', whole.length - 7, whole.length],
        ['bytes=5-99999999', 5, whole.length],
      ] as const) {
        const response = await server.get(admin, url, { range });
        expect(response.statusCode).toBe(206);
        expect(response.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${whole.length}`);
        expect(response.rawPayload.equals(whole.subarray(start, end)), range).toBe(true);
      }
      const beyond = await server.get(admin, url, { range: `bytes=${whole.length}-` });
      expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${whole.length}`]);
      expect((await server.get(admin, url, { range: 'lines=1-2' })).statusCode).toBe(200);
    },
  );

  test('one value as a part that names where it is from', async () => {
    const url = await uriOf('dcmjs-dimse/pdf.dcm', '00420011');
    const whole = (await server.get(admin, url)).rawPayload;
    const [part] = splitRelated(await server.get(admin, url, { accept: 'multipart/related; type="application/octet-stream"' }));
    expect(part?.body.equals(whole)).toBe(true);
    expect(part?.headers).toContain(`Content-Location: ${server.settings.publicUrl}/dicom-web${url}`);
    expect((await server.get(admin, url, { accept: 'application/pdf' })).statusCode).toBe(406);
  });

  test('all values of an instance, series or study at once', async () => {
    const row = rowOf(rows, 'pydicom/waveform_ecg.dcm');
    const all = splitRelated(await server.get(admin, `${instancePath(row)}/bulkdata`));
    expect(all.length).toBeGreaterThanOrEqual(1);
    for (const { headers, body } of all) {
      const location = /Content-Location: (\S+)/.exec(headers)?.[1] ?? '';
      expect((await server.get(admin, below(location))).rawPayload.equals(body)).toBe(true);
    }
    const study = splitRelated(await server.get(admin, `/studies/${row.study_instance_uid}/bulkdata`));
    expect(study).toHaveLength(all.length);
  });

  test('pixeldata is every frame', async () => {
    const row = rowOf(rows, 'pydicom/CT_small.dcm');
    const frame = (await server.get(admin, `${instancePath(row)}/frames/1`, { accept: 'application/octet-stream' })).rawPayload;
    for (const url of [instancePath(row), `/studies/${row.study_instance_uid}`]) {
      const parts = splitRelated(await server.get(admin, `${url}/pixeldata`));
      expect(parts).toHaveLength(1);
      expect(parts[0]?.body.equals(frame)).toBe(true);
      expect(parts[0]?.headers).toContain('/frames/1');
    }
    expect((await server.get(admin, `${instancePath(rowOf(rows, 'dcmjs-dimse/pdf.dcm'))}/pixeldata`)).statusCode).toBe(404);
  });

  test.each(['0-1-be3', 'x', '-1-5', '0-99999999', '1e3-4', '../../x', '0-4%00', '99999999999999999-4'])(
    '%s names nothing',
    async (reference) => {
      const response = await server.get(
        admin,
        `${instancePath(rowOf(rows, 'pydicom/CT_small.dcm'))}/bulkdata/${encodeURIComponent(reference)}`,
      );
      expect(response.statusCode).toBe(404);
    },
  );
});
