import { existsSync } from 'node:fs';
import { ctVolume } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { latestStudy, storeFiles, storeInstances } from './support/dicom.ts';
import { isLong, itInLongRun } from './support/long.ts';
import { readPicture } from './support/pixels.ts';
import { setStage } from './support/stage.ts';
import { TESTDATA, underOwnUids } from './support/testdata.ts';

const FILES: readonly (readonly [what: string, file: string])[] = [
  ['frames of single bits (PS3.5 8.1.1)', 'pydicom/liver_1frame.dcm'],
];
const OTHERS: typeof FILES = [
  ['a window narrower than 1 (PS3.3 C.11.2.1.2.1)', 'fo-dicom/RI6XDosiGap.dcm'],
  ['a palette given in segments (PS3.3 C.7.9.2)', 'pydicom-data/gdcm-US-ALOKA-16.dcm'],
];

/** What our own viewer draws of objects that its library alone draws black, in false colours or not at all. */
describe.skipIf(chromiumPath === undefined)('our viewer draws', () => {
  let tab: Tab;
  // Alone: what another file of tests has stored of the same person would hang as a prior beside it.
  setStage(
    (stage) => {
      tab = stage.tab;
    },
    { isAlone: true },
  );

  const firstImage = (): Promise<unknown> =>
    tab.page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });

  // Under UIDs of its own: what another file of tests has stored would not be the latest study.
  let opened = 700;
  async function open(file: string): Promise<void> {
    opened += 1;
    expect(await storeFiles(tab, [underOwnUids(file, opened)])).toBe(200);
    await visit(tab.page, `/app/studies/${await latestStudy(tab)}`);
    await firstImage();
    expect(await tab.page.locator('.ng-viewer [role=alert]').count()).toBe(0);
  }

  // The files are no part of a clone of this repository.
  describe.skipIf(!existsSync(TESTDATA))('real files (left out: ../shared/testdata/dicom is absent)', () => {
    it.each(isLong ? [...FILES, ...OTHERS] : FILES)('%s', async (_what, file) => {
      await open(file);
      await expect.poll(async () => (await readPicture(tab)).bright, { timeout: 20_000 }).toBeGreaterThan(5000);
    });

    it('RGB in a JPEG stream that does not name its colours, without turning white to pink (PS3.5 8.2.1)', async () => {
      await open('pydicom/SC_jpeg_no_color_transform.dcm');
      await expect.poll(async () => Math.min(...((await readPicture(tab, [[0.5, 0.4]])).colours[0] ?? [0]))).toBeGreaterThan(200);
    });

    itInLongRun('native YBR_FULL_422 in its own colours (PS3.3 C.7.6.3.1.2)', async () => {
      await open('pydicom/SC_ybr_full_422_uncompressed.dcm');
      const bandOfRed = async () => (await readPicture(tab, [[0.5, 0.05]])).colours[0]?.map((value) => value > 128);
      await expect.poll(bandOfRed).toEqual([true, false, false]);
    });
  });

  it('nothing of the image before behind the tile of one that failed, and goes on by itself when the server is back', async () => {
    const slices = [...ctVolume({ seed: 'pictures', slices: 30, rows: 128, columns: 128 })];
    expect(await storeInstances(tab, slices)).toBe(200);
    // The first image comes, by as many requests as it takes, and nothing else.
    let first: string | undefined;
    await tab.page.route('**/frames/*', async (route) => {
      const instance = /instances\/([^/]+)/.exec(route.request().url())?.[1];
      first ??= instance;
      return instance === first ? route.continue() : route.abort();
    });
    await visit(tab.page, `/app/studies/${slices[0]?.studyInstanceUid}`);
    await firstImage();
    await tab.page.keyboard.press('End');
    const tile = tab.page.locator('.ng-viewer [role=alert]');
    await tile.getByText('pas encore reçue').waitFor();
    expect(await tile.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe('rgb(0, 0, 0)');
    await tab.page.unrouteAll();
    await tab.page.waitForFunction(() => window.__negatoscopeViewer?.completeMs !== undefined, undefined, { timeout: 30_000 });
    expect(await tab.page.evaluate(() => window.__negatoscopeViewer?.framesLoaded)).toBe(30);
  });

  itInLongRun('a study that is unknown or out of reach: says so and leaves the way back', async () => {
    await tab.page.goto('/app/studies/1.2.3.4');
    await tab.page.getByText('Cet examen n’existe pas, ou n’est plus à votre portée.').waitFor();
    await tab.page.getByRole('button', { name: 'Retour', exact: true }).click();
    await tab.page.waitForURL((url) => !url.pathname.startsWith('/app/studies'));
  });

  it('without an error or a policy violation of its own', () => {
    expect(tab.problems).toEqual([]);
    expect(tab.strangers).toEqual([]);
  });
});
