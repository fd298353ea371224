import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { ctVolume, type Dataset, type GeneratedInstance, smallPicture, volumeSeries } from '@negatoscope/testkit';
import type { Page, Route } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { keepScreenshot } from './support/ohif.ts';
import { readPicture } from './support/pixels.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SLICES = 12;
const slices = (seed: string, dataset: Dataset = {}): GeneratedInstance[] => [
  ...volumeSeries({
    ...{ seed: `bad-${seed}`, side: 64, spacingMm: 2, thicknessMm: 2.5 },
    positions: Array.from({ length: SLICES }, (_, k) => [-64, -64, -2.5 * k] as const),
    valueAt: ([x, y, z]) => Math.round(300 * Math.sin(x / 9) + 200 * Math.cos(y / 7) - z),
    dataset: { PatientName: `Mauvais^${seed}`, PatientID: `BAD-${seed}`, SpecificCharacterSet: 'ISO_IR 192', ...dataset },
  }),
];
const [cut, broken, lost, planes] = [slices('cut'), slices('broken'), slices('lost'), slices('planes')];
/** As large as a real one, so that it comes in parts on a slow line. */
const derived = [...ctVolume({ seed: 'bad-derived', slices: 3, rows: 256, columns: 256 })];

const uidOf = ([first]: readonly GeneratedInstance[]): string => first?.studyInstanceUid ?? '';
const untilShown = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => (window.__negatoscopeViewer?.renderedIndex ?? -1) >= 0, undefined, { timeout: 60_000 });
async function open({ page }: Tab, of: readonly GeneratedInstance[], search = ''): Promise<void> {
  await page.goto(`/app/studies/${uidOf(of)}${search}`);
  await untilShown(page);
}
async function goTo(page: Page, frame: number): Promise<void> {
  await page.evaluate((index) => window.__negatoscopeViewer?.goTo(index), frame - 1);
}
const isRendered = (page: Page, frame: number): Promise<unknown> =>
  page.waitForFunction((index) => window.__negatoscopeViewer?.renderedIndex === index, frame - 1);
const allHere = (page: Page, count = SLICES): Promise<unknown> =>
  page.waitForFunction((wanted) => window.__negatoscopeViewer?.framesLoaded === wanted, count, { timeout: 60_000 });
const keptOf = async ({ page }: Tab, of: readonly GeneratedInstance[]): Promise<{ kind: string; label: string | null }[]> =>
  (await (await page.request.get(`/api/studies/${uidOf(of)}/annotations`)).json()).items;

/** The frame that an address is of, in whichever form it is asked for. */
const frameIn = (url: string): string | undefined => /\/instances\/[^/]+\/frames\/\d+/.exec(url)?.[0];

/** Cuts the line for all frames of a study but the first that is asked for, until told otherwise. */
async function cutLine(page: Page, of: readonly GeneratedInstance[]): Promise<{ mend: () => void }> {
  let isCut = true;
  let first: string | undefined;
  await page.route(
    ({ pathname }) => pathname.includes(uidOf(of)) && pathname.includes('/frames/'),
    (route) => {
      const frame = frameIn(route.request().url());
      first ??= frame;
      return isCut && frame !== first ? route.abort('internetdisconnected') : route.continue();
    },
  );
  return {
    mend: () => {
      isCut = false;
    },
  };
}

async function signInAgain(page: Page, password: string): Promise<void> {
  await page.getByText('Votre session a expiré').waitFor({ timeout: 30_000 });
  await page.locator('input[type=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Votre session a expiré').waitFor({ state: 'detached' });
}

