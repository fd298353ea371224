import { type Dataset, type GeneratedInstance, SopClass, smallPicture } from '@negatoscope/testkit';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { setStage } from './support/stage.ts';

const SIDE = 64;

/** Four flat quarters, from the upper left to the lower right. */
function quarters<T extends Uint16Array | Uint32Array>(cells: T, values: readonly number[]): T {
  for (let at = 0; at < cells.length; at += 1) {
    const quarter = (at % SIDE < SIDE / 2 ? 0 : 1) + (at < (SIDE * SIDE) / 2 ? 0 : 2);
    cells[at] = values[quarter] ?? 0;
  }
  return cells;
}

const words = (...values: number[]) => quarters(new Uint16Array(SIDE * SIDE), values);

/** 400 MBq at 8:00, scanned one half-life later, 80 kg: 10,000 Bq/ml are SUV 4 (PS3.3 C.8.9.1). */
const PET: Dataset = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.128',
  Units: 'BQML',
  '00541102': { vr: 'CS', value: 'START' },
  '00280051': { vr: 'CS', value: ['ATTN', 'DECY'] },
  PatientWeight: 80,
  SeriesDate: '20260115',
  SeriesTime: '094946.2',
  '00080022': { vr: 'DA', value: '20260115' },
  AcquisitionTime: '095500',
  '00540016': {
    vr: 'SQ',
    value: [
      {
        '00181072': { vr: 'TM', value: '080000' },
        '00181074': { vr: 'DS', value: 4e8 },
        '00181075': { vr: 'DS', value: 6586.2 },
      },
    ],
  },
  RescaleSlope: 2,
  RescaleIntercept: 0,
};

