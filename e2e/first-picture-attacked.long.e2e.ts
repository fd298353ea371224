import { smallPicture } from '@negatoscope/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { hold } from './support/hold.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

const SIDE = 160;
const ONE = smallPicture({
  ...{ seed: 'attacked', columns: SIDE, modality: 'CT', cells: Uint16Array.from({ length: SIDE * SIDE }, (_, at) => at % 900) },
  dataset: {
    ...{ PatientName: 'Diagne^Awa', PatientID: 'attacked', PatientBirthDate: '19700203', StudyDate: '20260301' },
    ...{ SOPClassUID: '1.2.840.10008.5.1.4.1.1.2', ImageOrientationPatient: [1, 0, 0, 0, 1, 0], ImagePositionPatient: [0, 0, 0] },
    ...{ PixelSpacing: [1, 1], WindowCenter: 500, WindowWidth: 900 },
  },
});
const MAIN = /\/assets\/main-[^/]+\.js$/;
const AHEAD = /\/assets\/ahead-[^/]+\.js$/;
const OPENING = /\/opening\?/;

describe.skipIf(chromiumPath === undefined)('a page that is opened with a study', () => {
  let tab: Tab;
  const plain = () => tab.page.getByTestId('plain-picture');
  const open = () => tab.page.goto(`/app/studies/${ONE.studyInstanceUid}?alone=true`, { waitUntil: 'commit' });
  const isThere = () =>
    tab.page.waitForFunction(() => (window.__negatoscopeViewer?.renderedIndex ?? -1) >= 0, undefined, { timeout: 60_000 });
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeInstances(tab, [ONE])).toBe(200);
      await open();
      await isThere();
      await tab.page.waitForFunction(() => Object.keys(localStorage).some((name) => name.startsWith('ng.opening.')));
    },
    { isAlone: true },
  );
  afterEach(() => tab.page.unrouteAll({ behavior: 'ignoreErrors' }));

  /** The line that stands where the application does not come, in both languages, and what loads the page again. */
  const late = () => tab.page.locator('#late');
  const again = () => late().getByRole('link', { name: 'Recharger la page' });

  it.each([
    ['does not come', MAIN],
    ['comes without a piece that it needs', /\/assets\/shared-[^/]+\.js$/],
  ])('says at once that its application %s, and comes when it is asked to', async (_what, file) => {
    const { page } = tab;
    await page.route(file, (route) => route.fulfill({ status: 404 }));
    await open();
    await again().waitFor({ timeout: 10_000 });
    expect(await late().textContent()).toContain('The page could not be loaded yet.');
    await keepScreenshot(page, 'late');
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await again().click();
    await isThere();
    expect(new URL(page.url()).search).toBe('?alone=true');
    expect(await late().isVisible()).toBe(false);
  });

  it.each([
    ['its first script', /\/assets\/early-[^/]+\.js$/],
    ['any of its files', /\/assets\//],
  ])('says so after a while where %s did not come, and not before', async (_what, files) => {
    const { page } = tab;
    await page.route(files, (route) => route.fulfill({ status: 404 }));
    await open();
    await page.waitForLoadState('load');
    expect(await late().isVisible()).toBe(false);
    await again().waitFor({ timeout: 30_000 });
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await again().click();
    await isThere();
  });

  it('says so too where what draws the first picture does not come', async () => {
    const { page } = tab;
    await page.route(AHEAD, (route) => route.abort());
    await open();
    await page.getByRole('button', { name: 'Recharger' }).or(again()).first().waitFor();
    await page.unrouteAll({ behavior: 'ignoreErrors' });
    await open();
    await isThere();
  });

  it.each<[string, () => Promise<unknown>]>([
    ['whose opening is refused', () => tab.page.route(OPENING, (route) => route.fulfill({ status: 500 }))],
    ['whose opening is cut off', () => tab.page.route(OPENING, (route) => route.fulfill({ status: 200, body: '{"part":"ser' }))],
    ['whose opening is another thing', () => tab.page.route(OPENING, (route) => route.fulfill({ status: 200, body: '<html>' }))],
    [
      'in a browser that has another’s text in the place of what it remembers',
      () =>
        tab.page.evaluate(() => {
          for (const name of Object.keys(localStorage).filter((one) => one.startsWith('ng.opening.')))
            localStorage.setItem(name, '{"x":[NaN');
        }),
    ],
  ])('shows its images %s', async (_which, attack) => {
    await attack();
    await open();
    await isThere();
  });

  it('drops its first picture when somebody else has signed in meanwhile, and all that it was made of', async () => {
    const { page, context } = tab;
    await open();
    await isThere();
    const run = await hold(page, MAIN);
    await open();
    await plain().locator('canvas').waitFor();
    const [csrf] = (await context.cookies()).filter(({ name }) => name.endsWith('negatoscope_csrf'));
    if (csrf === undefined) throw new Error('No session');
    await context.addCookies([{ ...csrf, value: 'somebody-else' }]);
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await expect.poll(() => plain().count()).toBe(0);
    const asked = page.waitForRequest(/\/series(\?|$)|\/opening\?/);
    run();
    await asked;
    await context.addCookies([csrf]);
  });
});
