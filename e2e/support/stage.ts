import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, inject } from 'vitest';
import { type DrawnBy, enter, openBrowser, openContext, openPage, type Tab, tabsOpen } from './browser.ts';
import { tellOfFailure } from './failure.ts';
import { type RunningServer, type Served, startServer } from './server.ts';

/** A server, a browser, and a page of it, for the tests of one `describe`. */
export interface Stage {
  readonly server: Served;
  readonly browser: Browser;
  readonly tab: Tab;
}

export interface StageOptions {
  /** False leaves the page where a stranger is; else its person is the server's administrator. */
  readonly isSignedIn?: boolean;
  readonly drawnBy?: DrawnBy;
  /** True: nobody else's patients are there. Otherwise the server is the worker's, with what its files before have stored. */
  readonly isAlone?: boolean;
}

// Files of one worker share their modules, so that a browser is started once and has read the application's code before. They end with the worker.
const browsers = new Map<DrawnBy, Promise<Browser>>();
const contexts = new Map<DrawnBy, Promise<BrowserContext>>();

function kept<K, V>(all: Map<K, Promise<V>>, key: K, make: () => Promise<V>): Promise<V> {
  const known = all.get(key) ?? make();
  all.set(key, known);
  return known;
}

function workersServer(): Served {
  const servers = inject('sharedServers');
  const server = servers[(Number(process.env.VITEST_POOL_ID ?? 1) - 1) % servers.length];
  if (server === undefined) throw new Error('The global setup has started no server.');
  return server;
}

/** A page in which nothing of the file before is left: no session, nothing kept. */
async function openAfresh(context: BrowserContext, server: Served): Promise<Tab> {
  await context.setOffline(false);
  await context.clearCookies();
  const tab = await openPage(context, server);
  await tab.page.goto('/api/health');
  await tab.page.evaluate(() => localStorage.clear());
  return tab;
}

/** Sets the stage before the first test of the `describe` that calls this, and takes it down after the last; `begin` is given what is on it. */
export function setStage(
  begin: (stage: Stage) => void | Promise<void>,
  { isSignedIn = true, drawnBy = 'webgl', isAlone = false }: StageOptions = {},
): void {
  let own: RunningServer | undefined;
  let tab: Tab | undefined;
  beforeAll(async () => {
    const browser = await kept(browsers, drawnBy, () => openBrowser(drawnBy));
    own = isAlone ? await startServer() : undefined;
    const server = own ?? workersServer();
    const open = () => openContext(browser, server);
    const context = await (isAlone ? open() : kept(contexts, drawnBy, open));
    tab = await openAfresh(context, server);
    if (isSignedIn) await enter(context, server);
    await begin({ server, browser, tab });
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') for (const one of tabsOpen()) await tellOfFailure(one, task.name);
  });
  afterAll(async () => {
    await (own === undefined ? tab?.page.close() : tab?.context.close());
    await own?.stop();
  });
}
