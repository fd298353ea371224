import { existsSync } from 'node:fs';
import {
  type APIRequestContext,
  type Browser,
  type BrowserContext,
  chromium,
  type Page,
  type Request,
  request,
} from 'playwright-core';
import type { Served } from './server.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Debian's Chromium, or undefined: then the tests in a browser are left out. */
export const chromiumPath = CANDIDATES.find((candidate) => existsSync(candidate));

/**
 * What Playwright switches off, whose switch this one takes the place of, and the pages behind the browser's own address bar, which nobody sees here and
 * which take more than a second of a core for each window.
 */
const WITHOUT = [
  ...['AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades'],
  ...['HttpsFirstBalancedModeAutoEnable', 'LensOverlay', 'MediaRouter', 'PaintHolding', 'ThirdPartyStoragePartitioning'],
  ...['AvoidCorsURLLoaderRestartOnRedirect', 'TcpPortRandomizationWin', 'OptimizationHints', 'NetworkTimeServiceQuerying'],
  ...['AimEnabled', 'PreconnectToSearch', 'CDPScreenshotNewSurface'],
  ...['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup'],
];

/** None of the requests that a browser makes on its own account. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${WITHOUT.join()}`,
];

/**
 * What draws images in the viewer: WebGL by software, as nearly every reader has it, or the processor alone, which costs a fraction of it and is
 * enough where pictures are not what is tested.
 */
export type DrawnBy = 'webgl' | 'processor';
const DRAWING: Readonly<Record<DrawnBy, readonly string[]>> = {
  webgl: ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
  processor: ['--disable-3d-apis'],
};

export const openBrowser = (drawnBy: DrawnBy = 'webgl'): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: [...FLAGS, ...DRAWING[drawnBy]] });

/** A browser that keeps pages which were left, and shows them as they were when one goes back; Playwright has it forget them. */
export const openKeepingBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [...FLAGS, ...DRAWING.processor],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });

/** Addresses without a network; the browser's own reader of PDFs is a page of its own. */
const OWN_SCHEME = /^(?:blob|data|chrome|chrome-extension):/;

export interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors that the page threw or logged, policy violations included. */
  readonly problems: string[];
  /** Requests that went anywhere but the server. */
  readonly strangers: string[];
  /** Requests that are not answered. */
  readonly pending: ReadonlySet<string>;
}

/** The place of a person: no cookies, French, a laptop's size unless told otherwise. */
export const openContext = (
  browser: Browser,
  server: Served,
  options: { width?: number; height?: number; locale?: string } = {},
): Promise<BrowserContext> => {
  const { width = 1440, height = 900, locale = 'fr-FR' } = options;
  // What moves is drawn sixty times a second, by the processor that everything else waits for.
  // And what a worker answers, a test can't hold back; it has a test of its own.
  const still = { reducedMotion: 'reduce', serviceWorkers: 'block' } as const;
  return browser.newContext({ ...still, viewport: { width, height }, locale, baseURL: server.baseUrl, acceptDownloads: true });
};

const openTabs = new Set<Tab>();
/** Every page that is open. */
export const tabsOpen = (): readonly Tab[] => [...openTabs];

/** A page in a person's place, and what it does that it should not. */
export async function openPage(context: BrowserContext, server: Served): Promise<Tab> {
  const page = await context.newPage();
  const problems: string[] = [];
  const strangers: string[] = [];
  const pending = new Set<string>();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; the tests look at answers where they matter.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
  });
  page.on('request', (sent) => {
    const url = sent.url();
    if (!url.startsWith(server.baseUrl) && !OWN_SCHEME.test(url)) strangers.push(url);
    pending.add(url);
  });
  const ended = (done: Request): void => void pending.delete(done.url());
  page.on('requestfinished', ended);
  page.on('requestfailed', ended);
  const tab = { context, page, problems, strangers, pending };
  openTabs.add(tab);
  page.on('close', () => openTabs.delete(tab));
  return tab;
}

/** A page of its own person. */
export const openTab = async (
  browser: Browser,
  server: Served,
  options: { width?: number; height?: number; locale?: string } = {},
): Promise<Tab> => openPage(await openContext(browser, server, options), server);

/** To another page within the application, as a link of it would: nothing is loaded anew. */
export const goInside = (page: Page, path: string): Promise<void> =>
  page.evaluate((to) => {
    history.pushState({}, '', to);
    dispatchEvent(new PopStateEvent('popstate'));
  }, path);

const NOWHERE = '/app/no-such-page';
/** What the application says there, in the language of the person. */
const NOTHING_HERE = /Cette page n’existe pas|This page does not exist/;

/**
 * To a page of the application as if it had just been loaded: one who is there already goes by way of a page that keeps nothing of the one before, and
 * what the application is made of is not read and compiled anew, which takes seconds of a core each time.
 */
export async function visit(page: Page, path: string): Promise<void> {
  if (!new URL(page.url()).pathname.startsWith('/app')) return void (await page.goto(path));
  await goInside(page, NOWHERE);
  await page.getByText(NOTHING_HERE).waitFor();
  if (path === NOWHERE) return;
  await goInside(page, path);
  await page.getByText(NOTHING_HERE).waitFor({ state: 'detached' });
}

/** Gives a person's place the session that the page's own form would give it. */
export async function enter(context: BrowserContext, { baseUrl, email, password }: Served): Promise<void> {
  const answer = await context.request.post(`${baseUrl}/api/auth/login`, { data: { email, password } });
  if (answer.status() !== 200) throw new Error(`Signing in was answered ${answer.status()}.`);
}

/** Signs another person in where one is; gives the requests of the one before, to be disposed of. The browser has read the application's code already. */
export async function changePerson(context: BrowserContext, to: Served): Promise<APIRequestContext> {
  const before = await request.newContext({ baseURL: to.baseUrl, storageState: await context.storageState() });
  await context.clearCookies();
  await enter(context, to);
  return before;
}

/** A page of somebody who is signed in. */
export async function openTabOf(browser: Browser, server: Served): Promise<Tab> {
  const tab = await openTab(browser, server);
  await enter(tab.context, server);
  return tab;
}

/** Signs in on the page and waits until the application is there. */
export async function signIn(page: Page, server: Served, path = '/app'): Promise<void> {
  await page.goto(path);
  await page.locator('input[type=email]').fill(server.email);
  await page.locator('input[type=password]').fill(server.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === new URL(path, server.baseUrl).pathname);
  await page.locator('nav').first().waitFor();
}
