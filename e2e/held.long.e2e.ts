import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { COLUMNS, namedClip } from './support/more-screens.ts';
import { setStage } from './support/stage.ts';

const CLIPS = [namedClip(1), namedClip(2)];

const folder = process.env.NEGATOSCOPE_SCREENSHOTS;
async function look(page: Page, name: string): Promise<void> {
  if (folder === undefined) return;
  for (const [width, height] of [
    [1440, 900],
    [390, 844],
  ] as const)
    for (const theme of ['dark', 'light']) {
      await page.setViewportSize({ width, height });
      await page.evaluate((one) => document.documentElement.setAttribute('data-theme', one), theme);
      await page.waitForTimeout(400);
      await page.screenshot({ path: `${folder}/held-${name}-${theme}-${width}.png` });
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe.skipIf(chromiumPath === undefined)('files that may show text', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeInstances(tab, CLIPS)).toBe(200);
    },
    { drawnBy: 'processor', isAlone: true },
  );

  const get = async (address: string) => (await tab.page.request.get(address)).json();
  const untilDone = async (): Promise<{ id: string; done: number; waiting: number }> => {
    for (let tried = 0; tried < 120; tried += 1) {
      const [one] = (await get('/api/deid/exports')).items;
      if (one?.status === 'DONE') return one;
      await tab.page.waitForTimeout(500);
    }
    throw new Error('The export did not end.');
  };

  it('are previewed, wait, are masked by pointer and by keys, and are in the export that goes on', async () => {
    const { page } = tab;
    const [patient] = (await get('/api/patients?q=Diallo')).items;
    await visit(page, `/app/patients/${patient.id}`);
    await page.getByRole('button', { name: 'Exporter sans identité' }).click();
    const dialog = page.getByRole('dialog', { name: 'Exporter sans identité' });
    await dialog.getByRole('button', { name: 'Aperçu : avant et après' }).click();
    await dialog.getByRole('rowheader', { name: 'PatientName' }).waitFor();
    const row = dialog.getByRole('row').filter({ hasText: 'PatientName' });
    expect(await row.textContent()).toMatch(/DIALLO.*P-/i);
    await look(page, 'preview');
    await dialog.getByRole('button', { name: /Préparer/ }).click();
    expect(await untilDone()).toMatchObject({ done: 0, waiting: 2 });

    await visit(page, '/app/deidentification');
    await page.getByRole('link', { name: /Regarder ce qui attend/ }).click();
    const picture = page.getByRole('img', { name: /Image du fichier retenu/ });
    await picture.waitFor();
    // What a person decides of is really there.
    await expect.poll(() => picture.evaluate((one) => (one instanceof HTMLImageElement ? one.naturalWidth : 0))).toBe(COLUMNS);
    await page.getByRole('button', { name: /Masquer .*zones? suspectes?/ }).waitFor();
    await look(page, 'suspected');
    const box = await picture.boundingBox();
    if (box === null) throw new Error('no picture');
    await page.mouse.move(box.x + 2, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.09, { steps: 4 });
    await page.mouse.up();
    const mask = page.getByRole('list', { name: 'Masques' }).getByRole('button').first();
    const before = await mask.textContent();
    await mask.focus();
    await page.keyboard.press('Shift+ArrowDown');
    expect(await mask.textContent()).not.toBe(before);
    await look(page, 'masked');
    await page.getByRole('checkbox', { name: /Aussi les autres fichiers/ }).check();
    await page.getByRole('button', { name: 'Masquer', exact: true }).click();
    await page.getByText('2 décidés').waitFor();
    await look(page, 'decided');
    await page.getByRole('button', { name: /Reprendre/ }).click();
    await page.waitForURL('**/app/deidentification');
    const ended = await untilDone();
    expect(ended).toMatchObject({ done: 2, waiting: 0 });
    await look(page, 'exports');
    expect((await page.request.get(`/api/deid/exports/${ended.id}/file`)).status()).toBe(200);
  });
});
