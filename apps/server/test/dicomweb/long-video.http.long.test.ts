import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { writePart10 } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type MeasuredGallery, openMeasured } from './measured-gallery.ts';

const MB = 1024 * 1024;
const BLOCK = MB;
const BYTES = 2048 * MB;
const [STUDY, SERIES, INSTANCE] = ['2.25.7791', '2.25.7792', '2.25.7793'];
const RENDERED = `/dicom-web/studies/${STUDY}/series/${SERIES}/instances/${INSTANCE}/rendered`;
const BOUNDARY = 'part-of-the-film';

/** Each megabyte of the film is of one byte, so that any part of it tells where it is from. */
const byteAt = (offset: number): number => (Math.floor(offset / BLOCK) * 31) % 251;
const bytesOf = (words: number[]): Buffer => Buffer.from(Uint32Array.from(words).buffer);

/** A film of two gigabytes as one fragment (PS3.5 A.4.6), written as it is sent: never more of it in memory than a block. */
function* film(): Generator<Buffer> {
  const head = writePart10(
    {
      ...{ PatientName: 'LONG^Film', PatientID: 'L9', SOPClassUID: '1.2.840.10008.5.1.4.1.1.77.1.4.1', Modality: 'XC' },
      ...{ StudyInstanceUID: STUDY, SeriesInstanceUID: SERIES, SOPInstanceUID: INSTANCE },
      ...{ Rows: 1080, Columns: 1920, SamplesPerPixel: 3, PhotometricInterpretation: 'YBR_PARTIAL_420', NumberOfFrames: 150_000 },
      ...{ BitsAllocated: 8, BitsStored: 8, HighBit: 7, PixelRepresentation: 0 },
    },
    { transferSyntaxUid: '1.2.840.10008.1.2.4.102' },
  );
  yield Buffer.from(`--${BOUNDARY}\r\nContent-Type: application/dicom\r\n\r\n`);
  yield Buffer.from(head);
  yield Buffer.concat([
    Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0]),
    bytesOf([0xffffffff, 0xe000fffe, 0, 0xe000fffe, BYTES]),
  ]);
  for (let at = 0; at < BYTES; at += BLOCK) yield Buffer.alloc(BLOCK, byteAt(at));
  yield bytesOf([0xe0ddfffe, 0]);
  yield Buffer.from(`\r\n--${BOUNDARY}--\r\n`);
}

describe('a film of two gigabytes (issue 17, bad input)', { timeout: 900_000 }, () => {
  let gallery: MeasuredGallery;
  beforeAll(async () => {
    gallery = await openMeasured([]);
  }, 120_000);
  afterAll(() => gallery.close(), 120_000);
  const address = (path: string): string => `http://127.0.0.1:${gallery.server.port}${path}`;

  it('is taken in without being held', async () => {
    const growth = await gallery.server.growthDuring(async () => {
      const answer = await fetch(address('/dicom-web/studies'), {
        method: 'POST',
        headers: {
          ...gallery.admin.headers,
          'content-type': `multipart/related; type="application/dicom"; boundary=${BOUNDARY}`,
        },
        body: ReadableStream.from(film()),
        duplex: 'half',
      });
      expect(answer.status, await answer.text()).toBe(200);
    });
    expect(growth).toBeLessThan(300 * MB);
  });

  const part = async (range: string) => {
    const answer = await fetch(address(RENDERED), { headers: { cookie: gallery.admin.cookie, accept: 'video/*', range } });
    return { status: answer.status, range: answer.headers.get('content-range'), bytes: Buffer.from(await answer.arrayBuffer()) };
  };

  it('is read by ranges, from anywhere, as a browser does that goes to the end first', async () => {
    for (const from of [0, 1, BLOCK - 1, 777 * MB + 5, 2 ** 31 - 10, BYTES - 10]) {
      const { status, range, bytes } = await part(`bytes=${from}-${Math.min(from + 19, BYTES - 1)}`);
      expect([status, range]).toEqual([206, `bytes ${from}-${Math.min(from + 19, BYTES - 1)}/${BYTES}`]);
      expect([...bytes]).toEqual([...bytes.keys()].map((at) => byteAt(from + at)));
    }
    const last = await part('bytes=-5');
    expect([last.status, last.bytes.length, last.range]).toEqual([206, 5, `bytes ${BYTES - 5}-${BYTES - 1}/${BYTES}`]);
    expect((await part(`bytes=${BYTES}-`)).status).toBe(416);
  });

  it('goes out whole as it came in, and to ten who take it slowly and leave in the middle, in flat memory', async () => {
    const growth = await gallery.server.growthDuring(async () => {
      const slow = await Promise.all(
        Array.from({ length: 10 }, async () => {
          const gone = new AbortController();
          const { body } = await fetch(address(RENDERED), {
            headers: { cookie: gallery.admin.cookie, accept: 'video/*' },
            signal: gone.signal,
          });
          return { gone, reader: body?.getReader() };
        }),
      );
      await Promise.all(slow.map(({ reader }) => reader?.read()));
      const whole = await fetch(address(RENDERED), { headers: { cookie: gallery.admin.cookie, accept: 'video/*' } });
      expect([whole.status, whole.headers.get('content-length')]).toEqual([200, String(BYTES)]);
      const [own, expected] = [createHash('sha256'), createHash('sha256')];
      for await (const chunk of whole.body ?? []) own.update(chunk);
      for (let at = 0; at < BYTES; at += BLOCK) expected.update(Buffer.alloc(BLOCK, byteAt(at)));
      expect(own.digest('hex')).toBe(expected.digest('hex'));
      for (const { gone } of slow) gone.abort();
      await sleep(200);
    });
    expect(growth).toBeLessThan(300 * MB);
  });

  it('is no picture, and has a thumbnail that says so', async () => {
    const picture = async (path: string) => (await gallery.get(path)).status;
    expect(await picture(RENDERED)).toBe(406);
    expect(await picture(RENDERED.replace('/rendered', '/thumbnail'))).toBe(200);
    expect(await picture(RENDERED.replace('/rendered', '/frames/1/rendered'))).toBe(406);
  });
});
