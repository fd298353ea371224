import { type GeneratedInstance, smallPicture } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { changePerson, chromiumPath, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;
const PASSWORD = 'Lanterne-Marbre-42-Voilier';
const STUDY: GeneratedInstance = smallPicture({
  seed: 'report-1',
  columns: SIDE,
  frames: 1,
  cells: Uint8Array.from({ length: SIDE * SIDE }, (_, at) => (at * 11 + Math.floor(at / SIDE)) % 251),
  modality: 'DX',
  dataset: {
    ...{ PatientName: 'Sow^Mariama', PatientID: 'report', PatientBirthDate: '19580214', PatientSex: 'F' },
    ...{ StudyDate: '20260301', StudyTime: '080000', BodyPartExamined: 'CHEST' },
  },
});

const folder = process.env.NEGATOSCOPE_SCREENSHOTS;
/** The page as it is, wide and as a phone has it, in both rooms. */
async function look(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const)
    for (const theme of ['dark', 'light']) {
      await page.setViewportSize({ width, height });
      await page.evaluate((one) => document.documentElement.setAttribute('data-theme', one), theme);
      await page.waitForTimeout(300);
      await page.screenshot({ path: `${folder}/report-${name}-${theme}-${width}.png` });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe.skipIf(chromiumPath === undefined)('the report beside the images', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeInstances(tab, [STUDY])).toBe(200);
      const person = { email: 'report@example.org', password: PASSWORD, firstName: 'Awa', lastName: 'Diop', role: 'RADIOLOGIST' };
      const headers = { 'x-csrf-token': await csrfOf(tab) };
      expect((await tab.page.request.post('/api/users', { headers, data: person })).status()).toBe(201);
      const admin = await changePerson(tab.context, { ...stage.server, ...person });
      await admin.dispose();
    },
    { drawnBy: 'processor' },
  );

  it('is kept as it is typed, over a reload and a lost connection, signed by keys and amended; the desk does not take its keys', async () => {
    const { page } = tab;
    await visit(page, `/app/studies/${STUDY.studyInstanceUid}`);
    await page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
    const panel = page.getByRole('complementary', { name: 'Lecture' });
    await panel.getByRole('button', { name: 'Écrire le compte rendu' }).click();
    await panel.getByRole('combobox', { name: 'Modèle' }).selectOption('chest-film');
    const impression = panel.getByRole('textbox', { name: 'Conclusion' });
    await impression.fill('');
    await impression.pressSequentially('Foyer apical droit gn. .ct ');
    expect(await impression.inputValue()).toBe('Foyer apical droit gn. Contrôle conseillé. ');
    await panel.getByText(/^Enregistré/).waitFor();
    await look(page, 'write');

    await page.reload();
    await panel.getByRole('button', { name: 'Écrire le compte rendu' }).click();
    await expect.poll(() => impression.inputValue()).toBe('Foyer apical droit gn. Contrôle conseillé. ');
    await tab.context.setOffline(true);
    await impression.pressSequentially('Hors ligne.');
    await panel.getByText(/Pas encore enregistré/).waitFor();
    await look(page, 'offline');
    await tab.context.setOffline(false);
    await panel.getByText(/^Enregistré/).waitFor({ timeout: 20_000 });

    await impression.focus();
    await page.keyboard.press('Control+Enter');
    await panel.getByRole('alertdialog').waitFor();
    await look(page, 'sign');
    await panel.getByRole('button', { name: 'Oui, signer' }).press('Enter');
    const signed = panel.getByTestId('signed-report');
    await expect.poll(() => signed.textContent()).toContain('Hors ligne.');
    await expect.poll(() => panel.getByTestId('reading-status').getAttribute('data-status')).toBe('VALIDATED');
    await look(page, 'signed');

    await panel.getByRole('button', { name: 'Corriger' }).click();
    await impression.fill('Pas de foyer.');
    await panel.getByText(/^Enregistré/).waitFor();
    await impression.press('Control+Enter');
    await panel.getByRole('button', { name: 'Oui, signer' }).click();
    await expect.poll(() => signed.textContent()).toMatch(/Pas de foyer[\s\S]*Version 2, corrige la version 1/);
  });
});
