import { gunzipSync } from 'node:zlib';
import { canonicalJson } from '@negatoscope/dicom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import {
  type DicomwebServer,
  firstValue,
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

const FILES = [
  'pydicom/CT_small.dcm',
  'pydicom/MR_small_bigendian.dcm',
  'pydicom/image_dfl.dcm',
  'pydicom/rtplan.dcm',
  'pydicom/test-SR.dcm',
  'pydicom/waveform_ecg.dcm',
  'pydicom/charset/chrH31.dcm',
  'highdicom/sm_image.dcm',
  'highdicom/seg_image_ct_binary.dcm',
  'dcmjs-dimse/pdf.dcm',
];
/** What the index lays over, and what a dataset in Unicode does not need. */
const OVERLAID = new Set(['00100010', '00100020', '00100030', '00100040', '00081030', '00080005']);

/** Attributes that both hold inline; values that the oracle moved out for their size are compared by the bulk data tests. */
function comparable(json: Json, other: Json): Json {
  const entries = Object.entries(json).filter(
    ([tag, element]: [string, Json]) =>
      !OVERLAID.has(tag) &&
      !JSON.stringify([element, other[tag] ?? {}]).includes('BulkDataURI') &&
      element.vr !== 'UN' &&
      other[tag]?.vr !== 'UN',
  );
  return Object.fromEntries(entries);
}

describe.skipIf(!hasTestData)('metadata (PS3.18 10.4.1.1.2)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  let server: DicomwebServer;
  let admin: Browser;
  const ct = (): ManifestRow => rowOf(rows, 'pydicom/CT_small.dcm');

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const survey = [...rows.keys()].filter((name) => name.startsWith('fo-dicom/series-MR-survey/'));
    expect((await server.store(admin, [...FILES, ...survey].map(readTestFile))).statusCode).toBe(200);
  });
  afterAll(() => server.close());

  test.each(FILES)('%s says what the oracle says', async (file) => {
    const [json] = await server.json(admin, `${instancePath(rowOf(rows, file))}/metadata`);
    const oracle = JSON.parse(readTestFile(`oracle/${file}.json`).toString('utf8'));
    expect(canonicalJson(comparable(json, oracle))).toBe(canonicalJson(comparable(oracle, json)));
    expect(firstValue(json, '00100020')).toBe(firstValue(oracle, '00100020') ?? firstValue(json, '00100020'));
  });

  test('attributes stand in ascending order, groups above 0FFF included (F.2.2)', async () => {
    const { body } = await server.get(admin, `${instancePath(rowOf(rows, 'highdicom/seg_image_ct_binary.dcm'))}/metadata`);
    expect(body.startsWith('[{"0008')).toBe(true);
    expect(body.lastIndexOf('"7FE00010"')).toBeGreaterThan(body.lastIndexOf('"52009230"'));
    expect(body.indexOf('"52009229"')).toBeGreaterThan(body.indexOf('"00280010"'));
  });

  test('series come in the order of their instances, and instances are the same text', async () => {
    const uid = '1.3.46.670589.11.30.6.106253130282775287';
    const [series] = await server.json(admin, `/studies/${uid}/series`);
    const path = `/studies/${uid}/series/${firstValue(series, '0020000E')}`;
    const all = await server.json(admin, `${path}/metadata`);
    expect(all).toHaveLength(11);
    for (const one of all.slice(0, 3))
      expect(await server.json(admin, `${path}/instances/${firstValue(one, '00080018')}/metadata`)).toEqual([one]);
    expect(await server.json(admin, `/studies/${uid}/metadata`)).toEqual(all);
  });

  test('a study of several series is one array, packed or not', async () => {
    const { study_instance_uid: uid } = rowOf(rows, 'pydicom/CT_small.dcm');
    const plain = await server.get(admin, `/studies/${uid}/metadata`);
    const packed = await server.get(admin, `/studies/${uid}/metadata`, { 'accept-encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(packed.rawPayload).toString())).toEqual(plain.json());
    const refused = await server.get(admin, `/studies/${uid}/metadata`, { 'accept-encoding': 'gzip;q=0' });
    expect(refused.headers['content-encoding']).toBeUndefined();
  });

  test('a validator answers 304, and changes with the patient (RFC 9110 13.1.2)', async () => {
    const path = `${instancePath(ct())}/metadata`;
    const first = await server.get(admin, path);
    const etag = String(first.headers.etag);
    expect(etag).toMatch(/^"[\w-]+"$/);
    for (const wanted of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await server.get(admin, path, { 'if-none-match': wanted });
      expect([again.statusCode, again.body]).toEqual([304, '']);
    }
    await server.db.withSystem((tx) =>
      tx.run("UPDATE patients SET family_name = 'Renamed', person_name = '', updated_at = now() WHERE external_id = '1CT1'"),
    );
    const renamed = await server.get(admin, path, { 'if-none-match': etag });
    expect(renamed.statusCode).toBe(200);
    expect(firstValue(renamed.json()[0], '00100010').Alphabetic).toMatch(/^Renamed/);
  });

  test('XML is a Native DICOM Model for each instance (PS3.19 A.1)', async () => {
    const accept = 'multipart/related; type="application/dicom+xml"';
    const response = await server.get(admin, `${instancePath(rowOf(rows, 'pydicom/charset/chrH31.dcm'))}/metadata`, { accept });
    const [part, more] = splitRelated(response);
    expect(more).toBeUndefined();
    const xml = part?.body.toString() ?? '';
    expect(xml).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<NativeDicomModel /);
    expect(xml).toContain('<Ideographic><FamilyName>山田</FamilyName><GivenName>太郎</GivenName></Ideographic>');
    expect(xml).toMatch(/tag="00280010" vr="US" keyword="Rows"><Value number="1">32<\/Value>/);
    const report = await server.get(admin, `${instancePath(rowOf(rows, 'pydicom/test-SR.dcm'))}/metadata`, { accept });
    expect(report.body).toMatch(/keyword="ContentSequence"><Item number="1"><DicomAttribute/);
  });

  test('what is not there is 404, what is not spoken 406', async () => {
    const path = instancePath(ct());
    expect((await server.get(admin, `${path}9/metadata`)).statusCode).toBe(404);
    expect((await server.get(admin, '/studies/1.2.3/metadata')).statusCode).toBe(404);
    expect((await server.get(admin, `${path}/metadata`, { accept: 'image/jpeg' })).statusCode).toBe(406);
  });
});
