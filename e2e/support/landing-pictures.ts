import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ctVolume } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { type Tab, visit } from './browser.ts';
import { csrfOf, storeFiles } from './dicom.ts';

const FOLDER = fileURLToPath(new URL('../../apps/web/src/landing/', import.meta.url));
const SLICES = 72;
/** Of those, what the landing page scrolls through, from the apices to the domes. */
const CELLS = 24;
const COLUMNS = 4;
const CELL_WIDTH = 560;

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Pictures beside each other, as one WebP; made in a page, since the browser is the one here that writes WebP. */
const sheetOf = (
  page: Page,
  pngs: readonly string[],
  size: { columns: number; width: number; quality: number },
): Promise<string> =>
  page.evaluate(
    async ({ pngs, columns, width, quality }) => {
      const bitmaps = await Promise.all(
        pngs.map(async (png) => createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())),
      );
      const [first] = bitmaps;
      if (first === undefined) throw new Error('No picture');
      const height = Math.round((width * first.height) / first.width);
      const canvas = new OffscreenCanvas(width * Math.min(columns, bitmaps.length), height * Math.ceil(bitmaps.length / columns));
      const context = canvas.getContext('2d');
      bitmaps.forEach((bitmap, at) => {
        context?.drawImage(bitmap, (at % columns) * width, Math.floor(at / columns) * height, width, height);
      });
      const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
      const bytes = new Uint8Array(await blob.arrayBuffer());
      let text = '';
      for (const byte of bytes) text += String.fromCharCode(byte);
      return btoa(text);
    },
    { pngs, ...size },
  );

async function goTo(page: Page, index: number): Promise<void> {
  await page.evaluate((to) => window.__negatoscopeViewer?.goTo(to), index);
  await page.waitForFunction((to) => window.__negatoscopeViewer?.renderedIndex === to, index, { timeout: 60_000 });
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

const WORDS = {
  fr: {
    ...{ PatientName: 'Exemple^Patiente', PatientID: 'EXEMPLE' },
    ...{ StudyDescription: 'Scanner thoracique', SeriesDescription: 'Thorax injecté 2,5 mm' },
  },
  en: {
    ...{ PatientName: 'Example^Patient', PatientID: 'EXAMPLE' },
    ...{ StudyDescription: 'Chest CT', SeriesDescription: 'Chest, contrast, 2.5 mm' },
  },
} as const;
type Language = keyof typeof WORDS;

async function openStudy(tab: Tab, language: Language): Promise<void> {
  const dataset = { PatientBirthDate: '19680412', PatientSex: 'F', ...WORDS[language] };
  const slices = [...ctVolume({ seed: `landing-${language}`, slices: SLICES, rows: 512, columns: 512, dataset })];
  const status = await storeFiles(
    tab,
    slices.map(({ bytes }) => bytes),
  );
  if (status !== 200) throw new Error(`The slices were answered ${status}.`);
  await visit(tab.page, `/app/studies/${slices[0]?.studyInstanceUid}`);
  await tab.page.waitForFunction(() => window.__negatoscopeViewer?.completeMs !== undefined, undefined, { timeout: 240_000 });
}

/** The page in a language, of its person too, whose choice wins over the browser's. */
async function speak(tab: Tab, locale: Language): Promise<void> {
  const { page } = tab;
  await page.goto('/api/health');
  await page.evaluate((kept) => Object.assign(localStorage, kept), { 'ng.locale': locale });
  const headers = { 'x-csrf-token': await csrfOf(tab) };
  await page.request.put('/api/users/me/profile', { headers, data: { locale } });
}

/** Writes both pictures of a language; gives the place of the pane in the first. */
async function writeOf(tab: Tab, language: Language): Promise<Box> {
  const { page } = tab;
  await speak(tab, language);
  await openStudy(tab, language);
  const shot = async (clip?: Box): Promise<string> =>
    (await page.screenshot(clip === undefined ? {} : { clip })).toString('base64');
  const pane = await page.locator('.ng-viewer-pane').first().boundingBox();
  if (pane === null) throw new Error('The viewer has no pane.');
  const cells: string[] = [];
  for (let cell = 0; cell < CELLS; cell += 1) {
    await goTo(page, Math.round((cell * (SLICES - 1)) / (CELLS - 1)));
    cells.push(await shot(pane));
  }
  await goTo(page, Math.round((Math.floor(CELLS / 2) * (SLICES - 1)) / (CELLS - 1)));
  // In a page without a policy, which lets none of ours be read from its address.
  const blank = await tab.context.newPage();
  const whole = await sheetOf(blank, [await shot()], { columns: 1, width: 1440, quality: 0.72 });
  const sheet = await sheetOf(blank, cells, { columns: COLUMNS, width: CELL_WIDTH, quality: 0.6 });
  await blank.close();
  writeFileSync(`${FOLDER}viewer-${language}.webp`, Buffer.from(whole, 'base64'));
  writeFileSync(`${FOLDER}slices-${language}.webp`, Buffer.from(sheet, 'base64'));
  return pane;
}

/** Makes anew what stands on the light box of the landing page, in both languages: our viewer with a phantom in it, and its pane at each of some slices. */
export async function writeLandingPictures(tab: Tab): Promise<void> {
  await tab.page.setViewportSize({ width: 1440, height: 900 });
  mkdirSync(FOLDER, { recursive: true });
  const [pane, other] = [await writeOf(tab, 'fr'), await writeOf(tab, 'en')];
  if (JSON.stringify(pane) !== JSON.stringify(other)) throw new Error('The pane is not at one place in both languages.');
  const part = (value: number, of: number): number => Number((value / of).toFixed(5));
  const place = { x: part(pane.x, 1440), y: part(pane.y, 900), width: part(pane.width, 1440), height: part(pane.height, 900) };
  const text = [
    '// Made with the pictures beside it by e2e/landing.long, with NEGATOSCOPE_WRITE_PICTURES=1.',
    `/** Where the pane of the image stands in the pictures of the viewer, as parts of their width and height. */`,
    `export const PANE = ${JSON.stringify(place)} as const;`,
    `/** The sheets of slices: the pane at each slice, row by row. */`,
    `export const SHEET = ${JSON.stringify({ cells: CELLS, columns: COLUMNS })} as const;`,
    '',
  ];
  writeFileSync(`${FOLDER}pictures.ts`, text.join('\n'));
}
