import { type DicomJsonObject, parsePart10 } from '@negatoscope/dicom';
import { type Dataset, manyElements, smallDataset, TransferSyntax, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { itInLongRun } from '../support/sample.ts';
import { BOUNDARY, type DicomwebServer, firstValue, openDicomweb, relatedBody, splitRelated } from './support.ts';

const FRAMES = 300;
/** A window of each frame, and what makes its functional groups long. */
const groupsOf = (frame: number): Dataset => ({
  '00209111': {
    vr: 'SQ',
    value: Array.from(
      { length: 10 },
      (): Dataset => ({
        '00209056': { vr: 'SH', value: '1' },
        '00209156': { vr: 'US', value: frame },
        '00209158': { vr: 'LT', value: 'synthetic' },
      }),
    ),
  },
  '00289132': {
    vr: 'SQ',
    value: [{ '00281050': { vr: 'DS', value: String(frame) }, '00281051': { vr: 'DS', value: '100' } }],
  },
});

/** More elements than the event loop takes apart. */
const long = Buffer.from(
  writePart10(
    {
      ...smallDataset('long'),
      NumberOfFrames: FRAMES,
      '52009230': { vr: 'SQ', value: Array.from({ length: FRAMES }, (_, frame) => groupsOf(frame)) },
      PixelData: { vr: 'OB', value: new Uint8Array(64 * FRAMES).map((_, index) => index % 251) },
    },
    { transferSyntaxUid: TransferSyntax.explicitVrLittleEndian },
  ),
);

const empties = (name: string, count: number): Buffer => Buffer.from(manyElements(smallDataset(name), count));

let server: DicomwebServer;
let admin: Browser;
let instance: string;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
  expect((await server.store(admin, [long])).statusCode).toBe(200);
  const [json] = await server.json(admin, '/instances');
  instance = `/studies/${firstValue(json, '0020000D')}/series/${firstValue(json, '0020000E')}/instances/${firstValue(json, '00080018')}`;
}, 120_000);
afterAll(() => server.close());

const post = (type: string, body: Buffer) =>
  server.app.inject({
    method: 'POST',
    url: '/dicom-web/studies',
    headers: { ...admin.headers, 'content-type': `multipart/related; type="${type}"; boundary=${BOUNDARY}` },
    payload: relatedBody([{ type, body }]),
  });

describe('an instance of many elements', () => {
  const groups = (json: DicomJsonObject): unknown => json['52009230'];

  test('has its metadata whole, as JSON and as XML, alone and in its series', { timeout: 60_000 }, async () => {
    const expected = groups(parsePart10(long).json);
    const series = instance.slice(0, instance.indexOf('/instances'));
    for (const url of [`${instance}/metadata`, `${series}/metadata`, `${series.slice(0, series.indexOf('/series'))}/metadata`]) {
      const [json] = await server.json(admin, url);
      expect(groups(json), url).toEqual(expected);
    }
    const xml = await server.get(admin, `${instance}/metadata`, { accept: 'multipart/related; type="application/dicom+xml"' });
    expect(
      splitRelated(xml)[0]
        ?.body.toString()
        .match(/keyword="FrameComments"/g),
    ).toHaveLength(10 * FRAMES);
  });

  test('is shown with the window of each frame', { timeout: 60_000 }, async () => {
    const shown = async (frame: number): Promise<string> =>
      (await server.get(admin, `${instance}/frames/${frame}/rendered`, { accept: 'image/png' })).rawPayload.toString('base64');
    const asked = async (frame: number, center: number): Promise<string> =>
      (
        await server.get(admin, `${instance}/frames/${frame}/rendered?window=${center},100`, { accept: 'image/png' })
      ).rawPayload.toString('base64');
    for (const frame of [1, 40, 200]) expect(await shown(frame)).toBe(await asked(frame, frame - 1));
  });

  test('is found with its attributes, save for the long ones', { timeout: 60_000 }, async () => {
    const [found] = await server.json(admin, '/instances?includefield=all');
    expect(firstValue(found, '00080064')).toBe('WSD');
    expect(found).not.toHaveProperty('52009230');
  });
});

describe('more than a million elements', () => {
  itInLongRun('of a file are rejected, and cost only themselves', { timeout: 120_000 }, async () => {
    const answer = await server.store(admin, [empties('too many', 1_000_100), empties('many', 30_000)]);
    expect(answer.statusCode).toBe(202);
    const json = answer.json();
    // A file whose header is not read names nothing: its failure is one of Other Failures (0008,119A).
    const failed = [...(json['00081198']?.Value ?? []), ...(json['0008119A']?.Value ?? [])];
    expect([failed.length, json['00081199'].Value.length]).toEqual([1, 1]);
  });

  test.each([
    [
      'application/dicom+json',
      `[{${Array.from({ length: 1_000_010 }, (_, at) => `"${(0x00110010 + at).toString(16)}":{}`).join()}}]`,
    ],
    ['application/dicom+json', `[${'{},'.repeat(2_500_000)}{}]`],
    ['application/dicom+xml', `<NativeDicomModel>${'<Item/>'.repeat(2_200_000)}</NativeDicomModel>`],
  ])('of a document of %s are 413 (PS3.18 10.5)', { timeout: 120_000 }, async (type, text) => {
    const answer = await post(type, Buffer.from(text));
    expect([answer.statusCode, answer.json().code]).toEqual([413, 'TOO_LARGE']);
  });

  test('a long document within that is stored', { timeout: 60_000 }, async () => {
    const uid = (value: string) => ({ vr: 'UI', Value: [value] });
    const dataset = {
      '00080016': uid('1.2.840.10008.5.1.4.1.1.7'),
      '00080018': uid('2.25.1'),
      '0020000D': uid('2.25.2'),
      '0020000E': uid('2.25.3'),
      ...Object.fromEntries(
        Array.from({ length: 20_000 }, (_, at) => [(0x00111000 + at).toString(16).padStart(8, '0'), { vr: 'LO', Value: ['x'] }]),
      ),
    };
    const answer = await post('application/dicom+json', Buffer.from(JSON.stringify([dataset])));
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200);
  });
});
