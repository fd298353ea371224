import type { DecodedFrame, EncodedFrame } from '@negatoscope/dicom';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DicomwebError } from '../model/dicomweb.ts';
import { line } from '../model/line.ts';
import { forgetParts } from '../model/partial-frames.ts';
import type { FrameModel } from '../model/study-model.ts';
import { slicesAt } from '../model/volume-fixture.ts';
import { seriesOf } from '../testing/pane-fixture.ts';
import { DecoderPool } from './decoding/decoder-pool.ts';
import { cancelFrame, forgetLoaded, loadFrame } from './frame-loader.ts';
import { forgetPlan } from './frame-plans.ts';
import { frameStore } from './frame-store.ts';
import { SeriesLoader } from './series-loader.ts';

const us = (value: number) => ({ vr: 'US', Value: [value] });
const GRAY = { '00280100': us(16), '00280101': us(12), '00280102': us(11), '00280103': us(0) };
const COLOUR = {
  '00280002': us(3),
  '00280004': { vr: 'CS', Value: ['RGB'] },
  '00280100': us(8),
  '00280101': us(8),
  '00280102': us(7),
};
const [NATIVE, JPEG_2000] = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2.4.90'];

/** Every test has a series of its own: what a server refuses of one is remembered for as long as the page lives. */
let number = 0;
let frames: FrameModel[] = [];
function slices(count: number, more: object = GRAY, side = 16): FrameModel[] {
  number += 1;
  frames = slicesAt(
    Array.from({ length: count }, (_, at) => at),
    { side, more: { ...more } },
  ).map((frame) => ({
    ...frame,
    imageId: `wadors:/dicom-web/studies/1/series/${number}/instances/${frame.instanceNumber}/frames/1`,
  }));
  return frames;
}
const urlOf = ({ imageId }: FrameModel): string => imageId.slice('wadors:'.length);
const nameOf = (url: string): string => /instances\/(\d+)/.exec(url)?.[1] ?? '';

interface Asked {
  readonly url: string;
  readonly headers: Headers;
}
type Answer = (asked: Asked, init: RequestInit) => Response | Promise<Response>;
const stored = (syntax = NATIVE): Response =>
  new Response(new Uint8Array(512), { headers: { 'content-type': `application/octet-stream; transfer-syntax=${syntax}` } });

function serve(answer: Answer = () => stored()): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const one = { url, headers: new Headers(init.headers) };
    asked.push(one);
    return answer(one, init);
  });
  return asked;
}
/** Nothing comes until it is aborted. */
const never: Answer = (_asked, { signal }) =>
  new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));

const decoded = (frame: EncodedFrame): DecodedFrame => ({ ...frame, pixels: new Uint8Array(512) }) as unknown as DecodedFrame; // Nothing draws it.
const decoding = () => vi.spyOn(DecoderPool.prototype, 'decode').mockImplementation(async (frame) => decoded(frame));
const undecodable = () => new DicomwebError('UNDECODABLE', undefined, 'unknown codec');

beforeEach(() => {
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  decoding();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  for (const { imageId } of frames) {
    forgetLoaded(imageId);
    forgetPlan(imageId);
  }
  forgetParts();
});

describe('a frame', () => {
  it('is asked for once by all who want it, and not again once it is here', async () => {
    const asked = serve();
    const [frame] = slices(1) as [FrameModel];
    await Promise.all([loadFrame(frame, false), loadFrame(frame, true)]);
    await loadFrame(frame, true);
    expect([asked.length, frameStore.isWhole(frame.imageId)]).toEqual([1, true]);
  });

  it('that the page can’t decode is asked for again, decoded by the server', async () => {
    vi.mocked(DecoderPool.prototype.decode).mockRejectedValueOnce(undecodable());
    const asked = serve(({ headers }) => stored(headers.get('accept')?.includes('=*') ? JPEG_2000 : NATIVE));
    const [frame] = slices(1) as [FrameModel];
    await loadFrame(frame, true);
    expect(asked.map(({ headers }) => headers.get('accept')?.split('transfer-syntax=')[1])).toEqual(['*', NATIVE]);
    expect(frameStore.isWhole(frame.imageId)).toBe(true);
  });

  it.each([
    ['in colour, whose attributes decoding may change', COLOUR, JPEG_2000],
    ['that is not compressed at all', GRAY, NATIVE],
  ])('%s is not: it can’t be shown', async (_, more, syntax) => {
    vi.mocked(DecoderPool.prototype.decode).mockRejectedValue(undecodable());
    const asked = serve(() => stored(syntax));
    const [frame] = slices(1, more) as [FrameModel];
    await expect(loadFrame(frame, true)).rejects.toMatchObject({ code: 'UNDECODABLE' });
    expect([asked.length, frameStore.has(frame.imageId)]).toEqual([1, false]);
  });

  it('that is aborted is nowhere, and comes when it is asked for again', async () => {
    serve(never);
    const [frame] = slices(1) as [FrameModel];
    const loading = loadFrame(frame, true);
    await Promise.resolve();
    cancelFrame(frame.imageId);
    await expect(loading).rejects.toMatchObject({ name: 'AbortError' });
    serve();
    await loadFrame(frame, true);
    expect(frameStore.isWhole(frame.imageId)).toBe(true);
  });
});

