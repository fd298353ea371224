import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
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

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const NATIVE = ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.1.99'];

/** Frames of one bit a pixel as the manifest has them: one byte a pixel. */
const unpacked = (bytes: Buffer, pixels: number): Buffer =>
  Buffer.from(Array.from({ length: pixels }, (_, index) => ((bytes[index >> 3] ?? 0) >> (index & 7)) & 1));

/** Colour by plane as the manifest has it: by pixel. */
const interleaved = (planes: Buffer): Buffer =>
  Buffer.from(planes.map((_, index) => planes[(index % 3) * (planes.length / 3) + Math.floor(index / 3)] ?? 0));

/** One file for each SOP Instance UID, those with the given property. */
function chosen(rows: ReadonlyMap<string, ManifestRow>, wanted: (row: ManifestRow) => boolean): ManifestRow[] {
  const seen = new Set<string>();
  return [...rows.values()].filter((row) => {
    const uid = row.sop_instance_uid ?? '';
    if (row.expected !== 'ok' || row.study_instance_uid === '' || !wanted(row) || seen.has(uid)) return false;
    seen.add(uid);
    return true;
  });
}

describe.skipIf(!hasTestData)('frames (PS3.18 10.4.1.1.6)', () => {
  const rows = hasTestData ? manifest() : new Map<string, ManifestRow>();
  const native = chosen(
    rows,
    (row) => NATIVE.includes(row.transfer_syntax_uid ?? '') && row.pixel_exact === 'exact' && row.pixel_sha256 !== '',
  );
  let server: DicomwebServer;
  let admin: Browser;
  let kept: ManifestRow[] = [];

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const answer = await server.store(
      admin,
      native.map((row) => readTestFile(row.file ?? '')),
    );
    const json = answer.json();
    const stored = new Set(json['00081199'].Value.map((one: Json) => ('00081190' in one ? firstValue(one, '00081155') : '')));
    kept = native.filter((row) => stored.has(row.sop_instance_uid));
    expect(kept.length).toBeGreaterThan(50);
  });
  afterAll(() => server.close());

  test('every uncompressed one has the pixels of the manifest, big endian, deflated and single bits included', async () => {
    const wrong: string[] = [];
    for (const row of kept.filter((_row, place) => isLong || place % 2 === 0)) {
      const response = await server.get(admin, `${instancePath(row)}/frames/1`, { accept: 'application/octet-stream' });
      const pixels = Number(row.rows) * Number(row.columns) * Number(row.samples_per_pixel);
      const bytes = row.bits_allocated === '1' ? unpacked(response.rawPayload, pixels) : response.rawPayload;
      const expected = Number(row.bits_allocated) === 1 ? pixels : (pixels * Number(row.bits_allocated)) / 8;
      // Half-sampled colour leaves as it is stored (8.7.3.3.2); the manifest has it by pixel.
      if (bytes.length !== expected) continue;
      const oracle = JSON.parse(readTestFile(row.oracle_json ?? '').toString());
      const byPixel = firstValue(oracle, '00280006') === 1 ? interleaved(bytes) : bytes;
      if (sha256(byPixel) !== row.pixel_sha256) wrong.push(`${row.file} ${row.transfer_syntax_uid} ${row.pixel_layout}`);
    }
    expect(wrong).toEqual([]);
  });

  test('lists come in the order asked for, one part each with its media type', async () => {
    const row = rowOf(rows, 'highdicom/sm_image.dcm');
    const single = async (frame: number): Promise<Buffer> =>
      (await server.get(admin, `${instancePath(row)}/frames/${frame}`, { accept: 'application/octet-stream' })).rawPayload;
    const response = await server.get(admin, `${instancePath(row)}/frames/3,1,25`, {
      accept: 'multipart/related; type="application/octet-stream"',
    });
    expect(response.headers['content-type']).toMatch(/^multipart\/related; type="application\/octet-stream"; boundary=/);
    const parts = splitRelated(response);
    expect(parts.map(({ headers }) => headers)).toEqual(
      Array(3).fill('Content-Type: application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1'),
    );
    expect(parts.map(({ body }) => sha256(body))).toEqual(
      await Promise.all([3, 1, 25].map(async (n) => sha256(await single(n)))),
    );
  });

  test('frames that begin inside a byte are moved to its border (PS3.5 8.1.1)', async () => {
    const row = rowOf(rows, 'pydicom-data/liver_nonbyte_aligned.dcm');
    await server.store(admin, [readTestFile(row.file ?? '')]);
    for (const frame of [1, 2, 3]) {
      const response = await server.get(admin, `${instancePath(row)}/frames/${frame}`, { accept: 'application/octet-stream' });
      expect(response.rawPayload).toHaveLength(Math.ceil((510 * 510) / 8));
      if (frame === 1) expect(sha256(unpacked(response.rawPayload, 510 * 510))).toBe(row.pixel_sha256);
    }
  });

  test('a validator answers 304, and each form has its own', async () => {
    const path = `${instancePath(rowOf(rows, 'pydicom/CT_small.dcm'))}/frames/1`;
    const { headers } = await server.get(admin, path, { accept: 'application/octet-stream' });
    const etag = String(headers.etag);
    expect(headers['cache-control']).toBe('private, no-cache');
    const again = await server.get(admin, path, { accept: 'application/octet-stream', 'if-none-match': etag });
    expect([again.statusCode, again.rawPayload.length]).toEqual([304, 0]);
    expect((await server.get(admin, path, { 'if-none-match': etag })).statusCode).toBe(200);
  });

  test.each<[string, number]>([
    ['/frames/0', 404],
    ['/frames/2', 404],
    ['/frames/999999999', 404],
    ['/frames/99999999999999999999', 400],
    ['/frames/-1', 400],
    ['/frames/1,', 400],
    ['/frames/1,,1', 400],
    ['/frames/one', 400],
    ['/frames/1.5', 400],
    ['/frames/%00', 400],
    [`/frames/${'1,'.repeat(2000)}1`, 400],
    [`/frames/${'1,'.repeat(6000)}1`, 414],
  ])('%s answers %i', async (path, status) => {
    const response = await server.get(admin, `${instancePath(rowOf(rows, 'pydicom/MR_small_implicit.dcm'))}${path}`);
    expect(response.statusCode).toBe(status);
  });

  const packed = chosen(rows, (row) => Number(row.frames) === 1 && !NATIVE.includes(row.transfer_syntax_uid ?? '')).slice(0, 25);
  test('compressed ones leave as they are stored, with the media type of their syntax (Table 8.7.3-5)', async () => {
    const other = await openDicomweb();
    const someone = await other.login('ADMIN');
    await other.store(
      someone,
      packed.map((row) => readTestFile(row.file ?? '')),
    );
    const wrong: string[] = [];
    let compared = 0;
    for (const row of packed) {
      const oracle = /sha256:(\w+);(?:fragments=\d+;)?bytes=(\d+)/.exec(
        JSON.parse(readTestFile(row.oracle_json ?? '').toString())['7FE00010']?.BulkDataURI ?? '',
      );
      const response = await other.get(someone, `${instancePath(row)}/frames/1`, {
        accept: 'application/octet-stream; transfer-syntax=*',
      });
      if (oracle === null || response.statusCode === 404) continue;
      compared += 1;
      if (sha256(response.rawPayload) !== oracle[1])
        wrong.push(`${row.file} ${response.statusCode} ${response.rawPayload.length} ${oracle[2]}`);
      expect(response.headers['content-type']).toContain(`transfer-syntax=${row.transfer_syntax_uid}`);
    }
    await other.close();
    expect(compared).toBeGreaterThan(10);
    expect(wrong).toEqual([]);
  });
});
