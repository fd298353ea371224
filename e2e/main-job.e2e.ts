import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, openTab, signIn, type Tab, visit } from './support/browser.ts';
import { makeFolder, type TestFolder } from './support/folder.ts';
import { itInLongRun } from './support/long.ts';
import { readPicture } from './support/pixels.ts';
import { type RunningServer, startServer } from './support/server.ts';

declare global {
  interface Window {
    __negatoscopeViewer?: {
      goTo: (index: number) => void;
      renderedIndex: number;
      firstImageMs?: number;
      completeMs?: number;
      framesLoaded: number;
      frameCount: number;
      currentIndex: number;
      askedIndex: number;
      isWhole: boolean;
      picturesReady: number;
      imageIds: readonly string[];
      drawings: { readonly painted: number; readonly described: number };
    };
  }
}

/** Rows and columns of the folder's CT. */
const CT_SIDE = 256;

/** The main job, as a new user does it: a folder goes in, and the images are read in the browser. */
describe.skipIf(chromiumPath === undefined)('a folder of real DICOM goes in, and is read in the browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let tab: Tab;
  let folder: TestFolder;

  beforeAll(async () => {
    folder = makeFolder();
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    tab = await openTab(browser, server);
  });
  afterAll(async () => {
    await browser?.close();
    folder?.remove();
    expect(await server?.stop()).toBe(0);
  });

  it('asks a stranger to sign in and comes back to the wanted page', async () => {
    await signIn(tab.page, server, '/app/patients');
    await tab.page.getByText('Aucun patient pour l’instant').waitFor();
  });

  it('imports a dropped folder and tells the outcome of each file', async () => {
    await visit(tab.page, '/app/import');
    await tab.page.locator('input[type=file][webkitdirectory]').setInputFiles(folder.path);
    await tab.page.getByText('Import terminé').waitFor({ timeout: 90_000 });
    const reports = await tab.page.request.get('/api/imports');
    const { items } = await reports.json();
    expect(items[0]).toMatchObject({
      status: 'DONE',
      stored: folder.instances,
      duplicates: 0,
      conflicts: 0,
      received: folder.instances + 2,
    });
    await tab.page.getByText('coupee.dcm').first().waitFor();
  });

  it('finds a patient without accents and in any word order, and shows the name as NOM Prénom', async () => {
    await visit(tab.page, '/app/patients');
    await tab.page.locator('main input[type=search], main input').first().fill('aissatou ndiaye');
    // The last list stays until the next one is there.
    await tab.page.getByText('DUPONT-LACROIX').first().waitFor({ state: 'detached' });
    await tab.page.getByText('N’DIAYE Aïssatou').first().waitFor();
  });

  it('opens the study in the viewer: the middle slice first, then all of them', async () => {
    await visit(tab.page, `/app/studies/${folder.ctStudyInstanceUid}`);
    await tab.page.waitForFunction(() => window.__negatoscopeViewer?.completeMs !== undefined, undefined, { timeout: 90_000 });
    const state = await tab.page.evaluate(() => window.__negatoscopeViewer);
    expect(state).toMatchObject({ frameCount: 24, framesLoaded: 24, currentIndex: expect.any(Number) });
    expect(state?.currentIndex).toBeGreaterThan(9);
    expect(state?.currentIndex).toBeLessThan(14);
    expect((await readPicture(tab)).bright).toBeGreaterThan(500);
  });

  it('scrolls with the arrow keys', async () => {
    const before = await tab.page.evaluate(() => window.__negatoscopeViewer?.currentIndex ?? 0);
    await tab.page.locator('canvas.cornerstone-canvas').first().click();
    await tab.page.keyboard.press('ArrowDown');
    await tab.page.waitForFunction((index) => window.__negatoscopeViewer?.currentIndex !== index, before);
  });

  itInLongRun(
    'shows the whole image when a second view comes beside it, before the image or after it, and when it goes again',
    async () => {
      const { page } = tab;
      const pane = page.locator('.ng-viewer-pane').first();
      const views = async (key: 'ArrowRight' | 'ArrowLeft', count: number): Promise<void> => {
        await page.keyboard.press('Shift+F');
        await page.getByRole('dialog').waitFor();
        await page.keyboard.press(key);
        await page.keyboard.press('Enter');
        await expect.poll(() => page.locator('.ng-viewer-pane').count()).toBe(count);
      };
      /** How many CSS px the image, which is square, is larger than its pane; a per cent of zoom is what its label leaves open. */
      const excess = async (): Promise<number> => {
        const zoom = Number(/Zoom\s+(\d+)/.exec((await pane.textContent()) ?? '')?.[1] ?? Number.NaN);
        const { width = 0, height = 0 } = (await pane.locator('canvas.cornerstone-canvas').boundingBox()) ?? {};
        return Math.abs((CT_SIDE * zoom) / 100 - Math.min(width, height));
      };
      await views('ArrowRight', 2);
      await expect.poll(excess).toBeLessThan(CT_SIDE / 100);
      await views('ArrowLeft', 1);
      await expect.poll(excess).toBeLessThan(CT_SIDE / 100);

      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      await page.route(
        ({ pathname }) => pathname.includes('/frames/'),
        async (route) => {
          await held;
          await route.continue();
        },
      );
      await page.goto(`/app/studies/${folder.ctStudyInstanceUid}?alone=true`);
      await page.waitForFunction(() => (window.__negatoscopeViewer?.frameCount ?? 0) > 0);
      await views('ArrowRight', 2);
      release();
      await page.waitForFunction(() => window.__negatoscopeViewer?.completeMs !== undefined, undefined, { timeout: 90_000 });
      await page.unrouteAll({ behavior: 'wait' });
      await expect.poll(excess).toBeLessThan(CT_SIDE / 100);
    },
  );

  it('imports the same folder again without changing anything, and says so', async () => {
    await visit(tab.page, '/app/import');
    await tab.page.locator('input[type=file][webkitdirectory]').setInputFiles(folder.path);
    await tab.page.getByText('Import terminé').waitFor({ timeout: 90_000 });
    const { items } = await (await tab.page.request.get('/api/imports')).json();
    expect(items[0]).toMatchObject({ stored: 0, duplicates: folder.instances });
    const { patients, studies, instances } = await (await tab.page.request.get('/api/stats/overview')).json();
    expect({ patients, studies, instances }).toEqual({ patients: 2, studies: 2, instances: folder.instances });
  });

  it('gives the patient’s ZIP', async () => {
    const { items } = await (await tab.page.request.get('/api/patients?q=aissatou')).json();
    const [download] = await Promise.all([
      tab.page.waitForEvent('download'),
      tab.page.evaluate((id) => {
        const link = document.createElement('a');
        link.href = `/api/patients/${id}/export`;
        link.download = '';
        link.click();
      }, items[0].id),
    ]);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(bytes.includes('patient.json')).toBe(true);
    expect(bytes.includes('.dcm')).toBe(true);
  });

  it('keeps an audit that verifies and names who read what', async () => {
    await expect
      .poll(async () => (await (await tab.page.request.get('/api/audit/verify')).json()).pending, { timeout: 10_000 })
      .toBeLessThan(5);
    const verified = await (await tab.page.request.get('/api/audit/verify')).json();
    expect(verified).toMatchObject({ valid: true });
    const { items } = await (await tab.page.request.get('/api/audit?action=study')).json();
    expect(items.map((event: { action: string }) => event.action)).toContain('study.frames');
  });

  it('makes no request to any other host and breaks no policy of its own', () => {
    expect(tab.strangers).toEqual([]);
    expect(tab.problems).toEqual([]);
  });
});
