import { randomUUID } from 'node:crypto';
import { ctVolume } from '@negatoscope/testkit';
import type { Browser, Page } from 'playwright-core';
import type { Bench } from '../support/bench.ts';
import { EMAIL, type Ours, PASSWORD } from '../support/ours.ts';
import type { Cell } from '../support/results.ts';
import { quantile } from '../support/statistics.ts';
import { profile } from './lines.ts';
import { store } from './store.ts';

interface Slice {
  readonly sopInstanceUid: string;
  readonly seriesInstanceUid: string;
  readonly studyInstanceUid: string;
}
/** How many drawings lie on each slice of a series, by the slice's place. */
type Crowd = (index: number, slices: number) => number;
const CROWDS: Readonly<Record<string, Crowd>> = {
  'no drawing': () => 0,
  '100 on one slice': (index, slices) => (index === Math.floor(slices / 2) ? 100 : 0),
  '500 on the series': (index, slices) => Math.floor((500 * (index + 1)) / slices) - Math.floor((500 * index) / slices),
};

/** Points of the nth of some drawings on a slice of 512 × 512: the corners of every other, the ends of a line of the rest. */
function pointsOf(number: number): number[] {
  const [left, top] = [20 + (number % 10) * 48, 20 + Math.floor(number / 10) * 48];
  const [right, bottom] = [left + 36, top + 30];
  return number % 2 === 0 ? [left, top, right, top, right, bottom, left, bottom] : [left, top, right, bottom];
}

/** Draws on the slices as a browser would, 25 at a time. */
async function draw(server: Ours, slices: readonly Slice[], crowd: Crowd): Promise<void> {
  const me = await fetch(`${server.baseUrl}/api/auth/me`, { headers: server.headers });
  const { id: authorId } = ((await me.json()) as { user: { id: string } }).user; // The contract's Me.
  const wanted = slices.flatMap((slice, index) =>
    Array.from({ length: crowd(index, slices.length) }, (_, number) => ({ slice, number })),
  );
  for (let at = 0; at < wanted.length; at += 25) {
    await Promise.all(
      wanted.slice(at, at + 25).map(async ({ slice: { studyInstanceUid, seriesInstanceUid, sopInstanceUid }, number }) => {
        const answer = await fetch(`${server.baseUrl}/api/studies/${studyInstanceUid}/annotations/${randomUUID()}`, {
          method: 'PUT',
          headers: { ...server.headers, 'content-type': 'application/json' },
          body: JSON.stringify({
            ...{ seriesInstanceUid, sopInstanceUid, editId: randomUUID(), authorId, baseVersion: 0, frame: 1 },
            kind: number % 2 === 0 ? 'RECTANGLE' : 'LENGTH',
            geometry: { space: 'PIXEL', points: pointsOf(number) },
          }),
        });
        if (!answer.ok) throw new Error(`A drawing was answered with ${answer.status}`);
      }),
    );
  }
}

/** Scrolls through the series that is shown, one slice a picture of the screen, and back; milliseconds between the pictures, once as they come and all drawn. */
const scrolled = (page: Page): Promise<number[]> =>
  page.evaluate(async () => {
    const probe = window.__negatoscopeViewer;
    const times: number[] = [];
    const count = probe?.frameCount ?? 0;
    const way = [...Array(count).keys(), ...[...Array(count).keys()].toReversed()];
    for (const index of way) {
      const from = performance.now();
      probe?.goTo(index);
      do await new Promise(requestAnimationFrame);
      while (probe?.renderedIndex !== index);
      times.push(performance.now() - from);
    }
    return times;
  });

/** What drawings cost while one scrolls: series of 120 slices, all of them here, without and with drawings, each opened in turns. */
export async function crowds(bench: Bench, server: Ours, browser: Browser): Promise<void> {
  const studies = Object.entries(CROWDS).map(([name, crowd]) => {
    const slices = [...ctVolume({ seed: `crowd ${name}`, slices: bench.quick ? 20 : 120, noise: 6 })];
    return { name, crowd, slices, times: [] as number[] };
  });
  for (const { slices, crowd } of studies) {
    await store(
      server,
      slices.map(({ bytes }) => bytes),
    );
    await draw(server, slices, crowd);
  }
  const context = await profile(browser, server.baseUrl, { email: EMAIL, password: PASSWORD });
  for (let round = 0; round < (bench.quick ? 1 : 3); round += 1) {
    for (const study of studies) {
      const page = await context.newPage();
      page.setDefaultTimeout(120_000);
      await page.goto(`/app/studies/${study.slices[0]?.studyInstanceUid}`);
      await page.waitForFunction(() => performance.getEntriesByName('negatoscope:series-complete').length > 0);
      // The first way describes what is drawn; a reader's second is as smooth as it gets.
      await scrolled(page);
      study.times.push(...(await scrolled(page)));
      await page.close();
    }
  }
  const none = quantile(studies[0]?.times ?? [], 0.5);
  const rows: Cell[][] = studies.map(({ name, times }) => {
    const [half, most] = [quantile(times, 0.5), quantile(times, 0.95)];
    return [name, half, most, half / none];
  });
  bench.results.add({
    title:
      'Scrolling through 120 slices of 512 × 512 with drawings on them, ms from asking for a slice to its picture, software WebGL',
    columns: ['', 'median', 'p95', '÷ none'],
    rows,
  });
}
