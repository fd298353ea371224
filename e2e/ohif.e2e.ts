import { ctVolume } from '@negatoscope/testkit';
import type { Page, Response } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, signIn, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { itInLongRun } from './support/long.ts';
import { isOhifPrepared, keepScreenshot, untilImages } from './support/ohif.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SLICES = 3;

/** Patient's Name of a study, its components with spaces between. */
const nameOf = (page: Page, study: string): Promise<string> =>
  page.evaluate(async (uid) => {
    const response = await fetch(`/dicom-web/studies?StudyInstanceUID=${uid}`, { headers: { accept: 'application/dicom+json' } });
    const [found] = await response.json();
    return String(found['00100010'].Value[0].Alphabetic).split('^').filter(Boolean).join(' ');
  }, study);

describe.skipIf(chromiumPath === undefined || !isOhifPrepared)('OHIF shows a study of this server', () => {
  const instances = [...ctVolume({ seed: 'ohif', slices: SLICES })];
  const address = `/viewer/viewer?StudyInstanceUIDs=${instances[0]?.studyInstanceUid}`;
  const volume = [...ctVolume({ seed: 'ohif mpr', slices: 40, rows: 128, columns: 128 })];
  let server: Served;
  let tab: Tab;
  setStage(
    (stage) => {
      ({ server, tab } = stage);
    },
    { isSignedIn: false },
  );

  it('after its reader has signed in, back at the wanted address', async () => {
    await signIn(tab.page, server);
    expect(await storeInstances(tab, instances)).toBe(200);
    await tab.context.clearCookies();
    await tab.page.goto(address);
    expect(new URL(tab.page.url()).pathname).toBe('/login');
    await tab.page.locator('input[type=email]').fill(server.email);
    await tab.page.locator('input[type=password]').fill(server.password);
    await tab.page.keyboard.press('Enter');
    await tab.page.waitForURL((url) => url.pathname + url.search === address, { timeout: 90_000 });
    expect((await untilImages(tab.page)).length).toBeGreaterThan(0);
    await keepScreenshot(tab.page, 'ohif-ct');
  });

  it('in French for a French person, without a guided tour', async () => {
    expect(await tab.page.evaluate(() => localStorage.getItem('i18nextLng'))).toBe('fr');
    await tab.page.getByText('Études').first().waitFor();
    expect(await tab.page.locator('.shepherd-element').count()).toBe(0);
  });

  it('with the name and identifier of the person on the image', async () => {
    const name = await nameOf(tab.page, instances[0]?.studyInstanceUid ?? '');
    expect(name.length).toBeGreaterThan(3);
    await tab.page.locator('.viewport-wrapper, .cornerstone-viewport-element').getByText(name).first().waitFor();
  });

  itInLongRun('comes back without asking when only the access token has ended', async () => {
    const kept = (await tab.context.cookies()).filter(({ name }) => !name.endsWith('negatoscope_access'));
    await tab.context.clearCookies();
    await tab.context.addCookies(kept);
    await tab.page.goto(address);
    await tab.page.waitForURL((url) => url.pathname + url.search === address, { timeout: 90_000 });
    expect((await untilImages(tab.page)).length).toBeGreaterThan(0);
  });

  itInLongRun(
    'survives an access token that ends while it is open: the refused request renews it and the page is there again',
    async () => {
      const kept = (await tab.context.cookies()).filter(({ name }) => !name.endsWith('negatoscope_access'));
      await tab.context.clearCookies();
      await tab.context.addCookies(kept);
      const reloaded = tab.page.waitForEvent('load', { timeout: 90_000 });
      // What OHIF's own requests do with an answer that refuses them.
      await tab.page.evaluate(async () => {
        const { status } = await fetch('/dicom-web/studies?limit=1');
        const { config } = window as unknown as { config: { httpErrorHandler(error: { status: number }): void } };
        config.httpErrorHandler({ status });
      });
      await reloaded;
      expect((await untilImages(tab.page)).length).toBeGreaterThan(0);
      await keepScreenshot(tab.page, 'ohif-reloaded');
      const names = (await tab.context.cookies()).map(({ name }) => name);
      expect(names.some((name) => name.endsWith('negatoscope_access'))).toBe(true);
    },
  );

  it('tells a store that is refused, and stores with the token of the session', async () => {
    const send = (body: string): Promise<number> =>
      tab.page.evaluate(
        (text) =>
          new Promise((resolve) => {
            const request = new XMLHttpRequest();
            request.open('POST', '/dicom-web/studies');
            request.setRequestHeader('Content-Type', 'application/dicom');
            request.addEventListener('loadend', () => resolve(request.status));
            request.send(Uint8Array.from(text, (char) => char.charCodeAt(0)));
          }),
        body,
      );
    const [report] = [...ctVolume({ seed: 'ohif stored', slices: 1 })];
    expect(await send(Buffer.from(report?.bytes ?? []).toString('latin1'))).toBe(200);
    expect(await tab.page.locator('[data-negatoscope=alert]').count()).toBe(0);
    expect(await send('no DICOM')).toBe(409);
    await tab.page.getByRole('alert').filter({ hasText: 'L’enregistrement a échoué' }).waitFor();
    await keepScreenshot(tab.page, 'ohif-store-failed');
    await tab.page.getByRole('button', { name: 'Fermer' }).click();
  });

  itInLongRun('cut along three planes (MPR), each with its share of the volume', async () => {
    expect(await storeInstances(tab, volume)).toBe(200);
    const frames = new Set<string>();
    // A late answer to the page before belongs to another study.
    const ofVolume = `/studies/${volume[0]?.studyInstanceUid}/`;
    const noteFrame = (response: Response): void => {
      if (response.ok() && response.url().includes(ofVolume) && response.url().endsWith('/frames/1')) frames.add(response.url());
    };
    tab.page.on('response', noteFrame);
    await tab.page.goto(`/viewer/viewer?StudyInstanceUIDs=${volume[0]?.studyInstanceUid}&hangingprotocolId=mpr`);
    await expect.poll(() => frames.size, { timeout: 90_000 }).toBe(volume.length);
    tab.page.off('response', noteFrame);
    expect(await untilImages(tab.page, 3)).toHaveLength(3);
    // The last slices are drawn some moments after they came.
    await tab.page.waitForTimeout(1_000);
    await keepScreenshot(tab.page, 'ohif-mpr');
  });

  it('and leads back to our worklist', async () => {
    await tab.page.evaluate(() => window.history.pushState({}, '', '/viewer/'));
    await tab.page.waitForURL((url) => url.pathname === '/app/worklist');
    await tab.page.goto('/viewer/');
    expect(new URL(tab.page.url()).pathname).toBe('/app/worklist');
  });

  it('without a request that leaves the server, or one that its policy refuses', () => {
    expect(tab.strangers).toEqual([]);
    expect(tab.problems.filter((problem) => /Content Security Policy|Refused to/.test(problem))).toEqual([]);
  });
});
