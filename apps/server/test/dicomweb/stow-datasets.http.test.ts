import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { itInLongRun } from '../support/sample.ts';
import { BOUNDARY, type DicomwebServer, firstValue, type Json, openDicomweb, type Part, relatedBody } from './support.ts';

const STUDY = '1.2.826.0.1.97';
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

const dataset = (number: number, side: number, more: Json = {}): Json => ({
  '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.7'] },
  '00080018': { vr: 'UI', Value: [`${STUDY}.1.${number}`] },
  '00080060': { vr: 'CS', Value: ['OT'] },
  '00100010': { vr: 'PN', Value: [{ Alphabetic: 'Ødegård^Åse' }] },
  '00100020': { vr: 'LO', Value: ['STOW-DATASETS'] },
  '0020000D': { vr: 'UI', Value: [STUDY] },
  '0020000E': { vr: 'UI', Value: [`${STUDY}.1`] },
  '00280002': { vr: 'US', Value: [1] },
  '00280004': { vr: 'CS', Value: ['MONOCHROME2'] },
  '00280010': { vr: 'US', Value: [side] },
  '00280011': { vr: 'US', Value: [side] },
  '00280100': { vr: 'US', Value: [8] },
  '00280101': { vr: 'US', Value: [8] },
  '00280102': { vr: 'US', Value: [7] },
  '00280103': { vr: 'US', Value: [0] },
  '7FE00010': { vr: 'OB', BulkDataURI: `bulk/${number}` },
  ...more,
});
const json = (list: Json): Part => ({ type: 'application/dicom+json', body: Buffer.from(JSON.stringify(list)) });
const bulk = (number: number, body: Buffer): Part => ({
  type: 'application/octet-stream',
  headers: [`Content-Location: bulk/${number}`],
  body,
});

