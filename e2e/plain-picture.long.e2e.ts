import { chestXray, type Dataset, type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { hold } from './support/hold.ts';
import { setStage } from './support/stage.ts';

const SIDE = 160;
const cells = (rows = SIDE): Uint16Array =>
  Uint16Array.from(
    { length: SIDE * rows },
    (_, at) => 40 + (at % SIDE) * 4 + Math.floor(at / SIDE) * 2 + (at % 97 < 20 ? 300 : 0),
  );
const NAME = 'Diagne^Awa <b>';

function picture(seed: string, dataset: Dataset = {}, own: Partial<Parameters<typeof smallPicture>[0]> = {}): GeneratedInstance {
  const all: Dataset = {
    ...{ PatientName: NAME, PatientID: 'plain', PatientBirthDate: '19700203', StudyDate: '20260301', ImageLaterality: 'L' },
    ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ImageOrientationPatient: [1, 0, 0, 0, 1, 0], ImagePositionPatient: [0, 0, 0] },
    ...{ PixelSpacing: [1, 1], WindowCenter: 500, WindowWidth: 900 },
  };
  return smallPicture({ seed, columns: SIDE, cells: cells(), modality: 'CT', ...own, dataset: { ...all, ...dataset } });
}
const [film] = chestXray({
  ...{ seed: 'plain-film', rows: 2500, columns: 2048 },
  dataset: { PatientName: NAME, PatientBirthDate: '19700203' },
});

const SHOWN: Readonly<Record<string, GeneratedInstance | undefined>> = {
  'of a CT': picture('plain-ct'),
  'whose lowest value is white': picture('plain-inverse', { PhotometricInterpretation: 'MONOCHROME1' }),
  'with a table of its own': picture('plain-table', {
    ...{ WindowCenter: undefined, WindowWidth: undefined },
    VOILUTSequence: {
      vr: 'SQ',
      value: [{ LUTDescriptor: [4, 0, 8], LUTData: new Uint8Array(Uint16Array.of(200, 10, 255, 0).buffer) }],
    },
  }),
  'with pixels that are not square': picture('plain-flat', { PixelSpacing: [2, 1] }),
  'that is higher than wide': picture('plain-high', {}, { cells: cells(2 * SIDE) }),
  'that lies the other way round': picture('plain-turned', { ImageOrientationPatient: [-1, 0, 0, 0, 0, -1] }),
  'in colours': picture(
    'plain-colour',
    { WindowCenter: undefined, WindowWidth: undefined },
    {
      ...{ samplesPerPixel: 3, modality: 'OT' },
      cells: Uint8Array.from(
        { length: SIDE * SIDE * 3 },
        (_, at) => ((at % 3) * 60 + Math.floor((at % 480) / 4) + Math.floor(at / 480)) % 256,
      ),
    },
  ),
  'of a film of five million pixels': film,
};
const [FIRST] = Object.values(SHOWN);
const HIDDEN: Readonly<Record<string, GeneratedInstance>> = {
  'that has lost information': picture('plain-lossy', { LossyImageCompression: '01' }),
  'of nobody': picture('plain-nobody', { PatientName: undefined, PatientBirthDate: undefined }),
};

interface Kept {
  plain?: Uint8ClampedArray;
}

const APPLICATION = /\/assets\/main-[^/]+\.js$/;

/** Mean difference of two pictures of the screen, in grey levels. */
const difference = (page: Page, one: Buffer, other: Buffer): Promise<number> =>
  page.evaluate(
    async (shots) => {
      const [a, b] = await Promise.all(
        shots.map(async (data) => {
          const image = new Image();
          image.src = `data:image/png;base64,${data}`;
          await image.decode();
          const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
          context?.drawImage(image, 0, 0);
          return context?.getImageData(0, 0, image.width, image.height).data ?? new Uint8ClampedArray();
        }),
      );
      let sum = 0;
      for (let at = 0; at < (a?.length ?? 0); at += 1) sum += Math.abs((a?.[at] ?? 0) - (b?.[at] ?? 0));
      return sum / Math.max(1, a?.length ?? 0);
    },
    [one, other].map((shot) => shot.toString('base64')),
  );