/** The file of an instance on the server's disk. */
function storedFile(dataDir: string, sopInstanceUid: string): string {
  const objects = path.join(dataDir, 'objects');
  const found = readdirSync(objects, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.journal'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .find((file) => readFileSync(file).includes(sopInstanceUid));
  if (found === undefined) throw new Error('The server keeps no such file.');
  return found;
}

/** Notes every drawing context of the page, to take it away. */
function noteContexts(): void {
  const contexts: WebGL2RenderingContext[] = [];
  Object.assign(window, { contexts });
  const { getContext } = HTMLCanvasElement.prototype;
  Object.assign(HTMLCanvasElement.prototype, {
    getContext(this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
      const context: unknown = Reflect.apply(getContext, this, [kind, ...rest]);
      if (context instanceof WebGL2RenderingContext && !contexts.includes(context)) contexts.push(context);
      return context;
    },
  });
}
/** Takes the drawing contexts of the page away, as a driver does that starts again. */
const loseContexts = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { contexts } = window as unknown as { contexts: WebGL2RenderingContext[] }; // What `noteContexts` has put there.
    const alive = contexts.filter((context) => !context.isContextLost());
    for (const context of alive) context.getExtension('WEBGL_lose_context')?.loseContext();
    return alive.length;
  });

const paneText = async (page: Page): Promise<string> => (await page.locator('.ng-viewer-pane').first().textContent()) ?? '';
const zoomIn = (text: string): number => Number(/Zoom (\d+)/.exec(text)?.[1] ?? Number.NaN);
const NOTICE = 'graphics-notice';

async function drawLength(page: Page): Promise<void> {
  await page.keyboard.press('l');
  const { x = 0, y = 0, width = 0, height = 0 } = (await page.locator('canvas.cornerstone-canvas').first().boundingBox()) ?? {};
  await page.mouse.move(x + width / 2 - 60, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + width / 2 + 60, y + height / 2, { steps: 4 });
  await page.mouse.up();
  await page.locator('.ng-viewer-canvas svg text').filter({ hasText: ' mm' }).first().waitFor();
}

