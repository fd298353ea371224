import { ctVolume } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { auditPage } from './support/audit.ts';
import { chromiumPath, type Tab } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const FINE = { faint: [], nameless: [], cutOff: [] };
const LONG_NAME = 'Ramanantsoa-Razafindrakoto de la Tour-Maubourg';

/** The screens as a person with a small window, a keyboard or a bad connection meets them. */
describe.skipIf(chromiumPath === undefined)('every screen', () => {
  const slices = [
    ...ctVolume({
      seed: 'screens',
      slices: 2,
      rows: 64,
      columns: 64,
      dataset: { PatientName: `${LONG_NAME}^Marie-Antoinette`, PatientID: 'SCREENS-1', SpecificCharacterSet: 'ISO_IR 192' },
    }),
  ];
  let tab: Tab;
  let screens: string[];
  setStage(async (stage) => {
    tab = stage.tab;
    expect(
      await storeFiles(
        tab,
        slices.map(({ bytes }) => bytes),
      ),
    ).toBe(200);
    const changed = Uint8Array.from(slices[0]?.bytes ?? []);
    changed.fill(7, changed.length - 64);
    await storeFiles(tab, [changed]);
    const { items } = await (await tab.page.request.get('/api/patients')).json();
    const pages = ['', '/patients', '/worklist', '/import', '/conflicts', '/identity-review', '/profile'];
    const admin = ['/admin/users', '/admin/groups', '/admin/audit', '/admin/system'];
    screens = [...pages, `/patients/${items[0].id}`, ...admin, '/no-such-page'].map((path) => `/app${path}`);
  });

  it.each([
    ['light', 1440, 900],
    ['dark', 1440, 900],
    ['light', 390, 844],
    ['dark', 390, 844],
  ] as const)(
    'has names for its controls, texts that can be read and nothing cut off (%s, %i × %i)',
    async (theme, width, height) => {
      await tab.page.setViewportSize({ width, height });
      await tab.page.evaluate((choice) => localStorage.setItem('ng.theme', choice), theme);
      for (const screen of screens) {
        await tab.page.goto(screen);
        await tab.page.locator('main h1, main p').first().waitFor();
        await expect.poll(async () => ({ screen, ...(await auditPage(tab.page)) })).toEqual({ screen, ...FINE });
      }
      await tab.page.setViewportSize({ width: 1440, height: 900 });
    },
  );

  it('keeps the frame of the application around a page that does not exist', async () => {
    await tab.page.goto('/app/no-such-page');
    await tab.page.getByText('Cette page n’existe pas').waitFor();
    expect(await tab.page.locator('nav').count()).toBeGreaterThan(0);
  });

  it('has one tab stop for the rows of a list, and one for what can be changed in the row that has it', async () => {
    const others = [...ctVolume({ seed: 'another', slices: 1, rows: 64, columns: 64 })];
    expect(
      await storeFiles(
        tab,
        others.map(({ bytes }) => bytes),
      ),
    ).toBe(200);
    await tab.page.goto('/app/worklist');
    await tab.page.locator('[data-row]').nth(1).waitFor();
    const inList = () => tab.page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('aria-rowindex'));
    // The focus follows the row that is drawn, a moment after the key.
    for (const row of ['2', '3']) {
      await tab.page.keyboard.press('j');
      await expect.poll(inList).toBe(row);
    }
    await tab.page.keyboard.press('Tab');
    await expect.poll(inList).toBe('3');
    await tab.page.keyboard.press('Shift+Tab');
    await tab.page.keyboard.press('Shift+Tab');
    await expect.poll(inList).toBeUndefined();
  });

  it('asks before the received version of a conflict is deleted, and deletes nothing when one turns back', async () => {
    await tab.page.goto('/app/conflicts');
    await tab.page.getByRole('button', { name: 'Effacer le reçu' }).click();
    await tab.page.getByText('Effacer la version reçue ?').waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.getByText('Effacer la version reçue ?').waitFor({ state: 'detached' });
    expect((await (await tab.page.request.get('/api/conflicts?status=OPEN')).json()).items).toHaveLength(1);
  });

  it('does not take a server that cannot be reached for an empty list, and goes on when it is back', async () => {
    await tab.page.goto('/app/profile');
    await tab.page.getByText('Jetons personnels').waitFor();
    await tab.context.setOffline(true);
    try {
      // Its code may not even be here yet: the frame and a way on stay all the same.
      await tab.page.getByRole('link', { name: 'Patients' }).first().click();
      await tab.page.getByRole('button', { name: 'Réessayer' }).waitFor();
      expect(await tab.page.getByText('Aucun patient pour l’instant').count()).toBe(0);
    } finally {
      await tab.context.setOffline(false);
    }
    await tab.page.getByRole('button', { name: 'Réessayer' }).click();
    await tab.page.getByText(LONG_NAME.toUpperCase()).first().waitFor();
  });
});
