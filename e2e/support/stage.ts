import type { Browser } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { openBrowser, openTab, signIn, type Tab } from './browser.ts';
import { type RunningServer, startServer } from './server.ts';

/** A server of their own, a browser, and a page of it, for the tests of one `describe`. */
export interface Stage {
  readonly server: RunningServer;
  readonly browser: Browser;
  readonly tab: Tab;
}

export interface StageOptions {
  /** False leaves the page where a stranger is; else its person is the server's administrator. */
  readonly isSignedIn?: boolean;
  /** Flags of the browser beside the usual ones. */
  readonly flags?: readonly string[];
}

/** Sets the stage before the first test of the `describe` that calls this, and takes it down after the last; `begin` is given what is on it. */
export function setStage(
  begin: (stage: Stage) => void | Promise<void>,
  { isSignedIn = true, flags = [] }: StageOptions = {},
): void {
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  beforeAll(async () => {
    server = await startServer();
    browser = await openBrowser(flags);
    const tab = await openTab(browser, server);
    if (isSignedIn) await signIn(tab.page, server);
    await begin({ server, browser, tab });
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });
}
