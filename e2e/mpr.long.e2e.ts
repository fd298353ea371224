import { type GeneratedInstance, seededUid, type VolumeOptions, volumeSeries } from '@negatoscope/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { chromiumPath, type Tab, visit } from './support/browser.ts';
import { storeInstances } from './support/dicom.ts';
import { keepScreenshot } from './support/ohif.ts';
import { type Stage, setStage } from './support/stage.ts';

type Point = readonly [number, number, number];
const along = (count: number, place: (index: number) => Point): Point[] => Array.from({ length: count }, (_, k) => place(k));
const series = (seed: string, options: Omit<VolumeOptions, 'seed'>): GeneratedInstance[] => [
  ...volumeSeries({ seed: `mpr-${seed}`, dataset: { PatientName: `Mpr^${seed}`, PatientID: `MPR-${seed}` }, ...options }),
];

/** Whole numbers at every voxel of what is below, and linear between them: what is read anywhere must be this. */
const ramp = ([x, y, z]: Point): number => 2 * x - 2 * y + 4 * z + 100;

const BALLS = [-25, -75] as const;
/** Two balls of 8 mm at x = y = 0, their middles 50 mm apart, on a dark ground. */
const balls = series('balls', {
  ...{ side: 65, spacingMm: 1.5, thicknessMm: 2.5 },
  positions: along(41, (k) => [-48, -48, -2.5 * k]),
  valueAt: ([x, y, z]) => (BALLS.some((at) => Math.hypot(x, y, z - at) <= 8) ? 1000 : -1000),
});
/** In each slice of 1 mm one bright voxel, each in a column of its own. */
const voxels = series('voxels', {
  ...{ side: 96, spacingMm: 1, thicknessMm: 1 },
  positions: along(40, (k) => [0, 0, -k]),
  valueAt: ([x, y, z]) => (x === 8 - 2 * z && y === 48 ? 1000 : -1000),
});
const small = { side: 16, spacingMm: 1.5, valueAt: ramp } as const;
const missing = series('missing', {
  ...{ ...small, thicknessMm: 1.25 },
  positions: along(130, (k): Point => [0, 0, -1.25 * k]).filter((_, k) => k < 60 || k >= 70),
});
const uneven = series('uneven', {
  ...small,
  positions: along(34, (k): Point => [0, 0, k < 24 ? -2.5 * k : -57.5 - 5 * (k - 23)]),
  elementsOf: (k) => ({ SliceThickness: k < 24 ? 2.5 : 5 }),
});
const [cos, sin] = [Math.cos(Math.PI / 9), Math.sin(Math.PI / 9)];
/** Values by column and slice alone, since the leaning rows would need fractions: still linear in space. */
const tilted = series('tilted', {
  ...{ ...small, orientation: [1, 0, 0, 0, cos, sin] as const, thicknessMm: 5 },
  positions: along(24, (k): Point => [0, 0, -5 * k]),
  valueAt: ([x, y, z]) => 2 * x + 4 * (z - (y * sin) / cos) + 100,
});
const phases = series('phases', {
  ...small,
  positions: along(24, (k): Point => [0, 0, -2.5 * Math.floor(k / 2)]),
  valueAt: () => 0,
  elementsOf: (k) => ({ '00200100': { vr: 'IS', value: 1 + (k % 2) }, RescaleIntercept: k % 2 === 0 ? -924 : -824 }),
});

