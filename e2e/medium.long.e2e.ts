import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ctVolume } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { afterAll, describe, expect, it } from 'vitest';
import { unzip } from '../apps/server/test/support/unzip.ts';
import { chromiumPath } from './support/browser.ts';
import { csrfOf, storeInstances } from './support/dicom.ts';
import { type Stage, setStage } from './support/stage.ts';

const HOSTILE = '<img src=x onerror=document.title="x">';
const series = [1, 2].map((number) =>
  ctVolume({
    ...{ seed: `medium-${number}`, slices: 5, rows: 64, columns: 64, seriesNumber: number, studyInstanceUid: '2.25.990017' },
    dataset: {
      ...{ PatientName: 'Щербакова^Эмилия', PatientID: 'DISC-1', PatientBirthDate: '19680412', StudyDate: '20260301' },
      ...{ StudyDescription: HOSTILE, SeriesDescription: `Série ${number}` },
    },
  }),
);

/** A medium as a patient has it: a folder on a stick, a browser and no server. */
describe.skipIf(chromiumPath === undefined)('a medium that is opened from the disk', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'negatoscope-medium-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let page: Page;
  const asked: string[] = [];
  const faults: string[] = [];

  async function unpacked({ tab }: Stage): Promise<void> {
    expect(
      await storeInstances(
        tab,
        series.flatMap((one) => [...one]),
      ),
    ).toBe(200);
    const { patient } = await (await tab.page.request.get('/api/studies/2.25.990017')).json();
    const made = await tab.page.request.post(`/api/patients/${patient.id}/medium`, {
      headers: { 'x-csrf-token': await csrfOf(tab) },
      data: { recipient: 'Elle-même', form: 'ZIP' },
    });
    expect(made.status()).toBe(200);
    for (const [name, bytes] of await unzip(await made.body())) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), bytes);
    }
  }
  const begin = async (stage: Stage): Promise<void> => {
    await unpacked(stage);
    const context = await stage.browser.newContext({ locale: 'fr-FR', offline: true, viewport: { width: 1280, height: 720 } });
    page = await context.newPage();
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(pathToFileURL(path.join(folder, 'INDEX.HTM')).href);
  };
  setStage(begin, { drawnBy: 'processor' });
  afterAll(() => page.context().close());

  const shown = () =>
    page.evaluate(() => {
      const picture = document.querySelector<HTMLImageElement>('#picture');
      return {
        width: picture?.naturalWidth,
        source: picture?.getAttribute('src'),
        caption: document.querySelector('#caption')?.textContent,
      };
    });

  it('shows whose it is and its first picture, asks for nothing elsewhere, and runs no text of a file', async () => {
    expect(await page.textContent('h1')).toBe('ЩЕРБАКОВА Эмилия');
    await expect.poll(shown).toMatchObject({ width: 64, caption: 'Image 1 sur 5' });
    expect(await page.title()).toBe('ЩЕРБАКОВА Эмилия');
    expect(await page.textContent('nav h2')).toContain(HOSTILE);
    expect(asked.filter((url) => !url.startsWith('file://'))).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('goes through its pictures by keys and wheel, and to the other series by its button', async () => {
    await page.keyboard.press('ArrowDown');
    await expect.poll(shown).toMatchObject({ width: 64, caption: 'Image 2 sur 5' });
    const before = (await shown()).source;
    await page.getByRole('button', { name: /Série 2/ }).click();
    await expect.poll(shown).toMatchObject({ width: 64, caption: 'Image 1 sur 5' });
    expect((await shown()).source).not.toBe(before);
    await page.keyboard.press('End');
    await expect.poll(shown).toMatchObject({ width: 64, caption: 'Image 5 sur 5' });
  });

  it('is whole on a phone, with nothing beyond its edge', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    expect((await shown()).width).toBe(64);
    expect(faults).toEqual([]);
  });
});
