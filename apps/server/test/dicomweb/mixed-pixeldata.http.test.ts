import { type Dataset, encodeRle, seededUid, smallDataset, writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb, splitRelated } from './support.ts';

const NATIVE = '1.2.840.10008.1.2.1';
const RLE = '1.2.840.10008.1.2.5';
const MPEG4 = '1.2.840.10008.1.2.4.102';
const PIXELS = Uint8Array.from({ length: 64 }, (_, index) => index * 4);
const SHAPE = { rows: 8, columns: 8, samplesPerPixel: 1, bytesPerSample: 1 };

let server: DicomwebServer;
let admin: Browser;
beforeAll(async () => {
  server = await openDicomweb();
  admin = await server.login('ADMIN');
});
afterAll(() => server.close());

type Kind = 'native' | 'rle' | 'video' | 'broken';
const even = (bytes: Uint8Array): Uint8Array => (bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.of(0)]));
const encapsulated = (bytes: Uint8Array): Dataset => ({ PixelData: { frames: [[even(bytes)]], offsetTable: 'basic' } });
const FORMS: Readonly<Record<Kind, [string, Dataset]>> = {
  native: [NATIVE, {}],
  rle: [RLE, encapsulated(encodeRle(PIXELS, SHAPE))],
  video: [MPEG4, { SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4.1', NumberOfFrames: 1, ...encapsulated(Buffer.alloc(500, 3)) }],
  broken: [RLE, encapsulated(Buffer.alloc(70, 255))],
};

/** Stores a study of such instances in one series, in this order; gives its path. */
async function study(name: string, kinds: readonly Kind[]): Promise<string> {
  const uid = seededUid('mixed', name);
  const files = kinds.map((kind, index) => {
    const [transferSyntaxUid, own] = FORMS[kind];
    const dataset: Dataset = {
      ...smallDataset(`${name} ${index}`),
      ...{ StudyInstanceUID: uid, SeriesInstanceUID: seededUid('mixed', name, 'series'), InstanceNumber: index + 1 },
      ...{ PatientID: 'MIXED', ...own },
    };
    return Buffer.from(writePart10(dataset, { transferSyntaxUid }));
  });
  expect((await server.store(admin, files)).statusCode).toBe(200);
  return `/studies/${uid}`;
}

const ask = (path: string, accept: string) => server.get(admin, `${path}/pixeldata`, { accept });
const related = (type: string): string => `multipart/related; type="${type}"`;

test.each([
  ['native first', ['native', 'rle']],
  ['compressed first', ['rle', 'native']],
] as const)('%s: frames of mixed transfer syntaxes all come in the one that is asked for', async (name, kinds) => {
  const path = await study(name, kinds);
  const inRle = await ask(path, related('image/dicom-rle'));
  expect([inRle.statusCode, inRle.headers.warning]).toEqual([200, undefined]);
  const parts = splitRelated(inRle);
  expect(parts.map(({ headers }) => headers.includes(`image/dicom-rle; transfer-syntax=${RLE}`))).toEqual([true, true]);
  const octets = await ask(path, related('application/octet-stream'));
  expect(splitRelated(octets).map(({ body }) => [...body])).toEqual([[...PIXELS], [...PIXELS]]);
});

test.each([
  ['what can be given first', ['native', 'video', 'rle']],
  ['what can not be given first', ['video', 'native', 'rle']],
] as const)('%s: what can not come is left out, which is said before the first byte (PS3.18 10.4.3)', async (name, kinds) => {
  const path = await study(name, kinds);
  const answer = await ask(path, related('application/octet-stream'));
  expect([answer.statusCode, answer.headers.warning]).toEqual([206, expect.stringContaining('1 instances could not be given')]);
  expect(splitRelated(answer)).toHaveLength(2);
  const everything = await ask(path, 'multipart/related; type="*/*"; transfer-syntax=*');
  expect([everything.statusCode, splitRelated(everything).length]).toEqual([200, 3]);
});

test('nothing that can come as wanted is 406, and a frame that can not be decoded takes no neighbour with it', async () => {
  const videos = await ask(await study('videos', ['video', 'video']), related('application/octet-stream'));
  expect([videos.statusCode, videos.json<{ code: string }>().code]).toEqual([406, 'NOT_ACCEPTABLE']);
  const path = await study('broken between', ['native', 'broken', 'rle']);
  const answer = await ask(path, related('application/octet-stream'));
  expect([answer.statusCode, splitRelated(answer).length]).toEqual([200, 2]);
  expect(answer.trailers.warning).toContain('1 instances could not be given');
  const broken = await ask(await study('broken alone', ['broken']), related('application/octet-stream'));
  expect([broken.statusCode, broken.json<{ code: string }>().code]).toEqual([422, 'FRAME_UNREADABLE']);
});
