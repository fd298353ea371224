import { type Dataset, type GeneratedInstance, volumeSeries } from '@negatoscope/testkit';
import type { Browser, BrowserContext, CDPSession, Locator, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { lookAtStop } from './support/audit.ts';
import { chromiumPath, openPage, openTab, type Tab } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { itInLongRun } from './support/long.ts';
import { keepScreenshot } from './support/ohif.ts';
import type { Served } from './support/server.ts';
import { setStage } from './support/stage.ts';

const SLICES = 12;
const study = (seed: string, StudyDate: string): GeneratedInstance[] => {
  const dataset: Dataset = { PatientName: `Mains^${seed}`, PatientID: `HANDS-${seed}`, PatientBirthDate: '19710504', StudyDate };
  return [
    ...volumeSeries({
      ...{ seed: `hands-${seed}`, side: 64, spacingMm: 2, thicknessMm: 2.5, dataset },
      positions: Array.from({ length: SLICES }, (_, k) => [-64, -64, -2.5 * k] as const),
      valueAt: ([x, y, z]) => Math.round(300 * Math.sin(x / 9) + 200 * Math.cos(y / 7) - z),
    }),
  ];
};
/** In the order of the list: the newest first. */
const studies = [
  study('clavier', '20260306'),
  study('suite', '20260305'),
  study('tablette', '20260304'),
  study('telephone', '20260303'),
  study('fin', '20260302'),
];
const [byKeys = [], , byTablet = [], byPhone = []] = studies;
const READER = {
  ...{ email: 'mains@example.org', password: 'Lanterne-Marbre-42-Voilier' },
  ...{ firstName: 'Awa', lastName: 'Diop', role: 'RADIOLOGIST' },
};

const uidOf = ([first]: readonly GeneratedInstance[]): string => first?.studyInstanceUid ?? '';
const nameOf = (seed: string): string => `MAINS ${seed}`;
interface Kept {
  readonly kind: string;
  readonly frame: number;
  readonly label: string | null;
  readonly geometry: { readonly space: string; readonly points: readonly number[] };
}
const keptOf = async ({ page }: Tab, of: readonly GeneratedInstance[]): Promise<Kept[]> =>
  (await (await page.request.get(`/api/studies/${uidOf(of)}/annotations`)).json()).items;
const statusOf = async ({ page }: Tab, of: readonly GeneratedInstance[]): Promise<string> =>
  (await (await page.request.get(`/api/studies/${uidOf(of)}/readings`)).json()).status;
const paneText = async (page: Page): Promise<string> => (await page.locator('.ng-viewer-pane').first().textContent()) ?? '';
const numberIn = async (page: Page, pattern: RegExp): Promise<number> =>
  Number(pattern.exec(await paneText(page))?.[1] ?? Number.NaN);
const sliceOf = (page: Page): Promise<number> => numberIn(page, /Im\. (\d+)\//);
const zoomOf = (page: Page): Promise<number> => numberIn(page, /Zoom (\d+)/);
const windowOf = async (page: Page): Promise<string> => /L [\d.,]+ {2}C -?[\d.,]+/.exec(await paneText(page))?.[0] ?? '';
const untilOpen = (page: Page, of: readonly GeneratedInstance[]): Promise<unknown> =>
  page.waitForFunction(
    (uid) =>
      location.pathname.endsWith(uid) &&
      window.__negatoscopeViewer?.imageIds[0]?.includes(uid) === true &&
      window.__negatoscopeViewer.renderedIndex >= 0,
    uidOf(of),
    { timeout: 60_000 },
  );
const planesThere = (page: Page): Promise<unknown> =>
  page.waitForFunction(
    () => document.querySelector<HTMLCanvasElement>('[data-testid=mpr-canvas-axial]')?.dataset.state === 'whole',
    undefined,
    { timeout: 60_000 },
  );

/** Goes on by Tab to what bears a name, and says what stops on the way can't be seen; fails where the keyboard does not come there. */
async function tabTo(page: Page, name: RegExp, most = 80): Promise<string[]> {
  const unseen: string[] = [];
  for (let stop = 0; stop < most; stop += 1) {
    await page.keyboard.press('Tab');
    const found = await page.evaluate(lookAtStop);
    if (found?.unseen !== undefined) unseen.push(found.unseen);
    const label = await page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
    if (name.test(label)) return unseen;
  }
  throw new Error(`The keyboard does not come to ${name}.`);
}
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

describe.skipIf(chromiumPath === undefined)('the whole way', () => {
  let admin: Tab;
  let browser: Browser;
  let server: Served;
  setStage(
    async (stage) => {
      ({ tab: admin, browser, server } = stage);
      for (const one of studies) expect(await storeInstances(admin, one)).toBe(200);
      const headers = { 'x-csrf-token': await csrfOf(admin) };
      expect((await admin.page.request.post('/api/users', { headers, data: READER })).status()).toBe(201);
    },
    { drawnBy: 'processor', isAlone: true },
  );

  it('by keyboard alone: each stop can be seen, and nothing holds the keyboard', async () => {
    const tab = await openTab(browser, server);
    const { page } = tab;
    await page.goto('/login');
    await page.locator('input[type=email]').waitFor();
    // Signing in.
    const unseen = [...(await tabTo(page, /^$|mail/i, 5))];
    await page.evaluate(() => document.querySelector<HTMLInputElement>('input[type=email]')?.focus());
    await page.keyboard.type(READER.email);
    await press(page, 'Tab');
    await page.keyboard.type(READER.password);
    await press(page, 'Enter');
    await page.waitForURL(/\/app/);
    // The list: by its place in the navigation, then down to the first study.
    unseen.push(...(await tabTo(page, /^(Liste de travail|Examens)/)));
    await press(page, 'Enter');
    await page.waitForURL(/\/app\/worklist/);
    await page.getByText(nameOf('clavier')).first().waitFor();
    await press(page, 'ArrowDown');
    // The focus follows the row that is drawn, a moment after the key.
    const row = () => page.evaluate(() => document.activeElement?.closest('[data-row]')?.textContent);
    await expect.poll(row).toContain(nameOf('clavier'));
    expect((await page.evaluate(lookAtStop))?.unseen).toBeUndefined();
    await press(page, 'Enter');
    await untilOpen(page, byKeys);

    // Scrolling, window, zoom, moving.
    const first = await sliceOf(page);
    await press(page, 'ArrowDown', 'ArrowDown');
    await expect.poll(() => sliceOf(page)).toBe(first + 2);
    await press(page, 'Digit2');
    await expect.poll(() => windowOf(page)).toBe('L 1500  C -600');
    await press(page, 'Control+Shift+ArrowRight', 'Control+Shift+ArrowUp');
    await expect.poll(() => windowOf(page)).not.toBe('L 1500  C -600');
    const zoom = await zoomOf(page);
    await press(page, '+', '+');
    await expect.poll(() => zoomOf(page)).toBeGreaterThan(zoom * 1.4);
    const place = await page.evaluate(() => document.querySelector('.ng-viewer-pane')?.textContent);
    await press(page, 'Control+ArrowLeft', 'Control+ArrowUp');
    expect(await page.evaluate(() => document.querySelector('.ng-viewer-pane')?.textContent)).toBe(place);

    // A length and a text, by a cursor.
    await press(page, 'l', 'Enter', ...Array.from({ length: 10 }, () => 'ArrowRight'), 'Enter', 'Shift+ArrowDown', 'Enter');
    await expect.poll(async () => (await keptOf(admin, byKeys)).map(({ kind }) => kind)).toEqual(['LENGTH']);
    const [length] = await keptOf(admin, byKeys);
    const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = length?.geometry.points ?? [];
    expect([x2 - x1, y2 - y1].map(Math.round)).toEqual([0, 10]);
    await press(page, 'x', 'Enter', 'Enter');
    await page.locator('form input').waitFor();
    await page.keyboard.type('au clavier');
    await press(page, 'Enter');
    await expect.poll(async () => (await keptOf(admin, byKeys)).at(-1)?.label).toBe('au clavier');
    await press(page, 'Shift+M');
    await expect.poll(async () => (await keptOf(admin, byKeys)).at(-1)?.kind).toBe('KEY_IMAGE');

    // Planes, and a length and a value on them.
    await press(page, 'm');
    await planesThere(page);
    await press(page, 'l', 'Enter', ...Array.from({ length: 5 }, () => 'ArrowRight'));
    await page.getByTestId('mpr-draft').waitFor();
    await keepScreenshot(page, 'hands-planes-keys');
    await press(page, 'Enter', 'd', 'Enter');
    const inSpace = async () => (await keptOf(admin, byKeys)).filter(({ geometry }) => geometry.space === 'PATIENT');
    await expect.poll(async () => (await inSpace()).map(({ kind }) => kind)).toEqual(['LENGTH', 'PROBE']);
    const [across] = await inSpace();
    const [ax = 0, ay = 0, az = 0, bx = 0, by = 0, bz = 0] = across?.geometry.points ?? [];
    expect([bx - ax, by - ay, bz - az].map((one) => Math.round(one * 1000) / 1000)).toEqual([10, 0, 0]);
    await press(page, 'Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // All stops of the room, once round: none is unseen, and the first comes again.
    await page.evaluate(() => document.querySelector<HTMLElement>('main')?.focus());
    unseen.push(...(await tabTo(page, /^Retour/, 5)));
    unseen.push(...(await tabTo(page, /^Retour/, 90)));
    expect(unseen).toEqual([]);

    // Read, and the next one.
    await page.evaluate(() => document.querySelector<HTMLElement>('main')?.focus());
    await press(page, 'Shift+N');
    await expect.poll(() => statusOf(admin, byKeys)).toBe('VALIDATED');
    await page.waitForURL(({ pathname }) => !pathname.includes(uidOf(byKeys)));

    // Straight back to the list, whatever was begun on the study before.
    await press(page, 'Escape');
    await page.waitForURL(/\/app\/worklist/, { timeout: 15_000 });
    expect([tab.problems, tab.strangers]).toEqual([[], []]);
    await tab.context.close();
  }, 180_000);

  // What is where is looked at in `npm test` too (reading-by-touch), and a consultation is led by thumb.
  for (const { name, width, height, own, seed } of [
    { name: 'tablet', width: 820, height: 1180, own: byTablet, seed: 'tablette' },
    { name: 'phone', width: 390, height: 844, own: byPhone, seed: 'telephone' },
  ])
    itInLongRun(
      `by touch on a ${name}`,
      async () => {
        const context = await browser.newContext({
          ...{ viewport: { width, height }, hasTouch: true, isMobile: true, deviceScaleFactor: 1, locale: 'fr-FR' },
          ...{ baseURL: server.baseUrl, reducedMotion: 'reduce', serviceWorkers: 'block' },
        });
        const tab = await openPage(context, server);
        await way(tab, context, { name, own, seed });
        expect([tab.problems, tab.strangers]).toEqual([[], []]);
        await context.close();
      },
      180_000,
    );

  type Finger = readonly [x: number, y: number];
  /** Fingers down, along, and up, as the screen of a device tells them. */
  async function touch(cdp: CDPSession, from: readonly Finger[], to: readonly Finger[], steps = 6): Promise<void> {
    const points = (share: number) =>
      from.map(([x, y], id) => ({ id, x: x + share * ((to[id]?.[0] ?? x) - x), y: y + share * ((to[id]?.[1] ?? y) - y) }));
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(0) });
    for (let step = 1; step <= steps; step += 1)
      await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(step / steps) });
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  }

  /** A tap is done when the page has been told of its click: what follows at once would be faster than any hand. */
  async function tap(page: Page, button: Locator): Promise<void> {
    const clicked = page.evaluate(
      () =>
        new Promise<void>((resolve) =>
          window.addEventListener('click', () => setTimeout(resolve), { once: true, capture: true }),
        ),
    );
    await button.tap();
    await clicked;
  }

  /** What the page shows, once it stays the same: fingers have ended before their last moves are drawn. */
  async function settled(read: () => Promise<number>): Promise<number> {
    for (let last = await read(); ; ) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const now = await read();
      if (now === last) return now;
      last = now;
    }
  }

  /** A tool by its button, by the menu of its group, or by that of what has no room in the bar. */
  async function tool(page: Page, label: string): Promise<void> {
    const bar = page.getByRole('toolbar').first();
    const own = bar.getByRole('button', { name: new RegExp(`^${label}( |$)`) }).first();
    if ((await own.count()) > 0) {
      await tap(page, own);
      return;
    }
    for (const menu of await bar.locator('button[aria-haspopup]').all()) {
      await tap(page, menu);
      const line = page
        .locator('[role^=menuitem]')
        .filter({ hasText: new RegExp(`^${label}`) })
        .first();
      if (await line.isVisible()) {
        await tap(page, line);
        return;
      }
      await page.keyboard.press('Escape');
    }
    throw new Error(`There is no ${label} to be touched.`);
  }

  async function way(
    tab: Tab,
    context: BrowserContext,
    { name, own, seed }: { readonly name: string; readonly own: readonly GeneratedInstance[]; readonly seed: string },
  ): Promise<void> {
    const { page } = tab;
    const cdp = await context.newCDPSession(page);
    await page.goto('/app/worklist');
    await page.locator('input[type=email]').tap();
    await page.keyboard.type(READER.email);
    await page.locator('input[type=password]').tap();
    await page.keyboard.type(READER.password);
    await page.getByRole('button', { name: 'Se connecter', exact: true }).tap();
    await page.getByText(nameOf(seed)).first().tap();
    await untilOpen(page, own);
    const box = async (part = 'canvas.cornerstone-canvas') => {
      const { x = 0, y = 0, width: w = 0, height: h = 0 } = (await page.locator(part).first().boundingBox()) ?? {};
      return (right: number, down: number): Finger => [x + w / 2 + right * w, y + h / 2 + down * h];
    };
    let at = await box();

    // One finger scrolls, two make larger and move.
    const first = await sliceOf(page);
    await touch(cdp, [at(0, -0.2)], [at(0, 0.2)]);
    await expect.poll(() => sliceOf(page)).toBeGreaterThan(first + 1);
    const [slice, zoom] = [await settled(() => sliceOf(page)), await zoomOf(page)];
    await touch(cdp, [at(-0.1, 0), at(0.1, 0)], [at(-0.25, 0), at(0.25, 0)]);
    await expect.poll(() => zoomOf(page)).toBeGreaterThan(zoom * 1.5);
    expect(await sliceOf(page)).toBe(slice);
    await keepScreenshot(page, `hands-${name}`);

    // A window by one finger, a length, a value.
    await tool(page, 'Fenêtre et niveau');
    const before = await windowOf(page);
    await touch(cdp, [at(0, 0)], [at(0.2, 0.1)]);
    await expect.poll(() => windowOf(page)).not.toBe(before);
    expect(await sliceOf(page)).toBe(slice);
    await tool(page, 'Distance');
    await touch(cdp, [at(-0.2, 0)], [at(0.2, 0)]);
    await expect.poll(async () => (await keptOf(admin, own)).map(({ kind }) => kind)).toEqual(['LENGTH']);
    await tool(page, 'Texte');
    await touch(cdp, [at(0, 0.1)], [at(0, 0.1)], 1);
    await page.locator('form input').waitFor();
    await page.keyboard.type('au doigt');
    await page.locator('form').getByRole('button', { name: 'Valider' }).tap();
    await expect.poll(async () => (await keptOf(admin, own)).at(-1)?.label).toBe('au doigt');

    // Planes.
    await tool(page, 'Reconstruction multiplanaire \\(MPR\\)');
    await planesThere(page);
    at = await box('[data-testid=mpr-canvas-axial]');
    await page.getByRole('dialog').getByRole('button', { name: 'Distance', exact: true }).tap();
    await touch(cdp, [at(-0.1, 0)], [at(0.1, 0)]);
    await expect.poll(async () => (await keptOf(admin, own)).at(-1)?.geometry.space).toBe('PATIENT');
    await keepScreenshot(page, `hands-${name}-planes`);
    await page.getByRole('button', { name: 'Revenir aux coupes' }).first().tap();
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    // The panel: a key image, read and the next; out.
    const panel = page.getByRole('complementary', { name: 'Lecture' });
    if (!(await panel.isVisible())) await page.getByRole('button', { name: 'Montrer le volet de lecture' }).tap();
    await panel.getByRole('button', { name: 'Marquer' }).tap();
    await expect.poll(async () => (await keptOf(admin, own)).at(-1)?.kind).toBe('KEY_IMAGE');
    await keepScreenshot(page, `hands-${name}-panel`);
    await panel.getByRole('button', { name: 'Lu, suivant' }).tap();
    await expect.poll(() => statusOf(admin, own)).toBe('VALIDATED');
    await page.waitForURL(({ pathname }) => pathname.includes('/studies/') && !pathname.includes(uidOf(own)));
    await page.getByRole('button', { name: 'Retour' }).first().tap();
    await page.waitForURL(/\/app\/worklist/);
    await page.getByRole('button', { name: /^Compte de/ }).tap();
    await page.getByRole('menuitem', { name: 'Se déconnecter' }).tap();
    await page.waitForURL(/\/login/);
  }
});
