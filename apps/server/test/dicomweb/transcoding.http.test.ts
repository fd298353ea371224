import { frameFormatOf } from '@negatoscope/dicom';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import {
  type DicomwebServer,
  firstValue,
  hasTestData,
  instancePath,
  type ManifestRow,
  manifest,
  openDicomweb,
  readTestFile,
  rowOf,
  splitRelated,
} from './support.ts';
import { byDcmtk, framesOf, hasDcmtk, headerOf, look, parse } from './transcoding-support.ts';

const [IMPLICIT, EXPLICIT] = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1'];
const [RLE, JPEG, JPEG_LS] = ['1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.50', '1.2.840.10008.1.2.4.80'];
const [J2K, HTJ2K] = ['1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.201'];
const NATIVE = [IMPLICIT, EXPLICIT];
const LOSSLESS = [...NATIVE, RLE, JPEG_LS, J2K, HTJ2K];
/** Through every syntax in the long run only: many large frames, of which small ones of grey (emri_small_RLE) and colour (sm_image) stand here. */
const LARGE = ['fo-dicom/MOVEKNEE.dcm', 'pydicom/examples_ybr_color.dcm'];

/** Its published hash is of shared chrominance, which is decoded to three samples a pixel. */
const SHARED = 'pydicom/SC_ybr_full_422_uncompressed.dcm';