describe.skipIf(chromiumPath === undefined)('what goes wrong while somebody reads', () => {
  let server: Served;
  let dataDir: string;
  let tab: Tab;
  setStage(
    async (stage) => {
      ({ server, tab } = stage);
      // Its own server's, whose files are damaged here.
      dataDir = 'dataDir' in server ? String(server.dataDir) : '';
      for (const one of [cut, broken, lost, planes, derived]) expect(await storeInstances(tab, one)).toBe(200);
    },
    { isAlone: true },
  );

  it('a line that is cut and a session that ends, while frames come and a text is typed: signed in in place, nothing is lost', async () => {
    const { page, context } = tab;
    const line = await cutLine(page, cut);
    await open(tab, cut);
    const shown = await page.evaluate(() => (window.__negatoscopeViewer?.renderedIndex ?? 0) + 1);
    await goTo(page, shown + 2);
    await page.getByText(`Image ${shown + 2} pas encore reçue`).waitFor();
    await keepScreenshot(page, 'bad-cut');
    await goTo(page, shown);
    await page.keyboard.press('x');
    await page.locator('canvas.cornerstone-canvas').first().click();
    await page.locator('form input').waitFor();
    await page.keyboard.type('nodule à revoir');
    await goTo(page, shown + 3);

    await context.clearCookies();
    line.mend();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.getByText('Votre session a expiré').waitFor({ timeout: 30_000 });
    await keepScreenshot(page, 'bad-expired');
    await signInAgain(page, server.password);
    await allHere(page);
    await isRendered(page, shown + 3);
    expect(await page.getByRole('button', { name: 'Réessayer' }).count()).toBe(0);
    await page.locator('form input').press('Enter');
    await expect.poll(() => keptOf(tab, cut)).toMatchObject([{ kind: 'TEXT', label: 'nodule à revoir' }]);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('the same while planes are on their way', async () => {
    const { page, context } = tab;
    const line = await cutLine(page, planes);
    await open(tab, planes);
    await page.keyboard.press('m');
    await page.getByRole('dialog').waitFor();
    await context.clearCookies();
    line.mend();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await signInAgain(page, server.password);
    await page.getByTestId('mpr-marks-axial').waitFor({ timeout: 60_000 });
    await page.keyboard.press('Escape');
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('one file that is damaged on the disk: a tile says so, the others work, planes name it, and sending the file again repairs it', async () => {
    const { page } = tab;
    const [, , third] = broken;
    if (third === undefined) throw new Error('There is no third slice.');
    const file = storedFile(dataDir, third.sopInstanceUid);
    writeFileSync(file, readFileSync(file).subarray(0, 2000));
    await open(tab, broken);
    await goTo(page, 3);
    await page.getByText('Image 3 illisible').waitFor();
    await page.getByText('Ce fichier est abîmé sur le disque du serveur', { exact: false }).waitFor();
    await keepScreenshot(page, 'bad-broken');
    await goTo(page, 4);
    await isRendered(page, 4);
    await drawLength(page);
    await page.keyboard.press('m');
    await page.getByText('Ce fichier est abîmé', { exact: false }).waitFor();
    await keepScreenshot(page, 'bad-broken-planes');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await storeInstances(tab, [third])).toBe(200);
    await goTo(page, 3);
    await page.getByRole('button', { name: 'Réessayer' }).click();
    await isRendered(page, 3);
    await allHere(page);
  });

  it('a frame made for a slow line that is damaged on its way is never taken for the frame: it comes as it is stored', async () => {
    const { page, context } = tab;
    await open(tab, derived, '?alone=true');
    await allHere(page, 3);
    const pixels = () => page.evaluate(() => [...(window.__negatoscopeViewer as unknown as Pictured).picture.pixels]);
    const right = await pixels();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.enable');
    // Slow enough for beginnings of frames, quick enough for the application.
    const slow = { offline: false, latency: 80, downloadThroughput: 1_500_000, uploadThroughput: 1_500_000 };
    await cdp.send('Network.emulateNetworkConditions', slow);
    let damaged = 0;
    const damage = async (route: Route): Promise<void> => {
      const response = await route.fetch();
      const body = Buffer.from(await response.body());
      // Within the code of the finest details, where a decoder finds nothing wrong.
      const at = body.length - 200;
      if (at > 0) body[at] = (body[at] ?? 0) ^ 0x10;
      damaged += 1;
      await route.fulfill({ response, body });
    };
    await page.route('**/progressive', damage);
    const asStored: string[] = [];
    page.on('request', (request) => request.url().endsWith('/frames/1') && asStored.push(request.url()));
    await page.reload();
    await page.waitForFunction(() => window.__negatoscopeViewer?.isWhole === true, undefined, { timeout: 60_000 });
    expect(damaged).toBeGreaterThan(0);
    expect(asStored.length).toBeGreaterThan(0);
    expect(await pixels()).toEqual(right);
    await page.unrouteAll({ behavior: 'wait' });
    await cdp.send('Network.emulateNetworkConditions', { ...slow, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await cdp.detach();
  });

  it('a graphics card that is lost: the same slice, window, zoom and drawing again; lost again and again, the processor paints', async () => {
    const { page } = tab;
    await page.addInitScript(noteContexts);
    await open(tab, lost);
    await allHere(page);
    await goTo(page, 9);
    await isRendered(page, 9);
    for (const key of ['Digit2', '+', '+', 'i']) await page.keyboard.press(key);
    await drawLength(page);
    await expect.poll(() => paneText(page)).toContain('L 1500  C -600');
    const [before, bright] = [await paneText(page), (await readPicture(tab)).bright];
    expect(bright).toBeGreaterThan(5000);
    const asked: string[] = [];
    page.on('request', (request) => request.url().includes('/frames/') && asked.push(request.url()));
    expect(await page.getByTestId(NOTICE).count()).toBe(0);
    for (const isLast of [false, false, true]) {
      expect(await loseContexts(page)).toBeGreaterThan(0);
      await expect.poll(() => page.locator('.ng-viewer-pane').count()).toBe(0);
      await page.locator('.ng-viewer-canvas svg text').filter({ hasText: ' mm' }).first().waitFor();
      // The notice takes a line from the pane.
      const said = async () => (isLast ? (await paneText(page)).replace(/Zoom \d+/, 'Zoom') : paneText(page));
      await expect.poll(said, { timeout: 20_000 }).toBe(isLast ? before.replace(/Zoom \d+/, 'Zoom') : before);
      expect(Math.abs(zoomIn(await paneText(page)) / zoomIn(before) - 1)).toBeLessThan(0.1);
      const now = await readPicture(tab);
      expect(Math.abs(now.bright - bright)).toBeLessThan(bright / 10);
      await expect.poll(() => page.getByTestId(NOTICE).count()).toBe(isLast ? 1 : 0);
    }
    await keepScreenshot(page, 'bad-processor');
    await page.keyboard.press('ArrowDown');
    await isRendered(page, 10);
    expect(asked).toEqual([]);
    await page.keyboard.press('Control+z');
    await page.getByTestId(NOTICE).getByRole('button', { name: 'Fermer' }).click();
    await expect.poll(() => page.getByTestId(NOTICE).count()).toBe(0);
  });

  it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});

/** For a person to look at, where a folder is named for it. */
async function keepPicture(from: string): Promise<void> {
  const folder = process.env.NEGATOSCOPE_SCREENSHOTS;
  if (folder !== undefined) await copyFile(from, `${folder}/bad-hostile-picture.png`);
}

interface Pictured {
  readonly picture: { readonly pixels: Uint8Array };
}

/** Texts that are no texts: markup, a reversal that is never ended, lines, letters without end. */
const MARKUP = '<img src=x onerror="window.hacked=1">';
const HOSTILE = {
  // An equals sign would begin the ideographic name (PS3.5 6.2.1).
  PatientName: `Sow${'\u202e'}<svg onload>^Anna`,
  PatientID: `ID-\u202e"><script>hacked=1</script>`,
  PatientBirthDate: '19610304',
  StudyDate: '20260301',
  StudyDescription: `${MARKUP} {{count}} $t(viewer:title) ${'très long '.repeat(5)}`,
  SeriesDescription: `javascript:alert(1) ${'W'.repeat(50)}`,
  BodyPartExamined: 'CHEST',
  SpecificCharacterSet: 'ISO_IR 192',
} satisfies Dataset;

const picture = (number: number, more: Dataset): GeneratedInstance =>
  smallPicture({
    ...{ seed: 'bad-hostile', columns: 64, number, modality: 'CT' },
    cells: Uint16Array.from({ length: 4096 }, (_, at) => (at * 7) % 900),
    dataset: {
      ...HOSTILE,
      WindowCenter: [100, 400],
      WindowWidth: [200, 800],
      WindowCenterWidthExplanation: [MARKUP, '\u202eUne autre'],
      ...more,
    },
  });
const hostile = [picture(1, {}), picture(2, {})];

if (isLong)
  describe.skipIf(chromiumPath === undefined)('a browser without WebGL', () => {
    let tab: Tab;
    setStage(
      async (stage) => {
        ({ tab } = stage);
        for (const one of [planes, hostile]) expect(await storeInstances(tab, one)).toBe(200);
      },
      { drawnBy: 'processor' },
    );

    it('says so once, shows planes all the same, and measures on them', async () => {
      const { page } = tab;
      await open(tab, planes);
      await page.getByTestId(NOTICE).waitFor();
      await keepScreenshot(page, 'bad-no-webgl');
      await page.getByTestId(NOTICE).getByRole('button', { name: 'Fermer' }).click();
      await page.keyboard.press('m');
      await page.getByTestId('mpr-marks-axial').waitFor({ timeout: 60_000 });
      await page.waitForFunction(
        () => document.querySelector<HTMLCanvasElement>('[data-testid=mpr-canvas-coronal]')?.dataset.state === 'whole',
      );
      expect((await readPicture(tab, [], '[data-testid=mpr-canvas-coronal]')).bright).toBeGreaterThan(1000);
      await keepScreenshot(page, 'bad-no-webgl-planes');
      await page.keyboard.press('Escape');
      await page.reload();
      await untilShown(page);
      expect(await page.getByTestId(NOTICE).count()).toBe(0);
    });

    it('refuses planes of a volume that no memory holds, with both numbers, before anything of it is fetched', async () => {
      const { page } = tab;
      // They come by their own address where the one answer does not come.
      await page.route('**/opening?*', (route) => route.abort());
      await page.route('**/metadata', async (route) => {
        const response = await route.fetch();
        const datasets: Record<string, object>[] = await response.json();
        const huge = { vr: 'US', Value: [20_000] };
        await route.fulfill({ response, json: datasets.map((one) => ({ ...one, '00280010': huge, '00280011': huge })) });
      });
      await page.goto(`/app/studies/${uidOf(planes)}`);
      await page.waitForFunction(() => window.__negatoscopeViewer?.frameCount === 12, undefined, { timeout: 60_000 });
      await page.keyboard.press('m');
      const refusal = page.getByRole('dialog').getByRole('alert');
      await refusal.waitFor();
      // 12 slices of 20,000 × 20,000 pixels of two bytes.
      expect(await refusal.textContent()).toMatch(/9156 Mo.* \d{3}\./);
      await keepScreenshot(page, 'bad-too-large');
      await page.keyboard.press('Escape');
      await page.unrouteAll({ behavior: 'wait' });
    });

    it('shows hostile texts as texts: in corners, list, panel, dialogs and pictures', async () => {
      const { page } = tab;
      page.setDefaultTimeout(12_000);
      const dialogs: string[] = [];
      page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      await open(tab, hostile);
      await expect.poll(() => paneText(page)).toContain('SOW<SVG ONLOAD> Anna');
      const viewer = page.locator('.ng-viewer');
      const said = (await viewer.textContent()) ?? '';
      // Nothing turns round what stands after it, and no text is taken for one of ours.
      expect(said).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
      expect(said).toContain('{{count}} $t(viewer:title)');
      await page.keyboard.press('o');
      await expect.poll(() => paneText(page)).toContain('04/03/1961');
      await page.keyboard.press('o');
      await page.getByRole('button', { name: 'Préréglages de fenêtre' }).click();
      await page.getByRole('menuitem', { name: MARKUP }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('menu').waitFor({ state: 'detached' });
      await keepScreenshot(page, 'bad-hostile');
      await page.keyboard.press('x');
      await page.locator('canvas.cornerstone-canvas').first().click();
      await page.locator('form input').fill(MARKUP);
      await page.keyboard.press('Enter');
      await page.locator('.ng-viewer-canvas svg text').filter({ hasText: '<img' }).waitFor();
      const found = await page.evaluate(() => ({
        hacked: 'hacked' in window,
        images: document.querySelectorAll('img[src="x"]').length,
        scripts: [...document.scripts].filter(({ text }) => text.includes('hacked')).length,
        isWider: document.documentElement.scrollWidth > innerWidth,
        title: document.title,
      }));
      expect(found).toMatchObject({ hacked: false, images: 0, scripts: 0, isWider: false });
      expect(found.title).not.toContain('<');
      expect(dialogs).toEqual([]);
    });

    it('and its picture bears them as texts too', async () => {
      const { page } = tab;
      const inBar = page.getByRole('button', { name: 'Image PNG, imprimer' });
      if ((await inBar.count()) > 0) await inBar.click();
      else {
        await page.getByRole('button', { name: 'Plus d’outils' }).click();
        await page.getByRole('menuitem', { name: 'Image PNG, imprimer' }).click();
      }
      await page.getByRole('dialog').waitFor();
      await page.getByRole('radio').first().check();
      const save = page.getByRole('dialog').getByRole('button').filter({ hasText: 'PNG' });
      const [download] = await Promise.all([page.waitForEvent('download'), save.click()]);
      expect(download.suggestedFilename()).toMatch(/^[\w-]+\.png$/);
      await keepPicture(await download.path());
      expect(await page.evaluate(() => 'hacked' in window)).toBe(false);
    });

    it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
  });
