import { ballMap } from '@negatoscope/testkit';
import { expect, test } from 'vitest';
import { parsePart10 } from '../parse.ts';
import type { DicomJsonObject } from '../types.ts';
import { COLOR_SCALES, scaleColor, scaleTable } from './color-scale.ts';
import { frameFormatOf, pixelTagOf } from './describe.ts';
import { framePlanOf, renderPlanFor } from './plan.ts';
import { renderFrame } from './render.ts';
import { valueAt } from './value-reader.ts';

const SIDE = 64;
/** The frame through the middle of the ball. */
const MIDDLE = 10;

async function readMap(options: Omit<Parameters<typeof ballMap>[0], 'seed'>, frame = MIDDLE) {
  const { bytes } = ballMap({ seed: 'map', ...options });
  const { json, pixelData } = parsePart10(bytes);
  const format = frameFormatOf(json, pixelTagOf(json));
  const size = SIDE * SIDE * (format.bitsAllocated / 8);
  const from = (pixelData?.offset ?? 0) + frame * size;
  const pixels = bytes.slice(from, from + size);
  return { json, plan: await framePlanOf(json, frame, async () => undefined), frame: { ...format, pixels } };
}

test('values of floats are what they are, in the unit of the map (PS3.3 C.7.6.16.2.11)', async () => {
  const { plan, frame } = await readMap({ unit: 'um2/s' });
  expect(plan).toMatchObject({ kind: 'gray', unit: 'um2/s', colors: 'hot', modality: { slope: 1, intercept: 0 } });
  // 32 pixels along and down is the middle; one more to the right is 2 mm away.
  expect([valueAt(frame, plan, 32 * SIDE + 32), valueAt(frame, plan, 32 * SIDE + 33)]).toEqual([0, 2]);
});

test('whole numbers go through the mapping, as does the window that is stored with them', async () => {
  const { plan, frame } = await readMap({ isFloat: false, window: [200, 400] });
  expect(plan.unit).toBe('mm');
  expect(valueAt(frame, plan, 32 * SIDE + 33)).toBeCloseTo(2, 9);
  expect(plan.voi).toMatchObject({ kind: 'window', center: 20, width: 40, shape: 'linear-exact' });
});

test('a map is drawn in colours, from the foot of its window to its head; what is no number is black', async () => {
  const { plan, frame } = await readMap({ window: [20, 40] });
  const picture = renderFrame(frame, renderPlanFor(plan, plan.voi));
  const at = (pixel: number) => [...picture.pixels.subarray(pixel * 3, pixel * 3 + 3)];
  expect(picture.channels).toBe(3);
  expect([at(32 * SIDE + 32), at(32 * SIDE + 42), at(32 * SIDE + 63)]).toEqual([
    [0, 0, 0],
    scaleColor('hot', 128 / 255),
    [255, 255, 255],
  ]);
  const first = await readMap({ window: [20, 40] }, 0);
  const blue = renderFrame(first.frame, { ...renderPlanFor(first.plan, first.plan.voi), colors: 'spectrum' });
  expect([...blue.pixels.subarray(0, 6)]).toEqual([0, 0, 0, 255, 0, 0]);
});

test('no unit is none, and a mapping by a table or of no slope is left aside: such a map is gray', async () => {
  expect((await readMap({ unit: '1' })).plan.unit).toBeUndefined();
  expect((await readMap({ unit: "[hnsf'U]" })).plan.unit).toBe('HU');
  expect((await readMap({ unit: '{ratio}' })).plan.unit).toBe('ratio');
  const { json } = await readMap({ isFloat: false });
  const changed = (from: string, to: string): DicomJsonObject => JSON.parse(JSON.stringify(json).replace(from, to));
  const planOf = async (dataset: DicomJsonObject) => framePlanOf(dataset, 0, async () => undefined);
  const none = { kind: 'rescale', slope: 1, intercept: 0 };
  const flat = await planOf(changed('"00409225":{"vr":"FD","Value":[0.1]}', '"00409225":{"vr":"FD","Value":[0]}'));
  expect([flat.modality, flat.colors]).toEqual([none, undefined]);
  expect((await planOf(changed('"00409225"', '"00409212":{"vr":"FD","Value":[1,2]},"00409225"'))).modality).toEqual(none);
});

test('nothing but a map is coloured', async () => {
  const { json } = await readMap({});
  const plan = await framePlanOf(
    { ...json, '00080016': { vr: 'UI', Value: ['1.2.840.10008.5.1.4.1.1.4'] } },
    0,
    async () => undefined,
  );
  expect([plan.colors, renderPlanFor(plan, plan.voi).colors]).toEqual([undefined, undefined]);
});

test('every scale has 256 colours, each end its own; hot iron is that of PS3.6 B.1.1 within a step', () => {
  for (const name of COLOR_SCALES) {
    const table = scaleTable(name);
    expect(table).toHaveLength(768);
    expect(table.subarray(0, 3)).not.toEqual(table.subarray(765));
  }
  const iron = (at: number) => [Math.min(255, 2 * at), Math.max(0, 2 * (at - 128)), Math.max(0, 4 * (at - 192))];
  for (const at of [0, 40, 127, 160, 200, 255]) {
    const shown = scaleColor('hot', at / 255);
    for (const [channel, value] of iron(at).entries())
      expect(Math.abs((shown[channel] ?? 0) - Math.min(255, value))).toBeLessThanOrEqual(4);
  }
});
