import { type SlideLevel, slidesOf } from '@negatoscope/dicom';
import { expect, test, vi } from 'vitest';
import { slideDatasets } from '../testing/slide-fixture.ts';
import { wholeLook } from './look.ts';
import { inOrder, planTiles, shownSlide } from './plan-tiles.ts';
import { type LoadTile, type TilePicture, TileStore } from './tile-store.ts';

const [slide] = slidesOf(slideDatasets());
if (slide === undefined) throw new Error('no slide');
const SIZE = { width: 1200, height: 800 };

/** Answers that come when they are let. */
function held() {
  const asked: { key: string; signal: AbortSignal; give: (picture: TilePicture) => void; fail: (error: Error) => void }[] = [];
  const load: LoadTile = (level, tile, signal) =>
    new Promise((give, fail) => {
      asked.push({ key: `${level.sopInstanceUid}/${tile.frame}`, signal, give, fail });
      signal.addEventListener('abort', () => fail(new Error('aborted')));
    });
  return { asked, load };
}
const picture = (close = vi.fn()): TilePicture => ({ source: {} as CanvasImageSource, close });
const plan = planTiles(shownSlide(slide, 0, 0), wholeLook(slide, SIZE), SIZE, 1);
const tiles = inOrder(slide, plan, wholeLook(slide, SIZE));

test('the coarsest picture comes first, then what lies in the middle; six at once', () => {
  const { asked, load } = held();
  new TileStore(load, vi.fn()).want(tiles);
  expect(asked.map(({ key }) => key)).toEqual(['1.2.3.16/1', ...asked.slice(1).map(({ key }) => key)]);
  expect(asked).toHaveLength(6);
  // 12 by 8 tiles: the four in the middle.
  expect(
    asked
      .slice(1, 5)
      .map(({ key }) => key)
      .sort(),
  ).toEqual(['1.2.3.1/42', '1.2.3.1/43', '1.2.3.1/54', '1.2.3.1/55']);
});

test('what is not looked at any more is ended, is no failure, and makes room for what is', async () => {
  const { asked, load } = held();
  const store = new TileStore(load, vi.fn());
  store.want(tiles);
  store.want(tiles.slice(-3));
  await vi.waitFor(() => expect(asked).toHaveLength(9));
  expect(asked.slice(0, 6).every(({ signal }) => signal.aborted)).toBe(true);
  expect(store.state).toEqual({ waiting: 3, failures: 0, reason: undefined });
});

test('a tile that could not be had costs itself, is told with its reason, and is asked for again when somebody says so', async () => {
  const { asked, load } = held();
  const changed = vi.fn();
  const store = new TileStore(load, changed);
  store.want(tiles.slice(0, 2));
  const [broken, good] = asked;
  const reason = new Error('broken');
  broken?.fail(reason);
  good?.give(picture());
  await vi.waitFor(() => expect(store.state).toEqual({ waiting: 0, failures: 1, reason }));
  expect([store.picture(tiles[0] ?? fail()), store.picture(tiles[1] ?? fail())]).toEqual([undefined, expect.anything()]);
  expect(changed).toHaveBeenCalledTimes(2);
  store.retry();
  expect(asked.map(({ key }) => key)).toEqual([broken?.key, good?.key, broken?.key]);
});

test('memory is bounded: the oldest of what is not looked at goes; all goes with the slide', async () => {
  const level = { ...slide.levels[0], tileColumns: 8192, tileRows: 4096 } as SlideLevel;
  const closed: number[] = [];
  const store = new TileStore(async (_level, { frame }) => picture(vi.fn(() => closed.push(frame))), vi.fn());
  for (const frame of [1, 2, 3]) {
    store.want([{ level, tile: { frame, x: 0, y: 0 } }]);
    await vi.waitFor(() => expect(store.state.waiting).toBe(0));
  }
  expect(closed).toEqual([1]);
  store.close();
  expect(closed).toEqual([1, 2, 3]);
});

test('a slide without a smaller picture asks for no more tiles than a screen shows', () => {
  const [finest] = slidesOf(
    slideDatasets({ '00480006': { vr: 'UL', Value: [100_000] }, '00480007': { vr: 'UL', Value: [66_667] } }),
  );
  if (finest === undefined) throw new Error('no slide');
  const wide = planTiles(shownSlide(finest, 0, 0), wholeLook(finest, SIZE), SIZE, 1);
  expect([wide.isTooWide, wide.layers]).toEqual([true, []]);
  expect(plan.isTooWide).toBe(false);
});

function fail(): never {
  throw new Error('no tile');
}