const openStudy = async ({ page }: Tab, [first]: readonly GeneratedInstance[]): Promise<void> => {
  await visit(page, `/app/studies/${first?.studyInstanceUid}`);
  await page.waitForFunction(() => (window.__negatoscopeViewer?.renderedIndex ?? -1) >= 0, undefined, { timeout: 60_000 });
};
async function openPlanes(tab: Tab, instances: readonly GeneratedInstance[]): Promise<void> {
  await openStudy(tab, instances);
  await tab.page.keyboard.press('m');
  await tab.page.getByRole('dialog').waitFor();
}
const untilShown = async (page: Page): Promise<void> => {
  await page.getByTestId('mpr-marks-axial').waitFor();
  await settled(page);
};
/** Every plane that is shown has its whole picture. */
const settled = async (page: Page): Promise<void> => {
  await page.waitForFunction(
    () =>
      [...document.querySelectorAll<HTMLCanvasElement>('[data-testid^=mpr-canvas]')].every(
        ({ clientWidth, dataset }) => clientWidth === 0 || dataset.state === 'whole',
      ),
    undefined,
    { timeout: 60_000 },
  );
};

interface Spot {
  /** Middle, CSS px of the page. */
  readonly x: number;
  readonly y: number;
}

/** The bright spots of a plane. One function, because it runs in the page. */
const spotsOf = (page: Page, view: string): Promise<Spot[]> =>
  page.evaluate((id) => {
    const canvas = document.querySelector<HTMLCanvasElement>(`[data-testid=mpr-canvas-${id}]`);
    const context = canvas?.getContext('2d');
    if (canvas === null || context === null || context === undefined) return [];
    const { width, height } = canvas;
    const { data } = context.getImageData(0, 0, width, height);
    const box = canvas.getBoundingClientRect();
    const seen = new Uint8Array(width * height);
    const isBright = (at: number): boolean => (data[4 * at] ?? 0) > 127;
    const spots: Spot[] = [];
    for (let start = 0; start < seen.length; start += 1) {
      if (seen[start] === 1 || !isBright(start)) continue;
      const [todo, parts] = [[start], [0, 0, 0]];
      seen[start] = 1;
      for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
        const [x, y] = [at % width, Math.floor(at / width)];
        parts[0] = (parts[0] ?? 0) + x + 0.5;
        parts[1] = (parts[1] ?? 0) + y + 0.5;
        parts[2] = (parts[2] ?? 0) + 1;
        for (const [next, is] of [
          [at - 1, x > 0],
          [at + 1, x < width - 1],
          [at - width, y > 0],
          [at + width, y < height - 1],
        ] as const)
          if (is && seen[next] === 0 && isBright(next)) {
            seen[next] = 1;
            todo.push(next);
          }
      }
      const [sumX = 0, sumY = 0, count = 1] = parts;
      spots.push({ x: box.left + (sumX / count / width) * box.width, y: box.top + (sumY / count / height) * box.height });
    }
    return spots;
  }, view);

const numberOf = (text: string | null): number => Number(/-?\d+(?:[.,]\d+)?/.exec(text ?? '')?.[0]?.replace(',', '.'));

/** Value and place at the crosshair, as the panel tells them. */
async function atCrosshair(page: Page): Promise<{ value: number; place: Point }> {
  const text = (await page.locator('dt', { hasText: 'À la croix' }).locator('xpath=following-sibling::dd').textContent()) ?? '';
  const [x, y, z] =
    /x (\S+)\s+y (\S+)\s+z (\S+) mm/
      .exec(text)
      ?.slice(1)
      .map((one) => Number(one.replace(',', '.'))) ?? [];
  return { value: numberOf(text), place: [x ?? Number.NaN, y ?? Number.NaN, z ?? Number.NaN] };
}

async function drag(page: Page, from: Spot, to: Spot): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2);
  await page.mouse.move(to.x, to.y);
  await page.mouse.up();
}

