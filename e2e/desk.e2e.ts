import { type Dataset, type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { itInLongRun } from './support/long.ts';
import { setStage } from './support/stage.ts';

const SIDE = 16;
const CT = '1.2.840.10008.5.1.4.1.1.2';

interface StackOptions {
  readonly seed: string;
  readonly seriesNumber: number;
  readonly count: number;
  readonly stepMm: number;
  readonly fromMm: number;
  readonly space: string;
  readonly isCoronal?: boolean;
  readonly description: string;
  readonly dataset: Dataset;
}

/** Slices of one series, one behind the other. */
const stack = ({ seed, seriesNumber, count, stepMm, fromMm, space, isCoronal = false, ...rest }: StackOptions) =>
  Array.from({ length: count }, (_, index): GeneratedInstance => {
    const place = fromMm + index * stepMm;
    const dataset = {
      SOPClassUID: CT,
      ...rest.dataset,
      SeriesDescription: rest.description,
      FrameOfReferenceUID: space,
      PixelSpacing: [20, 20],
      SliceThickness: stepMm,
      ImageOrientationPatient: isCoronal ? [1, 0, 0, 0, 0, -1] : [1, 0, 0, 0, 1, 0],
      ImagePositionPatient: isCoronal ? [-160, place, -100] : [-160, -160, place],
    };
    const cells = Uint16Array.from({ length: SIDE * SIDE }, (_, at) => (at * 5 + index * 11) % 900);
    return smallPicture({ seed, seriesNumber, number: index + 1, columns: SIDE, cells, modality: 'CT', dataset });
  });

const ANNA = { PatientName: 'Sow^Anna', PatientID: 'DESK-1', PatientBirthDate: '19610304', BodyPartExamined: 'CHEST' };
const MARIE = { PatientName: 'Diallo^Marie', PatientID: 'DESK-2', PatientBirthDate: '19750617', BodyPartExamined: 'HEAD' };
const now = { ...ANNA, StudyDate: '20260301', StudyDescription: 'Scanner thoracique' };
const before = { ...ANNA, StudyDate: '20250212', StudyDescription: 'Scanner thoracique' };
const current = { seed: 'desk-current', space: '2.25.1', dataset: now };
const prior = { seed: 'desk-prior', space: '2.25.2', dataset: before };
/** Check C1: 120 × 2.5 mm, and a prior of 60 × 5 mm of another frame of reference and range. */
const AXIAL = stack({ ...current, seriesNumber: 1, count: 120, stepMm: 2.5, fromMm: -250, description: 'Thorax axial' });
const CORONAL = stack({
  ...current,
  seriesNumber: 2,
  count: 20,
  stepMm: 8,
  fromMm: -80,
  description: 'Thorax coronal',
  isCoronal: true,
});
const THICK = stack({ ...current, seriesNumber: 3, count: 30, stepMm: 10, fromMm: -250, description: 'Thorax axial 10 mm' });
const PRIOR = stack({ ...prior, seriesNumber: 1, count: 60, stepMm: 5, fromMm: 900, description: 'Thorax axial' });
const PRIOR_CORONAL = stack({
  ...prior,
  seriesNumber: 2,
  count: 8,
  stepMm: 8,
  fromMm: 0,
  description: 'Thorax coronal',
  isCoronal: true,
});
const OTHER = stack({
  ...{ seed: 'desk-other', seriesNumber: 1, count: 9, stepMm: 5, fromMm: 0, space: '2.25.3' },
  description: 'Encéphale axial',
  dataset: { ...MARIE, StudyDate: '20260302' },
});
const uidOf = ([first]: readonly GeneratedInstance[]): string => first?.studyInstanceUid ?? '';
const seriesOf = ([first]: readonly GeneratedInstance[]): string => first?.seriesInstanceUid ?? '';

/** The slice that each pane shows, from 1; undefined for a pane that shows none. */
const slices = (page: Page): Promise<(number | undefined)[]> =>
  page.locator('.ng-viewer-pane').evaluateAll((panes) =>
    panes.map((pane) => {
      const found = /Im\. (\d+)\/\d+/.exec(pane.textContent ?? '')?.[1];
      return found === undefined ? undefined : Number(found);
    }),
  );
const texts = (page: Page): Promise<string[]> =>
  page.locator('.ng-viewer-pane').evaluateAll((panes) => panes.map((pane) => pane.textContent ?? ''));
const press = async (page: Page, ...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
/** To another page within the application: nothing is loaded anew. */
const go = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);
const showsSlices = (page: Page, expected: readonly (number | undefined)[]): Promise<void> =>
  expect.poll(() => slices(page), { timeout: 60_000 }).toEqual(expected);

describe.skipIf(chromiumPath === undefined)('the desk', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      ({ tab } = stage);
      // One request for each series: none of them is long, on a busy machine too.
      for (const series of [AXIAL, CORONAL, THICK, PRIOR, PRIOR_CORONAL, OTHER])
        expect(await storeInstances(tab, series)).toBe(200);
    },
    { drawnBy: 'processor' },
  );

  it('opens a study with its prior beside it, each under its own name and date; of the prior only what hangs is fetched', async () => {
    const { page } = tab;
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`/app/studies/${uidOf(AXIAL)}`);
    await showsSlices(page, [60, 30]);
    const [left = '', right = ''] = await texts(page);
    for (const text of [left, right]) expect(text).toMatch(/SOW Anna.*04\/03\/1961/);
    expect([left, right]).toEqual([expect.stringContaining('01/03/2026'), expect.stringContaining('12/02/2025')]);
    await expect.poll(() => asked.some((url) => url.includes(seriesOf(PRIOR)) && url.includes('/frames/'))).toBe(true);
    expect(asked.filter((url) => url.includes(seriesOf(PRIOR_CORONAL)) && /metadata|frames/.test(url))).toEqual([]);
    expect(await page.getByTestId('several-patients').count()).toBe(0);
    // Images of one size in panes of one size: the first pane was twice as wide when its image came, and shows it whole all the same.
    const zooms = (await texts(page)).map((text) => /Zoom\s+(\d+)/.exec(text)?.[1]);
    expect(zooms[0]).toBeDefined();
    expect(zooms[0]).toBe(zooms[1]);
  });

  it('ten slices on are five in the prior; past its end it stops and says so; unlinked and linked again by a key', async () => {
    const { page } = tab;
    await press(page, 'PageDown');
    await showsSlices(page, [70, 35]);
    await press(page, 'Shift+S', 'Shift+ArrowRight', 'PageDown', 'PageDown');
    await showsSlices(page, [70, 55]);
    await press(page, 'Shift+S', 'Shift+ArrowLeft', 'PageDown');
    await showsSlices(page, [80, 60]);
    expect(await page.getByTestId('past-end').count()).toBe(0);
    await press(page, 'PageDown');
    await showsSlices(page, [90, 60]);
    expect(await page.locator('.ng-viewer-pane').nth(1).getByTestId('past-end').textContent()).toContain('Fin de cette série');
    await press(page, 'PageUp', 'PageUp');
    await showsSlices(page, [70, 55]);
    expect(await page.getByTestId('past-end').count()).toBe(0);
  });

  it('a coronal pane stays, a third series keeps the link and goes to its place, and lines show the cut', async () => {
    const { page } = tab;
    await press(page, 'Shift+F');
    await page.getByRole('dialog').waitFor();
    await press(page, 'ArrowDown', 'Enter');
    // The coronal lies in its middle; slice 70 is at -77.5 mm, where the thick stack has its slice 18.
    await showsSlices(page, [70, 55, 10, 18]);
    await press(page, 'PageUp');
    await showsSlices(page, [60, 50, 10, 16]);
    const coronal = page.locator('.ng-viewer-pane').nth(2);
    await coronal.getByTestId('reference-line').waitFor({ state: 'attached' });
    expect(await page.locator('.ng-viewer-pane').nth(1).getByTestId('reference-line').count()).toBe(0);
    await press(page, 'Shift+R');
    await expect.poll(() => page.getByTestId('reference-line').count()).toBe(0);
    await press(page, 'Shift+R', 'f');
    await expect.poll(() => page.locator('.ng-viewer-pane[inert]').count()).toBe(3);
    await press(page, 'Escape');
    await expect.poll(() => page.locator('.ng-viewer-pane[inert]').count()).toBe(0);
    expect(page.url()).toContain(uidOf(AXIAL));
  });

  itInLongRun('slices of one series in tiles', async () => {
    const { page } = tab;
    await press(page, 'Shift+F');
    await page.getByText('Coupes successives de la série').click();
    await page.getByRole('button', { name: '2 × 3' }).click();
    await showsSlices(page, [60, 61, 62, 63, 64, 65]);
    await press(page, 'Shift+ArrowRight', 'ArrowDown');
    await showsSlices(page, [61, 62, 63, 64, 65, 66]);
  });

  it('another study takes the place of the first in the same room, which forgets it', async () => {
    const { page } = tab;
    await page.evaluate(() => Object.assign(window.__negatoscopeViewer ?? {}, { isSameRoom: true }));
    await go(page, `/app/studies/${uidOf(OTHER)}`);
    await showsSlices(page, [5]);
    expect((await texts(page))[0]).toMatch(/DIALLO Marie.*17\/06\/1975/);
    expect(await page.evaluate(() => 'isSameRoom' in (window.__negatoscopeViewer ?? {}))).toBe(true);
  });

  it('two patients on the screen are told above all panes and on each', async () => {
    const { page } = tab;
    await go(page, `/app/studies/${uidOf(AXIAL)}?compare=${uidOf(OTHER)}`);
    await showsSlices(page, [60, 5]);
    const notice = await page.getByTestId('several-patients').textContent();
    expect(notice).toMatch(/2 patients.*SOW Anna · 04\/03\/1961.*DIALLO Marie · 17\/06\/1975/);
    const marks = () => page.getByTestId('patient-mark').allTextContents();
    expect(await marks()).toEqual([
      expect.stringMatching(/Patient 1.*SOW Anna/),
      expect.stringMatching(/Patient 2.*DIALLO Marie/),
    ]);
    // With all other texts hidden, too.
    await press(page, 'o');
    await expect.poll(marks).toHaveLength(2);
    expect(await texts(page)).toEqual([expect.stringContaining('01/03/2026'), expect.stringContaining('02/03/2026')]);
    await press(page, 'o');
  });

  itInLongRun('keeps what is on the screen, and hangs the next study like that', async () => {
    const { page } = tab;
    await go(page, `/app/studies/${uidOf(AXIAL)}`);
    await showsSlices(page, [60, 30]);
    await press(page, 'j', 'Shift+F');
    await page.getByRole('button', { name: 'Garder cet affichage pour moi' }).click();
    await page.getByText('Ces examens s’ouvriront ainsi.').waitFor();
    await go(page, `/app/studies/${uidOf(OTHER)}`);
    await showsSlices(page, [5]);
    await go(page, `/app/studies/${uidOf(AXIAL)}`);
    await showsSlices(page, [10, 30]);
    expect(await texts(page)).toEqual([expect.stringContaining('Thorax coronal'), expect.stringContaining('Thorax axial')]);
    await press(page, 'Shift+F');
    await page.getByRole('button', { name: 'Oublier mon affichage' }).click();
    await page.getByText('s’ouvriront comme avant').waitFor();
  });

  itInLongRun('a second window shows the prior alone, and this one the study', async () => {
    const { page } = tab;
    await go(page, `/app/studies/${uidOf(OTHER)}`);
    await showsSlices(page, [5]);
    await go(page, `/app/studies/${uidOf(AXIAL)}`);
    await showsSlices(page, [60, 30]);
    const [second] = await Promise.all([
      page.waitForEvent('popup'),
      page.getByRole('button', { name: 'Sur un autre écran' }).click(),
    ]);
    await showsSlices(second, [30]);
    expect(second.url()).toContain(uidOf(PRIOR));
    await showsSlices(page, [60]);
    await second.close();
  });

  it('without an error or a policy violation of its own', () => {
    expect([tab.problems, tab.strangers]).toEqual([[], []]);
  });
});
