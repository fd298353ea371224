import path from 'node:path';
import type { Browser } from 'playwright-core';
import { chromiumPath, openBrowser } from '../e2e/support/browser.ts';
import { dropCaches } from './dicomweb/cold.ts';
import { type Bench, runBench } from './support/bench.ts';
import { upload } from './support/client.ts';
import { dataSet } from './support/data.ts';
import { EMAIL, type Ours, PASSWORD, startOurs } from './support/ours.ts';
import type { Cell } from './support/results.ts';
import { median } from './support/statistics.ts';
import { crowds } from './viewer/crowd.ts';
import { slowLines } from './viewer/slow-lines.ts';

const HOVER_MS = 1500;
const WAIT_MS = 120_000;

interface Opened {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A new browser profile, signed in, at the worklist; then a click on the only study, with or without a rest of the pointer before. */
async function open(browser: Browser, server: Ours, isHovered: boolean): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'fr-FR' });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(WAIT_MS);
    await page.goto(`${server.baseUrl.replace('127.0.0.1', 'localhost')}/app/worklist`);
    await page.locator('input[type=email]').fill(EMAIL);
    await page.locator('input[type=password]').fill(PASSWORD);
    await page.keyboard.press('Enter');
    const row = page.locator('[data-row]').first();
    await row.waitFor();
    // What the page loads for itself once it stands is no part of the click.
    await page.waitForLoadState('networkidle').catch(() => undefined);
    if (!isHovered) dropCaches();
    else {
      await row.hover();
      await page.waitForTimeout(HOVER_MS);
    }
    // A click without a pointer: nothing was hovered before it.
    const clicked = await row.evaluate((element) => {
      const at = performance.now();
      if (element instanceof HTMLElement) element.click();
      return at;
    });
    const marks = ['negatoscope:first-image', 'negatoscope:series-complete'];
    await page.waitForFunction((name) => performance.getEntriesByName(name).length > 0, marks[1] ?? '', { timeout: WAIT_MS });
    const [first = Number.NaN, last = Number.NaN] = await page.evaluate(
      (names) => names.map((name) => performance.getEntriesByName(name)[0]?.startTime ?? Number.NaN),
      marks,
    );
    return { firstMs: first - clicked, lastMs: last - clicked };
  } finally {
    await context.close();
  }
}

await runBench('viewer', async (bench) => {
  if (chromiumPath === undefined) {
    bench.results.note('Chromium is not installed: nothing measured.');
    return;
  }
  const server = await startOurs(bench);
  const browser = await openBrowser();
  bench.defer(() => browser.close());
  // `BENCH_LINE=2` is the slow line alone, `BENCH_STUDY=CT` one study, `BENCH_OHIF=no` ours alone, `BENCH_ROUNDS=5` medians of five: what is looked at again while it is mended.
  // `BENCH_PART=drawings` is scrolling over drawings alone.
  const isAll = process.env.BENCH_LINE === undefined && process.env.BENCH_PART === undefined;
  if (isAll) await fromTheList(bench, server, browser);
  if (isAll || process.env.BENCH_PART === 'drawings') await crowds(bench, server, browser);
  if (process.env.BENCH_PART === undefined) await slowLines(bench, server, browser);
});

async function fromTheList(bench: Bench, server: Ours, browser: Browser): Promise<void> {
  const set = await dataSet(bench, 'series', bench.quick ? 50 : 500);
  const imported = await upload(`${server.baseUrl}/api/patients/import`, path.join(set.folder, set.zip ?? ''), server.headers);
  if (imported.status >= 300) throw new Error(`The import was answered with ${imported.status}`);
  const rows: Cell[][] = [];
  for (const isHovered of [false, true]) {
    const runs: Opened[] = [];
    for (let round = 0; round < (bench.quick ? 1 : 5); round += 1) runs.push(await open(browser, server, isHovered));
    const [first, last] = [runs.map(({ firstMs }) => firstMs), runs.map(({ lastMs }) => lastMs)];
    const spread = (times: readonly number[]): string => `${Math.round(Math.min(...times))}–${Math.round(Math.max(...times))}`;
    const name = isHovered
      ? `after the pointer rested on the row for ${HOVER_MS / 1000} s`
      : 'cold: new profile, no hover, empty page cache';
    rows.push([name, median(first), spread(first), median(last), spread(last), runs.length]);
  }
  bench.results.add({
    title: `Viewer: ${set.instances} images of 512 × 512 from the click in the worklist, headless Chromium, software WebGL`,
    columns: ['', 'first image, ms', 'min–max', 'last image, ms', 'min–max', 'runs'],
    rows,
  });
}