/** Sources and the targets that refuse them. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  'pydicom/CT_small.dcm': [JPEG],
  'pydicom/MR_small_bigendian.dcm': [JPEG],
  'highdicom/dx_image.dcm': [],
  'pydicom-data/emri_small_RLE.dcm': [JPEG],
  'highdicom/sm_image.dcm': [],
  'pydicom/examples_palette.dcm': [JPEG],
  'pydicom/image_dfl.dcm': [],
  'pydicom/examples_jpeg2k.dcm': [],
  'fo-dicom/IM-0001-0001-0001.dcm': [JPEG],
  'fo-dicom/MOVEKNEE.dcm': [JPEG],
  'weasis-dicom-tools/signed-raw-9bit.dcm': [JPEG],
  'pydicom-data/SC_rgb_16bit.dcm': [JPEG, J2K, HTJ2K],
  'pydicom/rtdose_rle.dcm': [JPEG, JPEG_LS, J2K, HTJ2K],
  'fo-dicom/series-MR-survey/adb1_1.dcm': [JPEG],
  'pydicom-data/color-pl.dcm': [],
  'pydicom/SC_ybr_full_422_uncompressed.dcm': [J2K, HTJ2K],
  'pydicom/examples_ybr_color.dcm': [],
  'fo-dicom/JPEGwithIcon.dcm': [],
  'pydicom/liver_1frame.dcm': [RLE, JPEG, JPEG_LS, J2K, HTJ2K],
  'pydicom-data/liver_deflate.dcm': [RLE, JPEG, JPEG_LS, J2K, HTJ2K],
  'highdicom/seg_image_ct_binary.dcm': [RLE, JPEG, JPEG_LS, J2K, HTJ2K],
  'pydicom-data/parametric_map_float.dcm': [RLE, JPEG, JPEG_LS, J2K, HTJ2K],
};

describe.skipIf(!hasTestData)('files in another transfer syntax (PS3.18 10.4.4, PS3.5 8.2, annex A)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  const pool = new CodecPool();
  let server: DicomwebServer;
  let admin: Browser;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const answer = await server.store(admin, Object.keys(SOURCES).map(readTestFile));
    expect(answer.json()['00081199'].Value.filter((one: object) => '00081190' in one)).toHaveLength(Object.keys(SOURCES).length);
  }, 60_000);
  afterAll(async () => {
    await server.close();
    await pool.close();
  });

  const get = (file: string, uid: string, query = 'original=true') =>
    server.get(admin, `${instancePath(rowOf(rows, file))}?${query}`, { accept: `application/dicom; transfer-syntax=${uid}` });

  async function isFaithful(file: string, uid: string, before: readonly string[]): Promise<void> {
    const stored = readTestFile(file);
    const response = await get(file, uid);
    expect([uid, response.statusCode]).toEqual([uid, 200]);
    const sent = response.rawPayload;
    expect(response.headers['content-type']).toBe(`application/dicom; transfer-syntax=${uid}`);
    expect(response.headers['content-length']).toBe(String(sent.length));
    const parsed = parse(sent);
    expect(parsed.fileMeta['00020010']?.Value).toEqual([uid]);
    const faults = parsed.warnings.filter(({ code }) => !/UNCERTAIN|INVALID_NUMBER|CHARACTER/.test(code));
    expect(faults).toEqual([]);
    expect(look(await framesOf(pool, sent))).toEqual(before);
    expect(headerOf(sent, uid === IMPLICIT)).toEqual(headerOf(stored, uid === IMPLICIT));
    const theirs = hasDcmtk ? byDcmtk(sent) : sent;
    if (theirs !== sent) expect([uid, look(await framesOf(pool, theirs))]).toEqual([uid, before]);
  }

  test.each(Object.entries(SOURCES).filter(([file], place) => isLong || (place % 2 === 0 && !LARGE.includes(file))))(
    '%s comes with the same pixels and header in every lossless syntax that can hold it, 406 in others',
    { timeout: 120_000 },
    async (file, refused) => {
      const before = look(await framesOf(pool, readTestFile(file)));
      const row = rowOf(rows, file);
      if (row.pixel_exact === 'exact' && file !== SHARED) expect(before[0]?.split(' ').at(-1)).toBe(row.pixel_sha256);
      // One of the six in `npm test`, another for the next file.
      const place = Object.keys(SOURCES).indexOf(file) / 2;
      for (const uid of LOSSLESS.filter((_uid, at) => isLong || (at + place) % 6 === 0)) {
        if (!refused.includes(uid)) await isFaithful(file, uid, before);
        else expect((await get(file, uid)).json()).toMatchObject({ status: 406, code: 'NOT_ACCEPTABLE' });
      }
    },
  );

  const LOSSY = Object.entries(SOURCES).flatMap(([file, refused]) => (refused.includes(JPEG) ? [] : [file]));
  test.each(LOSSY.filter((_file, place) => isLong || place % 2 === 1))(
    '%s in JPEG baseline says what was lost (PS3.3 C.7.6.1.1.5)',
    { timeout: 60_000 },
    async (file) => {
      const stored = readTestFile(file);
      if (parse(stored).transferSyntaxUid === JPEG) return;
      const response = await get(file, JPEG);
      expect(response.statusCode).toBe(200);
      const { json } = parse(response.rawPayload);
      const before = await framesOf(pool, stored);
      const isColor = before[0]?.samplesPerPixel === 3;
      expect(firstValue(json, '00280004')).toBe(isColor ? 'YBR_FULL_422' : before[0]?.photometricInterpretation);
      expect(firstValue(json, '00282110')).toBe('01');
      expect(json['00282112']?.Value?.at(-1)).toBeGreaterThan(0);
      expect(json['00282114']?.Value?.at(-1)).toBe('ISO_10918_1');
      expect(firstValue(json, '00080018')).toBe(rowOf(rows, file).sop_instance_uid);
      for (const sent of [response.rawPayload, ...(hasDcmtk ? [byDcmtk(response.rawPayload)] : [])]) {
        const after = await framesOf(pool, sent);
        expect(after).toHaveLength(before.length);
        const [one, other] = [before.at(-1), after.at(-1)];
        if (one?.photometricInterpretation !== other?.photometricInterpretation) continue;
        const error = one?.pixels.reduce((sum, value, i) => sum + Math.abs(value - (other?.pixels[i] ?? 0)), 0) ?? 0;
        expect(error / (one?.pixels.length ?? 1)).toBeLessThan(12);
      }
    },
  );

  test('a second loss is told beside the first, and what is decoded stays lossy', async () => {
    const decoded = parse((await get('pydicom/examples_ybr_color.dcm', EXPLICIT)).rawPayload).json;
    expect(firstValue(decoded, '00282110')).toBe('01');
    const jpeg = parse((await get('pydicom/examples_jpeg2k.dcm', JPEG)).rawPayload).json;
    expect(jpeg['00282112']?.Value).toHaveLength((jpeg['00282114']?.Value ?? []).length);
  });

  test('the better quality wins, among equals what is stored; the accept parameter wins over the header', async () => {
    const url = instancePath(rowOf(rows, 'pydicom-data/emri_small_RLE.dcm'));
    const syntaxFor = async (accept: string, query = ''): Promise<string | undefined> =>
      String((await server.get(admin, `${url}${query}`, { accept })).headers['content-type']).split('transfer-syntax=')[1];
    const range = (uid: string, q = '1') => `application/dicom; transfer-syntax=${uid}; q=${q}`;
    expect(await syntaxFor(`${range(J2K, '0.5')}, ${range(JPEG_LS, '0.9')}`)).toBe(JPEG_LS);
    expect(await syntaxFor(`${range(J2K)}, ${range(RLE)}`)).toBe(RLE);
    expect(await syntaxFor(`${range(JPEG)}, ${range(HTJ2K, '0.1')}`)).toBe(HTJ2K);
    expect(await syntaxFor(`${range(J2K)}, ${range('*', '0.2')}`)).toBe(J2K);
    expect(await syntaxFor('application/dicom')).toBe(RLE);
    expect(await syntaxFor('application/dicom; transfer-syntax=*')).toBe(RLE);
    expect(await syntaxFor('application/dicom', `?accept=${encodeURIComponent(range(EXPLICIT))}`)).toBe(EXPLICIT);
  });

  test('a study, a series and a ZIP come in the wanted syntax', async () => {
    const row = rowOf(rows, 'fo-dicom/MOVEKNEE.dcm');
    const before = look(await framesOf(pool, readTestFile('fo-dicom/MOVEKNEE.dcm')));
    for (const url of [
      `/studies/${row.study_instance_uid}`,
      `/studies/${row.study_instance_uid}/series/${row.series_instance_uid}`,
    ]) {
      const accept = `multipart/related; type="application/dicom"; transfer-syntax=${JPEG_LS}`;
      const response = await server.get(admin, url, { accept });
      const [part] = splitRelated(response);
      expect([response.statusCode, part?.headers]).toEqual([200, `Content-Type: application/dicom; transfer-syntax=${JPEG_LS}`]);
      expect(look(await framesOf(pool, part?.body ?? Buffer.alloc(0)))).toEqual(before);
      const zip = await server.get(admin, url, { accept: `application/zip; transfer-syntax=${JPEG_LS}` });
      expect([zip.statusCode, zip.headers['content-type']]).toEqual([200, 'application/zip']);
      // Entries are stored, not packed: the very file stands in the archive.
      expect(zip.rawPayload.includes(part?.body ?? Buffer.alloc(1))).toBe(true);
    }
  });

  test('the Basic Offset Table names every frame, and each is one fragment (PS3.5 A.4)', async () => {
    const sent = (await get('fo-dicom/MOVEKNEE.dcm', RLE)).rawPayload;
    const { pixelData } = parse(sent);
    const at = pixelData?.offset ?? 0;
    expect([sent.readUInt32LE(at), sent.readUInt32LE(at + 4)]).toEqual([0xe000fffe, 19 * 4]);
    const base = at + 8 + 19 * 4;
    for (let frame = 0; frame < 19; frame += 1) {
      const offset = sent.readUInt32LE(at + 8 + frame * 4);
      expect(sent.readUInt32LE(base + offset)).toBe(0xe000fffe);
    }
  });

  const FRAMES: [string, string, string][] = [
    ['image/jls', 'pydicom/CT_small.dcm', JPEG_LS],
    [`image/jls; transfer-syntax=${JPEG_LS}`, 'pydicom/examples_jpeg2k.dcm', JPEG_LS],
    ['image/jp2', 'pydicom-data/emri_small_RLE.dcm', J2K],
    ['image/jphc', 'highdicom/sm_image.dcm', HTJ2K],
    ['image/dicom-rle', 'fo-dicom/MOVEKNEE.dcm', RLE],
  ];
  test.each(FRAMES)('frames come as %s of %s', async (accept, file, uid) => {
    const url = `${instancePath(rowOf(rows, file))}/frames/1`;
    const response = await server.get(admin, url, { accept });
    expect([response.statusCode, response.headers['content-type']]).toEqual([
      200,
      `${accept.split(';')[0]}; transfer-syntax=${uid}`,
    ]);
    const parsed = parse(readTestFile(file));
    const format = { ...frameFormatOf(parsed.json, '7FE00010'), transferSyntaxUid: uid };
    const [before] = await framesOf(pool, readTestFile(file));
    const colors = before?.samplesPerPixel === 3 && (uid === J2K || uid === HTJ2K) ? 'YBR_RCT' : 'MONOCHROME2';
    const after = await pool.decodeFrame({ ...format, photometricInterpretation: colors, bytes: response.rawPayload });
    expect(Buffer.compare(after.pixels, before?.pixels ?? Buffer.alloc(0))).toBe(0);
    const etag = String(response.headers.etag);
    expect((await server.get(admin, url, { accept, 'if-none-match': etag })).statusCode).toBe(304);
    expect((await server.get(admin, url, { accept: 'application/octet-stream', 'if-none-match': etag })).statusCode).toBe(200);
  });

  test('image/jpeg is lossless unless its transfer syntax says otherwise (Table 8.7.3-2), and 406 without an encoder', async () => {
    const url = `${instancePath(rowOf(rows, 'pydicom/image_dfl.dcm'))}/frames/1`;
    const accept = `multipart/related; type="image/jpeg"; transfer-syntax=${JPEG}`;
    const response = await server.get(admin, url, { accept });
    expect([response.statusCode, splitRelated(response)[0]?.headers]).toEqual([
      200,
      `Content-Type: image/jpeg; transfer-syntax=${JPEG}`,
    ]);
    for (const other of ['image/jpeg', `image/jls; transfer-syntax=${J2K}`, `application/octet-stream; transfer-syntax=${J2K}`])
      expect([other, (await server.get(admin, url, { accept: other })).statusCode]).toEqual([other, 406]);
    const bits = `${instancePath(rowOf(rows, 'pydicom/liver_1frame.dcm'))}/frames/1`;
    expect((await server.get(admin, bits, { accept: 'image/jls' })).statusCode).toBe(406);
    expect((await server.get(admin, bits, { accept: 'image/jls, application/octet-stream; q=0.5' })).statusCode).toBe(200);
  });

  test('WADO-URI takes transferSyntax (PS3.18 9.1.2.2.4)', async () => {
    const row = rowOf(rows, 'pydicom/CT_small.dcm');
    const url = `/wado?requestType=WADO&studyUID=${row.study_instance_uid}&seriesUID=${row.series_instance_uid}&objectUID=${row.sop_instance_uid}&contentType=application/dicom&transferSyntax=`;
    const sent = await server.get(admin, `${url}${JPEG_LS}`);
    expect(look(await framesOf(pool, sent.rawPayload))).toEqual(look(await framesOf(pool, readTestFile('pydicom/CT_small.dcm'))));
    const codes = await Promise.all(
      [JPEG, '1.2.3', 'jpeg', `1${'.2'.repeat(40)}`].map(async (uid) => (await server.get(admin, url + uid)).statusCode),
    );
    expect(codes).toEqual([406, 406, 400, 400]);
  });
});