const petCells = words(5000, 6250, 2500, 0);
const PICTURES = {
  pet: smallPicture({ seed: 'values-pet', columns: SIDE, cells: petCells, modality: 'PT', dataset: PET }),
  petWithoutWeight: smallPicture({
    seed: 'values-pet-2',
    columns: SIDE,
    cells: petCells,
    modality: 'PT',
    dataset: { ...PET, PatientWeight: undefined },
  }),
  dose: smallPicture({
    seed: 'values-dose',
    columns: SIDE,
    cells: quarters(new Uint32Array(SIDE * SIDE), [250_000, 500, 7, 0]),
    modality: 'RTDOSE',
    dataset: { SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.2', DoseUnits: 'GY', DoseGridScaling: 0.0001 },
  }),
  windows: smallPicture({
    seed: 'values-windows',
    columns: SIDE,
    cells: words(0, 1, 2, 3),
    modality: 'MR',
    dataset: {
      SOPClassUID: SopClass.secondaryCapture,
      WindowCenter: [2, 1],
      WindowWidth: [4, 2],
      WindowCenterWidthExplanation: ['Large', 'Étroite'],
      VOILUTSequence: {
        vr: 'SQ',
        value: [
          {
            LUTDescriptor: [4, 0, 8],
            LUTExplanation: 'Table os',
            LUTData: new Uint8Array(Uint16Array.of(200, 10, 255, 0).buffer),
          },
        ],
      },
    },
  }),
} satisfies Record<string, GeneratedInstance>;

/** The grey of a quarter in the picture that the page made. */
const greys = ({ page }: Tab): Promise<number[]> =>
  page.evaluate((side) => {
    const probe = (window as unknown as { __negatoscopeViewer: { picture?: { pixels: Uint8Array } } }).__negatoscopeViewer;
    const at = (x: number, y: number) => probe.picture?.pixels[Math.floor(y * side) * side + Math.floor(x * side)] ?? -1;
    return [at(0.25, 0.25), at(0.75, 0.25), at(0.25, 0.75), at(0.75, 0.75)];
  }, SIDE);

/** What values are called and how they are shown, as a reader sees it. */
describe.skipIf(chromiumPath === undefined)('the page says', () => {
  let tab: Tab;
  setStage(
    async (stage) => {
      tab = stage.tab;
      expect(await storeInstances(tab, Object.values(PICTURES))).toBe(200);
    },
    { drawnBy: 'processor' },
  );

  async function open({ studyInstanceUid }: GeneratedInstance): Promise<void> {
    await visit(tab.page, `/app/studies/${studyInstanceUid}`);
    await tab.page.waitForFunction(() => window.__negatoscopeViewer?.firstImageMs !== undefined, undefined, { timeout: 60_000 });
  }

  /** Text of the pixel in the middle of each quarter, probed one after the other. */
  async function probed(): Promise<string[]> {
    const { page } = tab;
    await page.keyboard.press('d');
    const box = await page.locator('canvas.cornerstone-canvas').first().boundingBox();
    const { x = 0, y = 0, width = 0, height = 0 } = box ?? {};
    const side = Math.min(width, height);
    const texts: string[] = [];
    for (const [column, row] of [
      [-1, -1],
      [1, -1],
      [-1, 1],
      [1, 1],
    ] as const) {
      await page.mouse.click(x + width / 2 + (column * side) / 4, y + height / 2 + (row * side) / 4);
      const lines = page.locator('.ng-viewer-canvas svg text');
      await expect.poll(() => lines.count()).toBe(texts.length + 1);
      texts.push((await lines.last().textContent()) ?? '');
    }
    return texts;
  }

  it('the SUV by body weight of a PET beside its activity, exactly (PS3.3 C.8.9.1)', async () => {
    await open(PICTURES.pet);
    const texts = await probed();
    const wanted = ['SUV 4 · 10000 Bq/ml', 'SUV 5 · 12500 Bq/ml', 'SUV 2 · 5000 Bq/ml', 'SUV 0 · 0 Bq/ml'];
    expect(texts.map((text, index) => text.startsWith(wanted[index] ?? '?') || text)).toEqual([true, true, true, true]);
    await tab.page.getByText('SUV (poids)').waitFor();
  });

  it('ranges of SUV to choose from, by menu and by key', async () => {
    await tab.page.getByRole('button', { name: 'Préréglages de fenêtre' }).click();
    await tab.page.getByRole('menuitem', { name: 'SUV 0 à 5' }).click();
    await expect.poll(() => greys(tab)).toEqual([204, 255, 102, 0]);
    await tab.page.getByText('L 5  C 2,5').waitFor();
    await tab.page.keyboard.press('Digit6');
    await expect.poll(() => greys(tab)).toEqual([102, 128, 51, 0]);
  });

  it('why a PET has no SUV, its activity all the same, and no range of SUV', async () => {
    await open(PICTURES.petWithoutWeight);
    await tab.page.getByText('Pas de SUV : poids absent').waitFor();
    expect((await probed())[0]).toMatch(/^10000 Bq\/ml/);
    await tab.page.getByRole('button', { name: 'Préréglages de fenêtre' }).click();
    expect(await tab.page.getByRole('menuitem').count()).toBe(3);
    await tab.page.keyboard.press('Escape');
  });

  it('a dose in Gy: Dose Grid Scaling × the stored value (PS3.3 C.8.8.3)', async () => {
    await open(PICTURES.dose);
    const texts = await probed();
    const wanted = [/^25 Gy/, /^0,05 Gy/, /^0,0007 Gy/, /^0 Gy/];
    expect(texts.map((text, index) => wanted[index]?.test(text) === true || text)).toEqual([true, true, true, true]);
  });

  it('every stored window and table by its name, each drawn as it says (PS3.3 C.11.2)', async () => {
    await open(PICTURES.windows);
    // LINEAR: ((x − (c − 0.5)) ÷ (w − 1) + 0.5) × 255.
    const [wide, narrow, table] = [
      [0, 85, 170, 255],
      [0, 255, 255, 255],
      [200, 10, 255, 0],
    ];
    await expect.poll(() => greys(tab)).toEqual(wide);
    const menu = tab.page.getByRole('button', { name: 'Préréglages de fenêtre' });
    await menu.click();
    const names = await tab.page.getByRole('menuitem').evaluateAll((all) => all.map((one) => one.textContent ?? ''));
    expect(names.map((name) => name.replace(/^\d/, '').replace(/[\d,.]+ \/ [\d,.]+$/, ''))).toEqual([
      'Fenêtre d’origine',
      'Automatique',
      'Toute l’étendue',
      'Large',
      'Étroite',
      'Table os',
    ]);
    await tab.page.getByRole('menuitem', { name: 'Étroite' }).click();
    await expect.poll(() => greys(tab)).toEqual(narrow);
    await menu.click();
    await tab.page.getByRole('menuitem', { name: 'Table os' }).click();
    await expect.poll(() => greys(tab)).toEqual(table);
    await tab.page.getByText('Table Table os').waitFor();
    await tab.page.keyboard.press('Digit4');
    await expect.poll(() => greys(tab)).toEqual(wide);
    await tab.page.keyboard.press('Digit1');
    await expect.poll(() => greys(tab)).toEqual(wide);
  });

  it('without an error or a policy violation of its own', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});
