import type { DecodedFrame } from '@negatoscope/dicom';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DecoderPool } from './engine/decoding/decoder-pool.ts';
import { frameStore } from './engine/frame-store.ts';
import { LoadQueue } from './engine/load-queue.ts';
import { forgetAhead, loadAround } from './frames-ahead.ts';
import { LineMeter } from './model/line-meter.ts';
import type { SeriesModel } from './model/study-model.ts';
import { slicesAt } from './model/volume-fixture.ts';
import { seriesOf } from './testing/pane-fixture.ts';

const us = (value: number) => ({ vr: 'US', Value: [value] });
const GRAY = { '00280100': us(16), '00280101': us(12), '00280102': us(11), '00280103': us(0) };
/** Of 2 MiB each: eight of them are what may come. */
const SIDE = 1024;

let number = 0;
function seriesFrom(firstIndex: number): SeriesModel {
  number += 1;
  const frames = slicesAt(
    Array.from({ length: 40 }, (_, at) => at),
    { side: SIDE, more: { ...GRAY } },
  ).map((frame) => ({
    ...frame,
    imageId: `wadors:/dicom-web/studies/1/series/ahead${number}/instances/${frame.instanceNumber}/frames/1`,
  }));
  return seriesOf({ frames, firstIndex });
}

let asked: string[] = [];
const answer = (): Response =>
  new Response(new Uint8Array(2 * SIDE * SIDE), {
    headers: { 'content-type': 'application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1' },
  });
function serve(answered: (url: string) => Response | Promise<Response> = answer): void {
  vi.stubGlobal('fetch', async (url: string) => {
    asked.push(url);
    return answered(url);
  });
}
const indexOf = (url: string): number => Number(/instances\/(\d+)/.exec(url)?.[1]) - 1;

beforeEach(() => {
  asked = [];
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('navigator', { hardwareConcurrency: 2 });
  vi.spyOn(LineMeter.prototype, 'isSlow', 'get').mockReturnValue(false);
  vi.spyOn(DecoderPool.prototype, 'decode').mockImplementation(
    async (frame) => ({ ...frame, pixels: new Uint8Array(2 * SIDE * SIDE) }) as unknown as DecodedFrame, // Nothing draws it.
  );
});
afterEach(() => {
  forgetAhead();
  vi.restoreAllMocks();
});

it('brings the frames nearest to the first one, 16 MiB with it, before there is a room', async () => {
  serve();
  const series = seriesFrom(20);
  await loadAround(series);
  expect(asked.map(indexOf).sort((a, b) => a - b)).toEqual([17, 18, 19, 21, 22, 23, 24]);
  expect(series.frames.filter(({ imageId }) => frameStore.isWhole(imageId))).toHaveLength(7);
  forgetAhead();
  expect(series.frames.filter(({ imageId }) => frameStore.isWhole(imageId))).toEqual([]);
});

it('leaves the rest to the room as soon as that has a pane', async () => {
  const panes = vi.spyOn(LoadQueue.prototype, 'laneCount', 'get').mockReturnValue(0);
  serve(() => {
    panes.mockReturnValue(1);
    return answer();
  });
  await loadAround(seriesFrom(0));
  expect(asked.map(indexOf)).toEqual([1, 2, 3, 4]);
});

it('brings nothing on a slow line, where it would hold up what the reader asks for', async () => {
  vi.spyOn(LineMeter.prototype, 'isSlow', 'get').mockReturnValue(true);
  serve();
  await loadAround(seriesFrom(0));
  expect(asked).toEqual([]);
});

it('says nothing of a frame that fails: the room asks again', async () => {
  serve((url) => (indexOf(url) === 1 ? new Response(null, { status: 404 }) : answer()));
  const series = seriesFrom(0);
  await expect(loadAround(series)).resolves.toBeUndefined();
  expect(asked.map(indexOf)).toContain(4);
});
