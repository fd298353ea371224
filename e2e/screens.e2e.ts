import { ctVolume } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { auditPage, walkStops } from './support/audit.ts';
import { chromiumPath, openTab, type Tab, visit } from './support/browser.ts';
import { csrfOf, storeFiles } from './support/dicom.ts';
import { isLong } from './support/long.ts';
import { fillScreens, LONG_NAME, type Screen, showScreen } from './support/screens.ts';
import { setStage } from './support/stage.ts';

/** Every eighth screen in one setting, and every eighth in the next; each in each in the long run. */
const isShown = (place: number, setting: number): boolean => isLong || place % 8 === 4 * setting;
/** Every sixteenth screen in `npm test`, all in the long run: each stop of each is a picture. */
const isWalked = (place: number): boolean => isLong || place % 16 === 0;
const FINE = { faint: [], nameless: [], cutOff: [] };

/** The screens as a person with a small window, a keyboard or a bad connection meets them, in both languages. */
describe.skipIf(chromiumPath === undefined)('every screen', () => {
  let tab: Tab;
  let stranger: Tab;
  let screens: readonly Screen[];
  /** What the keyboard met on each of them. */
  const stops: { readonly name: string; readonly count: number; readonly unseen: readonly string[] }[] = [];
  setStage(
    async (stage) => {
      tab = stage.tab;
      stranger = await openTab(stage.browser, stage.server);
      screens = await fillScreens(tab);
    },
    { drawnBy: 'processor', isAlone: true },
  );

  /** Both tabs: that of somebody signed in, and a stranger's for what comes before. */
  const showAs = async (language: string, theme: string, width: number, height: number): Promise<void> => {
    for (const { page } of [tab, stranger]) {
      await page.setViewportSize({ width, height });
      // What the application reads when it is loaded next.
      await page.goto('/api/health');
      await page.evaluate((kept) => Object.assign(localStorage, kept), { 'ng.locale': language, 'ng.theme': theme });
    }
    // The language of the profile wins over the browser's.
    const answer = await tab.page.request.put('/api/users/me/profile', {
      headers: { 'x-csrf-token': await csrfOf(tab) },
      data: { locale: language },
    });
    expect(answer.status()).toBe(200);
  };
  const show = async (screen: Screen): Promise<Page> => {
    const { page } = screen.isPublic === true ? stranger : tab;
    await showScreen(page, screen);
    return page;
  };

  it.each([
    ['fr', 'light', 1440, 900, 0],
    ['en', 'dark', 390, 844, 1],
    // Both languages and themes with the other width, and the one between, in the long run.
    ...(isLong
      ? ([
          ['en', 'dark', 1440, 900, 0],
          ['fr', 'dark', 820, 1180, 1],
          ['en', 'light', 390, 844, 0],
        ] as const)
      : []),
  ] as const)(
    'has names for its controls, texts that can be read and nothing cut off (%s, %s, %i × %i)',
    async (language, theme, width, height, setting) => {
      await showAs(language, theme, width, height);
      for (const [place, screen] of screens.entries()) {
        if (!isShown(place, setting)) continue;
        const { name } = screen;
        const page = await show(screen);
        await expect.poll(async () => ({ name, ...(await auditPage(page)) })).toEqual({ name, ...FINE });
        // Once is enough, and the screen stands.
        if (language === 'fr' && isWalked(place)) stops.push({ name, ...(await walkStops(page)) });
      }
    },
    300_000,
  );

  it('shows where the keyboard is, at each stop of each screen (WCAG 2.2 2.4.7, 2.4.11)', () => {
    const walked = screens.filter((_screen, place) => isWalked(place)).map(({ name }) => name);
    expect(stops.map(({ name }) => name)).toEqual(expect.arrayContaining(walked));
    expect(stops.filter(({ unseen }) => unseen.length > 0)).toEqual([]);
    expect(stops.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(5 * walked.length);
  });

  it('keeps the frame of the application around a page that does not exist', async () => {
    await showAs('fr', 'system', 1440, 900);
    await visit(tab.page, '/app/no-such-page');
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
    await visit(tab.page, '/app/worklist');
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
    await visit(tab.page, '/app/conflicts');
    const openConflicts = async () => (await (await tab.page.request.get('/api/conflicts?status=OPEN')).json()).items.length;
    const before = await openConflicts();
    await tab.page.getByRole('button', { name: 'Effacer le reçu', exact: true }).first().click();
    await tab.page.getByText('Effacer la version reçue ?').waitFor();
    await tab.page.keyboard.press('Escape');
    await tab.page.getByText('Effacer la version reçue ?').waitFor({ state: 'detached' });
    expect(before).toBeGreaterThan(0);
    expect(await openConflicts()).toBe(before);
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
