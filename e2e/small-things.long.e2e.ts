import { readFile } from 'node:fs/promises';
import { ctVolume } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { type Stage, setStage } from './support/stage.ts';

const study = (number: number) =>
  ctVolume({
    seed: `small-${number}`,
    slices: 1,
    rows: 64,
    columns: 64,
    dataset: {
      PatientName: `Row${String(number).padStart(2, '0')}^Anna`,
      PatientID: `SMALL-${number}`,
      StudyDescription: 'Thorax sans injection',
      StudyDate: `202601${String(1 + (number % 28)).padStart(2, '0')}`,
      StudyTime: '101500',
    },
  });

/** The small things that cost people time every day. */
describe.skipIf(chromiumPath === undefined)('a day with', () => {
  let tab: Tab;
  const begin = async (stage: Stage): Promise<void> => {
    ({ tab } = stage);
    expect(await storeInstances(tab, Array.from({ length: 28 }, (_, index) => [...study(index)]).flat())).toBe(200);
  };
  setStage(begin, { drawnBy: 'processor', isAlone: true });

  const topRow = () =>
    tab.page.evaluate(() => {
      const list = document.querySelector('[role=grid]');
      const head = (list?.getBoundingClientRect().top ?? 0) + 40;
      const rows = [...document.querySelectorAll('[data-row]')];
      return rows.find((row) => row.getBoundingClientRect().bottom > head)?.textContent;
    });

  it('the worklist: coming back from the viewer finds the row, and what arrives moves nothing', async () => {
    await tab.page.setViewportSize({ width: 1440, height: 600 });
    await visit(tab.page, '/app/worklist');
    await tab.page.locator('[data-row]').first().waitFor();
    for (let step = 0; step < 22; step += 1) await tab.page.keyboard.press('j');
    const selected = () => tab.page.locator('[data-row][aria-selected=true]').textContent();
    await expect.poll(selected).toContain('ROW');
    const [row, top] = [await selected(), await topRow()];
    await tab.page.keyboard.press('Enter');
    await tab.page.waitForURL(/\/app\/studies\//);
    await tab.page.locator('.ng-viewer-pane canvas').first().waitFor();
    await tab.page.goBack();
    await expect.poll(selected).toBe(row);
    expect(await topRow()).toBe(top);

    const newest = ctVolume({
      seed: 'newest',
      slices: 1,
      rows: 64,
      columns: 64,
      dataset: { PatientName: 'Newest^Eve', PatientID: 'NEW', StudyDate: '20260301' },
    });
    expect(await storeInstances(tab, [...newest])).toBe(200);
    await expect.poll(() => tab.page.locator('output').first().textContent(), { timeout: 60_000 }).toContain('29');
    expect([await selected(), await topRow()]).toEqual([row, top]);
  });

  it('a tablet: the worklist shows the description, the viewer has every tool', async () => {
    await tab.page.setViewportSize({ width: 820, height: 1180 });
    await visit(tab.page, '/app/worklist');
    await tab.page
      .locator('[data-row]')
      .first()
      .getByText('Thorax sans injection')
      .or(tab.page.getByText('Thorax sans injection').first())
      .first()
      .waitFor();
    await tab.page.locator('[data-row]').nth(1).click();
    await tab.page.locator('.ng-viewer-pane canvas').first().waitFor();
    const names = () =>
      tab.page.locator('[role=toolbar] button').evaluateAll((all) => all.map((one) => one.getAttribute('aria-label') ?? ''));
    const [more, chooser] = ['Plus d’outils', /: choisir$/];
    expect(await names()).toContain(more);
    const inside = await tab.page.locator('[role=toolbar]').evaluate((bar) => bar.scrollWidth <= bar.clientWidth);
    expect(inside).toBe(true);
    /** Everything that the bar offers: what stands in it, and behind what opens the rest. */
    const offered = async (): Promise<string[]> => {
      const shown = await names();
      const found = new Set(shown.filter((name) => name !== more && !chooser.test(name)));
      for (const opener of shown.filter((name) => name === more || chooser.test(name))) {
        await tab.page.getByRole('button', { name: opener }).click();
        const items = tab.page.getByRole('menuitem');
        await items.first().waitFor();
        for (const name of await items.evaluateAll((all) => all.map((one) => one.querySelector('span')?.textContent ?? '')))
          found.add(name);
        await tab.page.keyboard.press('Escape');
        await items.first().waitFor({ state: 'detached' });
      }
      return [...found].sort();
    };
    const onTablet = await offered();
    expect(onTablet).toEqual(expect.arrayContaining(['Angle de Cobb', 'Région à main levée', 'Loupe', 'Image PNG, imprimer']));
    await tab.page.setViewportSize({ width: 1440, height: 900 });
    await expect.poll(async () => (await names()).length).toBeGreaterThan(20);
    // These stand in the row above on a tablet, and OHIF is a link where there is room.
    const elsewhere = /^(?:Disposition des vues|(?:Montrer|Masquer) le volet.*|Ouvrir cet examen dans OHIF)$/;
    const tools = (all: readonly string[]): string[] => all.filter((name) => !elsewhere.test(name));
    // The bar takes back what has room again one measure after the other.
    await expect.poll(async () => tools(await offered())).toEqual(tools(onTablet));
  });

  it('the desk: hands the images over, which come as a file', async () => {
    const { items } = await (await tab.page.request.get('/api/patients?q=row01')).json();
    await visit(tab.page, `/app/patients/${items[0].id}`);
    await tab.page.getByRole('button', { name: 'Remettre au patient' }).click();
    const dialog = tab.page.getByRole('dialog');
    await dialog.getByLabel('Remis à').fill('Anna Row, elle-même');
    const [file] = await Promise.all([
      tab.page.waitForEvent('download'),
      dialog.getByRole('button', { name: 'Remettre au patient' }).click(),
    ]);
    expect(file.suggestedFilename()).toBe(`${items[0].recordNumber}.zip`);
    expect((await readFile(await file.path())).subarray(0, 2).toString()).toBe('PK');
  });

  it('a phone: what is said of a new account lies above the invitation that was just made, never on its link', async () => {
    await tab.page.setViewportSize({ width: 390, height: 844 });
    await visit(tab.page, '/app/admin/users');
    await tab.page.getByRole('button', { name: 'Nouvel utilisateur' }).click();
    const form = tab.page.getByRole('dialog', { name: 'Nouvel utilisateur' });
    await form.getByLabel('Prénom').fill('Awa');
    await form.getByLabel('Nom', { exact: true }).fill('Sow');
    await form.getByLabel('Adresse e-mail').fill('awa@example.org');
    await form.getByRole('button', { name: 'Créer' }).click();
    const link = tab.page.getByRole('button', { name: 'Copier Lien' });
    await link.waitFor();
    const said = tab.page.getByText('Utilisateur créé.');
    const [low, high] = [await said.boundingBox(), await tab.page.getByRole('dialog').boundingBox()];
    expect((low?.y ?? 844) + (low?.height ?? 0)).toBeLessThanOrEqual(high?.y ?? 0);
  });
});
