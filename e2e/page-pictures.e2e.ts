import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  chestXray,
  ctVolume,
  type GeneratedInstance,
  mrSeries,
  pixelMatrix,
  secondaryCapture,
  ultrasoundClip,
} from '@negatoscope/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, openBrowser, openTab, signIn, type Tab } from './support/browser.ts';
import { storeFiles, storeInstances } from './support/dicom.ts';
import { compareSeries, type Difference, type Shown } from './support/page-picture.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { FAULTS, manifest, TESTDATA } from './support/testdata.ts';

const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';
/** Grey levels of 255. */
const TOLERANCE = 1;

const PHANTOMS: Readonly<Record<string, () => readonly GeneratedInstance[]>> = {
  'CT with padding and its own window': () => [...ctVolume({ seed: 'page', slices: 4, rows: 96, columns: 96 })],
  MR: () => [...mrSeries({ seed: 'page', slices: 3, rows: 96, columns: 80 })],
  'radiograph, MONOCHROME1': () => [...chestXray({ seed: 'page', rows: 128, columns: 100 })],
  'ultrasound clip in colour': () => [...ultrasoundClip({ seed: 'page', frames: 3, rows: 96, columns: 128 })],
  'secondary capture': () => [...secondaryCapture({ seed: 'page', rows: 64, columns: 96 })],
};

/** One of each colour and of each transfer syntax; all of them in the long run. */
function matrixCases() {
  const all = [...pixelMatrix()];
  const kinds = new Map(all.map((one) => [one.syntax === 'explicit' ? one.photometric : one.syntax, one]));
  return isLong ? all : [...kinds.values()];
}

/** Files of the test data, in the long run: they take minutes in a browser that draws by software. */
function realFiles(): string[] {
  if (!isLong) return [];
  return [...manifest()].filter(([file, { layout }]) => layout !== '' && !file.startsWith('broken/')).map(([file]) => file);
}

/** Without an image, or drawn in another size because their pixels are not square; each has a test of its own. */
const APART = /^(encapsulated-pdf|video-mpeg4|README|dicm-at-128|charset-misdeclared|name-underscore|wado-uri)/;

function faultFiles(): string[] {
  if (!existsSync(FAULTS)) return [];
  const entries = readdirSync(FAULTS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries
    .map((entry) => path.relative(FAULTS, path.join(entry.parentPath, entry.name)))
    .filter((file) => !APART.test(file));
}

/** What `/rendered` shows in more pixels than are stored, so that there is nothing to compare pixel by pixel. */
const isOtherSize = ({ without }: Difference): boolean => without?.startsWith('size ') === true;

const isEqual = ({ handed = 256, painted = 256 }: Difference): boolean => handed <= TOLERANCE && painted <= TOLERANCE;

/** Ours against `GET …/rendered`, at 1:1: both the bytes that the page hands to its library and what stands on the screen. */
describe.skipIf(chromiumPath === undefined)('the page draws what the server renders', () => {
  let server: RunningServer;
  let browser: Browser;
  let tab: Tab;

  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), openBrowser()]);
    tab = await openTab(browser, server);
    await signIn(tab.page, server);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.stop();
  });

  async function expectEqual(shown: Shown): Promise<void> {
    const differences = await compareSeries(tab, shown, isLong ? Number.POSITIVE_INFINITY : 5);
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.filter((one) => !isEqual(one) && !isOtherSize(one))).toEqual([]);
  }

  const latest = async (): Promise<Shown> => {
    const { items } = await (await tab.page.request.get('/api/studies?sort=-receivedAt&limit=1')).json();
    return { study: items[0].studyInstanceUid };
  };

  it.each(Object.entries(PHANTOMS))('phantom: %s', async (_name, make) => {
    const instances = make();
    expect(await storeInstances(tab, instances)).toBe(200);
    await expectEqual({ study: instances[0]?.studyInstanceUid ?? '' });
  });

  it.each(matrixCases().map((one) => [one.name, one] as const))('phantom: %s', async (_name, { instance }) => {
    expect(await storeInstances(tab, [instance])).toBe(200);
    await expectEqual({ study: instance.studyInstanceUid, series: instance.seriesInstanceUid });
  });

  // Neither is part of a clone of this repository.
  it.skipIf(!existsSync(FAULTS)).each(faultFiles())('fault: %s', async (file) => {
    expect(await storeFiles(tab, [readFileSync(path.join(FAULTS, file))])).toBe(200);
    await expectEqual(await latest());
  });

  it.skipIf(!existsSync(TESTDATA)).each(realFiles())('real file: %s', async (file) => {
    const { study = '', series = '' } = manifest().get(file) ?? {};
    expect([200, 202]).toContain(await storeFiles(tab, [readFileSync(path.join(TESTDATA, file))]));
    await expectEqual({ study, series });
  });

  it('without an error or a policy violation of its own', () => {
    expect(tab.problems).toEqual([]);
    expect(tab.strangers).toEqual([]);
  });
});
