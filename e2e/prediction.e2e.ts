import { chestXray, type GeneratedInstance } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openContext, openPage, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

const PASSWORD = 'Lanterne-Marbre-42-Voilier';

function film(seed: string, more: object = {}): GeneratedInstance {
  const dataset = {
    PatientID: seed,
    PatientName: `Poumon^${seed}`,
    PatientBirthDate: '19700102',
    StudyDate: '20260301',
    ...more,
  };
  const [instance] = [...chestXray({ seed, rows: 320, columns: 256, dataset })];
  if (instance === undefined) throw new Error('The phantom is missing.');
  return instance;
}
const FILM = film('tb-film');
const HAND = film('tb-hand', { BodyPartExamined: 'HAND' });

describe.skipIf(chromiumPath === undefined)('what a model says, beside the film', () => {
  let desk: Tab;
  let phone: Tab;
  setStage(
    async ({ browser, server, tab }) => {
      expect(await storeInstances(tab, [FILM, HAND])).toBe(200);
      desk = await openPage(await openContext(browser, server), server);
      phone = await openPage(await openContext(browser, server, { width: 390, height: 844 }), server);
      const headers = { 'x-csrf-token': await csrfOf(tab) };
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
    if ((await evidence.count()) > 0) {
      await evidence.evaluate((image: HTMLImageElement) => image.decode());
      const thumb = place.getByRole('slider');
      await thumb.focus();
      await page.keyboard.press('Home');
      expect(await evidence.evaluate((image) => getComputedStyle(image).opacity)).toBe('0');
      await page.keyboard.press('End');
      expect(await evidence.evaluate((image) => getComputedStyle(image).opacity)).toBe('1');
    }
    await place.scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'prediction-fr-1440');
    expect(desk.strangers).toEqual([]);
  });

  it('is refused with what to do, and sent on with a reason that stays', async () => {
    const { page } = phone;
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
    expect(await place.textContent()).toMatch(/Sent on by Awa Diop: The label is wrong/);
    await place.scrollIntoViewIfNeeded();
    await keepScreenshot(page, 'prediction-sent-on-390');
    expect(phone.strangers).toEqual([]);
  });
});
