import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parsePart10 } from '@negatoscope/dicom';
import {
  ballDose,
  ballSegmentation,
  ballStructures,
  ballVolume,
  chestXray,
  ecg,
  presentationState,
  TransferSyntax,
} from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, goInside, type Tab } from './support/browser.ts';
import { storeFiles } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { setStage } from './support/stage.ts';

const TEST_DATA = process.env.NEGATOSCOPE_TESTDATA ?? path.join(import.meta.dirname, '../../../shared/testdata/dicom');
const REAL = ['pydicom/waveform_ecg.dcm', 'pydicom/test-SR.dcm', 'highdicom/sr_document.dcm', 'dcmjs-dimse/pdf.dcm'].filter(
  (file) => existsSync(path.join(TEST_DATA, file)),
);

const heart = ecg({ seed: 'e2e heart' });
const seed = { seed: 'e2e ball' };

const SIDE = 256;
/** As many points as a state may have. */
const MOST = 50_000;
const whose = { PatientName: 'PHANTOM^Line', PatientID: 'LINE', PatientBirthDate: '19710814', PatientSex: 'F' };
const [film] = chestXray({ seed: 'e2e lines', rows: SIDE, columns: SIDE, dataset: whose });
if (film === undefined) throw new Error('The phantom has no instance.');
const lined = (label: string, number: number, data: number[]) =>
  presentationState({
    // 400 kB of FL: the length of an explicit VR has two bytes for it (PS3.5 7.1.2).
    ...{ seed: 'e2e lines', transferSyntaxUid: TransferSyntax.implicitVrLittleEndian, dataset: whose, number },
    ...{ studyInstanceUid: film.studyInstanceUid, images: [film], layers: [['LIGNE', 1, 0xffff]], label, description: label },
    annotations: [{ layer: 'LIGNE', graphics: [{ type: 'POLYLINE', data }] }],
  });
/** Four hundred turns: what a hand and a program may have drawn. */
const turned = (at: number, way: (angle: number) => number): number =>
  SIDE / 2 + (110 - (at / MOST) * 90) * way((at / MOST) * 400 * 2 * Math.PI);
const spiral = lined(
  'SPIRALE',
  1,
  Array.from({ length: 2 * MOST }, (_, at) => turned(at >> 1, at % 2 === 0 ? Math.cos : Math.sin)),
);
/** Each piece goes across the film and thousands of others. */
const scribble = lined(
  'GRIBOUILLIS',
  2,
  Array.from({ length: 2 * MOST }, (_, at) => 1 + ((at * 7919) % (SIDE - 2))),
);

describe.skipIf(chromiumPath === undefined)('what is no picture, in the viewer', () => {
  let tab: Tab;
  setStage(
    async (set) => {
      ({ tab } = set);
      const overlaid = [...ballVolume(seed), ballSegmentation(seed), ballStructures(seed), ballDose(seed)];
      expect(
        await storeFiles(
          tab,
          [heart, ...overlaid, film, spiral, scribble].map(({ bytes }) => bytes),
        ),
      ).toBe(200);
    },
    { drawnBy: 'processor' },
  );
  const open = async (studyInstanceUid: string): Promise<void> => {
    const address = `/app/studies/${studyInstanceUid}`;
    if (new URL(tab.page.url()).pathname.startsWith('/app/studies/')) await goInside(tab.page, address);
    else await tab.page.goto(address);
  };

  it('an ECG on its paper, measured with calipers', async () => {
    const { page } = tab;
    await open(heart.studyInstanceUid);
    const paper = page.getByTestId('waveform-paper');
    await paper.waitFor();
    const box = await page.getByTestId('calipers').boundingBox();
    if (box === null) throw new Error('no paper');
    const mm = box.width / 260;
    await page.mouse.move(box.x + 50 * mm, box.y + 20 * mm);
    await page.mouse.down();
    await page.mouse.move(box.x + 75 * mm, box.y + 10 * mm, { steps: 4 });
    await page.mouse.up();
    expect(await page.getByTestId('caliper-readout').textContent()).toMatch(
      /^(99\d|100\d)\sms · (59|60|61)\/min · (0,99|1|1,01)\smV$/,
    );
    await keepScreenshot(page, 'shown-ecg');
    expect(tab.problems).toEqual([]);
  });

  it('a segmentation, contours and a dose over the slices that they belong to', async () => {
    const { page } = tab;
    await open(ballVolume(seed)[0]?.studyInstanceUid ?? '');
    const list = page.getByTestId('layers');
    await list.getByRole('checkbox', { name: 'Boule' }).check();
    await list.getByRole('checkbox', { name: 'PTV' }).check();
    const mask = page.getByTestId('painted-layer').first();
    await mask.waitFor();
    // The middle of the ball is red.
    const pixel = await mask.evaluate((canvas) =>
      canvas instanceof HTMLCanvasElement ? [...(canvas.getContext('2d')?.getImageData(32, 32, 1, 1).data ?? [])] : [],
    );
    expect([(pixel[0] ?? 0) > 235, pixel[3]]).toEqual([true, 255]);
    await keepScreenshot(page, 'shown-segmentation');
    await list.getByRole('checkbox', { name: 'Dose' }).check();
    await page.getByRole('img', { name: 'Échelle de dose, de 0 à 60 Gy' }).waitFor();
    await keepScreenshot(page, 'shown-dose');
    expect(tab.problems).toEqual([]);
  });

  it('a line of 50,000 points that somebody left, whole, over an image that still answers to keys; and not one that would hold the page', {
    timeout: 180_000,
  }, async () => {
    const { page } = tab;
    await open(film.studyInstanceUid);
    await page.getByRole('button', { name: 'SPIRALE' }).click();
    const line = page.getByTestId('state-over').locator('[data-kind] path');
    const points = async (): Promise<string> =>
      (await line.evaluateAll((all) => all.map((one) => one.getAttribute('d')))).join('');
    await line.last().waitFor({ timeout: 60_000 });
    // Rim and ink, in pieces that share their ends.
    const drawn = await points();
    expect((drawn.match(/L/g) ?? []).length).toBe(2 * (MOST - 1));
    await keepScreenshot(page, 'shown-spiral');
    await page.locator('.ng-viewer-pane').first().focus();
    await page.keyboard.press('+');
    await expect.poll(points, { timeout: 60_000 }).not.toBe(drawn);
    await page.getByRole('button', { name: 'GRIBOUILLIS' }).click();
    await page.getByText('Il y a plus de dessins que ce qui peut être montré : la suite manque.').waitFor();
    await expect.poll(() => line.count()).toBe(0);
    await keepScreenshot(page, 'shown-scribble');
    expect(tab.problems).toEqual([]);
  });

  it.each(REAL)('a real file: %s', async (file) => {
    const bytes = await readFile(path.join(TEST_DATA, file));
    expect([200, 202]).toContain(await storeFiles(tab, [new Uint8Array(bytes)]));
    await open(String(parsePart10(new Uint8Array(bytes)).json['0020000D']?.Value?.[0]));
    const { page } = tab;
    await page.locator('[data-testid="waveform-paper"], [data-testid="content-tree"], iframe').first().waitFor();
    await keepScreenshot(page, `shown-${path.basename(file, '.dcm')}`);
    if (process.env.NEGATOSCOPE_SCREENSHOTS === undefined) return;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.waitForTimeout(500);
    await keepScreenshot(page, `shown-${path.basename(file, '.dcm')}-390`);
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});