describe.skipIf(chromiumPath === undefined)('the first picture, before the application runs,', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      const all = [...Object.values(SHOWN), ...Object.values(HIDDEN)].filter((one) => one !== undefined);
      for (const one of all) expect(await storeInstances(tab, [one])).toBe(200);
      await open(FIRST);
      await isThere();
      // It is written after the room's first picture: the next page is to find it.
      await tab.page.waitForFunction(() => Object.keys(localStorage).some((name) => name.startsWith('ng.opening.')));
    },
    { isAlone: true },
  );
  afterEach(() => tab.page.unrouteAll({ behavior: 'ignoreErrors' }));

  const open = async (one: GeneratedInstance | undefined): Promise<void> => {
    await tab.page.goto(`/app/studies/${one?.studyInstanceUid}?alone=true`, { waitUntil: 'commit' });
  };
  const isThere = () =>
    tab.page.waitForFunction(() => (window.__negatoscopeViewer?.renderedIndex ?? -1) >= 0, undefined, { timeout: 60_000 });
  const plain = () => tab.page.getByTestId('plain-picture');

  /** Opens a study; gives what lets the application run. */
  async function begin(one: GeneratedInstance | undefined): Promise<() => void> {
    const run = await hold(tab.page, APPLICATION);
    await open(one);
    return run;
  }

  it.each(Object.entries(SHOWN))('has the values and the place %s', async (_which, one) => {
    const { page } = tab;
    const run = await begin(one);
    await plain().locator('canvas').waitFor();
    await expect
      .poll(
        () =>
          plain()
            .getByText(/Aperçu/)
            .count(),
        { timeout: 20_000 },
      )
      .toBe(0);
    await page.evaluate(() => {
      const canvas = document.querySelector<HTMLCanvasElement>('[data-testid=plain-picture] canvas');
      const kept: Kept = window as never;
      kept.plain = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
    });
    const { x = 0, y = 0, width = 0, height = 0 } = (await plain().locator('canvas').boundingBox()) ?? {};
    const clip = { x: x + width / 4, y: y + height / 4, width: width / 2, height: height / 2 };
    const words = (await plain().textContent()) ?? '';
    expect(words).toContain('DIAGNE Awa <b> · 03/02/1970');
    const before = await page.screenshot({ clip });
    run();
    await isThere();
    await page.getByTestId('opening-pane').waitFor({ state: 'detached' });
    expect(await plain().count()).toBe(0);
    const differing = await page.evaluate(() => {
      const { plain: from = new Uint8ClampedArray() } = window as never as Kept;
      const probe: { picture?: { pixels: Uint8Array; channels: number } } = window.__negatoscopeViewer as never;
      const { pixels = new Uint8Array(), channels = 1 } = probe.picture ?? {};
      let count = from.length === (pixels.length / channels) * 4 ? 0 : -1;
      for (let at = 0; at < from.length; at += 1)
        if (at % 4 !== 3 && from[at] !== pixels[Math.floor(at / 4) * channels + (channels === 3 ? at % 4 : 0)]) count += 1;
      return count;
    });
    expect(differing).toBe(0);
    expect(await difference(page, before, await page.screenshot({ clip }))).toBeLessThan(4);
    const texts = (await page.locator('.ng-viewer-pane').textContent()) ?? '';
    for (const part of ['DIAGNE Awa <b>', '03/02/1970', ...(words.includes('Côté gauche') ? ['Côté gauche (L)'] : [])])
      expect(texts).toContain(part);
    expect(tab.problems).toEqual([]);
  });

  it.each(Object.entries(HIDDEN))('is none %s', async (_which, one) => {
    const run = await begin(one);
    await tab.page.waitForTimeout(1500);
    expect(await plain().count()).toBe(0);
    run();
    await isThere();
  });

  it('is none of a study above whose images something is said, and these do not move when it comes', async () => {
    const { page } = tab;
    await page.route(`**/api/studies/${FIRST?.studyInstanceUid}`, async (route) => {
      const study = await (await route.fetch()).json();
      await route.fulfill({ json: { ...study, textUncertain: true } });
    });
    const run = await begin(FIRST);
    const runLibrary = await hold(page, /\/assets\/session-[^/]+\.js$/);
    await page.waitForTimeout(1500);
    expect(await plain().count()).toBe(0);
    run();
    const canvas = page.getByTestId('opening-pane').locator('canvas');
    await canvas.waitFor();
    const first = await canvas.boundingBox();
    await page.getByRole('note').waitFor();
    await page.waitForTimeout(500);
    expect(await canvas.boundingBox()).toEqual(first);
    runLibrary();
    await isThere();
    await page.getByTestId('opening-pane').waitFor({ state: 'detached' });
    // Nor is the place below it taken for that of other studies.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const runAgain = await begin(FIRST);
    await plain().locator('canvas').waitFor();
    expect((await plain().boundingBox())?.y).toBeLessThan((first?.y ?? 0) - 20);
    runAgain();
    await isThere();
  });

  it('is none of a frame that does not come, which the room says', async () => {
    const { page } = tab;
    await page.route(/\/opening\?/, (route) => route.abort());
    await page.route(/\/frames\//, (route) => route.fulfill({ status: 500 }));
    const run = await begin(FIRST);
    await page.waitForTimeout(1000);
    expect(await plain().count()).toBe(0);
    run();
    await page.getByRole('alert').first().waitFor();
  });

  it('goes when a phone is turned, and the room has its own place', async () => {
    const { page } = tab;
    await page.setViewportSize({ width: 390, height: 844 });
    await open(FIRST);
    await isThere();
    const run = await begin(FIRST);
    await plain().locator('canvas').waitFor();
    await page.setViewportSize({ width: 844, height: 390 });
    await expect.poll(() => plain().count()).toBe(0);
    run();
    await isThere();
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('is legible in colours that the reader forces', async () => {
    const { page } = tab;
    await page.emulateMedia({ forcedColors: 'active' });
    const run = await begin(FIRST);
    const name = plain().locator('bdi').first();
    await name.waitFor();
    const [ink, ground] = await name.evaluate((one) => {
      const ground = getComputedStyle(one.parentElement ?? one).backgroundColor;
      return [getComputedStyle(one).color, ground];
    });
    expect(ink).not.toBe(ground);
    run();
    await isThere();
    await page.emulateMedia({ forcedColors: 'none' });
  });

  it('stands where the room has it in a page of twice the size, once that is known', async () => {
    const { page, context } = tab;
    const cdp = await context.newCDPSession(page);
    const zoomed = { width: 720, height: 450, deviceScaleFactor: 2, mobile: false };
    await cdp.send('Emulation.setDeviceMetricsOverride', zoomed);
    const runFirst = await begin(FIRST);
    await page.waitForTimeout(1000);
    expect(await plain().count()).toBe(0);
    runFirst();
    await isThere();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    const [run, runLibrary] = [await begin(FIRST), await hold(page, /\/assets\/session-[^/]+\.js$/)];
    await plain().locator('canvas').waitFor();
    const before = await plain().locator('canvas').boundingBox();
    run();
    const canvas = page.getByTestId('opening-pane').locator('canvas');
    await canvas.waitFor();
    expect(await canvas.boundingBox()).toEqual(before);
    runLibrary();
    await isThere();
    await cdp.send('Emulation.clearDeviceMetricsOverride');
    await cdp.detach();
  });

  it('comes in a session whose access token has run out, once it is renewed', async () => {
    await tab.context.clearCookies({ name: /access/ });
    const run = await begin(FIRST);
    await plain().locator('canvas').waitFor();
    run();
    await isThere();
  });

  it('is none where the cookie of the session can not be read, and the page is there all the same', async () => {
    const { origin } = new URL(tab.page.url());
    const kept = (await tab.context.cookies()).filter(({ name }) => name === 'negatoscope_csrf');
    await tab.context.addCookies([{ name: 'negatoscope_csrf', value: '%E0%A4%A', url: origin }]);
    await open(FIRST);
    await isThere();
    expect(await tab.page.evaluate(() => performance.getEntriesByName('negatoscope:first-image-plain').length)).toBe(0);
    await tab.context.addCookies(kept);
  });

  it('goes when another tab signs out', async () => {
    const run = await begin(FIRST);
    await plain().locator('canvas').waitFor();
    const other = await tab.context.newPage();
    await other.goto('/app');
    await other.getByRole('button', { name: /^Compte de/ }).click();
    await other.getByRole('menuitem', { name: 'Se déconnecter' }).click();
    await expect.poll(() => plain().count()).toBe(0);
    expect(await tab.page.locator('body').textContent()).not.toContain('DIAGNE');
    run();
    await tab.page.waitForURL(/\/login/);
    expect(await tab.page.locator('body').textContent()).not.toContain('DIAGNE');
    await other.close();
  });
});
