import { ctVolume } from '@negatoscope/testkit';
import type { Browser } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openTab, openTabOf, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { readPicture } from './support/pixels.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const PERSON = { PatientName: 'Faye^Rokhaya', PatientID: 'SHARES-1', PatientBirthDate: '19790321' };
const slices = (seed: string, StudyDescription: string) => [
  ...ctVolume({ seed, slices: 3, rows: 64, columns: 64, dataset: { ...PERSON, StudyDescription } }),
];
const [SHARED, SIBLING] = [slices('shares', 'Scanner partagé'), slices('shares-sibling', 'Scanner gardé')];
const uidOf = ([first]: typeof SHARED): string => first?.studyInstanceUid ?? '';

/** A radiologist of the installation, in a page of their own. */
async function openRadiologist(browser: Browser, server: Served, by: Tab): Promise<Tab> {
  const email = 'partage@hopital.example';
  const password = 'Lanterne-Marbre-42-Voilier';
  const data = { email, password, firstName: 'Camille', lastName: 'Partage', role: 'RADIOLOGIST', level: 'WRITE' };
  const made = await by.page.request.post('/api/users', { headers: { 'x-csrf-token': await csrfOf(by) }, data });
  expect(made.status()).toBe(201);
  return openTabOf(browser, { ...server, email, password });
}

/** The link and the code that the dialog says once. */
async function share({ page }: Tab): Promise<{ link: string; code: string }> {
  await page.getByRole('button', { name: 'Partager', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Pour qui' }).fill('Dr Ndiaye');
  await dialog.getByRole('checkbox', { name: /Scanner gardé/ }).uncheck();
  await dialog.getByRole('button', { name: 'Créer le lien' }).click();
  await dialog.getByRole('button', { name: 'Copier le code' }).waitFor();
  const [link = '', code = ''] = await dialog.locator('code').allTextContents();
  await dialog.getByRole('button', { name: 'Fermer' }).last().click();
  return { link, code };
}

describe.skipIf(chromiumPath === undefined || !isLong)('a study that is shared by a link', () => {
  let radiologist: Tab;
  let stranger: Tab;
  let shared: { link: string; code: string };
  setStage(
    async ({ browser, server, tab }) => {
      expect(await storeInstances(tab, [...SHARED, ...SIBLING])).toBe(200);
      radiologist = await openRadiologist(browser, server, tab);
      stranger = await openTab(browser, server);
    },
    { drawnBy: 'processor' },
  );

  it('is shared from the patient’s page, by a link and a code that are said once', async () => {
    const { items } = await (await radiologist.page.request.get('/api/patients?q=faye')).json();
    await radiologist.page.goto(`/app/patients/${items[0].id}`);
    shared = await share(radiologist);
    expect(shared.link).toMatch(/\/s#[\w-]{43}$/);
    expect(shared.code).toMatch(/^\d{8}$/);
  });

  it('is opened by the code in a browser without a session, and leaves no secret in the address or in the history', async () => {
    const { page } = stranger;
    await page.goto(shared.link);
    const code = page.getByRole('textbox', { name: 'Code' });
    await code.fill('00000000' === shared.code ? '11111111' : '00000000');
    await page.keyboard.press('Enter');
    await page.getByText('Ce code n’est pas le bon').waitFor();
    await code.fill(shared.code);
    await page.keyboard.press('Enter');
    await page.getByText('FAYE Rokhaya').waitFor();
    expect([new URL(page.url()).pathname, new URL(page.url()).hash]).toEqual(['/s', '']);
    expect(await page.evaluate(() => JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }]))).not.toContain(
      shared.link.split('#')[1],
    );
  });

  it('shows a picture, which keys change', async () => {
    const { page } = stranger;
    await page.getByText(/Image 2.sur.3/).waitFor();
    await page.waitForFunction(() => (document.querySelector('canvas')?.width ?? 0) > 0);
    expect((await readPicture(stranger, [], '.stage canvas')).bright).toBeGreaterThan(200);
    const before = await page.locator('.stage').screenshot();
    await page.locator('.stage').focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(/Image 3.sur.3/).waitFor();
    await expect.poll(async () => (await page.locator('.stage').screenshot()).equals(before)).toBe(false);
  });

  it('opens nothing else: no sibling study, no list of patients, no file', async () => {
    const { request } = stranger.page;
    const status = async (path: string): Promise<number> => (await request.get(path)).status();
    const found = async (uid: string): Promise<number> => {
      const answer = await request.get(`/dicom-web/studies/${uid}/series`, { headers: { accept: 'application/dicom+json' } });
      return answer.status() === 200 ? (await answer.json()).length : 0;
    };
    expect([await found(uidOf(SHARED)), await found(uidOf(SIBLING))]).toEqual([1, 0]);
    expect([401, 403, 404]).toContain(await status(`/dicom-web/studies/${uidOf(SIBLING)}/rendered`));
    for (const path of ['/api/patients', '/api/studies', `/dicom-web/studies/${uidOf(SHARED)}`])
      expect([401, 403, 404], path).toContain(await status(path));
  });

  it('ends when it is withdrawn, and the link opens nothing any more', async () => {
    const { page } = radiologist;
    await visit(page, '/app/shares');
    const row = page.getByRole('listitem').filter({ hasText: 'Dr Ndiaye' });
    await row.getByText('ouvert 1 fois').waitFor();
    const button = row.getByRole('button', { name: 'Retirer le partage pour Dr Ndiaye' });
    await button.press('Enter');
    await row.getByRole('button', { name: 'Retirer pour de bon' }).press('Enter');
    await row.getByText(/^.\s*Retiré/).waitFor();
    await stranger.page.locator('.stage').focus();
    await stranger.page.keyboard.press('2');
    await stranger.page.getByText('La visite est terminée').waitFor();
    expect(await stranger.page.getByText('FAYE').count()).toBe(0);
    await stranger.page.goto('about:blank');
    await stranger.page.goto(shared.link);
    await stranger.page.getByText('Ce lien n’ouvre rien').waitFor();
  });

  it('without an error or a policy violation, or a request elsewhere', () => {
    expect([radiologist.problems, stranger.problems, radiologist.strangers, stranger.strangers]).toEqual([[], [], [], []]);
  });
});
