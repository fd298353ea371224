import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EarlyNews } from './viewer/model/early-answer.ts';
import { line } from './viewer/model/line.ts';
import { slicesAt } from './viewer/model/volume-fixture.ts';

const STUDY = { studyInstanceUid: '1.2.3', groupId: 'g' };
const STUDY_URL = '/dicom-web/groups/g/studies/1.2.3';
const METADATA = `${STUDY_URL}/series/1.2.3.1/metadata`;

const seriesOf = (uid: string, modality: string) => ({
  '0020000E': { vr: 'UI', Value: [uid] },
  '00080060': { vr: 'CS', Value: [modality] },
  '00201209': { vr: 'IS', Value: [3] },
});
/** Three slices of 512 pixels a side: large enough for the form for slow lines. */
const SLICES = slicesAt([0, 5, 10], {
  side: 512,
  more: { '00280100': { vr: 'US', Value: [16] }, '00280101': { vr: 'US', Value: [12] }, '00280102': { vr: 'US', Value: [11] } },
});
const METADATA_OF = SLICES.map(({ dataset }) => dataset);
const frameUrlOf = (index: number): string => `${STUDY_URL}/series/1.2.3.1/instances/${SLICES[index]?.sopInstanceUid}/frames/1`;

/** The thread as it runs: what it tells, and how it is told. */
const told: EarlyNews[] = [];
let hasEnded: () => void = () => undefined;
let order: (event: { readonly data: unknown }) => void = () => undefined;

beforeAll(async () => {
  vi.stubGlobal('self', {
    postMessage: (news: EarlyNews) => told.push(news),
    addEventListener: (_: string, listener: typeof order) => (order = listener),
    close: () => hasEnded(),
  });
  await import('./early.worker.ts');
});
beforeEach(() => (told.length = 0));
afterEach(() => vi.restoreAllMocks());

interface Asked {
  readonly url: string;
  readonly init: RequestInit;
}
type Answer = Response | Error;
const json = (body: unknown, init: ResponseInit = {}): Response => new Response(JSON.stringify(body), init);

/** Begins with the study; each request is answered in its turn. Ends when the thread does. */
async function begin(answers: readonly Answer[], seriesInstanceUid?: string) {
  const asked: Asked[] = [];
  const left = [...answers];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const answer = left.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new TypeError('Nothing is left to answer.');
    return answer;
  });
  return { asked, decoder: await run(seriesInstanceUid) };
}
function run(seriesInstanceUid?: string) {
  const decoder = { postMessage: vi.fn() };
  return new Promise<typeof decoder>((resolve) => {
    hasEnded = () => resolve(decoder);
    order({ data: { kind: 'begin', study: STUDY, seriesInstanceUid, decoder } });
  });
}
const kindsOf = (url: string): string[] => told.filter((one) => one.url === url).map(({ kind }) => kind);
const textOf = (url: string): string =>
  told.flatMap((one) => (one.kind === 'bytes' && one.url === url ? [Buffer.from(one.bytes).toString()] : [])).join('');
const list = () =>
  json([seriesOf('1.2.3.9', 'SR'), seriesOf('1.2.3.1', 'CT')], { headers: { 'content-encoding': 'br', etag: '"1"' } });

