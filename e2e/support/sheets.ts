import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** A window that a screen is looked at in; by touch where a hand holds it. */
export interface Size {
  readonly width: number;
  readonly height: number;
  readonly isTouched?: boolean;
}
export const SIZES: readonly Size[] = [
  { width: 390, height: 844, isTouched: true },
  { width: 820, height: 1180, isTouched: true },
  { width: 1280, height: 720 },
  { width: 1440, height: 900 },
  { width: 3840, height: 2160 },
];

export type Theme = 'light' | 'dark';

/** Some widths alone where time is short: `390,1440`. */
const widths = process.env.NEGATOSCOPE_SHEETS_WIDTHS?.split(',').map(Number);
const wanted = SIZES.map((size) => ({ ...size, isWanted: widths === undefined || widths.includes(size.width) }));

/** The page as it stands, in each size and each of these themes: nothing is loaded anew between. */
export async function pictureSizes(page: Page, themes: readonly Theme[]): Promise<ReadonlyMap<Theme, readonly Buffer[]>> {
  const cdp = await page.context().newCDPSession(page);
  const pictures = new Map<Theme, Buffer[]>(themes.map((theme) => [theme, []]));
  for (const { width, height, isTouched = false, isWanted } of wanted) {
    if (!isWanted) continue;
    await cdp.send('Emulation.setTouchEmulationEnabled', { enabled: isTouched });
    await page.setViewportSize({ width, height });
    await page
      .waitForFunction(() => document.querySelector('.ng-skeleton') === null, undefined, { timeout: 5_000 })
      .catch(() => 0);
    // What measures itself draws a frame later.
    await page.waitForTimeout(250);
    for (const [theme, taken] of pictures) {
      await page.evaluate((to) => document.documentElement.setAttribute('data-theme', to), theme);
      taken.push(await page.screenshot());
    }
  }
  await cdp.detach();
  return pictures;
}

/** Where each picture lies on a sheet of 2,000 × 1,400: phone and tablet whole, the others as large as leaves their words to be read. */
const PLACES = [
  [0, 0, 324, 701],
  [334, 0, 487, 701],
  [0, 711, 821, 462],
  [831, 0, 1169, 731],
  [831, 741, 1169, 658],
] as const;

/** One picture of a screen in all sizes, `name.png`, beside one of each size, in `folder`. */
export async function writeSheet(blank: Page, folder: string, name: string, pictures: readonly Buffer[]): Promise<void> {
  mkdirSync(`${folder}/each`, { recursive: true });
  const sizes = wanted.flatMap(({ width, isWanted }, at) => (isWanted ? [{ width, place: PLACES[at] }] : []));
  pictures.forEach((picture, at) => {
    writeFileSync(`${folder}/each/${name}-${sizes[at]?.width}.png`, picture);
  });
  const images = pictures.map((picture, at) => {
    const [x, y, width, height] = sizes[at]?.place ?? PLACES[0];
    const source = `data:image/png;base64,${picture.toString('base64')}`;
    return `<img src="${source}" style="position:absolute;left:${x}px;top:${y}px;width:${width}px;height:${height}px">`;
  });
  await blank.setViewportSize({ width: 2000, height: 1400 });
  await blank.setContent(`<body style="margin:0;background:#808080">${images.join('')}</body>`);
  await blank.screenshot({ path: `${folder}/${name}.png` });
}
