import { smallPicture } from '@negatoscope/testkit';
import type { Browser } from 'playwright-core';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath, openKeepingBrowser, openTabOf, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;
const ONE = smallPicture({
  ...{ seed: 'restored', columns: SIDE, modality: 'DX', cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => at % 900) },
  dataset: {
    PatientName: 'Diagne^Awa',
    PatientID: 'restored',
    PatientBirthDate: '19700203',
    WindowCenter: 500,
    WindowWidth: 900,
  },
});

describe.skipIf(chromiumPath === undefined)('a page that comes back from the browser’s cache of pages', () => {
  let server: Served;
  let browser: Browser | undefined;
  let tab: Tab;
  setStage(
    async (stage) => {
      ({ server } = stage);
      expect(await storeInstances(stage.tab, [ONE])).toBe(200);
    },
    { drawnBy: 'processor', isAlone: true },
  );
  afterEach(() => browser?.close());

  const texts = (): Promise<string> => tab.page.evaluate(() => document.body.textContent ?? '');

  /** Opens the study and goes to another page; the page that is left notes what stands in it when it is painted again. */
  async function leave(): Promise<void> {
    browser = await openKeepingBrowser();
    tab = await openTabOf(browser, server);
    const { page } = tab;
    await page.addInitScript(() =>
      addEventListener('pageshow', ({ persisted }) => {
        if (!persisted) return;
        sessionStorage.setItem('is-restored', 'yes');
        requestAnimationFrame(() => sessionStorage.setItem('seen', document.body.textContent ?? ''));
      }),
    );
    await page.goto(`/app/studies/${ONE.studyInstanceUid}?alone=true`);
    await page.locator('.ng-viewer-pane').getByText('DIAGNE').first().waitFor();
    await page.evaluate(() => Object.assign(window, { isKept: true }));
    await page.goto('/api/health');
  }
  const kept = (name: string): Promise<string | null> => tab.page.evaluate((key) => sessionStorage.getItem(key), name);

  it('is as it was left in the same session', async () => {
    await leave();
    await tab.page.goBack({ waitUntil: 'commit' });
    await expect.poll(() => kept('is-restored')).toBe('yes');
    await expect.poll(() => kept('seen')).toContain('DIAGNE');
    expect(await tab.page.evaluate(() => Reflect.get(window, 'isKept'))).toBe(true);
    expect(await texts()).toContain('DIAGNE');
  });

  it.each([
    ['in no session', () => tab.context.clearCookies()],
    [
      'in the session of somebody else',
      async () => {
        const cookies = (await tab.context.cookies()).filter(({ name }) => name.endsWith('negatoscope_csrf'));
        await tab.context.addCookies(cookies.map((one) => ({ ...one, value: 'somebody-else' })));
      },
    ],
  ])('is emptied before it is painted, and begins anew, %s', async (_which, change) => {
    await leave();
    await change();
    await tab.page.goBack({ waitUntil: 'commit' }).catch(() => undefined);
    await expect.poll(() => kept('is-restored').catch(() => null)).toBe('yes');
    await expect.poll(() => tab.page.evaluate(() => Reflect.has(window, 'isKept')).catch(() => true)).toBe(false);
    expect((await kept('seen')) ?? '').not.toContain('DIAGNE');
  });
});
