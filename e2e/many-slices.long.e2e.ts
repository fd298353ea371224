import { volumeSeries } from '@negatoscope/testkit';
import type { CDPSession, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

/** As many as no scanner makes: storing them takes a minute. */
const SLICES = 10_000;
const BATCH = 2_000;
const SIDE = 8;
const MIB = 1024 * 1024;

/** In the page: notes for how long it could not answer. */
function noteBlocks(): void {
  const blocks: number[] = [];
  Object.assign(window, { blocks });
  new PerformanceObserver((list) => blocks.push(...list.getEntries().map(({ duration }) => Math.round(duration)))).observe({
    type: 'longtask',
    buffered: true,
  });
}

interface Cost {
  readonly longestMs: number;
  readonly blocks: number;
  readonly totalMs: number;
  readonly heap: number;
  readonly buffers: number;
}

/** The longest of what has blocked the page since this was last asked for, how much that was together, and the memory that is in use, MiB. */
async function cost(page: Page, cdp: CDPSession): Promise<Cost> {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 }: { usedSize: number; backingStorageSize?: number } =
    await cdp.send('Runtime.getHeapUsage');
  const blocks = await page.evaluate(() => (window as unknown as { blocks: number[] }).blocks.splice(0)); // What `noteBlocks` has put there.
  return {
    longestMs: Math.max(0, ...blocks),
    blocks: blocks.length,
    totalMs: blocks.reduce((sum, one) => sum + one, 0),
    heap: Math.round(usedSize / MIB),
    buffers: Math.round(backingStorageSize / MIB),
  };
}

/** Stores the series; gives its Study Instance UID. */
async function store(tab: Tab): Promise<string> {
  const positions = Array.from({ length: SLICES }, (_, k) => [-8, -8, 0.1 * k] as const);
  const dataset = { PatientName: 'Tranches^DixMille', PatientID: 'SLICES-10000' };
  const slices = [
    ...volumeSeries({
      ...{ seed: 'many-slices', side: SIDE, spacingMm: 2, thicknessMm: 0.1, dataset, positions },
      valueAt: ([x, y, z]) => Math.round(300 * Math.sin(x / 9) + 200 * Math.cos(y / 7) - z / 10),
    }),
  ];
  for (let from = 0; from < SLICES; from += BATCH) expect(await storeInstances(tab, slices.slice(from, from + BATCH))).toBe(200);
  return slices[0]?.studyInstanceUid ?? '';
}

describe.skipIf(chromiumPath === undefined)('a series of 10,000 slices', () => {
  let tab: Tab;
  setStage(
    (stage) => {
      ({ tab } = stage);
    },
    { drawnBy: 'processor', isAlone: true },
  );

  it('opens and is scrolled to both ends and through, in memory that stays small', async () => {
    const uid = await store(tab);
    const { page, context } = tab;
    const cdp = await context.newCDPSession(page);
    await page.addInitScript(noteBlocks);
    await page.goto(`/app/studies/${uid}`);
    const until = (index: number) =>
      page.waitForFunction((wanted) => window.__negatoscopeViewer?.renderedIndex === wanted, index, { timeout: 300_000 });
    await until(Math.floor((SLICES - 1) / 2));
    const tell = async (what: string): Promise<void> => console.log(what, JSON.stringify(await cost(page, cdp)));
    await tell('opened');
    for (const [key, index] of [
      ['End', SLICES - 1],
      ['PageUp', SLICES - 11],
      ['Home', 0],
      ['ArrowDown', 1],
    ] as const) {
      await page.keyboard.press(key);
      await until(index);
    }
    await tell('scrolled');
    await keepScreenshot(page, 'many-slices');
    const loaded = (count: number) =>
      page.waitForFunction((wanted) => (window.__negatoscopeViewer?.framesLoaded ?? 0) >= wanted, count, { timeout: 1_000_000 });
    await loaded(1_000);
    await tell('loaded 1,000');
    const { heap, buffers } = await cost(page, cdp);
    expect(heap + buffers).toBeLessThan(200);
  }, 900_000);
});
