import { DISK_HU, diskOf, diskSeries } from '@negatoscope/testkit';
import type { Request, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SLICES = 120;
const SIDE = 256;
const BEGINNING = 'bytes=0-10239';
const PREVIEW = 'Aperçu, pas encore sans perte';

interface Asked {
  readonly path: string;
  readonly range: string | undefined;
  end: 'finished' | 'aborted' | undefined;
}

/** A picture that was painted: whose, whether of a whole frame, and how far the disk in it is from where it is, in pixels. */
interface Painted {
  readonly index: number;
  readonly isWhole: boolean;
  readonly offset: number;
}

/** Runs in the page: notes every picture that is painted. One function, because it is sent there. */
function watchPictures({ x, y, radius }: { x: number; y: number; radius: number }): void {
  const scope = window as unknown as {
    painted: Painted[];
    __negatoscopeViewer?: { renderedIndex: number; isWhole: boolean; picture?: { pixels: Uint8Array; columns: number } };
  }; // Of the page; this function is sent there.
  scope.painted = [];
  let last: unknown;
  const look = (): void => {
    requestAnimationFrame(look);
    const { picture, renderedIndex: index = -1, isWhole = false } = scope.__negatoscopeViewer ?? {};
    if (picture === undefined || picture === last) return;
    last = picture;
    // The ground is under the middle of the window: what is above it is the disk.
    let [sumX, sumY, sum] = [0, 0, 0];
    picture.pixels.forEach((grey, at) => {
      const [column, row] = [at % picture.columns, Math.floor(at / picture.columns)];
      const weight = Math.hypot(column - x, row - y) < 1.5 * radius ? Math.max(0, grey - 140) : 0;
      sumX += weight * column;
      sumY += weight * row;
      sum += weight;
    });
    scope.painted.push({ index, isWhole, offset: Math.hypot(sumX / sum - x, sumY / sum - y) });
  };
  look();
}

describe.skipIf(chromiumPath === undefined)('a CT of 120 slices on a line of 2 Mbit/s and 150 ms', () => {
  const slices = [...diskSeries({ seed: 'prefixes', slices: SLICES, side: SIDE })];
  const asked: Asked[] = [];
  let tab: Tab;
  // What is fetched when is tested, and the pixels that are handed to what draws them.
  setStage(
    (stage) => {
      tab = stage.tab;
    },
    { drawnBy: 'processor' },
  );

  const pathOf = (number: number): Promise<string> =>
    tab.page.evaluate(
      (index) => `${window.__negatoscopeViewer?.imageIds[index]?.replace('wadors:', '')}/progressive`,
      number - 1,
    );
  const goTo = (number: number): Promise<void> =>
    tab.page.evaluate((index) => window.__negatoscopeViewer?.goTo(index), number - 1);
  /** Goes to a slice; gives the milliseconds until there is a picture of it. */
  const jumpTo = (number: number): Promise<number> =>
    tab.page.evaluate(async (index) => {
      const from = performance.now();
      window.__negatoscopeViewer?.goTo(index);
      while (window.__negatoscopeViewer?.renderedIndex !== index) await new Promise(requestAnimationFrame);
      return performance.now() - from;
    }, number - 1);
  const isPainted = (number: number, isWhole: boolean): Promise<unknown> =>
    tab.page.waitForFunction(
      ([index, whole]) => {
        const probe = window.__negatoscopeViewer;
        return probe?.renderedIndex === index && (probe.isWhole || !whole);
      },
      [number - 1, isWhole] as const,
      { timeout: 60_000 },
    );
  /** Frames that were asked for between the first request of this one and its last byte. */
  const askedBeside = (path: string): Promise<string[]> =>
    tab.page.evaluate((wanted) => {
      const entries = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/frames/'));
      const own = entries.filter(({ name }) => new URL(name).pathname === wanted);
      const from = Math.min(...own.map(({ startTime }) => startTime));
      const to = Math.max(...own.map(({ startTime, duration }) => startTime + duration));
      return entries
        .filter((entry) => !own.includes(entry) && entry.startTime > from && entry.startTime < to)
        .map(({ name }) => name);
    }, path);
  /** Mean in HU of the pixels of the kept rectangle, from the stored object. */
  async function storedMean(bytes: Uint8Array): Promise<number> {
    const { items } = await (await tab.page.request.get(`/api/studies/${slices[0]?.studyInstanceUid}/annotations`)).json();
    const { points } = items.find(({ kind }: { kind: string }) => kind === 'RECTANGLE').geometry as { points: number[] };
    const [xs, ys] = [points.filter((_, at) => at % 2 === 0), points.filter((_, at) => at % 2 === 1)];
    const from = bytes.length - SIDE * SIDE * 2;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    let [sum, count] = [0, 0];
    for (let at = 0; at < SIDE * SIDE; at += 1) {
      const [x, y] = [(at % SIDE) + 0.5, Math.floor(at / SIDE) + 0.5];
      if (x < Math.min(...xs) || x >= Math.max(...xs) || y < Math.min(...ys) || y >= Math.max(...ys)) continue;
      sum += view.getUint16(from + 2 * at, true) - 1024;
      count += 1;
    }
    return sum / count;
  }
  const painted = (): Promise<Painted[]> => tab.page.evaluate(() => (window as unknown as { painted: Painted[] }).painted);

  /** Each request of a frame, in the order in which they leave the page, and how it ended. */
  function note({ page }: Tab): void {
    const known = new Map<Request, Asked>();
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      if (!path.includes('/frames/')) return;
      const one: Asked = { path, range: request.headers().range, end: undefined };
      known.set(request, one);
      asked.push(one);
    });
    const end = (how: 'finished' | 'aborted') => (request: Request) => {
      const one = known.get(request);
      if (one !== undefined) one.end = how;
    };
    page.on('requestfinished', end('finished'));
    page.on('requestfailed', end('aborted'));
  }

  it('opens with a picture of the middle one from its beginning, then gives every other its first ten thousand bytes, outward', async () => {
    expect(await storeInstances(tab, slices)).toBe(200);
    const { page, context } = tab;
    note(tab);
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: 250_000,
      uploadThroughput: 250_000,
    });
    await page.addInitScript(watchPictures, diskOf(SIDE));
    await page.goto(`/app/studies/${slices[0]?.studyInstanceUid}`);
    await isPainted(60, true);
    await page.waitForFunction(() => (window.__negatoscopeViewer?.picturesReady ?? 0) > 8, undefined, { timeout: 60_000 });
    // The slice itself may be asked for again from where it was when the pane is set up anew.
    const middle = await pathOf(60);
    const until = asked.findIndex(({ path }) => path !== middle);
    const others = asked.slice(until, until + 8);
    expect(until).toBeGreaterThan(0);
    expect(asked[0]?.path).toBe(middle);
    // Its beginning has come with what the study was opened with.
    expect(asked[0]?.range).toMatch(/^bytes=(?:0|10240)-$/);
    expect(new Set(others.map(({ range }) => range))).toEqual(new Set([BEGINNING]));
    const paths = await Promise.all([61, 59, 62, 58, 63, 57, 64, 56].map(pathOf));
    expect(others.map(({ path }) => path)).toEqual(paths);
  });

  it('a jump from the first to the 110th goes ahead of everything, and what it overtakes is aborted', async () => {
    await goTo(1);
    await isPainted(1, true);
    // The others are on their way again, and the 110th has not been asked for yet.
    const again = asked.length;
    const underWay = (): Asked[] => asked.slice(again).filter(({ end }) => end === undefined);
    await expect.poll(() => underWay().length, { timeout: 30_000, interval: 10 }).toBeGreaterThan(2);
    const wanted = await pathOf(110);
    expect(asked.some(({ path }) => path === wanted)).toBe(false);
    const under = underWay();
    const before = asked.length;
    const pictureMs = await jumpTo(110);
    await isPainted(110, true);
    const since = asked.slice(before);
    const own = since.findIndex(({ path }) => path === wanted);
    expect(since[own]?.range).toBe('bytes=0-');
    // Those that were started in the moment of the jump itself.
    const early = since.slice(0, own);
    expect(early.length).toBeLessThanOrEqual(5);
    const isOver = (): boolean => [...under, ...early].every(({ end }) => end !== undefined);
    await expect.poll(isOver, { timeout: 30_000 }).toBe(true);
    expect([...under, ...early].filter(({ end }) => end === 'aborted').length).toBeGreaterThan(0);
    // Nothing but the frame is asked for before it is here.
    expect(await askedBeside(wanted)).toEqual([]);
    // A machine that is busy for a moment is asked again.
    const times = [pictureMs];
    for (const number of [119, 3]) if (Math.min(...times) >= 1000) times.push(await jumpTo(number));
    expect(Math.min(...times)).toBeLessThan(1000);
  });

  it('says what is a preview, marks what is measured in one, and gives the stored value as soon as the frame is here', async () => {
    const { page } = tab;
    await page.waitForFunction((count) => window.__negatoscopeViewer?.picturesReady === count, SLICES, { timeout: 120_000 });
    const wanted = await pathOf(2);
    const held: Route[] = [];
    await page.route(
      ({ pathname }) => pathname === wanted,
      (route) => void held.push(route),
    );
    await goTo(2);
    await isPainted(2, false);
    await expect.poll(() => page.locator('.ng-viewer-pane').textContent()).toContain(PREVIEW);
    await page.keyboard.press('d');
    const box = await page.locator('canvas.cornerstone-canvas').first().boundingBox();
    await page.mouse.click((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2);
    const texts = page.locator('.ng-viewer-canvas svg text').first();
    await expect.poll(() => texts.textContent()).toContain('provisoire');
    // A region on the same preview: marked, and without numbers of its own.
    await page.keyboard.press('q');
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * 0.4, (box?.y ?? 0) + (box?.height ?? 0) * 0.3);
    await page.mouse.down();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) * 0.6, (box?.y ?? 0) + (box?.height ?? 0) * 0.45, { steps: 4 });
    await page.mouse.up();
    const region = page.locator('.ng-viewer-canvas svg text').nth(1);
    await expect.poll(() => region.textContent()).toContain('provisoire');
    expect(await region.textContent()).not.toContain('±');
    await expect.poll(() => held.length, { timeout: 30_000 }).toBeGreaterThan(0);
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    for (const route of held) await route.continue().catch(() => undefined);
    await isPainted(2, true);
    await expect.poll(() => page.locator('.ng-viewer-pane').textContent()).not.toContain(PREVIEW);
    await expect.poll(() => texts.textContent()).not.toContain('provisoire');
    const text = await texts.textContent();
    const [, hu, x, y] = /(-?\d+) HU\s*x (\d+)\s+y (\d+)/.exec((text ?? '').replaceAll('−', '-')) ?? [];
    const { bytes } = slices.find(({ sopInstanceUid }) => wanted.includes(`/${sopInstanceUid}/`)) ??
      slices[0] ?? { bytes: new Uint8Array() };
    const at = bytes.length - SIDE * SIDE * 2 + 2 * (Number(y) * SIDE + Number(x));
    expect(Number(hu)).toBe(new DataView(bytes.buffer, bytes.byteOffset).getUint16(at, true) - 1024);
    expect(Math.abs(Number(hu))).toBeLessThan(DISK_HU.inside + 200);
    // Nobody has touched the region: its mean is that of the stored values.
    const means = /Moy\. (-?[\d,]+) ±/.exec((await region.textContent())?.replaceAll('−', '-') ?? '');
    expect(Number(means?.[1]?.replace(',', '.'))).toBeCloseTo(await storedMean(bytes), 1);
    expect(await region.textContent()).not.toContain('provisoire');
  });

  it('shows the disk within a quarter of a pixel of where it is, in every picture that it painted', async () => {
    for (const number of [20, 40, 80, 100]) {
      await goTo(number);
      await isPainted(number, true);
    }
    const all = await painted();
    expect(all.filter(({ isWhole }) => !isWhole).length).toBeGreaterThan(3);
    expect(all.filter(({ offset }) => !(offset < 0.25))).toEqual([]);
    expect(tab.problems).toEqual([]);
  });
});
