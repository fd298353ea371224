import { keyObjectSelection, type MadeInstance, measurementReport, parsePart10 } from '@negatoscope/dicom';
import { smallPicture } from '@negatoscope/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { chromiumPath, visit } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { itInLongRun } from './support/long.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;
const FRAMES = 8;
const IMAGE = smallPicture({
  ...{ seed: 'by touch', columns: SIDE, frames: FRAMES, modality: 'CT' },
  cells: Uint16Array.from({ length: SIDE * SIDE * FRAMES }, (_, at) => (at * 7) % 2_000),
  dataset: { PatientID: 'touch', PatientName: 'Doigt^Anne', PixelSpacing: [0.5, 0.5] },
});

/** What another program has written of the image: a length on frame 5, and a selection that names it. */
function foreignDocuments(): Uint8Array[] {
  const { json } = parsePart10(IMAGE.bytes);
  const image = {
    seriesInstanceUid: IMAGE.seriesInstanceUid,
    sopInstanceUid: IMAGE.sopInstanceUid,
    sopClassUid: String(json['00080016']?.Value?.[0]),
    frames: [5],
  };
  const made = (at: number): MadeInstance => ({
    study: json,
    ...{ seriesInstanceUid: `2.25.88150${at}`, sopInstanceUid: `2.25.88160${at}`, seriesNumber: 90 + at, instanceNumber: 1 },
    ...{ contentDate: '20260302', contentTime: '081500', manufacturer: 'Elsewhere' },
    implementation: { classUid: '2.25.1', version: 'TEST' },
  });
  const report = measurementReport({
    ...{ ...made(1), author: 'Elsewhere^Eve', language: { value: 'en', scheme: 'RFC5646', meaning: 'English' } },
    measurements: [
      {
        ...{ trackingId: 'Length 1', trackingUid: '2.25.881701', image, isRegion: false, comments: [] },
        shapes: [{ graphicType: 'POLYLINE', points: [10, 10, 40, 10] }],
        values: [
          {
            ...{ concept: { value: '410668003', scheme: 'SCT', meaning: 'Length' }, value: 15 },
            unit: { value: 'mm', scheme: 'UCUM', meaning: 'mm' },
          },
        ],
      },
    ],
  });
  return [report, keyObjectSelection({ ...made(2), objects: [image] })];
}

const PHONE = { width: 390, height: 780 };
const TABLET = { width: 820, height: 1_640 };

/** A device that is held in the hand, of the person whose page `from` is. */
async function openDevice(browser: Browser, server: Served, from: Page): Promise<Page> {
  const context = await browser.newContext({
    ...{
      baseURL: server.baseUrl,
      locale: 'fr-FR',
      hasTouch: true,
      isMobile: true,
      serviceWorkers: 'block',
      reducedMotion: 'reduce',
    },
    viewport: TABLET,
    storageState: await from.context().storageState(),
  });
  return context.newPage();
}

async function openImage(page: Page): Promise<void> {
  await visit(page, `/app/studies/${IMAGE.studyInstanceUid}`);
  await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
}

/** The buttons of the toolbar that are in sight, by name, and whether a finger meets each. */
const buttonsOf = (page: Page): Promise<{ name: string; isLarge: boolean }[]> =>
  page
    .getByRole('toolbar', { name: 'Outils' })
    .getByRole('button')
    .evaluateAll((all) =>
      all.flatMap((one) => {
        const { left, right, width, height } = one.getBoundingClientRect();
        if (left < 0 || right > window.innerWidth) return [];
        return [{ name: one.getAttribute('aria-label') ?? '', isLarge: width >= 44 && height >= 44 }];
      }),
    );
const AT_HAND = ['Défiler', 'Fenêtre et niveau', 'Zoom', 'Distance', 'Rétablir l’affichage', 'Déplacer'];

describe.skipIf(chromiumPath === undefined)('reading by touch', () => {
  let desk: Page;
  let hand: Page;
  setStage(
    async (stage) => {
      desk = stage.tab.page;
      expect(await storeFiles(stage.tab, [IMAGE.bytes, ...foreignDocuments()])).toBe(200);
      hand = await openDevice(stage.browser, stage.server, desk);
    },
    { drawnBy: 'processor' },
  );
  afterAll(() => hand?.context().close());

  itInLongRun(
    'on a tablet shows every tool, with a button for the others of each group',
    async () => {
      await openImage(hand);
      const page = hand;
      const buttons = await buttonsOf(page);
      const names = buttons.map(({ name }) => name);
      for (const name of [...AT_HAND, 'Angle', 'Région en ellipse', 'Flèche avec texte', 'Valeur d’un pixel'])
        expect(names).toContain(name);
      expect(names.filter((name) => name.endsWith(': choisir'))).toHaveLength(5);
      expect(buttons.filter(({ isLarge }) => !isLarge)).toEqual([]);
    },
    60_000,
  );

  it('on a phone has at hand what a thumb needs, and in its menu every other tool', async () => {
    await hand.setViewportSize(PHONE);
    await openImage(hand);
    const page = hand;
    const buttons = await buttonsOf(page);
    expect(buttons.slice(0, AT_HAND.length).map(({ name }) => name)).toEqual(AT_HAND);
    expect(buttons.filter(({ isLarge }) => !isLarge)).toEqual([]);
    await page.getByRole('button', { name: 'Plus d’outils' }).tap();
    const names = (await page.getByRole('menuitem').allTextContents()).map((text) => text.trim());
    for (const name of [
      'Deux axes',
      'Rapport cardiothoracique',
      'Angle de Cobb',
      'Région en ellipse',
      'Loupe',
      'Inverser les gris',
    ])
      expect(names.filter((one) => one.startsWith(name))).toHaveLength(1);
    // What is taken from the menu stands in the bar in place of the first of its group.
    await page.getByRole('menuitem', { name: 'Deux axes' }).tap();
    await expect.poll(async () => (await buttonsOf(page)).map(({ name }) => name)).toContain('Deux axes');
  }, 60_000);

  it('shows what another program’s report has drawn on its frame, its tree, and its selection, each of which leads there', async () => {
    await openImage(desk);
    const panel = desk.getByRole('complementary', { name: 'Lecture' });
    const selection = panel.getByTestId('foreign-selection');
    await selection.waitFor();
    await desk.evaluate(() => window.__negatoscopeViewer?.goTo(0));
    const marks = desk.getByTestId('foreign-marks');
    await expect.poll(() => marks.count()).toBe(0);
    await selection.getByRole('button', { name: 'Image clé, Im. 5/8' }).click();
    await desk.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
    await expect.poll(() => marks.locator('path').count()).toBe(1);
    expect(await marks.textContent()).toContain('Length : 15 mm');
    expect(await marks.textContent()).toContain('SR · Imaging Measurement Report');
    await desk.evaluate(() => window.__negatoscopeViewer?.goTo(0));
    const report = panel.getByTestId('foreign-documents');
    await report.getByText('Imaging Measurement Report').click();
    await report.getByRole('button', { name: 'Im. 5/8' }).click();
    await desk.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 4);
  }, 60_000);
});