describe('what a study is opened with, asked for before the page stands', () => {
  it('is its series, the metadata of the one that hangs first, and the frame that it begins with, in this order', async () => {
    const { asked, decoder } = await begin([list(), json(METADATA_OF), new Response('pixels')]);
    expect(asked.map(({ url }) => url.split('?')[0])).toEqual([`${STUDY_URL}/series`, METADATA, frameUrlOf(1)]);
    expect(asked[2]?.init.headers).toMatchObject({ Accept: expect.stringContaining('transfer-syntax=*') });
    expect([textOf(frameUrlOf(1)), kindsOf(frameUrlOf(1))]).toEqual(['pixels', ['asked', 'head', 'bytes', 'end']]);
    expect(decoder.postMessage).not.toHaveBeenCalled();
  });

  it('tells of what follows before it gives an answer, so that who takes the one finds the other', async () => {
    await begin([list(), json(METADATA_OF), new Response('pixels')]);
    const first = told.find(({ kind }) => kind === 'head')?.url;
    expect(told.map(({ kind, url }) => [kind, url]).slice(0, 2)).toEqual([
      ['asked', METADATA],
      ['head', first],
    ]);
  });

  it('goes on as it came, but for how it was packed on its way', async () => {
    await begin([list(), json(METADATA_OF), new Response('pixels')]);
    const head = told.find(({ kind }) => kind === 'head');
    expect(head).toMatchObject({ status: 200, headers: expect.arrayContaining([['etag', '"1"']]) });
    expect(JSON.stringify(head)).not.toContain('content-encoding');
  });

  it('begins with the series of the address where the study has it', async () => {
    const { asked } = await begin([list(), json([]), new Response('')], '1.2.3.9');
    expect(asked[1]?.url).toBe(`${STUDY_URL}/series/1.2.3.9/metadata`);
  });

  it('is on a slow line a frame in its form for slow lines, never left with the browser, and a decoder that is got ready', async () => {
    vi.spyOn(line(), 'isSlow', 'get').mockReturnValue(true);
    const { asked, decoder } = await begin([list(), json(METADATA_OF), new Response('part', { status: 206 })]);
    expect(asked[2]).toMatchObject({
      url: `${frameUrlOf(1)}/progressive`,
      init: { cache: 'no-store', headers: { Accept: 'image/jphc', Range: 'bytes=0-' } },
    });
    expect(decoder.postMessage).toHaveBeenCalledExactlyOnceWith({ warm: 'HTJ2KDecoder' });
  });

  it('ends with the metadata where some of it may be a video: no frame of one is ever asked for', async () => {
    const video = METADATA_OF.map((dataset) => ({
      ...dataset,
      '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.77.1.1.1'] },
    }));
    const { asked } = await begin([list(), json(video), new Response('pixels')]);
    expect(asked).toHaveLength(2);
    expect(kindsOf(METADATA)).toEqual(['asked', 'head', 'bytes', 'end']);
  });
});

describe('what can’t be had ahead', () => {
  it('as a refusal goes to whoever asks, and nothing more is asked for', async () => {
    const { asked } = await begin([json({ code: 'NOT_FOUND' }, { status: 404 })]);
    expect(asked).toHaveLength(1);
    expect(told.map((one) => (one.kind === 'head' ? one.status : one.kind))).toEqual([404, 'bytes', 'end']);
  });

  it('of a study without series is its list alone', async () => {
    const { asked } = await begin([json([])]);
    expect([asked.length, told.some(({ kind }) => kind === 'failed')]).toEqual([1, false]);
  });

  it.each([
    ['the list', 0, [new TypeError('lost')], undefined],
    ['the metadata', 1, [list(), new TypeError('lost')], METADATA],
    ['a text that is no JSON', 1, [list(), new Response('<html>')], METADATA],
    ['the frame', 2, [list(), json(METADATA_OF), new TypeError('lost')], frameUrlOf(1)],
  ] as const)('where %s fails is told to who waits for it', async (_, index, answers, url) => {
    const { asked } = await begin(answers);
    expect(told.at(-1)).toEqual({ kind: 'failed', url: url ?? asked[index]?.url });
  });

  it('is given up when nobody waits for it any more; an address that was not asked for is none', async () => {
    let signal: AbortSignal | undefined;
    vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
      signal = init.signal ?? undefined;
      order({ data: { kind: 'abort', url: '/elsewhere' } });
      order({ data: { kind: 'abort', url } });
      return Promise.reject(new DOMException('', 'AbortError'));
    });
    await run();
    expect([signal?.aborted, told.at(-1)?.kind]).toEqual([true, 'failed']);
  });
});
