import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, openTab, openTabOf, type Tab } from './support/browser.ts';
import { csrfOf } from './support/dicom.ts';
import { fillMoreScreens, loadDemo, type PersonalScreen } from './support/more-screens.ts';
import { openPeople, type Work } from './support/people.ts';
import { fillScreens, showScreen } from './support/screens.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { pictureSizes, type Theme, writeSheet } from './support/sheets.ts';
import { fillShownScreens } from './support/shown-screens.ts';

/** Where the pictures go, to be looked at by people; without it there is nothing to do. */
const folder = process.env.NEGATOSCOPE_SHEETS;
/** Some screens alone: a regular expression of their names. Most stand without the demonstration set (`NEGATOSCOPE_SHEETS_DEMO=no`), which takes minutes. */
const only = new RegExp(process.env.NEGATOSCOPE_SHEETS_OF ?? '');
/** Rooms by their names, in the order in which one wants to look at them; both themes of a language are taken at one visit. */
const wanted = (process.env.NEGATOSCOPE_SHEETS_ROOMS ?? 'fr-light,en-dark,fr-dark,en-light').split(',');
const THEMES: readonly Theme[] = ['light', 'dark'];
const rooms = [...new Set(wanted.map((room) => room.slice(0, 2)))].map(
  (language) => [language, THEMES.filter((theme) => wanted.includes(`${language}-${theme}`))] as const,
);

/** Each screen of the product with the demonstration set and what `fillScreens` adds, at five sizes, in both themes and languages. */
describe.skipIf(chromiumPath === undefined || folder === undefined)('sheets of every screen', () => {
  let server: RunningServer;
  let browser: Browser;
  let tabs: Readonly<Record<Work | 'admin' | 'stranger', Tab>>;
  let blank: Tab;
  let screens: readonly PersonalScreen[];

  beforeAll(async () => {
    server = await startServer({ BREAK_GLASS: 'on' });
    browser = await openBrowser('processor');
    const admin = await openTabOf(browser, server);
    const people = await openPeople(browser, server, admin);
    tabs = { admin, stranger: await openTab(browser, server), ...people };
    blank = await openTab(browser, server);
    if (process.env.NEGATOSCOPE_SHEETS_DEMO !== 'no') await loadDemo(admin);
    const all = [
      ...(await fillScreens(admin)),
      ...(await fillMoreScreens(admin, people)),
      ...(await fillShownScreens(admin, people)),
    ];
    // What came last is seen first.
    screens = all.filter(({ name }) => only.test(name)).reverse();
  }, 600_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  const speak = async (tab: Tab, language: string): Promise<void> => {
    const { page } = tab;
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/api/health');
    await page.evaluate((kept) => Object.assign(localStorage, kept), { 'ng.locale': language });
    // The language of the profile wins over the browser's; a stranger has none.
    const headers = { 'x-csrf-token': await csrfOf(tab) };
    await page.request.put('/api/users/me/profile', { headers, data: { locale: language } });
  };

  it.each(rooms)(
    'in %s, %s',
    async (language, themes) => {
      for (const tab of Object.values(tabs)) await speak(tab, language);
      const missed: string[] = [];
      for (const screen of screens) {
        const { page } = screen.isPublic === true ? tabs.stranger : tabs[screen.as ?? 'admin'];
        await page.setViewportSize({ width: 1440, height: 900 });
        try {
          await showScreen(page, screen);
          for (const [theme, pictures] of await pictureSizes(page, themes))
            await writeSheet(blank.page, folder ?? '', `${screen.name}-${language}-${theme}`, pictures);
        } catch (error) {
          missed.push(`${screen.name}: ${String(error).slice(0, 300)}`);
        }
      }
      expect(missed).toEqual([]);
    },
    3_600_000,
  );
});
