import { gunzipSync } from 'node:zlib';
import { OPENING_TYPE, type OpeningLine } from '@negatoscope/contract';
import { ctVolume } from '@negatoscope/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Browser } from '../support/app.ts';
import { type DicomwebServer, openDicomweb } from './support.ts';

const KEYS = 'includefield=0008103E&includefield=00201209&includefield=00200011&includefield=00180015';

/** The parts of an answer: each line, and the bytes that follow it, unpacked. */
function partsOf(bytes: Buffer): { readonly line: OpeningLine; readonly body: Buffer }[] {
  const parts: { line: OpeningLine; body: Buffer }[] = [];
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf('\n', at);
    const line = JSON.parse(bytes.toString('utf8', at, end)) as OpeningLine; // Written by the server under test.
    const body = bytes.subarray(end + 1, end + 1 + line.length);
    expect(body).toHaveLength(line.length);
    parts.push({ line, body: line.isPacked ? gunzipSync(body) : body });
    at = end + 1 + line.length;
  }
  return parts;
}

describe('what a study is opened with, in one answer', () => {
  const volume = [...ctVolume({ seed: 'opened by one', slices: 5, rows: 256, columns: 256 })];
  // Lost something once: no form for slow lines.
  const [second] = ctVolume({
    ...{ seed: 'opened by one', seriesNumber: 2, slices: 1, rows: 256, columns: 256 },
    dataset: { LossyImageCompression: '01' },
  });
  const [slice, middle] = [volume[0], volume[2]];
  if (slice === undefined || middle === undefined || second === undefined) throw new Error('no phantoms');
  const study = `/studies/${slice.studyInstanceUid}`;
  const seriesUrl = `${study}/series/${slice.seriesInstanceUid}`;
  const middleUrl = `${seriesUrl}/instances/${middle.sopInstanceUid}/frames/1`;
  let server: DicomwebServer;
  let member: Browser;
  let stranger: Browser;
  let colleague: () => Promise<Browser>;

  beforeAll(async () => {
    server = await openDicomweb();
    const groupId = await server.makeGroup();
    colleague = async () => server.login(await server.makeUser({ role: 'PHYSICIAN', groupId }));
    member = await colleague();
    stranger = await server.login(await server.makeUser({ role: 'PHYSICIAN', groupId: await server.makeGroup() }));
    expect(
      (
        await server.store(
          member,
          [...volume, second].map(({ bytes }) => Buffer.from(bytes)),
        )
      ).statusCode,
    ).toBe(200);
  });
  afterAll(() => server.close());

  const open = (query = '', who = member, url = study) => server.get(who, `${url}/opening?${KEYS}${query}`);

  test.each([
    ['progressive', '/progressive', { accept: 'image/jphc', range: 'bytes=0-' }],
    ['stored', '', { accept: 'application/octet-stream; transfer-syntax=*' }],
  ] as const)('is what the addresses of its parts answer, the frame %s', async (form, suffix, headers) => {
    const answer = await open(`&form=${form}`);
    expect([answer.statusCode, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      200,
      OPENING_TYPE,
      'private, no-store',
    ]);
    const [series, metadata, frame, ...others] = partsOf(answer.rawPayload);
    expect(others).toEqual([]);
    expect(series?.line).toMatchObject({ part: 'series', seriesInstanceUid: slice.seriesInstanceUid, hasImages: true });
    expect(JSON.parse(String(series?.body))).toEqual((await server.get(member, `${study}/series?${KEYS}`)).json());
    expect(metadata?.line).toMatchObject({
      part: 'metadata',
      frame: { sopInstanceUid: middle.sopInstanceUid, frameNumber: 1, form, isHere: true },
    });
    expect(metadata?.body.equals((await server.get(member, `${seriesUrl}/metadata`)).rawPayload)).toBe(true);
    const alone = await server.get(member, `${middleUrl}${suffix}`, headers);
    expect(frame?.line).toMatchObject({ part: 'frame', status: alone.statusCode });
    if (frame?.line.part !== 'frame') throw new Error('no frame');
    expect(alone.headers).toMatchObject(frame.line.headers);
    expect(frame.body.equals(alone.rawPayload)).toBe(true);
  });

  test('has only the beginning of a frame for who wants no more, with the place of it in the whole', async () => {
    const [, metadata, frame] = partsOf((await open('&form=beginning')).rawPayload);
    expect(metadata?.line).toMatchObject({ frame: { form: 'progressive', isHere: true } });
    const whole = (await server.get(member, `${middleUrl}/progressive`, { accept: 'image/jphc' })).rawPayload;
    const length = 10 * 1024;
    expect(frame?.line).toMatchObject({
      status: 206,
      headers: { 'content-range': `bytes 0-${length - 1}/${whole.length}` },
    });
    expect(frame?.body.equals(whole.subarray(0, length))).toBe(true);
  });

  test('leaves out the frame for who names no form of it', async () => {
    const [series, metadata, ...others] = partsOf((await open()).rawPayload);
    expect([series?.line.part, metadata?.line, others]).toMatchObject(['series', { part: 'metadata', frame: null }, []]);
  });

  test('is of the series that is asked for, and of the one that hangs first where the study has it not', async () => {
    const first = async (at: string) => partsOf((await open(`&form=stored&at=${at}`)).rawPayload);
    const [series, metadata, frame] = await first(second.seriesInstanceUid);
    expect(series?.line).toMatchObject({ seriesInstanceUid: second.seriesInstanceUid });
    expect(metadata?.line).toMatchObject({ frame: { sopInstanceUid: second.sopInstanceUid } });
    expect(frame?.line.part).toBe('frame');
    expect((await first('1.2.3'))[0]?.line).toMatchObject({ seriesInstanceUid: slice.seriesInstanceUid });
  });

  test('has a frame as it is stored where its beginnings are no picture', async () => {
    const [, metadata, frame] = partsOf((await open(`&form=progressive&at=${second.seriesInstanceUid}`)).rawPayload);
    expect(metadata?.line).toMatchObject({ frame: { form: 'stored', isHere: true } });
    expect(frame?.line).toMatchObject({ status: 200, headers: { 'content-type': expect.stringContaining('octet-stream') } });
  });

  test('is an empty list of series to who may not see the study, as of one that is not there', async () => {
    const [hidden, unknown] = [await open('&form=stored', stranger), await open('&form=stored', member, '/studies/1.2.3')];
    expect(hidden.statusCode).toBe(200);
    expect(hidden.rawPayload.equals(unknown.rawPayload)).toBe(true);
    expect(partsOf(hidden.rawPayload).map(({ line, body }) => [line.part, String(body)])).toEqual([['series', '[]']]);
    expect((await server.app.inject({ url: `/dicom-web${study}/opening` })).statusCode).toBe(401);
  });

  test('is on record as its parts are when each is asked for, once', async () => {
    const eventsOf = async (who: Browser): Promise<unknown[]> =>
      server.db.withSystem((tx) =>
        tx.rows('SELECT action, entity_id FROM audit_events WHERE actor_id = $1 AND action LIKE $2 ORDER BY action', [
          who.user.id,
          'study.%',
        ]),
      );
    const [one, other] = [await colleague(), await colleague()];
    await open('&form=stored', one);
    await open('&form=stored', one);
    for (const url of [`${study}/series`, `${seriesUrl}/metadata`, middleUrl]) await server.get(other, url);
    const events = await eventsOf(one);
    expect(events.length).toBeGreaterThan(1);
    expect(events).toEqual(await eventsOf(other));
  });
});
