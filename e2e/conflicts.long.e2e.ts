import { chestXray, type Dataset } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

/** Each is shown with two pictures. */
const COUNT = 33;
function xray(seed: string, dataset: Dataset = {}): Uint8Array {
  for (const { bytes } of chestXray({ seed, rows: 32, columns: 32, dataset: { PatientID: seed, ...dataset } })) return bytes;
  throw new Error('The phantom has no instance.');
}
const changed = (bytes: Uint8Array): Uint8Array => Uint8Array.from(bytes).fill(7, bytes.length - 64);

/** What a person decides about many images at once, and takes back. */
describe.skipIf(chromiumPath === undefined)('conflicts that came together', () => {
  const files = Array.from({ length: COUNT }, (_, n) => xray(`conflict-${n}`));
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeFiles(tab, files)).toBe(200);
      expect(await storeFiles(tab, files.map(changed))).toBe(202);
    },
    { drawnBy: 'processor', isAlone: true },
  );

  const count = async (status: string): Promise<number> =>
    (await (await tab.page.request.get(`/api/conflicts?status=${status}&limit=200`)).json()).total;
  /** The sizes and dates of what is stored say which version it is: the ids of the objects are behind them. */
  const stored = async (): Promise<string> => {
    const sums = [];
    for (const { sopInstanceUid } of (await (await tab.page.request.get('/api/conflicts?limit=200')).json()).items) {
      const bytes = await (await tab.page.request.get(`/api/patients/images/${sopInstanceUid}?original=true`)).body();
      sums.push(bytes.subarray(-8).toString('hex'));
    }
    return sums.join();
  };

  it('all are replaced at once, and taken back from the message that says so', async () => {
    const { page } = tab;
    const before = await stored();
    await visit(page, '/app/conflicts');
    await page.getByLabel(`Sélectionner les ${COUNT} conflits affichés`).check();
    await page.getByRole('button', { name: `Prendre le reçu (${COUNT})` }).click();
    await page.getByText(`${COUNT} décisions enregistrées.`).waitFor({ timeout: 60_000 });
    expect(await count('OPEN')).toBe(0);
    await page.getByLabel('Notifications').getByRole('button', { name: 'Annuler' }).click();
    await page.getByText(`${COUNT} conflits sont à trancher à nouveau.`).waitFor({ timeout: 60_000 });
    expect(await count('OPEN')).toBe(COUNT);
    expect(await stored()).toBe(before);
  });

  it('all are discarded at once, and taken back later, one and all', async () => {
    const { page } = tab;
    await visit(page, '/app/conflicts');
    await page.getByLabel(`Sélectionner les ${COUNT} conflits affichés`).check();
    await page.getByRole('button', { name: `Effacer le reçu (${COUNT})` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Effacer le reçu' }).click();
    await page.getByText(`${COUNT} décisions enregistrées.`).waitFor({ timeout: 60_000 });
    await visit(page, '/app/conflicts?decided=true');
    const card = page.getByRole('listitem').filter({ hasText: 'Même identifiant' }).first();
    await card.getByText(/possible jusqu’au \d\d\/\d\d\/\d{4}/).waitFor();
    await card.getByRole('button', { name: 'Annuler', exact: true }).click();
    await expect.poll(() => count('OPEN')).toBe(1);
    await page.getByLabel(`Sélectionner les ${COUNT - 1} décisions affichées`).check();
    await page.getByRole('button', { name: `Annuler les décisions (${COUNT - 1})` }).click();
    await page.getByText(`${COUNT - 1} conflits sont à trancher à nouveau.`).waitFor({ timeout: 60_000 });
    expect(await count('OPEN')).toBe(COUNT);
    expect(tab.problems).toEqual([]);
  });
});
