import { ctVolume, mrSeries, ultrasoundClip } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { keepScreenshot } from './support/ohif.ts';
import { compareSeries } from './support/page-picture.ts';
import { readPicture } from './support/pixels.ts';
import { setStage } from './support/stage.ts';

const SERIES = {
  'a CT with padding': [...ctVolume({ seed: 'no-webgl', slices: 3, rows: 96, columns: 96 })],
  'an MR': [...mrSeries({ seed: 'no-webgl', slices: 2, rows: 96, columns: 80 })],
  'a colour clip': [...ultrasoundClip({ seed: 'no-webgl', frames: 2, rows: 96, columns: 128 })],
};

/** Remote desktops, old machines and strict policies: the browser draws by the processor alone. */
describe.skipIf(chromiumPath === undefined)('in a browser without WebGL, the page', () => {
  let tab: Tab;
  setStage(
    (stage) => {
      tab = stage.tab;
    },
    { drawnBy: 'processor' },
  );

  it('has none', async () =>
    expect(await tab.page.evaluate(() => document.createElement('canvas').getContext('webgl2'))).toBeNull());

  it.each(Object.entries(SERIES).slice(0, isLong ? undefined : 1))(
    'draws %s as the server renders it',
    async (name, instances) => {
      expect(await storeInstances(tab, instances)).toBe(200);
      const differences = await compareSeries(tab, { study: instances[0]?.studyInstanceUid ?? '' });
      await keepScreenshot(tab.page, `no-webgl-${name.split(' ').at(-1)}`);
      expect(differences).toHaveLength(instances.length === 1 ? 2 : instances.length);
      expect(differences.filter(({ handed = 256 }) => handed > 1)).toEqual([]);
      // The processor lays the picture half a pixel off the grid, so that what stands on the screen is compared with black alone.
      expect((await readPicture(tab)).bright).toBeGreaterThan(500);
    },
  );

  it('measures a length and takes another window', async () => {
    const { page } = tab;
    await page.goto(`/app/studies/${SERIES['a CT with padding'][0]?.studyInstanceUid}`);
    await page.waitForFunction(() => window.__negatoscopeViewer?.completeMs !== undefined, undefined, { timeout: 60_000 });
    await page.keyboard.press('l');
    const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('canvas').first().boundingBox()) ?? {};
    await page.mouse.move(x + width / 2 - 60, y + height / 2);
    await page.mouse.down();
    await page.mouse.move(x + width / 2 + 60, y + height / 2, { steps: 8 });
    await page.mouse.up();
    await page.locator('.ng-viewer-canvas svg text').filter({ hasText: ' mm' }).first().waitFor();
    await page.keyboard.press('Digit2');
    await page.getByText('L 1500  C -600').waitFor();
  });

  it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});
