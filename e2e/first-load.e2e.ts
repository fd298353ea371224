import type { CDPSession } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, openContext } from './support/browser.ts';
import { type Stage, setStage } from './support/stage.ts';

interface Loaded {
  readonly url: string;
  /** Round trips that stand before its answer: one for the page, one more for what the page names, and so on. */
  readonly round: number;
  bytes: number;
}

/** Notes what a page loads, with the bytes that go over the line: heads and bodies as they come, compressed. */
async function noteLoads(cdp: CDPSession): Promise<Loaded[]> {
  const loads: Loaded[] = [];
  const byId = new Map<string, Loaded>();
  const roundOf = (url: string | undefined): number => loads.find((one) => one.url === url)?.round ?? 0;
  cdp.on('Network.requestWillBeSent', ({ requestId, request, initiator, redirectResponse }) => {
    if (!request.url.startsWith('http')) return;
    const asker = initiator.url ?? initiator.stack?.callFrames[0]?.url;
    const sent = byId.get(requestId);
    if (sent !== undefined) sent.bytes = redirectResponse?.encodedDataLength ?? 0;
    const one = { url: request.url, round: (sent?.round ?? roundOf(asker)) + 1, bytes: 0 };
    byId.set(requestId, one);
    loads.push(one);
  });
  cdp.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const one = byId.get(requestId);
    if (one !== undefined) one.bytes = encodedDataLength;
  });
  await cdp.send('Network.enable');
  return loads;
}

/** What a person at the end of a slow line waits for, counted: a time would say more of this machine than of the page. */
describe.skipIf(chromiumPath === undefined)('the first visit', () => {
  let stage: Stage;
  setStage(
    (set) => {
      stage = set;
    },
    { drawnBy: 'processor', isSignedIn: false },
  );

  it.each([
    ['/login', 'the address of the form', 2],
    ['/app/worklist', 'an address of the application, which sends one there', 3],
  ])(
    'at %s (%s): the form can be used after its round trips and 152 kB, and its letters are all that follows',
    async (address, _what, rounds) => {
      const context = await openContext(stage.browser, stage.server);
      const page = await context.newPage();
      const loads = await noteLoads(await context.newCDPSession(page));
      await page.goto(address, { waitUntil: 'commit' });
      await page.locator('input[type=password]').waitFor();
      const before = loads.map(({ url }) => url);
      await page.waitForLoadState('networkidle');
      // Which providers there are is asked as well; the form is there, and can be used, before that is known.
      const needed = loads.filter(({ url }) => before.includes(url) && !/\.woff2$|favicon|\/api\/auth\/ways$/.test(url));
      expect(Math.max(...needed.map(({ round }) => round))).toBe(rounds);
      const sum = (some: readonly Loaded[]): number => some.reduce((bytes, one) => bytes + one.bytes, 0);
      // Of which 1.1 kB are the price of pieces that draw a first picture without React (decision 109), 0.1 kB of names and boxes (decision 127), and less than that of the addresses of shares (decision 128).
      expect(sum(needed)).toBeLessThan(152_300);
      expect(sum(loads)).toBeLessThan(230_000);
      expect(needed.length).toBeLessThan(10);
      await context.close();
    },
  );

  it.each(['fr-FR', 'en-GB'])(
    'of the landing page stands after two round trips and 200 kB, none of it React (%s), and its slices come with the first movement',
    async (locale) => {
      const context = await openContext(stage.browser, stage.server, { locale });
      const page = await context.newPage();
      const loads = await noteLoads(await context.newCDPSession(page));
      await page.goto('/');
      await page.waitForLoadState('networkidle');
      const sum = (some: readonly Loaded[]): number => some.reduce((bytes, one) => bytes + one.bytes, 0);
      const scripts = loads.filter(({ url }) => url.endsWith('.js'));
      expect([sum(loads) < 200_000, sum(scripts) < 10_000], JSON.stringify(loads)).toEqual([true, true]);
      // The picture, the letters and the code are all named by the page itself.
      expect(Math.max(...loads.map(({ round }) => round))).toBe(2);
      expect(loads.filter(({ url }) => url.includes('/slices-'))).toEqual([]);
      await page.getByRole('heading', { level: 1, name: locale === 'fr-FR' ? /Vos images/ : /Your images/ }).waitFor();
      await page.keyboard.press('PageDown');
      await page.getByText(locale === 'fr-FR' ? /^Coupe \d+ \/ 24$/ : /^Slice \d+ \/ 24$/).waitFor();
      await expect.poll(() => loads.filter(({ url, bytes }) => url.includes('/slices-') && bytes > 0).length).toBe(1);
      await context.close();
    },
  );

  it('what the application starts with is fetched while the person types, and not again afterwards', async () => {
    const context = await openContext(stage.browser, stage.server);
    const page = await context.newPage();
    const loads = await noteLoads(await context.newCDPSession(page));
    await page.goto('/login?next=%2Fapp%2Fprofile');
    const start = /\/assets\/(?:main|shared)-[^/]+\.js$/;
    const fetched = (): string[] => loads.map(({ url }) => new URL(url).pathname).filter((path) => start.test(path));
    await page.waitForLoadState('networkidle');
    expect(fetched()).toEqual([]);
    await page.locator('input[type=email]').fill(stage.server.email);
    await expect.poll(() => fetched().length).toBeGreaterThan(0);
    await page.waitForLoadState('networkidle');
    const [ahead, seen] = [fetched(), loads.length];
    await page.locator('input[type=password]').fill(stage.server.password);
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === '/app/profile');
    await page.getByText('Jetons personnels').waitFor();
    const again = loads.slice(seen).filter(({ url }) => ahead.includes(new URL(url).pathname));
    expect(again.map(({ bytes }) => bytes).filter((bytes) => bytes > 0)).toEqual([]);
    await context.close();
  });
});
