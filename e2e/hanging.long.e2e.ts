import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;

/** A film of somebody's chest, the only one of its study. */
const film = (seed: string, StudyDate: string): GeneratedInstance =>
  smallPicture({
    ...{ seed, columns: SIDE, cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => (at * 7) % 900), modality: 'DX' },
    dataset: {
      ...{ PatientName: 'Faye^Rokhaya', PatientID: 'HANGING-1', PatientBirthDate: '19610304', BodyPartExamined: 'CHEST' },
      ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.1.1', StudyDate, SeriesDescription: 'Face' },
    },
  });
const CURRENT = film('hanging-current', '20260301');
const PRIOR = film('hanging-prior', '20250212');

/** How many panes there are, and how high the first is of the height of all, each time that changes. */
interface Shape {
  readonly panes: number;
  readonly height: number;
}

/** Notes, in each picture of the page from the first one on, how the desk is divided. */
const noteShapes = (page: Page): Promise<unknown> =>
  page.addInitScript(() => {
    const shapes: Shape[] = [];
    Object.assign(window, { shapes });
    const look = (): void => {
      const panes = document.querySelectorAll('.ng-viewer-pane');
      const [grid, first] = [document.querySelector('.ng-viewer-grid'), panes[0]];
      if (grid !== null && first !== undefined) {
        const height = Math.round((10 * first.getBoundingClientRect().height) / grid.getBoundingClientRect().height) / 10;
        const last = shapes.at(-1);
        if (last?.panes !== panes.length || last.height !== height) shapes.push({ panes: panes.length, height });
      }
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
const shapesOf = (page: Page): Promise<Shape[]> => page.evaluate(() => Reflect.get(window, 'shapes'));

describe.skipIf(chromiumPath === undefined)('a film and its prior of one film', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      ({ tab } = stage);
      expect(await storeInstances(tab, [CURRENT])).toBe(200);
      expect(await storeInstances(tab, [PRIOR])).toBe(200);
      await noteShapes(tab.page);
    },
    { drawnBy: 'processor', isAlone: true },
  );
  afterAll(() => tab.page.unrouteAll({ behavior: 'ignoreErrors' }));

  const open = () => tab.page.goto(`/app/studies/${CURRENT.studyInstanceUid}`);
  const texts = (): Promise<string[]> => tab.page.locator('.ng-viewer-pane').allInnerTexts();
  const hangs = (...dates: string[]) =>
    expect.poll(texts, { timeout: 60_000 }).toEqual(dates.map((date) => expect.stringContaining(date)));

  it('stand beside each other in the height of the desk; it is never divided into more while the prior is on its way', async () => {
    const { page } = tab;
    // It comes when everything else stands.
    await page.route(new RegExp(`/studies/${PRIOR.studyInstanceUid}/series`), async (route) => {
      await expect.poll(() => page.locator('.ng-viewer-pane').count()).toBe(2);
      await page.waitForTimeout(300);
      await route.continue();
    });
    await open();
    await hangs('01/03/2026', '12/02/2025');
    await page.unrouteAll({ behavior: 'wait' });
    const shapes = await shapesOf(page);
    expect(shapes.at(-1)).toEqual({ panes: 2, height: 1 });
    expect(shapes.filter(({ panes, height }) => panes > 2 || height < 1)).toEqual([]);
  });

  it('stand as somebody has saved it, the prior first: it comes although the first pane waits for it', async () => {
    const { page } = tab;
    const like = { modality: 'DX', view: 'frontal' };
    const panes = [
      { of: 'PRIOR', pairOf: 1 },
      { of: 'CURRENT', like },
    ];
    const saved = await page.request.put('/api/hanging-rules', {
      headers: { 'x-csrf-token': await csrfOf(tab) },
      data: {
        ...{ level: 'OWN', siteId: null, modality: 'DX', region: 'CHEST' },
        layout: { rows: 1, columns: 2, panes, isLinked: true },
      },
    });
    expect(saved.status(), await saved.text()).toBe(200);
    // The rules are known before the first image: no pane of the study has been the first.
    await page.route(/\/(?:opening\?|series\/[\d.]+\/metadata|frames\/)/, async (route) => {
      await page.waitForTimeout(1000);
      await route.continue().catch(() => undefined);
    });
    // Before there are panes the first picture of the study stands in its own cell, and not in the prior's.
    let run = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      run = resolve;
    });
    await page.route(/\/assets\/session-[^/]+\.js$/, async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await open();
    const middleOf = async (place: string): Promise<number> => {
      const { x = 0, width = 0 } = (await page.locator(place).boundingBox()) ?? {};
      return x + width / 2;
    };
    await page.getByTestId('opening-pane').locator('canvas').waitFor();
    await expect.poll(async () => (await middleOf('.ng-viewer-opening')) > (await middleOf('.ng-viewer-grid'))).toBe(true);
    run();
    await hangs('12/02/2025', '01/03/2026');
  });
});
