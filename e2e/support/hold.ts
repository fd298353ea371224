import type { Page } from 'playwright-core';

/** Holds back answers to what a page asks for, as a slow line does, until the returned function is called. */
export async function hold(page: Page, what: RegExp): Promise<() => void> {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(what, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  return release;
}
