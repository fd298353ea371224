import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { RunningServer } from './server.ts';

const CANDIDATES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
/** Debian's Chromium, or undefined: then the tests in a browser are left out. */
export const chromiumPath = CANDIDATES.find((candidate) => existsSync(candidate));

/** Software WebGL for the viewer, and none of the requests that a browser makes on its own account. */
const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export const openBrowser = (flags: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: [...FLAGS, ...flags] });

/** Addresses without a network; the browser's own reader of PDFs is a page of its own. */
const OWN_SCHEME = /^(?:blob|data|chrome|chrome-extension):/;

export interface Tab {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors that the page threw or logged, policy violations included. */
  readonly problems: string[];
  /** Requests that went anywhere but the server. */
  readonly strangers: string[];
}

/** A page of its own person: no cookies, French, a laptop's size unless told otherwise. */
export async function openTab(
  browser: Browser,
  server: RunningServer,
  options: { width?: number; height?: number; locale?: string } = {},
): Promise<Tab> {
  const { width = 1440, height = 900, locale = 'fr-FR' } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    locale,
    baseURL: server.baseUrl,
    acceptDownloads: true,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  const strangers: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // A refused request is logged by the browser itself; the tests look at answers where they matter.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) problems.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.baseUrl) && !OWN_SCHEME.test(url)) strangers.push(url);
  });
  return { context, page, problems, strangers };
}

/** Signs in on the page and waits until the application is there. */
export async function signIn(page: Page, server: RunningServer, path = '/app'): Promise<void> {
  await page.goto(path);
  await page.locator('input[type=email]').fill(server.email);
  await page.locator('input[type=password]').fill(server.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === new URL(path, server.baseUrl).pathname);
  await page.locator('nav').first().waitFor();
}