describe('a frame on a slow line', () => {
  const TOTAL = 30_000;
  const parts =
    (etag = '"a"'): Answer =>
    ({ url, headers }) => {
      if (!url.endsWith('/progressive')) return stored();
      const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.get('range') ?? '') ?? [];
      const end = to === '' ? TOTAL : Math.min(TOTAL, Number(to) + 1);
      const range = `bytes ${from}-${end - 1}/${TOTAL}`;
      return new Response(new Uint8Array(end - Number(from)), { status: 206, headers: { etag, 'content-range': range } });
    };
  beforeEach(() => void vi.spyOn(line(), 'isSlow', 'get').mockReturnValue(true));

  it('is a picture of its beginning first, whose values count for nothing, and the rest from there on when it is wanted', async () => {
    const asked = serve(parts());
    const [frame] = slices(1, GRAY, 512) as [FrameModel];
    await loadFrame(frame, false, 'preview');
    expect([frameStore.has(frame.imageId), frameStore.isWhole(frame.imageId)]).toEqual([true, false]);
    await loadFrame(frame, true, 'whole');
    expect(frameStore.isWhole(frame.imageId)).toBe(true);
    expect(asked.map(({ headers }) => headers.get('range'))).toEqual(['bytes=0-10485', 'bytes=10486-']);
  });

  it('that the server has in no such form comes as it is stored, and no other of its series is asked for in it', async () => {
    const asked = serve(({ url }) => (url.endsWith('/progressive') ? new Response(null, { status: 406 }) : stored()));
    const [first, second] = slices(2, GRAY, 512) as [FrameModel, FrameModel];
    await loadFrame(first, true);
    await loadFrame(second, true);
    expect(asked.map(({ url }) => url)).toEqual([`${urlOf(first)}/progressive`, urlOf(first), urlOf(second)]);
  });

  it('that is not what the server has compared with the stored one is never shown as it: it comes as it is stored', async () => {
    const asked = serve(parts(`"${'A'.repeat(43)}"`));
    const [frame] = slices(1, GRAY, 512) as [FrameModel];
    await loadFrame(frame, true);
    expect(asked.at(-1)?.url).toBe(urlOf(frame));
    expect(frameStore.isWhole(frame.imageId)).toBe(true);
  });

  it('that is small is asked for as it is stored', async () => {
    const asked = serve(parts());
    const [frame] = slices(1) as [FrameModel];
    await loadFrame(frame, true);
    expect(asked.map(({ url }) => url)).toEqual([urlOf(frame)]);
  });
});

