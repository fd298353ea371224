import { chestXray, type GeneratedInstance } from '@negatoscope/testkit';
import type { Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openPage, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const FATOU = { lastName: 'Consult', firstName: 'Fatou', birthDate: '1980-05-06', externalId: 'CONSULT-1' };
const dataset = {
  PatientID: 'CONSULT-1',
  PatientName: 'Consult^Fatou',
  PatientBirthDate: '19800506',
  StudyDate: new Date().toISOString().slice(0, 10).replaceAll('-', ''),
};
const FILM: GeneratedInstance[] = [...chestXray({ seed: 'consult', rows: 128, columns: 128, dataset })];
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 1, locale: 'fr-FR' };

/** A touch, once what is touched is large enough for a thumb (WCAG 2.5.5). */
async function tap(target: Locator): Promise<void> {
  await target.waitFor();
  await target.scrollIntoViewIfNeeded();
  const box = await target.boundingBox();
  expect([await target.textContent(), Math.round(box?.height ?? 0) >= 44]).toEqual([await target.textContent(), true]);
  await target.tap();
}
/** Nothing of the page is wider than the phone. */
const widthOf = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth);

describe.skipIf(chromiumPath === undefined)('a consultation by thumb, on a phone', () => {
  let staff: Tab;
  let physician: Tab;
  let admin: Tab;
  setStage(
    async ({ browser, server, tab }) => {
      admin = tab;
      const headers = { 'x-csrf-token': await csrfOf(tab) };
      const open = async (role: string, lastName: string): Promise<Tab> => {
        const email = `consult-${role.toLowerCase()}@example.org`;
        const data = { email, password: PASSWORD, firstName: 'Awa', lastName, role };
        expect((await tab.page.request.post('/api/users', { headers, data })).status()).toBe(201);
        const context = await browser.newContext({
          ...PHONE,
          baseURL: server.baseUrl,
          serviceWorkers: 'block',
          reducedMotion: 'reduce',
        });
        expect((await context.request.post('/api/auth/login', { data: { email, password: PASSWORD } })).status()).toBe(200);
        return openPage(context, server);
      };
      staff = await open('STAFF', 'Accueil');
      physician = await open('PHYSICIAN', 'Diop');
      expect((await tab.page.request.post('/api/patients', { headers, data: FATOU })).status()).toBe(201);
    },
    { drawnBy: 'processor' },
  );

  it('goes from the desk to its end: registered, measured, taken, a film ordered and attached, finished', async () => {
    const desk = staff.page;
    await desk.goto('/app/consultations');
    const room = physician.page;
    await room.goto('/app/consultations');
    await tap(desk.getByRole('button', { name: 'Inscrire un patient' }).first());
    await desk.getByRole('searchbox', { name: 'Patient' }).fill('consult fat');
    await tap(desk.getByRole('button', { name: /CONSULT Fatou/ }));
    await desk.getByLabel('Motif').fill('Toux depuis trois semaines');
    await keepScreenshot(desk, 'consultation-register-390');
    await tap(desk.getByRole('button', { name: 'Inscrire, puis constantes' }));

    await desk.getByLabel('Température').fill('38,6');
    await desk.getByLabel('Poids').fill('47,5');
    await tap(desk.getByRole('group', { name: 'Toux', exact: true }).getByRole('button', { name: 'Oui' }));
    await desk.getByText('Enregistré', { exact: true }).waitFor();
    expect(await widthOf(desk)).toBe(390);
    await keepScreenshot(desk, 'consultation-vitals-390');

    // The physician's page was open all the time: nobody loads it anew.
    await room.getByText('Température 38,6 °C').waitFor();
    await keepScreenshot(room, 'consultation-room-390');
    expect(await widthOf(room)).toBe(390);
    await tap(room.getByRole('button', { name: 'Prendre CONSULT Fatou' }));
    await desk.getByText('En cours').first().waitFor();

    await room.getByRole('textbox', { name: 'Notes' }).fill('Crépitants au sommet droit');
    await tap(room.getByRole('button', { name: 'Demander une radio du thorax' }));
    await room.getByText('Cliché demandé.').waitFor();
    await room.getByText('· demandé').waitFor();
    expect(await storeInstances(admin, FILM)).toBe(200);
    await room.reload();
    await tap(room.getByRole('button', { name: /^Joindre / }));
    await room.getByText('Examen joint.').waitFor();
    await room.getByRole('button', { name: 'Faire lire par le modèle' }).waitFor();
    expect(await room.getByRole('textbox', { name: 'Notes' }).inputValue()).toBe('Crépitants au sommet droit');
    await room.getByRole('button', { name: 'Faire lire par le modèle' }).scrollIntoViewIfNeeded();
    await keepScreenshot(room, 'consultation-films-390');
    await tap(room.getByRole('button', { name: 'Terminer' }));
    await room.getByText('Consultation terminée.').waitFor();

    const { items } = await (await admin.page.request.get('/api/patients?q=consult%20fatou')).json();
    const answer = await admin.page.request.get(`/api/consultations?patientId=${items[0].id}`);
    const [kept] = (await answer.json()).items;
    expect(kept).toMatchObject({
      status: 'DONE',
      physicianName: 'Awa Diop',
      studyCount: 1,
      openOrders: 0,
      unusual: ['temperatureC'],
    });
    expect(kept.vitalSigns).toMatchObject({ temperatureC: 38.6, weightKg: 47.5 });
    expect([...staff.problems, ...physician.problems]).toEqual([]);
  });
});
