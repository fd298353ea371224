import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { hold } from './support/hold.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;

/** A film of somebody's chest, the only one of its study. */
const film = (seed: string, StudyDate: string, PatientName: string): GeneratedInstance =>
  smallPicture({
    ...{ seed, columns: SIDE, cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => (at * 7) % 900), modality: 'DX' },
    dataset: {
      ...{ PatientName, PatientID: PatientName, PatientBirthDate: '19610304', BodyPartExamined: 'CHEST' },
      ...{
        SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1',
        StudyDate,
        SeriesDescription: 'Face',
        WindowCenter: 500,
        WindowWidth: 900,
      },
    },
  });
const CURRENT = film('first-place', '20260301', 'Faye^Rokhaya');
const PRIOR = film('first-place-prior', '20250212', 'Faye^Rokhaya');
const ALONE = film('first-place-alone', '20260301', 'Sarr^Penda');
const MAIN = /\/assets\/main-[^/]+\.js$/;

/** Where the first image of the study stood, and what showed it, each time that one of both changed. */
interface Stood {
  readonly by: string;
  readonly box: readonly number[];
}

/** Looks in each picture of the page, from the first one on, where the image of the study of 1 March 2026 is. */
const noteBoxes = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const stood: Stood[] = [];
    Object.assign(window, { stood });
    const shown = (): [string, Element] | undefined => {
      for (const by of ['plain-picture', 'opening-pane']) {
        const one = document.querySelector(`[data-testid=${by}]`);
        if (one?.querySelector('canvas') != null) return [by, one];
      }
      const pane = [...document.querySelectorAll('.ng-viewer-pane')].find((one) => one.textContent?.includes('01/03/2026'));
      return pane && ['pane', pane];
    };
    const look = (): void => {
      const [by = '', one] = shown() ?? [];
      if (one !== undefined) {
        const { x, y, width, height } = one.getBoundingClientRect();
        const box = [x, y, width, height].map(Math.round);
        const last = stood.at(-1);
        if (last?.by !== by || last.box.join() !== box.join()) stood.push({ by, box });
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });

describe.skipIf(chromiumPath === undefined)('the first image of a study', () => {
  let tab: Tab;
  const address = (one: GeneratedInstance): string => `/app/studies/${one.studyInstanceUid}`;
  const texts = (): Promise<string[]> => tab.page.locator('.ng-viewer-pane').allInnerTexts();
  const hangs = (...dates: string[]) =>
    expect.poll(texts, { timeout: 60_000 }).toEqual(dates.map((date) => expect.stringContaining(date)));
  const isRemembered = () =>
    tab.page.waitForFunction(() => Object.keys(localStorage).some((name) => name.startsWith('ng.opening.')));
  const stood = (): Promise<Stood[]> => tab.page.evaluate(() => Reflect.get(window, 'stood'));
  setStage(
    async (stage) => {
      ({ tab } = stage);
      for (const one of [PRIOR, CURRENT, ALONE]) expect(await storeInstances(tab, [one])).toBe(200);
      await noteBoxes(tab.page);
      await tab.page.goto(address(ALONE));
      await isRemembered();
    },
    { isAlone: true },
  );
  afterEach(() => tab.page.unrouteAll({ behavior: 'ignoreErrors' }));

  /** Opens a study in a browser that has been here, where the first picture is there before the application. */
  async function open(one: GeneratedInstance, ...dates: string[]): Promise<void> {
    const { page } = tab;
    const run = await hold(page, MAIN);
    await page.goto(address(one), { waitUntil: 'commit' });
    await page.getByTestId('plain-picture').locator('canvas').waitFor();
    run();
    await hangs(...dates);
    await page.getByTestId('opening-pane').waitFor({ state: 'detached' });
    await page.waitForTimeout(300);
  }
  const boxesOf = (all: readonly Stood[]): number => new Set(all.map(({ box }) => box.join())).size;

  it.each([
    ['without a prior', ALONE, ['01/03/2026']],
    ['with a prior beside it', CURRENT, ['01/03/2026', '12/02/2025']],
  ])('stands from the first paint where it stays in the room: %s', async (_which, one, dates) => {
    await open(one, ...dates);
    const all = await stood();
    expect(all.map(({ by }) => by)).toEqual(['plain-picture', 'opening-pane', 'pane']);
    expect(boxesOf(all), JSON.stringify(all)).toBe(1);
    expect(tab.problems).toEqual([]);
  });

  it.each([
    ['at an address', (page: Page) => page.goto(address(CURRENT)).then(() => undefined)],
    [
      'from the list',
      async (page: Page) => {
        await page.goto('/app/worklist');
        await page.locator('[data-row]').filter({ hasText: 'FAYE' }).filter({ hasText: '01/03/2026' }).first().click();
      },
    ],
  ])('stands where it stays in a browser that has never been here, opened %s', async (_where, begin) => {
    const { page } = tab;
    await page.goto('/api/health');
    await page.evaluate(() => localStorage.clear());
    // Beside the images, however slow the machine is: a room waits a while for what says their panes, and no longer.
    const known = page.waitForResponse(/\/priors\?.*limit=100/);
    await page.route(/\/(?:opening\?|series\?|frames\/)/, async (route) => {
      await known;
      await route.continue().catch(() => undefined);
    });
    await begin(page);
    await expect.poll(texts, { timeout: 60_000 }).toContainEqual(expect.stringContaining('01/03/2026'));
    await page.getByTestId('opening-pane').waitFor({ state: 'detached' });
    await page.waitForTimeout(1000);
    const all = await stood();
    expect(all.map(({ by }) => by)).not.toContain('plain-picture');
    expect(boxesOf(all), JSON.stringify(all)).toBe(1);
    await isRemembered();
  });

  it('stands in the second pane where somebody has saved the desk with the prior first', async () => {
    const panes = [
      { of: 'PRIOR', pairOf: 1 },
      { of: 'CURRENT', like: { modality: 'DX', view: 'frontal' } },
    ];
    const saved = await tab.page.request.put('/api/hanging-rules', {
      headers: { 'x-csrf-token': await csrfOf(tab) },
      data: {
        ...{ level: 'OWN', siteId: null, modality: 'DX', region: 'CHEST' },
        layout: { rows: 1, columns: 2, panes, isLinked: true },
      },
    });
    expect(saved.status(), await saved.text()).toBe(200);
    await open(CURRENT, '12/02/2025', '01/03/2026');
    const all = await stood();
    expect(all.map(({ by }) => by)).toEqual(['plain-picture', 'opening-pane', 'pane']);
    expect(boxesOf(all), JSON.stringify(all)).toBe(1);
    const grid = await tab.page.locator('.ng-viewer-grid').boundingBox();
    expect(all[0]?.box[0]).toBeGreaterThan((grid?.x ?? 0) + (grid?.width ?? 0) / 2 - 2);
  });
});
