import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { type EncodedFrame, frameFormatOf, parsePart10 } from '@negatoscope/dicom';
import { diskOf, diskSeries, type GeneratedInstance, pixelMatrix, TransferSyntax } from '@negatoscope/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CodecPool } from '../../src/platform/codecs/pool.ts';
import type { Browser } from '../support/app.ts';
import { isLong } from '../support/sample.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

const SIDE = 256;
const RPCL = '1.2.840.10008.1.2.4.202';
const [COD, TLM, SOT] = [0xff52, 0xff55, 0xff90];
const MATRIX = [...pixelMatrix()];

const urlOf = ({ studyInstanceUid, seriesInstanceUid, sopInstanceUid }: GeneratedInstance, frame: number | string = 1): string =>
  `/studies/${studyInstanceUid}/series/${seriesInstanceUid}/instances/${sopInstanceUid}/frames/${frame}`;

/** A frame of an instance in the form under test. */
function encoded({ bytes }: GeneratedInstance, stream: Uint8Array): EncodedFrame {
  const { json, pixelData } = parsePart10(bytes, { inflateRaw: (deflated) => inflateRawSync(deflated) });
  return { ...frameFormatOf(json, pixelData?.tag ?? ''), transferSyntaxUid: RPCL, bytes: stream };
}

const wordsOf = (pixels: Uint8Array): Uint16Array => new Uint16Array(Uint8Array.from(pixels).buffer);

/** The middle of what is brighter than the ground of a disk phantom, near the disk, in pixels. */
function centreOf(pixels: Uint8Array): { x: number; y: number } {
  const disk = diskOf(SIDE);
  let [x, y, sum] = [0, 0, 0];
  wordsOf(pixels).forEach((value, at) => {
    const [column, row] = [at % SIDE, Math.floor(at / SIDE)];
    if (Math.hypot(column - disk.x, row - disk.y) > 1.5 * disk.radius) return;
    const weight = value - 1024 + 100;
    x += weight * column;
    y += weight * row;
    sum += weight;
  });
  return { x: x / sum, y: y / sum };
}

