import { ctVolume, type GeneratedInstance } from '@negatoscope/testkit';
import type { Request } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SLICES = 120;
const SIDE = 256;

/** A CT whose slices can be told by the grey of their middle: each is flat, a little brighter than the one before. */
function flatSlices(): GeneratedInstance[] {
  return [...ctVolume({ seed: 'slow', slices: SLICES, rows: SIDE, columns: SIDE })].map((slice, index) => {
    const bytes = Uint8Array.from(slice.bytes);
    const pixels = new DataView(bytes.buffer, bytes.length - SIDE * SIDE * 2);
    for (let at = 0; at < SIDE * SIDE; at += 1) pixels.setInt16(2 * at, 900 + 3 * index, true);
    return { ...slice, bytes };
  });
}

/** What the pane says and shows at one moment. */
const look = ({ page }: Tab) =>
  page.evaluate((side) => {
    const probe = (window as unknown as { __negatoscopeViewer: { picture?: { pixels: Uint8Array }; askedIndex: number } })
      .__negatoscopeViewer;
    const text = document.querySelector('.ng-viewer-pane')?.textContent ?? '';
    return {
      label: Number(/Im\. (\d+)\//.exec(text)?.[1]),
      waitsFor: Number(/Image (\d+) en cours de chargement/.exec(text)?.[1] ?? 0),
      grey: probe.picture?.pixels[(side / 2) * side + side / 2],
      asked: probe.askedIndex + 1,
      lengths: document.querySelectorAll('.ng-viewer-canvas svg text').length,
    };
  }, SIDE);

describe.skipIf(chromiumPath === undefined)('on a line of 2 Mbit/s and 150 ms', () => {
  let tab: Tab;
  // What is fetched when is tested, and the pixels that are handed to what draws them.
  setStage(
    (stage) => {
      tab = stage.tab;
    },
    { drawnBy: 'processor' },
  );

  const draw = async (): Promise<void> => {
    const box = await tab.page.locator('canvas.cornerstone-canvas').first().boundingBox();
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2];
    await tab.page.mouse.move(x - 60, y);
    await tab.page.mouse.down();
    await tab.page.mouse.move(x, y + 20, { steps: 4 });
    await tab.page.mouse.move(x + 60, y + 20, { steps: 4 });
    await tab.page.mouse.up();
  };

  it('opens a CT of 120 slices in its middle', async () => {
    const slices = flatSlices();
    expect(await storeInstances(tab, slices)).toBe(200);
    const cdp = await tab.context.newCDPSession(tab.page);
    await tab.page.goto(`/app/studies/${slices[0]?.studyInstanceUid}`);
    await tab.page.waitForFunction(() => (window.__negatoscopeViewer?.framesLoaded ?? 0) > 0, undefined, { timeout: 60_000 });
    await cdp.send('Network.enable');
    await cdp.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 150,
      downloadThroughput: 250_000,
      uploadThroughput: 250_000,
    });
  });

  it('a jump to the last slice keeps the label of the slice that is drawn, says what is coming, and measures nothing meanwhile', async () => {
    const { page } = tab;
    const last = await page.evaluate(() => window.__negatoscopeViewer?.imageIds.at(-1)?.replace('wadors:', '') ?? '');
    // Held for as long as the test looks, however quick the machine is.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route(
      ({ pathname }) => pathname === last || pathname === `${last}/progressive`,
      async (route) => {
        await held;
        await route.continue();
      },
    );
    const finished: string[] = [];
    page.on('requestfinished', (request: Request) => void (request.url().includes('/frames/') && finished.push(request.url())));
    await page.keyboard.press('l');
    const before = await look(tab);
    await page.keyboard.press('End');
    await expect.poll(async () => (await look(tab)).waitsFor).toBe(SLICES);
    // By now what was fetched ahead has been aborted, and nothing more of it is asked for.
    await page.waitForTimeout(1500);
    finished.length = 0;
    await draw();
    expect(await look(tab)).toEqual({ ...before, asked: SLICES, waitsFor: SLICES, lengths: 0 });
    await page.waitForTimeout(2000);
    expect(finished).toEqual([]);

    release();
    await page.waitForFunction((index) => window.__negatoscopeViewer?.currentIndex === index, SLICES - 1, { timeout: 60_000 });
    await expect.poll(async () => (await look(tab)).label).toBe(SLICES);
    await expect.poll(async () => (await look(tab)).grey).toBeGreaterThan((before.grey ?? 255) + 50);
    expect(await look(tab)).toMatchObject({ waitsFor: 0, lengths: 0 });
    await page.unrouteAll();
  });

  it('a length that is drawn then belongs to that slice and to no other', async () => {
    await draw();
    await expect.poll(async () => (await look(tab)).lengths).toBeGreaterThan(0);
    await tab.page.keyboard.press('PageUp');
    await tab.page.waitForFunction((index) => window.__negatoscopeViewer?.currentIndex === index, SLICES - 11, {
      timeout: 60_000,
    });
    await expect.poll(async () => (await look(tab)).lengths).toBe(0);
    await tab.page.keyboard.press('End');
    await expect.poll(async () => (await look(tab)).lengths, { timeout: 30_000 }).toBeGreaterThan(0);
    expect((await look(tab)).label).toBe(SLICES);
  });
});