describe.skipIf(chromiumPath === undefined)('planes through a volume', () => {
  let tab: Tab;
  const begin = async (stage: Stage): Promise<void> => {
    ({ tab } = stage);
    const all = [balls, voxels, missing, uneven, tilted, phases].flat();
    expect(await storeInstances(tab, all)).toBe(200);
  };
  setStage(begin, { drawnBy: 'processor' });

  it('measure two balls 50 mm apart along z as 50 mm on the coronal, and keep it in the patient', async () => {
    const { page } = tab;
    await openPlanes(tab, balls);
    await untilShown(page);
    const found = await spotsOf(page, 'coronal');
    expect(found).toHaveLength(2);
    await page.keyboard.press('l');
    const [upper, lower] = found;
    if (upper === undefined || lower === undefined) throw new Error('The balls are not there.');
    await drag(page, upper, lower);
    const text = page.getByTestId('mpr-marks-coronal').locator('[data-measure] text');
    await text.waitFor();
    expect(Math.abs(numberOf(await text.textContent()) - 50)).toBeLessThanOrEqual(0.5);
    await keepScreenshot(page, 'mpr-balls');

    const address = `/api/studies/${balls[0]?.studyInstanceUid}/annotations`;
    const kept = async () => (await (await page.request.get(address)).json()).items;
    await expect.poll(async () => (await kept()).length).toBe(1);
    const [{ geometry, kind }] = await kept();
    expect([kind, geometry.space, geometry.frameOfReferenceUid]).toEqual([
      'LENGTH',
      'PATIENT',
      seededUid('mpr-balls', 'volume', 'frame of reference'),
    ]);
    const [x1, y1, z1, x2, y2, z2] = geometry.points;
    expect(Math.abs(Math.hypot(x2 - x1, y2 - y1, z2 - z1) - 50)).toBeLessThanOrEqual(0.5);
    expect([z1, z2].map((z, index) => Math.abs(z - (BALLS[index] ?? 0)) < 0.5)).toEqual([true, true]);

    // An end is taken hold of and moved, and put back.
    await drag(page, lower, { ...lower, x: lower.x + 40 });
    await expect.poll(async () => (await kept())[0].version).toBe(2);
    const [{ geometry: moved }] = await kept();
    expect([moved.points.slice(0, 3), moved.points[5]]).toEqual([geometry.points.slice(0, 3), z2]);
    expect(Math.abs(moved.points[3] - x2)).toBeGreaterThan(1);
    await keepScreenshot(page, 'mpr-moved');
    await page.keyboard.press('Control+z');
    await expect.poll(async () => (await kept())[0].geometry.points).toEqual(geometry.points);

    // What is probed is the stored value.
    await page.keyboard.press('d');
    await page.mouse.click(upper.x, upper.y);
    const numbers = async () => (await text.allTextContents()).map((one) => Math.round(numberOf(one))).sort((a, b) => a - b);
    await expect.poll(numbers).toEqual([50, 1000]);
    for (const count of [1, 0]) {
      await page.keyboard.press('Delete');
      await expect.poll(async () => (await kept()).length).toBe(count);
    }
  });

  it('show ten bright voxels in a slab of 10 mm of slices of 1 mm', async () => {
    const { page } = tab;
    await openPlanes(tab, voxels);
    await untilShown(page);
    expect(await spotsOf(page, 'axial')).toHaveLength(1);
    for (let mm = 0; mm < 10; mm += 1) await page.keyboard.press('e');
    await settled(page);
    expect(await spotsOf(page, 'axial')).toHaveLength(10);
    await page.getByTestId('mpr-axial').focus();
    await page.keyboard.press('PageDown');
    await settled(page);
    expect(await spotsOf(page, 'axial')).toHaveLength(10);
    await keepScreenshot(page, 'mpr-slab');
    // The least of what lies in the slab is the ground.
    await page.getByRole('radio', { name: 'Minimum (MinIP)' }).click();
    await settled(page);
    expect(await spotsOf(page, 'axial')).toHaveLength(0);
  });

  it('are refused with the number where slices are missing, and the stack stays readable', async () => {
    const { page } = tab;
    await openPlanes(tab, missing);
    await page.getByText('10 coupes manquent entre -87,5 et -73,8 mm.').waitFor();
    await keepScreenshot(page, 'mpr-refused');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.evaluate(() => window.__negatoscopeViewer?.goTo(119));
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 119);
  });

  it('stand at the true places of slices whose spacing changes, and say so', async () => {
    const { page } = tab;
    await openPlanes(tab, uneven);
    await untilShown(page);
    await page.getByText('Espacement de 2,5 à 5 mm').waitFor();
    await page.getByTestId('mpr-coronal').focus();
    for (const key of ['ArrowUp', 'ArrowRight', 'PageDown']) {
      await page.keyboard.press(key);
      await settled(page);
      const { value, place } = await atCrosshair(page);
      expect(value).toBeCloseTo(ramp(place), 1);
    }
  });

  it('stand at the true places of slices of a tilted gantry, and say by how much', async () => {
    const { page } = tab;
    await openPlanes(tab, tilted);
    await untilShown(page);
    await page.getByText('Statif incliné de 20°').waitFor();
    await page.getByTestId('mpr-sagittal').focus();
    for (const key of ['ArrowUp', 'ArrowRight', '.', 'ArrowDown']) {
      await page.keyboard.press(key);
      await settled(page);
      const { value, place } = await atCrosshair(page);
      // Half a voxel along z is 2.5 mm, which are 10 here; places are told to a tenth.
      expect(Math.abs(value - (2 * place[0] + 4 * (place[2] - (place[1] * sin) / cos) + 100))).toBeLessThan(1.5);
    }
    await keepScreenshot(page, 'mpr-tilted');
  });

  it('ask which of two phases that lie in one another, and show that one alone', async () => {
    const { page } = tab;
    await openPlanes(tab, phases);
    await page.getByRole('button', { name: 'Temps 2' }).waitFor();
    await keepScreenshot(page, 'mpr-phases');
    await page.getByRole('button', { name: 'Temps 2' }).click();
    await untilShown(page);
    await expect.poll(async () => (await atCrosshair(page)).value).toBe(200);
    await page.getByRole('combobox', { name: 'Phase' }).selectOption({ label: 'Temps 1' });
    await untilShown(page);
    await expect.poll(async () => (await atCrosshair(page)).value).toBe(100);
  });

  it('turn by a handle, take the window of the stack, and leave nothing behind', async () => {
    const { page } = tab;
    await openStudy(tab, balls);
    const workers = page.workers().length;
    await page.keyboard.press('Digit3');
    await page.keyboard.press('m');
    await untilShown(page);
    expect(page.workers().length).toBe(workers + 1);
    await page.getByTestId('mpr-axial').focus();
    await expect.poll(() => page.getByTestId('mpr-coronal').locator('xpath=..').textContent()).toContain('L 2500  C 480');
    const handle = (await page.getByTestId('mpr-handle-axial').first().boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    const from = { x: handle.x + handle.width / 2, y: handle.y + handle.height / 2 };
    await drag(page, from, { x: from.x + 5, y: from.y + 40 });
    await page.getByText('Coronal, oblique').waitFor();
    expect(await page.getByText('Axial, oblique').count()).toBe(0);
    await page.keyboard.press('r');
    await page.getByText('Coronal, oblique').waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await expect.poll(() => page.workers().length).toBe(workers);
    await page.evaluate(() => window.__negatoscopeViewer?.goTo(3));
    await page.waitForFunction(() => window.__negatoscopeViewer?.renderedIndex === 3);
  });

  it('are one plane with a switch on a phone', async () => {
    const { page } = tab;
    await page.setViewportSize({ width: 390, height: 844 });
    await openPlanes(tab, balls);
    await untilShown(page);
    await page.getByRole('radio', { name: 'Coronal' }).click();
    await settled(page);
    expect(await spotsOf(page, 'coronal')).toHaveLength(2);
    await keepScreenshot(page, 'mpr-phone');
    await page.getByRole('radio', { name: 'Réglages' }).click();
    await page.getByText('À la croix').waitFor();
    await keepScreenshot(page, 'mpr-phone-settings');
  });

  it('without an error or a policy violation', () => expect([tab.problems, tab.strangers]).toEqual([[], []]));
});