describe('frames for slow lines', () => {
  const pool = new CodecPool({ threads: 1 });
  const [one, two, lossy, second] = [
    ...diskSeries({ seed: 'progressive', side: SIDE, slices: 2 }),
    ...diskSeries({ seed: 'lossy', side: SIDE, dataset: { LossyImageCompression: '01' } }),
    ...diskSeries({ seed: 'again', side: SIDE }),
  ];
  if (one === undefined || two === undefined || lossy === undefined || second === undefined) throw new Error('no phantoms');
  let server: DicomwebServer;
  let admin: Browser;
  let member: Browser;

  beforeAll(async () => {
    server = await openDicomweb();
    admin = await server.login('ADMIN');
    const groupId = await server.makeGroup();
    member = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    const files = [one, two, lossy, second, ...MATRIX.map(({ instance }) => instance)].map(({ bytes }) => Buffer.from(bytes));
    expect((await server.store(member, files)).statusCode).toBe(200);
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(async () => {
    await server.close();
    await pool.close();
  });

  const get = (url: string, headers: Record<string, string> = {}, who = member) =>
    server.get(who, `${url}/progressive`, { accept: 'image/jphc', ...headers });

  test('come in ranges that make the stored values bit for bit, and say what they are made of', async () => {
    const begun = await get(urlOf(one), { range: 'bytes=0-4095' });
    expect(begun.statusCode).toBe(206);
    const { etag, ...headers } = begun.headers;
    expect(headers).toMatchObject({
      'content-type': `image/jphc; transfer-syntax=${RPCL}`,
      'accept-ranges': 'bytes',
      'cache-control': 'private, no-store',
      'negatoscope-derived-from': `${TransferSyntax.explicitVrLittleEndian}; length=${SIDE * SIDE * 2}`,
    });
    // A strong validator (RFC 9110 8.8.1).
    expect(etag).toMatch(/^"[\w-]{43}"$/);
    const [, total] = /^bytes 0-4095\/(\d+)$/.exec(String(headers['content-range'])) ?? [];
    const rest = await get(urlOf(one), { range: 'bytes=4096-', 'if-range': String(etag) });
    expect([rest.statusCode, rest.headers['content-range']]).toEqual([206, `bytes 4096-${Number(total) - 1}/${total}`]);
    const stream = Buffer.concat([begun.rawPayload, rest.rawPayload]);
    expect(stream).toHaveLength(Number(total));
    expect(`"${createHash('sha256').update(stream).digest('base64url')}"`).toBe(etag);
    const { pixels } = await pool.decodeFrame(encoded(one, stream));
    expect(Buffer.from(pixels).equals(Buffer.from(one.bytes.subarray(one.bytes.length - SIDE * SIDE * 2)))).toBe(true);
  });

  test('begin with the lowest resolution, each in a tile part whose length is told (PS3.5 A.4.11)', async () => {
    const stream = (await get(urlOf(one))).rawPayload;
    const markers: number[] = [];
    for (let at = 2; stream.readUInt16BE(at) !== SOT; at += 2 + stream.readUInt16BE(at + 2)) {
      markers.push(stream.readUInt16BE(at));
      // SGcod: progression order (ITU-T T.800 A.6.1).
      if (markers.at(-1) === COD) expect(stream.readUInt8(at + 5)).toBe(2);
    }
    expect(markers).toContain(TLM);
    const parts = [...stream.keys()].filter((at) => at + 2 < stream.length && stream.readUInt16BE(at) === SOT);
    expect(parts.length).toBeGreaterThanOrEqual(6);
  });

  test('are a picture by each of their beginnings: the disk is where it is', async () => {
    const stream = (await get(urlOf(one))).rawPayload;
    const disk = diskOf(SIDE);
    for (const length of [3000, 5000, 10_240, 20_000, 30_000, stream.length]) {
      const { pixels } = await pool.decodeFrame(encoded(one, stream.subarray(0, length)));
      const { x, y } = centreOf(pixels);
      expect(Math.hypot(x - disk.x, y - disk.y), `${length} bytes`).toBeLessThan(0.25);
    }
  });

  test('are made once, however many ask at a time, and not again for the rest', async () => {
    const encode = vi.spyOn(CodecPool.prototype, 'encodeFrame');
    const url = urlOf(second);
    const answers = await Promise.all(Array.from({ length: 20 }, () => get(url, { range: 'bytes=0-999' })));
    expect(new Set(answers.map(({ statusCode, headers }) => `${statusCode} ${headers.etag}`)).size).toBe(1);
    await get(url, { range: 'bytes=1000-' });
    expect(encode).toHaveBeenCalledTimes(1);
  });

  test('of another version than the one that was begun come whole', async () => {
    const answer = await get(urlOf(one), { range: 'bytes=4096-', 'if-range': '"another"' });
    expect([answer.statusCode, answer.headers['content-range']]).toEqual([200, undefined]);
    expect(answer.rawPayload.readUInt16BE(0)).toBe(0xff4f);
  });

  test.each<[string, string, Record<string, string>, number]>([
    ['a range behind the end', urlOf(one), { range: 'bytes=99999999-' }, 416],
    ['a list of frames', urlOf(MATRIX.find(({ frames }) => frames === 3)?.instance ?? one, '1,2'), {}, 400],
    ['a frame that is not there', urlOf(one, 2), {}, 404],
    ['a frame that is no number', urlOf(one, 'one'), {}, 400],
    ['another type', urlOf(one), { accept: 'image/jpeg' }, 406],
    ['what has been lossy at some time', urlOf(lossy), {}, 406],
  ])('%s is refused', async (_what, url, headers, status) => {
    const answer = await get(url, headers);
    expect(answer.statusCode).toBe(status);
    if (status !== 416) expect(answer.json()).toHaveProperty('code');
  });

  test.each(
    MATRIX.filter(({ frames }, place) => frames === 1 && (isLong || place % 3 === 0)).map((one) => [one.name, one] as const),
  )(
    '%s comes so, with its values, or is refused for what it is',
    async (_name, { instance, bitsAllocated, photometric, isSigned, expected }) => {
      const isGrey = photometric.startsWith('MONOCHROME');
      const isHeld = [8, 16].includes(bitsAllocated) && !(bitsAllocated === 8 && isSigned);
      const answer = await get(urlOf(instance));
      expect(answer.statusCode).toBe(isGrey && isHeld ? 200 : 406);
      if (answer.statusCode !== 200) return;
      const raw = await server.get(member, urlOf(instance), { accept: 'application/octet-stream' });
      const { pixels } = await pool.decodeFrame(encoded(instance, answer.rawPayload));
      expect(Buffer.from(pixels).equals(raw.rawPayload)).toBe(true);
      expect(raw.rawPayload.length).toBe((expected[0]?.length ?? 0) * (bitsAllocated / 8));
    },
  );

  test('are under the rules of frames: out of scope as what does not exist, held back, on record', async () => {
    const stranger = await server.login(await server.makeUser({ role: 'RADIOLOGIST', groupId: await server.makeGroup() }));
    const hidden = await get(urlOf(one), {}, stranger);
    const missing = await get(
      urlOf({ ...one, studyInstanceUid: '1.2.3', seriesInstanceUid: '1.2.4', sopInstanceUid: '1.2.5' }),
      {},
      stranger,
    );
    expect([hidden.statusCode, hidden.json()]).toEqual([404, missing.json()]);
    const researcher = await server.login(await server.makeUser({ role: 'RESEARCHER', groupId: member.user.groupId }));
    const held = await get(urlOf(MATRIX[0]?.instance ?? one), {}, researcher);
    expect([held.statusCode, held.json().code]).toEqual([403, 'HELD_BACK']);
    expect((await get(urlOf(one))).statusCode).toBe(200);
    const events = await server.db.withSystem((tx) =>
      tx.rows("SELECT action FROM audit_events WHERE actor_id = $1 AND action = 'study.frames'", [member.user.id]),
    );
    expect(events.length).toBeGreaterThan(0);
    expect((await get(urlOf(one), {}, admin)).statusCode).toBe(200);
  });

  test('are what an Accept names the transfer syntax of gets at the standard’s own address too (PS3.18 8.7.3.3.1)', async () => {
    const answer = await server.get(member, urlOf(one), { accept: `image/jphc; transfer-syntax=${RPCL}` });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, `image/jphc; transfer-syntax=${RPCL}`]);
    expect(answer.rawPayload.equals((await get(urlOf(one))).rawPayload)).toBe(true);
  });
});
