import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { chestXray, ctVolume } from '@negatoscope/testkit';
import type { Browser, Page } from 'playwright-core';
import type { Bench } from '../support/bench.ts';
import { given } from '../support/given.ts';
import { EMAIL, type Ours, PASSWORD } from '../support/ours.ts';
import type { Cell } from '../support/results.ts';
import { median } from '../support/statistics.ts';
import { LINES, type Line, pageOn, profile, untilImage, untilMark } from './lines.ts';
import { store } from './store.ts';

declare global {
  interface Window {
    __negatoscopeViewer?: { renderedIndex: number; frameCount: number; isWhole: boolean; goTo(index: number): void };
  }
}

interface Study {
  readonly name: string;
  readonly uid: string;
  readonly frames: number;
  /** Of its pixels, uncompressed. */
  readonly bytes: number;
}

const ACCOUNT = { email: EMAIL, password: PASSWORD };
const SECOND = 1000;

/** The real series of 28 slices, where the test data are. */
function realSeries(): { files: Buffer[]; uid: string } | undefined {
  const root = process.env.NEGATOSCOPE_TESTDATA ?? path.join(given('BENCH_DIR'), '..', '..', 'shared', 'testdata', 'dicom');
  const folder = path.join(root, 'dcm_qa_ct', 'series-CT-phantom');
  if (!existsSync(folder)) return undefined;
  const manifest = readFileSync(path.join(root, 'MANIFEST.csv'), 'utf8');
  const [head = '', ...lines] = manifest.split(/\r?\n/);
  const column = head.split(',').indexOf('study_instance_uid');
  const uid = lines.find((line) => line.startsWith('dcm_qa_ct/series-CT-phantom/'))?.split(',')[column] ?? '';
  return { files: readdirSync(folder).map((name) => readFileSync(path.join(folder, name))), uid };
}

async function studies(bench: Bench, server: Ours): Promise<{ ct: Study; dx: Study; real: Study | undefined }> {
  const slices = bench.quick ? 20 : 120;
  // Noise that makes it compress about 3:1, as patients do.
  const volume = [...ctVolume({ seed: 'slow line', slices, noise: 6 })];
  const [film] = chestXray({ seed: 'slow line film', rows: bench.quick ? 512 : 2500, columns: bench.quick ? 512 : 2048 });
  const real = realSeries();
  if (film === undefined) throw new Error('No film was made');
  await store(server, [...volume.map(({ bytes }) => bytes), film.bytes, ...(real?.files ?? [])]);
  if (real === undefined) bench.results.note('The real series of 28 slices is not here: no figures for it.');
  return {
    ct: { name: 'CT', uid: volume[0]?.studyInstanceUid ?? '', frames: slices, bytes: slices * 512 * 512 * 2 },
    dx: { name: 'DX', uid: film.studyInstanceUid, frames: 1, bytes: film.bytes.length },
    real: real && { name: 'real', uid: real.uid, frames: real.files.length, bytes: real.files.length * 512 * 512 * 2 },
  };
}

/** Milliseconds from asking for a slice to a picture of it, and to all of it. */
const jumpTo = (page: Page, index: number): Promise<{ pictureMs: number; wholeMs: number }> =>
  page.evaluate(async (wanted) => {
    const from = performance.now();
    const until = async (isSo: () => boolean): Promise<number> => {
      while (!isSo()) await new Promise(requestAnimationFrame);
      return performance.now() - from;
    };
    const probe = window.__negatoscopeViewer;
    probe?.goTo(wanted);
    const pictureMs = await until(() => probe?.renderedIndex === wanted);
    return { pictureMs, wholeMs: await until(() => probe?.renderedIndex === wanted && probe.isWhole) };
  }, index);

async function signInForm(browser: Browser, server: Ours, line: Line): Promise<Cell[]> {
  const context = await profile(browser, server.baseUrl);
  const { page, wire } = await pageOn(context, line);
  await page.goto('/login', { waitUntil: 'commit' });
  await page.locator('input[type=password]').waitFor();
  const ms = await page.evaluate(() => performance.now());
  // What still comes counts as well.
  await page.waitForLoadState('networkidle');
  await context.close();
  return [line.name, 'sign-in form usable, first visit', ms / SECOND, null, null, null, `${Math.round(wire.bytes / 1000)} kB`];
}

/** Our viewer, cold and warm, a jump while it loads, and all of it; the last page stays open until the series is whole. */
async function ours(browser: Browser, server: Ours, line: Line, study: Study) {
  const context = await profile(browser, server.baseUrl, ACCOUNT);
  const address = `/app/studies/${study.uid}`;
  const cold = await pageOn(context, line);
  await cold.page.goto(address, { waitUntil: 'commit' });
  const coldMs = await untilMark(cold.page, 'first-image');
  // Warm is who has been here before: the library has come as well.
  await untilMark(cold.page, 'first-usable');
  await cold.page.close();
  const { page, wire } = await pageOn(context, line);
  await page.goto(address, { waitUntil: 'commit' });
  const warmMs = await untilMark(page, 'first-image');
  const usableMs = await untilMark(page, 'first-usable');
  const wholeMs = await untilMark(page, 'first-whole');
  const jump = study.frames > 100 ? await jumpTo(page, 0).then(() => jumpTo(page, 109)) : undefined;
  const picturesMs = await untilMark(page, 'series-pictures');
  const completeMs = await untilMark(page, 'series-complete');
  await context.close();
  return { coldMs, warmMs, usableMs, wholeMs, jump, picturesMs, completeMs, frameBytes: wire.frameBytes };
}

