import type { Tab } from './browser.ts';
import { keepScreenshot } from './ohif.ts';

const PATIENCE_MS = 10_000;

const orLate = <T>(wanted: Promise<T>): Promise<T | string> =>
  Promise.race([
    wanted.catch((error: unknown) => String(error).split('\n')[0] ?? ''),
    new Promise<string>((resolve) => setTimeout(() => resolve(`nothing within ${PATIENCE_MS} ms`), PATIENCE_MS)),
  ]);

/** Says what was on the page when a test failed: a run somewhere else leaves nothing but what it prints. */
export async function tellOfFailure({ page, problems, pending }: Tab, test: string): Promise<void> {
  const seen = await orLate(
    page.evaluate(() => {
      const probe = window.__negatoscopeViewer;
      return {
        probe:
          probe === undefined ? undefined : { ...probe, picture: undefined, goTo: undefined, imageIds: probe.imageIds.length },
        isHidden: document.hidden,
        text: (document.body.textContent ?? '').slice(0, 1_500),
        panes: [...document.querySelectorAll('.ng-viewer-pane')].map((pane) => pane.outerHTML.slice(0, 600)),
      };
    }),
  );
  const frames = await orLate(
    page.evaluate(() => new Promise<string>((resolve) => requestAnimationFrame(() => resolve('drawn')))),
  );
  await orLate(keepScreenshot(page, `failed-${Date.now()}-${test.replaceAll(/\W+/g, '-').slice(0, 60)}`));
  console.error(JSON.stringify({ test, url: page.url(), seen, frames, problems, pending: [...pending] }, undefined, 1));
}
