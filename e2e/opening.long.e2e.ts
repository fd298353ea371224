import { ctVolume } from '@negatoscope/testkit';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { hold } from './support/hold.ts';
import { itInLongRun } from './support/long.ts';
import { type Stage, setStage } from './support/stage.ts';

const SLICES = [...ctVolume({ seed: 'opening', slices: 9, noise: 20 })];
const ROWS = 512;
const STUDY = SLICES[0]?.studyInstanceUid ?? '';

/** Holds back what the panes stand on. */
const holdLibrary = (page: Page): Promise<() => void> => hold(page, /\/assets\/session-[^/]+\.js$/);
/** Holds back what every page of the application begins with. */
const holdApplication = (page: Page): Promise<() => void> => hold(page, /\/assets\/main-[^/]+\.js$/);

/** The letters, numbers and names over an image, without what comes with a pane. */
const textsOf = async (page: Page, selector: string): Promise<string[]> => {
  const texts = await page.locator(selector).first().locator('.ng-viewer-overlay').allInnerTexts();
  return texts.map((text) => text.trim()).filter((text) => text !== '');
};

describe.skipIf(chromiumPath === undefined)('a study that is opened while the library of the panes is still on its way', () => {
  let stage: Stage;
  setStage(
    async (set) => {
      stage = set;
      expect(await storeInstances(stage.tab, SLICES)).toBe(200);
    },
    { isAlone: true },
  );

  it('is seen at once, under its own name, where and as the pane then shows it', async () => {
    const { page } = stage.tab;
    const release = await holdLibrary(page);
    await page.goto(`/app/studies/${STUDY}?alone=true`);
    const opening = page.getByTestId('opening-pane');
    await opening.locator('canvas').waitFor();
    const middle = await opening.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [0] };
      return { rows: canvas.height, greys: new Set(data.filter((_, at) => at % 4 === 0)).size };
    });
    expect(middle.rows).toBe(ROWS);
    expect(middle.greys).toBeGreaterThan(20);
    expect(await page.locator('.ng-viewer-pane').count()).toBe(0);
    const [texts, box] = [await textsOf(page, '[data-testid=opening-pane]'), await opening.locator('canvas').boundingBox()];
    expect(texts.join(' ')).toMatch(/Im\. 5\/9/);

    release();
    await opening.waitFor({ state: 'detached' });
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    await expect.poll(() => textsOf(page, '.ng-viewer-pane')).toEqual(texts);
    const pane = await page.locator('.ng-viewer-pane canvas.cornerstone-canvas').boundingBox();
    // The image is square: as high as its pane, in the middle.
    expect(Math.abs((box?.height ?? 0) - Math.min(pane?.height ?? 0, pane?.width ?? 0))).toBeLessThan(2);
    expect(Math.abs((box?.x ?? 0) + (box?.width ?? 0) / 2 - (pane?.x ?? 0) - (pane?.width ?? 0) / 2)).toBeLessThan(2);
  });

  itInLongRun('is asked for, with the files that it needs, before the application runs', async () => {
    const { page } = stage.tab;
    const asked = new Set<string>();
    // What the page before was still asking for is none of this one's.
    await page.goto('about:blank');
    page.on('request', (request) => asked.add(new URL(request.url()).pathname));
    const run = await holdApplication(page);
    await page.goto(`/app/studies/${STUDY}?alone=true`, { waitUntil: 'commit' });
    const has = (pattern: RegExp): boolean => [...asked].some((path) => pattern.test(path));
    await expect.poll(() => has(/\/studies\/[\d.]+\/opening$/)).toBe(true);
    await expect.poll(() => [/\/assets\/ahead-/, /\/assets\/room-/, /\/assets\/viewer-/].map(has)).not.toContain(false);
    // One request: none for what it has.
    expect([...asked].filter((path) => /\/(?:series|metadata|frames\/\d+(?:\/progressive)?)$/.test(path))).toEqual([]);
    const middle = `/instances/${SLICES[4]?.sopInstanceUid}/frames/1`;
    const before = [
      `/dicom-web/studies/${STUDY}/series`,
      `/dicom-web/studies/${STUDY}/series/${SLICES[4]?.seriesInstanceUid}/metadata`,
    ];
    const again: string[] = [];
    page.on('request', (request) => again.push(new URL(request.url()).pathname));
    run();
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    expect(again.filter((path) => before.includes(path) || path.endsWith(middle))).toEqual([]);
    expect(again.filter((path) => path.endsWith('/opening'))).toEqual([]);
    await page.unrouteAll({ behavior: 'wait' });
  });

  itInLongRun('leaves nothing in the page where the reader goes before the library is here', async () => {
    const { page } = stage.tab;
    const release = await holdLibrary(page);
    await page.goto('/app/worklist');
    await page.goto(`/app/studies/${STUDY}?alone=true`);
    await page.getByTestId('opening-pane').locator('canvas').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-row]').first().waitFor();
    release();
    await page.unrouteAll({ behavior: 'wait' });
    expect(await page.getByTestId('opening-pane').count()).toBe(0);
    await page.locator('[data-row]').first().click();
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    // The room that has gone opens no session any more, which would take the place of this one or come before it.
    const engine = await page.getByTestId('viewport-0').getAttribute('data-rendering-engine-uid');
    expect(engine).toBe('negatoscope-1');
  });

  itInLongRun('is asked for by one request where it is clicked on in a list and nobody has pointed at it before', async () => {
    const { page } = stage.tab;
    // Before the list is here: a row that comes under the pointer of the test before has been pointed at.
    await page.mouse.move(0, 0);
    await page.goto('/app/worklist');
    const row = page.locator('[data-row]').first();
    await row.waitFor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await row.evaluate((one: HTMLElement) => one.click());
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    const middle = `/instances/${SLICES[4]?.sopInstanceUid}/frames/1`;
    const own = asked.filter((path) => /\/(?:opening|series|metadata)$/.test(path) || path.includes(middle));
    expect(own.map((path) => path.slice(path.indexOf('/studies/')))).toEqual([`/studies/${STUDY}/opening`]);
  });

  /** Pixels of a canvas, and where it is. */
  const drawnOn = async (canvas: Locator) => ({
    box: await canvas.boundingBox(),
    picture: await canvas.evaluate((one: HTMLCanvasElement) => one.toDataURL()),
  });

  itInLongRun(
    'stands where the room will have it before the application runs, for who has been here, and the room takes it over as it is',
    async () => {
      const { page, context } = stage.tab;
      await page.goto(`/app/studies/${STUDY}?alone=true`);
      await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
      const [runApplication, runLibrary] = [await holdApplication(page), await holdLibrary(page)];
      await page.goto(`/app/studies/${STUDY}?alone=true`, { waitUntil: 'commit' });
      const plain = page.getByTestId('plain-picture');
      await plain.locator('canvas').waitFor();
      expect(await page.locator('#root').innerHTML()).toBe('');
      await expect.poll(() => plain.getByText(/Aperçu|Preview/).count()).toBe(0);
      const [before, words] = [await drawnOn(plain.locator('canvas')), (await plain.textContent()) ?? ''];
      const { x = 0, y = 0, width = 0, height = 0 } = before.box ?? {};
      // No words stand in the middle.
      const clip = { x: x + width / 4, y: y + height / 4, width: width / 2, height: height / 2 };
      const seen = await page.screenshot({ clip });

      runApplication();
      const opening = page.getByTestId('opening-pane');
      await opening.locator('canvas').waitFor();
      expect(await plain.count()).toBe(0);
      await expect.poll(() => drawnOn(opening.locator('canvas'))).toEqual(before);
      expect((await page.screenshot({ clip })).equals(seen)).toBe(true);
      const name = (await opening.locator('[data-identity] span').first().textContent()) ?? '';
      expect(name.length).toBeGreaterThan(2);
      expect(words).toContain(name);
      expect(words).toMatch(/\d\d\/\d\d\/\d{4} · \d\d\/\d\d\/\d{4}/);
      runLibrary();
      await opening.waitFor({ state: 'detached' });
      await page.unrouteAll({ behavior: 'wait' });

      // A session that has ended, whose cookies are still there. The page before has gone: what it still asks for would be refused, and its session's cookies taken from the browser.
      await page.goto('about:blank');
      const cookies = await context.cookies();
      await context.addCookies(cookies.map((one) => ({ ...one, value: one.httpOnly ? 'ended' : one.value })));
      const run = await holdApplication(page);
      const isOpening = (url: string): boolean => /\/opening(?:\?|$)/.test(url);
      const refused = Promise.race([
        page.waitForResponse((answer) => isOpening(answer.url())).then((answer) => answer.status()),
        // The page takes it back where it hears of the end of the session first.
        page.waitForEvent('requestfailed', (request) => isOpening(request.url())).then(() => 401),
      ]);
      await page.goto(`/app/studies/${STUDY}?alone=true`, { waitUntil: 'commit' });
      expect(await refused).toBe(401);
      await page.waitForTimeout(500);
      expect(await page.locator('canvas').count()).toBe(0);
      run();
      await page.unrouteAll({ behavior: 'wait' });
      await context.addCookies(cookies);
    },
  );
});
