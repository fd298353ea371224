import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser } from './support/browser.ts';
import { isLong, itInLongRun } from './support/long.ts';

const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.webp': 'image/webp',
  '.wasm': 'application/wasm',
};

/** The built page, of which the landing page needs no more: as a server gives it that has no API, and notes what it was asked for. */
class Place {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-kept-'));
  /** Addresses of files of the build that were sent. */
  sent: string[] = [];
  readonly #server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = path.join(this.folder, pathname === '/' ? 'landing.html' : pathname);
    try {
      const bytes = readFileSync(file);
      if (pathname.startsWith('/assets/')) this.sent.push(pathname);
      const kept = pathname.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
      response.writeHead(200, { 'content-type': TYPES[path.extname(file)] ?? 'application/octet-stream', 'cache-control': kept });
      response.end(bytes);
    } catch {
      response.writeHead(404).end();
    }
  });

  async open(): Promise<string> {
    cpSync(path.join(WEB, 'dist'), this.folder, { recursive: true });
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://localhost:${(this.#server.address() as AddressInfo).port}`; // It listens.
  }
  /** Another build: its landing page says another word, and everything that names it has another name too. */
  async buildAgain(): Promise<{ readonly before: string; readonly after: string }> {
    const assets = path.join(this.folder, 'assets');
    const landing = readdirSync(assets).find((name) => /^landing-.*\.js$/.test(name)) ?? '';
    const text = readFileSync(path.join(assets, landing), 'utf8');
    writeFileSync(path.join(assets, landing), `${text}\ndocument.documentElement.dataset.build = 'new';`);
    const newNameOf = (name: string): string => name.replace(/\.js$/, '-new.js');
    const changed = [landing];
    for (const name of changed) {
      renameSync(path.join(assets, name), path.join(assets, newNameOf(name)));
      const scripts = readdirSync(assets).filter((one) => one.endsWith('.js'));
      for (const file of [...scripts.map((one) => path.join('assets', one)), 'index.html', 'login.html', 'landing.html']) {
        const naming = readFileSync(path.join(this.folder, file), 'utf8');
        if (!naming.includes(name)) continue;
        writeFileSync(path.join(this.folder, file), naming.replaceAll(name, newNameOf(name)));
        const own = path.basename(file);
        if (own.endsWith('.js') && !own.endsWith('-new.js') && !changed.includes(own)) changed.push(own);
      }
    }
    await promisify(execFile)(process.execPath, [
      ...['--input-type=module', '-e'],
      'const [builder, ...folders] = process.argv.slice(1); await (await import(builder)).buildServiceWorker(...folders);',
      ...[new URL('../scripts/service-worker.mjs', import.meta.url).href, WEB, this.folder],
    ]);
    return { before: `/assets/${landing}`, after: `/assets/${newNameOf(landing)}` };
  }
  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const keptNow = (page: Page): Promise<string[]> =>
  page.evaluate(async () => {
    const keys = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
    return keys.flat().map(({ url }) => new URL(url).pathname);
  });

describe.skipIf(chromiumPath === undefined)('the application’s files in a browser that may keep them', () => {
  const place = new Place();
  const closing: (() => Promise<void>)[] = [];
  let context: BrowserContext;

  beforeAll(async () => {
    const baseURL = await place.open();
    const browser = await openBrowser('processor');
    context = await browser.newContext({ baseURL, locale: 'fr-FR', reducedMotion: 'reduce' });
    closing.push(() => browser.close());
  });
  afterAll(async () => {
    for (const close of closing) await close();
    await place.close();
  });

  /** A page whose browser keeps nothing by itself any more, so that what comes comes from the worker or over the line. */
  async function visit(): Promise<Page> {
    for (const page of context.pages()) await page.close();
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Network.clearBrowserCache');
    place.sent = [];
    await page.goto('/');
    await page.getByRole('heading', { level: 1 }).waitFor();
    return page;
  }
  /** Until the worker is there and has all that the page has loaded. */
  async function untilKept(page: Page): Promise<void> {
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const loaded = () => page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname));
    const missing = async (): Promise<string[]> => {
      const [names, kept] = [await loaded(), await keptNow(page)];
      return names.filter((name) => name.startsWith('/assets/') && !kept.includes(name));
    };
    await expect.poll(missing, { timeout: 30_000 }).toEqual([]);
  }

  it('are fetched on the first visit, and not one of them on the second', async () => {
    const first = await visit();
    expect(place.sent.length).toBeGreaterThan(3);
    await untilKept(first);
    await visit();
    expect(place.sent).toEqual([]);
  });

  it.each(isLong ? ['other bytes', 'an error', 'nothing at all'] : ['other bytes'])(
    'that were replaced by %s do not keep the page from coming, and are whole again',
    async (poison) => {
      const page = await visit();
      await page.evaluate(async (what) => {
        const cache = await caches.open('negatoscope-files');
        for (const request of await cache.keys()) {
          if (what === 'nothing at all') await cache.delete(request);
          else if (what === 'an error') await cache.put(request, new Response('', { status: 500 }));
          else
            await cache.put(
              request,
              new Response('document.title = "taken"', { headers: { 'content-type': 'text/javascript' } }),
            );
        }
      }, poison);
      // A worker looks once in its life at what it has; the browser ends it when it likes.
      const cdp = await context.newCDPSession(page);
      await cdp.send('ServiceWorker.enable');
      await cdp.send('ServiceWorker.stopAllWorkers');
      const again = await visit();
      expect(place.sent.length).toBeGreaterThan(3);
      expect(await again.title()).not.toContain('taken');
      await untilKept(again);
      await visit();
      expect(place.sent).toEqual([]);
    },
  );

  itInLongRun(
    'of a new build come at once, never beside those of the one before, which go when its last page is closed',
    async () => {
      const open = await visit();
      const { before, after } = await place.buildAgain();
      place.sent = [];
      await open.reload();
      await open.waitForFunction(() => document.documentElement.dataset.build === 'new');
      expect(place.sent).toContain(after);
      expect(place.sent).not.toContain(before);
      await open.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
      await open.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.waiting !== null);
      expect(await keptNow(open)).toContain(before);
      // The last page of the build before is closed, and the worker of the new one takes over.
      let next = await visit();
      await expect
        .poll(
          async () => {
            next = await visit();
            return keptNow(next);
          },
          { timeout: 30_000, interval: 500 },
        )
        .not.toContain(before);
      await next.waitForFunction(() => document.documentElement.dataset.build === 'new');
      await untilKept(next);
      await visit();
      expect(place.sent).toEqual([]);
    },
  );
});
