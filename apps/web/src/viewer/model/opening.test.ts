import { gzipSync } from 'node:zlib';
import type { OpeningFrame, OpeningLine } from '@negatoscope/contract';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { isAskedEarly, takeEarly } from '../../api/early-answer.ts';
import { askOpening, type OpeningOptions } from './opening.ts';

const STUDY = { studyInstanceUid: '1.2.3', groupId: 'g' };
const STUDY_URL = '/dicom-web/groups/g/studies/1.2.3';
const LIST = `${STUDY_URL}/series?includefield=0008103E&includefield=00201209&includefield=00200011&includefield=00180015`;
const METADATA = `${STUDY_URL}/series/1.2.3.1/metadata`;
const FRAME = `${STUDY_URL}/series/1.2.3.1/instances/1.2.3.1.2/frames/1`;
const FRAME_OF: OpeningFrame = { sopInstanceUid: '1.2.3.1.2', frameNumber: 1, form: 'stored', isHere: true };

type Told<L> = L extends unknown ? Omit<L, 'length' | 'isPacked'> : never;
const part = (line: Told<OpeningLine>, text: string, isPacked = false): Uint8Array => {
  const bytes = isPacked ? gzipSync(text) : Buffer.from(text);
  return Buffer.concat([Buffer.from(`${JSON.stringify({ ...line, length: bytes.length, isPacked })}\n`), bytes]);
};
const series = (seriesInstanceUid: string | null = '1.2.3.1') =>
  part({ part: 'series', seriesInstanceUid, hasImages: true }, '["series"]');
const metadata = (frame: OpeningFrame | null = FRAME_OF) => part({ part: 'metadata', frame }, '["metadata"]', true);
const frame = (status: 200 | 206 = 200) => part({ part: 'frame', status, headers: { etag: '"1"' } }, 'pixels');

let body: WritableStreamDefaultWriter<Uint8Array>;
let signal: AbortSignal;
const asked: string[] = [];

beforeEach(() => {
  vi.stubGlobal('window', {});
  asked.length = 0;
});
afterEach(() => vi.unstubAllGlobals());

/** Asks; what follows is written by `body`. */
function ask(answer?: Response, options: Partial<OpeningOptions> = {}): void {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  body = writable.getWriter();
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push(url);
    if (asked.length === 1) signal = init.signal ?? new AbortController().signal;
    return asked.length === 1 ? (answer ?? new Response(readable)) : new Response('alone');
  });
  askOpening(STUDY, { seriesInstanceUid: undefined, form: 'stored', ...options });
}
const send = (bytes: Uint8Array): void => void body.write(Uint8Array.from(bytes)).catch(() => undefined);
const textOf = async (url: string): Promise<string | undefined> => (await takeEarly(url))?.text();

it('is one request, whose parts are the answers of their own addresses', async () => {
  ask();
  expect(asked).toEqual([`${LIST.replace('/series?', '/opening?')}&form=stored`]);
  for (const bytes of [series(), metadata(), frame()]) send(bytes);
  expect(await textOf(LIST)).toBe('["series"]');
  expect(await textOf(METADATA)).toBe('["metadata"]');
  const pixels = await takeEarly(FRAME);
  expect([pixels?.status, pixels?.headers.get('etag'), await pixels?.text()]).toEqual([200, '"1"', 'pixels']);
  expect(asked).toHaveLength(1);
});

it('comes whole however its bytes are cut', async () => {
  ask();
  for (const byte of Buffer.concat([series(), metadata(), frame()])) send(Uint8Array.of(byte));
  expect([await textOf(LIST), await textOf(METADATA), await textOf(FRAME)]).toEqual(['["series"]', '["metadata"]', 'pixels']);
});

it('tells of what follows before it gives an answer, so that who takes the one finds the other', async () => {
  ask();
  send(series());
  await takeEarly(LIST);
  expect(isAskedEarly(METADATA)).toBe(true);
  send(metadata({ ...FRAME_OF, form: 'progressive' }));
  await takeEarly(METADATA);
  expect(isAskedEarly(`${FRAME}/progressive`)).toBe(true);
});

it('names the series of the address, and says when there are images', async () => {
  const onImages = vi.fn();
  ask(undefined, { seriesInstanceUid: '1.2.3.9', form: 'beginning', onImages });
  expect(asked[0]).toContain('&form=beginning&at=1.2.3.9');
  send(series());
  await takeEarly(LIST);
  expect(onImages).toHaveBeenCalledOnce();
});

it('has a frame that is too long for it asked for at once, by its own address', async () => {
  ask();
  send(series());
  send(metadata({ ...FRAME_OF, isHere: false }));
  await textOf(LIST);
  await textOf(METADATA);
  expect(await textOf(FRAME)).toBe('alone');
  expect(asked[1]).toBe(FRAME);
});

it.each([
  ['refused', () => ask(new Response('{}', { status: 404 })), LIST],
  ['over before its first part', () => [ask(), body.close()], LIST],
  ['over before the metadata', () => [ask(), send(series()), body.close()], METADATA],
  ['broken off within them', () => [ask(), send(series()), send(metadata().subarray(0, -8)), body.close()], METADATA],
  ['over before the frame', () => [ask(), send(series()), send(metadata()), body.close()], FRAME],
])('where it is %s whoever waits hears of it, and asks', async (_, begin, url) => {
  begin();
  const follow = [LIST, METADATA, FRAME].slice(0, [LIST, METADATA, FRAME].indexOf(url));
  for (const before of follow) await textOf(before).catch(() => undefined);
  await expect(textOf(url)).rejects.toThrow();
});

it('is given up with the last of its parts that anybody waits for', async () => {
  ask();
  send(series());
  send(metadata());
  await textOf(LIST);
  await textOf(METADATA);
  const waiting = new AbortController();
  takeEarly(FRAME, waiting.signal)?.catch(() => undefined);
  expect(signal.aborted).toBe(false);
  waiting.abort();
  expect(signal.aborted).toBe(true);
});