describe('a series', () => {
  const open = (count: number, focus: number) => {
    const events = { onFrame: vi.fn(), onComplete: vi.fn() };
    const loader = new SeriesLoader(seriesOf({ frames: slices(count), isSpatial: true }), focus, events);
    return { loader, events };
  };
  const away: Answer = () => Promise.reject(new TypeError('Failed to fetch'));

  it('comes outward from the frame that is looked at, and says once that all is here', async () => {
    const asked = serve();
    const { loader, events } = open(7, 3);
    await vi.waitFor(() => expect(events.onComplete).toHaveBeenCalled());
    expect(asked.map(({ url }) => nameOf(url))).toEqual(['4', '5', '3', '6', '2', '7', '1']);
    expect([loader.loadedCount, loader.pictureCount, events.onComplete.mock.calls.length]).toEqual([7, 7, 1]);
    loader.close();
  });

  it('that is the tiles of a slide comes no further than its neighbours: the view of the slide asks for what is seen', async () => {
    const asked = serve();
    const events = { onFrame: vi.fn(), onComplete: vi.fn() };
    const tiles = seriesOf({ frames: slices(40), sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.6' });
    const loader = new SeriesLoader(tiles, 20, events);
    await vi.waitFor(() => expect(events.onComplete).toHaveBeenCalled());
    expect(asked.map(({ url }) => nameOf(url)).sort()).toEqual(['19', '20', '21', '22', '23']);
    loader.close();
  });

  it('has what is here already, and asks for none of it', async () => {
    const first = open(3, 0);
    serve();
    await vi.waitFor(() => expect(first.events.onComplete).toHaveBeenCalled());
    first.loader.close();
    const asked = serve();
    const onComplete = vi.fn();
    const again = new SeriesLoader(seriesOf({ frames }), 1, { onFrame: vi.fn(), onComplete });
    expect([again.loadedCount, onComplete.mock.calls.length, asked.length]).toEqual([3, 1, 0]);
    again.close();
  });

  it('tells of the frame that failed, shows the others, and asks for it again when that is wanted', async () => {
    let isGone = true;
    serve(({ url }) => (isGone && nameOf(url) === '2' ? new Response(null, { status: 404 }) : stored()));
    const { loader, events } = open(3, 1);
    await vi.waitFor(() => expect(events.onComplete).toHaveBeenCalled());
    expect([loader.states, loader.isSettled(1), loader.isDrawable(1)]).toEqual([['loaded', 'failed', 'loaded'], true, false]);
    expect(loader.errorOf(1)).toMatchObject({ code: 'NOT_FOUND', status: 404 });
    isGone = false;
    loader.retry(0);
    loader.retry(1);
    await vi.waitFor(() => expect(loader.states).toEqual(['loaded', 'loaded', 'loaded']));
    expect(loader.errorOf(1)).toBeUndefined();
    // That all is here was said before: what is asked for again is no second time.
    expect(events.onComplete).toHaveBeenCalledOnce();
    loader.close();
  });

  it('while the server is away fails where one looks alone, asks for nothing ahead, and goes on by itself', async () => {
    vi.useFakeTimers();
    const asked = serve(away);
    const { loader } = open(3, 1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect([loader.states, asked.length]).toEqual([['idle', 'failed', 'idle'], 1]);
    const later = serve();
    await vi.advanceTimersByTimeAsync(1_900);
    expect(later).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(loader.states).toEqual(['loaded', 'loaded', 'loaded']);
    loader.close();
  });

  it('goes on at once when the browser is told that the line is back', async () => {
    vi.useFakeTimers();
    serve(away);
    const { loader } = open(2, 0);
    await vi.advanceTimersByTimeAsync(100);
    serve();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(10);
    expect(loader.states).toEqual(['loaded', 'loaded']);
    loader.close();
  });

  it('does not call failed what was fetched ahead when the line was cut', async () => {
    vi.useFakeTimers();
    serve(({ url }, init) => (nameOf(url) === '1' ? stored() : away({ url, headers: new Headers() }, init)));
    const { loader } = open(3, 0);
    await vi.advanceTimersByTimeAsync(500);
    expect(loader.states).toEqual(['loaded', 'idle', 'idle']);
    loader.close();
  });

  it('that is closed aborts what is on its way, and tells nothing more', async () => {
    const aborted: string[] = [];
    serve((asked, init) => {
      init.signal?.addEventListener('abort', () => aborted.push(nameOf(asked.url)));
      return nameOf(asked.url) === '1' ? stored() : never(asked, init);
    });
    const { loader, events } = open(3, 0);
    await vi.waitFor(() => expect(loader.states).toEqual(['loaded', 'loading', 'loading']));
    events.onFrame.mockClear();
    loader.close();
    await vi.waitFor(() => expect(aborted.sort()).toEqual(['2', '3']));
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect([events.onFrame.mock.calls.length, events.onComplete.mock.calls.length]).toEqual([0, 0]);
  });
});