/** OHIF of the same server, by the same account. */
async function ohif(browser: Browser, server: Ours, line: Line, study: Study) {
  const context = await profile(browser, server.baseUrl, ACCOUNT);
  const address = `/viewer/viewer?StudyInstanceUIDs=${study.uid}`;
  const cold = await pageOn(context, line);
  await cold.page.goto(address, { waitUntil: 'commit' });
  const coldMs = await untilImage(cold.page);
  await cold.page.close();
  const { page, wire } = await pageOn(context, line);
  await page.goto(address, { waitUntil: 'commit' });
  const warmMs = await untilImage(page);
  while (wire.framesFinished < study.frames) await page.waitForTimeout(100);
  const completeMs = await page.evaluate(() => performance.now());
  await context.close();
  return { coldMs, warmMs, completeMs, frameBytes: wire.frameBytes };
}

const COLUMNS = ['line', 'what', 'ours, s', 'min–max', 'OHIF, s', 'min–max', 'over the line'];

type Own = Awaited<ReturnType<typeof ours>>;
type Other = Awaited<ReturnType<typeof ohif>>;

/** `BENCH_ROUNDS=5` runs each side so often, in turns, and gives medians. */
const rounds = (): number => Math.max(1, Math.trunc(Number(process.env.BENCH_ROUNDS ?? 1)) || 1);

/** The median of some times in seconds, and their spread. */
function timeCells(times: readonly (number | undefined)[]): [Cell, Cell] {
  const known = times.filter((ms) => ms !== undefined).map((ms) => ms / SECOND);
  if (known.length === 0) return [null, null];
  return [median(known), known.length === 1 ? null : `${Math.min(...known).toFixed(2)}–${Math.max(...known).toFixed(2)}`];
}

/** Both sides, in turns: which one begins changes, since a busy hour of the machine lasts longer than a run. */
async function measured(browser: Browser, server: Ours, line: Line, study: Study): Promise<{ own: Own[]; other: Other[] }> {
  const [own, other]: [Own[], Other[]] = [[], []];
  const sides = [
    async () => own.push(await ours(browser, server, line, study)),
    ...(process.env.BENCH_OHIF === 'no' ? [] : [async () => other.push(await ohif(browser, server, line, study))]),
  ];
  for (let round = 0; round < rounds(); round += 1) for (const side of round % 2 === 0 ? sides : sides.toReversed()) await side();
  return { own, other };
}

/** A row of a study: the medians of both sides, and their spread. */
const rowOf =
  (line: Line, study: Study, { own, other }: { readonly own: readonly Own[]; readonly other: readonly Other[] }) =>
  (what: string, of: (one: Own) => number | undefined, ofOther?: (one: Other) => number, wire: Cell = null): Cell[] => [
    line.name,
    `${study.name}: ${what}`,
    ...timeCells(own.map(of)),
    ...timeCells(ofOther === undefined ? [] : other.map(ofOther)),
    wire,
  ];

async function seriesRows(browser: Browser, server: Ours, line: Line, study: Study): Promise<Cell[][]> {
  const runs = await measured(browser, server, line, study);
  const { own, other } = runs;
  const share = (all: readonly { readonly frameBytes: number }[]): string =>
    `${(median(all.map(({ frameBytes }) => frameBytes)) / study.bytes).toFixed(2)} × uncompressed`;
  const wire = `${share(own)}${other.length === 0 ? '' : ` (OHIF ${share(other)})`}`;
  const row = rowOf(line, study, runs);
  const jumps = [
    row('slice 110 after a jump, a picture', ({ jump }) => jump?.pictureMs),
    row('slice 110 after a jump, lossless', ({ jump }) => jump?.wholeMs),
  ];
  const all = ({ completeMs }: Own | Other): number => completeMs;
  return [
    row(
      'first image, cold',
      ({ coldMs }) => coldMs,
      ({ coldMs }) => coldMs,
    ),
    row(
      'first image, warm',
      ({ warmMs }) => warmMs,
      ({ warmMs }) => warmMs,
    ),
    row('tools at hand, warm', ({ usableMs }) => usableMs),
    row('first image lossless, warm', ({ wholeMs }) => wholeMs),
    row('a picture of every slice', ({ picturesMs }) => picturesMs),
    row('all lossless', all, all, wire),
    ...(own.some(({ jump }) => jump !== undefined) ? jumps : []),
  ];
}

/** `BENCH_LINE` names one by its first word: 2, 10, 100 or not; `BENCH_STUDY` one of CT, DX and real. A run of five rounds of one of each takes minutes. */
const isWanted = (name: string, wanted: string | undefined): boolean => wanted === undefined || name.split(' ')[0] === wanted;

/** The table of what a reader at the end of a slow line waits for, beside OHIF on the same server, at four lines. */
export async function slowLines(bench: Bench, server: Ours, browser: Browser): Promise<void> {
  const { ct, dx, real } = await studies(bench, server);
  const lines = bench.quick ? LINES.slice(-1) : LINES.filter(({ name }) => isWanted(name, process.env.BENCH_LINE));
  const rows: Cell[][] = [];
  for (const line of lines) {
    rows.push(await signInForm(browser, server, line));
    for (const study of [ct, dx, real]) {
      if (study === undefined || !isWanted(study.name, process.env.BENCH_STUDY)) continue;
      const own = await seriesRows(browser, server, line, study);
      rows.push(...own);
      // A run of an hour that is ended has told what it has found.
      for (const row of own) console.error(row.map(String).join(' · '));
    }
  }
  bench.results.add({
    title: `Viewer at four lines: CT of ${ct.frames} that compresses about 3:1, DX of ${Math.round(dx.bytes / 1_000_000)} MB, real CT of 28; Chromium’s throttling, tablet; medians of ${rounds()}`,
    columns: COLUMNS,
    rows,
  });
}