describe('metadata with bulk data (PS3.18 10.5.2)', () => {
  let server: DicomwebServer;
  let admin: Browser;
  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
  });
  afterAll(() => server.close());

  const send = (parts: readonly Part[]) =>
    server.app.inject({
      method: 'POST',
      url: '/dicom-web/studies',
      headers: { ...admin.headers, 'content-type': `multipart/related; type="application/dicom+json"; boundary=${BOUNDARY}` },
      payload: relatedBody(parts),
    });
  const frame = async (number: number): Promise<Buffer> => {
    const url = `/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.${number}/frames/1`;
    return (await server.get(admin, url, { accept: 'application/octet-stream' })).rawPayload;
  };
  const warnings = (answer: Json): Json[] => answer['00081199'].Value.map((one: Json) => firstValue(one, '00081196'));

  itInLongRun(
    'bulk data that memory does not hold wait on disk, whatever the order of the parts, and leave nothing there',
    async () => {
      const bodies = [1, 2, 3].map((number) => Buffer.alloc(2304 * 2304, number));
      const [one = bulk(1, Buffer.alloc(0)), two = one, three = one] = bodies.map((body, index) => bulk(index + 1, body));
      const response = await send([two, json([1, 2, 3].map((number) => dataset(number, 2304))), three, one]);
      expect(response.statusCode).toBe(200);
      for (const [index, body] of bodies.entries()) expect(sha256(await frame(index + 1))).toBe(sha256(body));
      const files = readdirSync(path.join(server.settings.dataDir, 'objects'), { recursive: true, withFileTypes: true });
      const objects = files.filter((file) => file.isFile() && !file.name.startsWith('.'));
      expect(objects).toHaveLength(bodies.length);
    },
  );

  test('metadata over 16 MB a request are 413 and store nothing', async () => {
    const long = dataset(10, 2, { '00204000': { vr: 'LT', Value: ['x'.repeat(9 * 1024 * 1024)] } });
    const response = await send([json([long]), json([long]), bulk(10, Buffer.alloc(4))]);
    expect(response.json()).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    expect((await server.json(admin, `/instances?SOPInstanceUID=${STUDY}.1.10`)).length).toBe(0);
  });

  test('what had to be changed is stored with the warning B000, what was not is stored without (10.5.3)', async () => {
    const list = [
      dataset(20, 2),
      dataset(21, 2, { '00080005': { vr: 'CS', Value: ['ISO_IR 192'] } }),
      dataset(22, 2, { '00080005': { vr: 'CS', Value: ['ISO_IR 100'] } }),
      dataset(23, 2, { '00180050': { vr: 'DS', Value: [0.123_456_789_012_345_6] } }),
      dataset(24, 2, { '00080000': { vr: 'UL', Value: [10] } }),
    ];
    const response = await send([json(list), ...list.map((_one, index) => bulk(20 + index, Buffer.alloc(4, index)))]);
    expect(response.statusCode).toBe(200);
    expect(warnings(response.json())).toEqual([undefined, undefined, 0xb000, 0xb000, 0xb000]);
    const url = `/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.22/metadata`;
    const [metadata] = await server.json(admin, url);
    expect([firstValue(metadata, '00080005'), firstValue(metadata, '00100010')]).toEqual([
      'ISO_IR 192',
      { Alphabetic: 'Ødegård^Åse' },
    ]);
  });

  test('a dataset that can not be written does not move the warning to its neighbour', async () => {
    const away = dataset(30, 2, { '7FE00010': { vr: 'OB', BulkDataURI: 'elsewhere' } });
    const changed = dataset(31, 2, { '00080005': { vr: 'CS', Value: ['ISO_IR 100'] } });
    const response = await send([json([away, changed, dataset(32, 2)]), bulk(31, Buffer.alloc(4)), bulk(32, Buffer.alloc(4, 1))]);
    expect([response.statusCode, warnings(response.json())]).toEqual([202, [0xb000, undefined]]);
  });

  /** Three frames of 2 × 2, each in a part of its own under one Content-Location. */
  const clip = (number: number, frames: number): Json =>
    dataset(number, 2, { '00280008': { vr: 'IS', Value: [frames] }, '7FE00010': { vr: 'OB', BulkDataURI: `bulk/${number}` } });
  const frameParts = (number: number, type: string, bodies: readonly Buffer[]): Part[] =>
    bodies.map((body) => ({ type, headers: [`Content-Location: bulk/${number}`], body }));
  const jpeg = (number: number): Buffer => Buffer.from([0xff, 0xd8, 0xff, 0xda, number, number, 0xff, 0xd9]);
  const frameOf = (number: number, index: number, accept: string) =>
    server.get(admin, `/studies/${STUDY}/series/${STUDY}.1/instances/${STUDY}.1.${number}/frames/${index}`, { accept });

  test.each([
    ['image/jpeg', 40],
    ['image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50', 41],
    ['application/octet-stream; transfer-syntax=1.2.840.10008.1.2.4.50', 42],
  ])('several parts of one Content-Location are the frames of the instance, in order: %s (10.5.1.4)', async (type, number) => {
    const bodies = [1, 2, 3].map(jpeg);
    const response = await send([json([clip(number, 3)]), ...frameParts(number, type, bodies)]);
    expect(response.statusCode).toBe(200);
    const accept = 'image/jpeg; transfer-syntax=1.2.840.10008.1.2.4.50';
    for (const [index, body] of bodies.entries()) expect((await frameOf(number, index + 1, accept)).rawPayload).toEqual(body);
    expect((await frameOf(number, 4, accept)).statusCode).toBe(404);
  });

  test('native frames in several parts are kept one after the other', async () => {
    const bodies = [1, 2, 3].map((value) => Buffer.alloc(4, value));
    const response = await send([...frameParts(43, 'application/octet-stream', bodies), json([clip(43, 3)])]);
    expect(response.statusCode).toBe(200);
    for (const [index, body] of bodies.entries())
      expect((await frameOf(43, index + 1, 'application/octet-stream')).rawPayload).toEqual(body);
  });

  test.each([
    ['fewer parts than frames', 'image/jpeg', 50, 3, 2, 0xc000],
    ['one part for several frames', 'image/jpeg', 51, 3, 1, 0xc000],
    ['more parts than frames', 'application/octet-stream', 52, 1, 2, 0xc000],
    ['PNG', 'image/png', 53, 1, 1, 0xc122],
    ['GIF', 'image/gif', 54, 1, 1, 0xc122],
    ['text', 'text/html', 55, 1, 1, 0xc122],
    ['PNG under the name of JPEG’s syntax', 'image/png; transfer-syntax=1.2.840.10008.1.2.4.50', 56, 1, 1, 0xc122],
    ['a syntax that is none', 'image/jpeg; transfer-syntax=1.2.3', 57, 1, 1, 0xc122],
  ])('%s is refused and costs only itself (Table 10.5.2-1)', async (_what, type, number, frames, parts, reason) => {
    const bodies = Array.from({ length: parts }, (_, index) => jpeg(index));
    const list = [clip(number, frames), dataset(number + 100, 2)];
    const response = await send([json(list), ...frameParts(number, type, bodies), bulk(number + 100, Buffer.alloc(4))]);
    const [failure, ...others] = response.json()['00081198'].Value;
    expect([response.statusCode, others]).toEqual([202, []]);
    expect(['00081150', '00081155', '00081197'].map((tag) => firstValue(failure, tag))).toEqual([
      '1.2.840.10008.5.1.4.1.1.7',
      `${STUDY}.1.${number}`,
      reason,
    ]);
    expect((await server.json(admin, `/instances?SOPInstanceUID=${STUDY}.1.${number}`)).length).toBe(0);
  });
});
