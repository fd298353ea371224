import { chestXray, type GeneratedInstance } from '@negatoscope/testkit';
import type { APIResponse } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openContext, openPage, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

const PASSWORD = 'Lanterne-Marbre-42-Voilier';

const [FILM_ROWS, FILM_COLUMNS] = [320, 256];

function film(seed: string, more: object = {}): GeneratedInstance {
  const dataset = {
    PatientID: seed,
    PatientName: `Poumon^${seed}`,
    PatientBirthDate: '19700102',
    StudyDate: '20260301',
    ...more,
  };
  const [instance] = [...chestXray({ seed, rows: FILM_ROWS, columns: FILM_COLUMNS, dataset })];
  if (instance === undefined) throw new Error('The phantom is missing.');
  return instance;
}
const FILM = film('tb-film');
const HAND = film('tb-hand', { BodyPartExamined: 'HAND' });

describe.skipIf(chromiumPath === undefined)('what a model says, beside the film', () => {
  let desk: Tab;
  let phone: Tab;
  let administrator: Tab;
  let asAdmin: (method: string, url: string, data?: object) => Promise<APIResponse>;
  setStage(
    async ({ browser, server, tab }) => {
      expect(await storeInstances(tab, [FILM, HAND])).toBe(200);
      desk = await openPage(await openContext(browser, server), server);
      phone = await openPage(await openContext(browser, server, { width: 390, height: 844 }), server);
      const headers = { 'x-csrf-token': await csrfOf(tab) };
      asAdmin = (method, url, data) => tab.page.request.fetch(url, { method, headers, data });
      administrator = tab;
      // Whatever the model says of a phantom, there is evidence to be shown.
      const model = { siteId: null, modelName: 'tb-chest-xray', modelVersion: '0.1.0-research', threshold: 0.001, before: null };
      expect((await asAdmin('PUT', '/api/models/thresholds', model)).ok()).toBe(true);
      for (const [one, locale] of [
        [desk, 'fr'],
        [phone, 'en'],
      ] as const) {
        const data = {
          email: `tb-${locale}@example.org`,
          password: PASSWORD,
          firstName: 'Awa',
          lastName: 'Diop',
          role: 'PHYSICIAN',
        };
        expect((await tab.page.request.post('/api/users', { headers, data })).status()).toBe(201);
        const signedIn = await one.context.request.post('/api/auth/login', { data: { email: data.email, password: PASSWORD } });
        expect(signedIn.status()).toBe(200);
        const own = { 'x-csrf-token': await csrfOf(one) };
        expect((await one.context.request.put('/api/users/me/profile', { headers: own, data: { locale } })).ok()).toBe(true);
      }
    },
    { drawnBy: 'processor', isAlone: true },
  );

  it('is asked by a button and lies on the film, as opaque as one likes', async () => {
    const { page } = desk;
    await page.goto(`/app/studies/${FILM.studyInstanceUid}`);
    const place = page.getByTestId('prediction');
    await place.getByRole('button', { name: 'Faire lire par le modèle' }).click();
    await expect.poll(() => place.getAttribute('data-status'), { timeout: 40_000 }).toBe('DONE');
    await place.getByText(/^Score 0,\d\d/).waitFor();
    expect(await place.textContent()).toMatch(/pas un diagnostic.*tb-chest-xray 0\.1\.0-research/s);
    const evidence = place.getByTestId('evidence');
    await evidence.evaluate((image: HTMLImageElement) => image.decode());
    const thumb = place.getByRole('slider');
    await thumb.focus();
    await page.keyboard.press('Home');
    expect(await evidence.evaluate((image) => getComputedStyle(image).opacity)).toBe('0');
    await page.keyboard.press('End');
    expect(await evidence.evaluate((image) => getComputedStyle(image).opacity)).toBe('1');
    // Over the film itself, as it lies: turned by a quarter it is as wide as it was high.
    await place.getByRole('button', { name: 'Sur le cliché' }).click();
    const overlay = page.getByTestId('evidence-on-film');
    const upright = await overlay.boundingBox();
    expect((upright?.height ?? 0) / (upright?.width ?? 1)).toBeCloseTo(FILM_ROWS / FILM_COLUMNS, 2);
    await keepScreenshot(page, 'prediction-on-film-fr-1440');
    await page.keyboard.press('t');
    await expect
      .poll(async () => ((await overlay.boundingBox())?.width ?? 0) > ((await overlay.boundingBox())?.height ?? 0))
      .toBe(true);
    // Decided by keys alone.
    await place.getByRole('button', { name: 'Se prononcer' }).press('Enter');
    await place.getByRole('radio', { name: 'Valider' }).press(' ');
    // What is chosen scrolls the panel at most, and never the page.
    expect((await page.getByRole('complementary', { name: 'Lecture' }).boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await keepScreenshot(page, 'prediction-decision-fr-1440');
    await place.getByRole('button', { name: 'Enregistrer' }).press('Enter');
    await expect.poll(() => place.getByTestId('standing').getAttribute('data-status')).toBe('VALIDATED');
    await place.scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'prediction-fr-1440');
    expect(desk.strangers).toEqual([]);
  });

  it('is refused with what to do, and sent on with a reason that stays', async () => {
    const { page } = phone;
    expect((await asAdmin('PUT', '/api/predictions/blind-reading', { siteId: null, isOn: true })).ok()).toBe(true);
    await page.goto(`/app/studies/${HAND.studyInstanceUid}`);
    const place = page.getByTestId('prediction');
    const toggle = page.getByRole('button', { name: /reading panel/i });
    if ((await place.count()) === 0) await toggle.first().click();
    await place.getByRole('button', { name: 'Have the model read it' }).click();
    const refusal = place.getByTestId('prediction-refusal');
    await expect.poll(() => refusal.getAttribute('data-code'), { timeout: 40_000 }).toBe('NOT_A_CHEST');
    await keepScreenshot(page, 'prediction-refused-390');
    await place.getByRole('textbox').fill('The label is wrong');
    await place.getByRole('button', { name: 'Send on all the same' }).click();
    await expect.poll(() => place.getAttribute('data-status'), { timeout: 40_000 }).toBe('DONE');
    // This site reads blind: no score before what the physician sees.
    expect(await place.textContent()).not.toMatch(/Score 0/);
    await place.getByText('Tuberculosis suspected').click();
    await place.getByRole('button', { name: 'Keep my opinion' }).scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'prediction-blind-en-390');
    await place.getByRole('button', { name: 'Keep my opinion' }).click();
    await place.getByText(/^Score 0\.\d\d/).waitFor();
    expect(await place.textContent()).toMatch(/Sent on by Awa Diop: The label is wrong/);
    await place.scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'prediction-sent-on-390');
    expect(phone.strangers).toEqual([]);
  });

  it('is in the list of what was read, from which it is opened, and its model among the models', async () => {
    await desk.page.goto('/app/predictions');
    const rows = desk.page.getByRole('row', { name: /Poumon/i });
    await expect.poll(() => rows.count()).toBe(3);
    await keepScreenshot(desk.page, 'predictions-fr-1440');
    await rows.first().dblclick();
    await desk.page.waitForURL(/\/app\/studies\/.*panel=true/);
    await desk.page.getByTestId('prediction').waitFor();
    await phone.page.goto('/app/predictions');
    await phone.page
      .getByText(/Poumon/i)
      .first()
      .waitFor();
    await keepScreenshot(phone.page, 'predictions-en-390');
    await administrator.page.goto('/app/admin/models');
    await administrator.page.getByText('tb-chest-xray 0.1.0-research').first().waitFor();
    await keepScreenshot(administrator.page, 'models-fr-1440');
    await administrator.page.setViewportSize({ width: 390, height: 844 });
    await keepScreenshot(administrator.page, 'models-fr-390');
  });

  it('is counted, and a site is given another threshold by keyboard once one has seen what it would have changed', async () => {
    const { page } = administrator;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/app/statistics?view=screening');
    await page.getByText('Lus par le modèle').first().waitFor();
    // One is still read blind by everybody but its physician, and an administrator says nothing of films.
    await page
      .getByText(/score(s)? vous (est|sont) masqué/)
      .first()
      .waitFor();
    await keepScreenshot(page, 'statistics-fr-1440');
    for (const name of ['Exporter en CSV', 'PDF (français)', 'CSV (anglais)']) {
      const href = await page.getByRole('link', { name }).getAttribute('href');
      expect((await page.request.get(href ?? '')).status(), name).toBe(200);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    await keepScreenshot(page, 'statistics-fr-390');
    await page.goto('/app/admin/models');
    const button = page.getByRole('button', { name: /^Seuil, Toute l’installation/ });
    await button.focus();
    await page.keyboard.press('Enter');
    const slider = page.getByRole('slider', { name: 'Seuil' });
    await slider.focus();
    await page.keyboard.press('End');
    await page.getByText(/Examens passés.*au-dessus du seuil.*0.*au-dessous.*[1-9]/).waitFor();
    await keepScreenshot(page, 'threshold-fr-390');
    await page.getByRole('button', { name: 'Enregistrer 0,99' }).press('Enter');
    await page.getByRole('button', { name: /^Seuil, Toute l’installation.*0,99/ }).waitFor();
    await page.getByRole('button', { name: 'Annuler' }).press('Enter');
    await page.getByRole('button', { name: /^Seuil, Toute l’installation.*0,001/ }).waitFor();
  });
});
