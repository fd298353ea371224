import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { ReadBulk } from '../pixels/bulk.ts';
import { presentGray } from '../pixels/gray.ts';
import { modalityFunction } from '../pixels/modality.ts';
import type { DicomJsonObject } from '../types.ts';
import { planState, type StateGrays, type StatePlan } from './plan-state.ts';
import { presentationStateOf } from './state.ts';

const UID = '1.2.3.4';
const noBulk: ReadBulk = async () => undefined;
/** An image of 12 bits. */
const IMAGE: DicomJsonObject = {
  '00280002': el('US', 1),
  '00280004': el('CS', 'MONOCHROME2'),
  '00280010': el('US', 1),
  '00280011': el('US', 4),
  '00280100': el('US', 16),
  '00280101': el('US', 12),
  '00280102': el('US', 11),
  '00280103': el('US', 0),
};
const SIGNED = { ...IMAGE, '00280103': el('US', 1) };
const state = (more: DicomJsonObject, kind = '1'): DicomJsonObject => ({
  '00080016': el('UI', `1.2.840.10008.5.1.4.1.1.11.${kind}`),
  '00080018': el('UI', '1.2.3.9'),
  '00081115': sq({ '0020000E': el('UI', '1.2.3'), '00081140': sq({ '00081155': el('UI', UID) }) }),
  ...more,
});

async function planOf(dataset: DicomJsonObject, image = IMAGE, frameNumber = 1, readBulk = noBulk): Promise<StatePlan> {
  const read = presentationStateOf(dataset);
  if (read === undefined) throw new TypeError('That is no presentation state.');
  return await planState(read, image, { sopInstanceUid: UID, frameNumber }, readBulk);
}

/** What a stored value becomes, 0 to 255, by all steps of a state. */
async function shownBy(
  more: DicomJsonObject,
  image = IMAGE,
  frameNumber = 1,
  readBulk = noBulk,
): Promise<(stored: number) => number> {
  const { grays } = await planOf(state(more), image, frameNumber, readBulk);
  if (grays?.voi === undefined) throw new TypeError('That has no grays.');
  const toValue = modalityFunction(grays.modality);
  const present = presentGray(grays.voi, grays.isInverted, grays.presentation);
  return (stored) => present(toValue(stored));
}

const lut = (bits: number, first: number, values: readonly number[]): DicomJsonObject => ({
  '00283002': el('US', values.length, first, bits),
  '00283006': el('US', ...values),
});
const entry = (values: readonly number[], first: number, input: number): number =>
  values[Math.max(0, Math.min(values.length - 1, input - first))] ?? Number.NaN;

describe('Modality LUT, then VOI LUT, then Presentation LUT (PS3.4 N.2.1)', () => {
  const modality = [5, 3, 0, 7];
  const voi = [0, 36, 255, 109, 146, 182, 219, 73];
  const presentation = [255, 0, 170, 85];
  const tables = {
    '00283000': sq(lut(3, 10, modality)),
    '00283110': sq({ '00283010': sq(lut(8, 0, voi)) }),
    '20500010': sq(lut(8, 0, presentation)),
  };

  test('each takes what the one before gives: no other order gives these grays', async () => {
    const shown = await shownBy(tables);
    for (let stored = 0; stored < 20; stored += 1) {
      const value = entry(modality, 10, stored);
      const spread = Math.round((entry(voi, 0, value) / 255) * (presentation.length - 1));
      expect(shown(stored), `stored ${stored}`).toBe(entry(presentation, 0, spread));
    }
  });

  test('a Presentation LUT stands in the place of a shape (C.11.6)', async () => {
    const both = await shownBy({ ...tables, '20500020': el('CS', 'INVERSE') });
    const alone = await shownBy(tables);
    for (let stored = 8; stored < 16; stored += 1) expect(both(stored)).toBe(alone(stored));
  });

  test('a table without data is as if it were not there', async () => {
    const shown = await shownBy({ '00283000': sq({ '00283002': el('US', 4, 0, 8) }), '00283110': sq({ '00283010': sq({}) }) });
    expect([shown(0), shown(4095)]).toEqual([0, 255]);
  });
});

describe('the descriptor of a table (PS3.3 C.11.1.1, C.11.2.1.1)', () => {
  test('of 0 entries has 65,536', async () => {
    const data = new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, at) => 65_535 - at).buffer);
    const item = { '00283002': el('US', 0, 0, 16), '00283006': { vr: 'OW', BulkDataURI: 'table' } };
    const image = { ...IMAGE, '00280101': el('US', 16), '00280102': el('US', 15) };
    const shown = await shownBy({ '00283000': sq(item) }, image, 1, async (uri) => (uri === 'table' ? data : undefined));
    expect([shown(0), shown(65_535), shown(32_768)]).toEqual([255, 0, 127]);
  });

  test('of a signed image has a first input in two’s complement, whatever its VR; of an unsigned one none below zero', async () => {
    const table = { '00283000': sq(lut(8, 65_534, [0, 50, 100, 150, 255])) };
    const shown = await shownBy(table, SIGNED);
    expect([-3, -2, -1, 0, 1, 2, 3].map(shown)).toEqual([0, 0, 50, 100, 150, 255, 255]);
    const unsigned = await shownBy(table);
    expect([0, 2, 4095].map(unsigned)).toEqual([0, 0, 0]);
  });

  test('of a VOI LUT begins below zero where values of the step before may lie there', async () => {
    const table = { '00283110': sq({ '00283010': sq(lut(8, 65_536 - 1000, [0, 128, 255])) }) };
    const rescaled = await shownBy({ ...table, '00281053': el('DS', 1), '00281052': el('DS', -1024) });
    expect([24, 25, 26].map(rescaled)).toEqual([0, 128, 255]);
    const unsigned = await shownBy(table);
    expect([0, 4095].map(unsigned)).toEqual([0, 0]);
  });
});

describe('windows of a state (PS3.3 C.11.2.1.2, C.11.8)', () => {
  const clamped = (share: number): number => Math.round(255 * Math.max(0, Math.min(1, share)));
  /** The formulas of the standard, over 0 to 1. */
  const FORMULAS: Readonly<Record<string, (x: number, c: number, w: number) => number>> = {
    LINEAR: (x, c, w) => (x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5),
    LINEAR_EXACT: (x, c, w) => (x <= c - w / 2 ? 0 : x > c + w / 2 ? 1 : (x - c) / w + 0.5),
    SIGMOID: (x, c, w) => 1 / (1 + Math.exp((-4 * (x - c)) / w)),
  };

  test.each(Object.keys(FORMULAS))('%s is that of the standard, at every value', async (name) => {
    for (const [center, width] of [
      [2048, 4096],
      [2048, 1],
      [40, 400],
      [-500.5, 77.25],
    ] as const) {
      const item = { '00281050': el('DS', center), '00281051': el('DS', width), '00281056': el('CS', name) };
      const shown = await shownBy({ '00283110': sq(item), '00281053': el('DS', 1), '00281052': el('DS', -1024) });
      const stored = Array.from({ length: 512 }, (_, at) => at * 8 + (at % 8));
      expect(stored.map(shown)).toEqual(stored.map((one) => clamped(FORMULAS[name]?.(one - 1024, center, width) ?? Number.NaN)));
    }
  });

  test('are those of the first item that is for the frame; a frame of none is shown whole', async () => {
    const forFrames = (center: number, ...frames: number[]): DicomJsonObject => ({
      '00081140': sq({ '00081155': el('UI', UID), '00081160': el('IS', ...frames) }),
      '00281050': el('DS', center),
      '00281051': el('DS', 2),
    });
    const items = sq(forFrames(100, 1, 3), forFrames(200, 2, 3));
    const centers = await Promise.all(
      [1, 2, 3, 4].map(async (frame) => {
        const { grays } = await planOf(state({ '00283110': items }), IMAGE, frame);
        return grays?.voi?.kind === 'window' ? grays.voi.center : undefined;
      }),
    );
    expect(centers).toEqual([100, 200, 100, 2047.5]);
  });

  test('where there is none, all values that the image may have are shown, from black to white', async () => {
    const signed = await shownBy({}, SIGNED);
    expect([-2048, 0, 2047].map(signed)).toEqual([0, 128, 255]);
    const falling = await shownBy({ '00281053': el('DS', -1), '00281052': el('DS', 0) });
    expect([0, 4095].map(falling)).toEqual([255, 0]);
  });
});

describe('what a state does not say of grays', () => {
  const graysOf = async (image: DicomJsonObject, kind?: string): Promise<StateGrays | undefined> =>
    (await planOf(state({}, kind), image)).grays;

  test('the image says nothing for: its rescale, tables, windows and shape count for nothing (PS3.4 N.2.1)', async () => {
    const image = {
      ...IMAGE,
      '00280004': el('CS', 'MONOCHROME1'),
      '00281052': el('DS', -1024),
      '00281053': el('DS', 2),
      '00281050': el('DS', 5),
      '00281051': el('DS', 6),
      '00283000': sq(lut(8, 0, [9])),
      '20500020': el('CS', 'INVERSE'),
    };
    expect(await graysOf(image)).toEqual(await graysOf(IMAGE));
  });

  test('is undefined for colour, and for floats, which have no ends', async () => {
    expect(await graysOf(IMAGE, '2')).toBeUndefined();
    expect((await graysOf({ ...IMAGE, '7FE00008': { vr: 'OF', BulkDataURI: 'x' } }))?.voi).toBeUndefined();
  });
});

describe('overlays of a state over frames (C.9.2, C.11.7)', () => {
  /** Planes of 3 × 1 pixels, a bit each: they do not begin at bytes. */
  const planes = (bits: number, more: DicomJsonObject = {}): DicomJsonObject => ({
    '60020010': el('US', 1),
    '60020011': el('US', 3),
    '60020015': el('IS', 3),
    '60023000': { vr: 'OW', InlineBinary: btoa(String.fromCharCode(bits & 255, bits >> 8)) },
    ...more,
  });
  const ACTIVE = { '60021001': el('CS', 'L') };
  const bitsOf = async (own: DicomJsonObject, image: DicomJsonObject, frame: number) =>
    (await planOf(state({ ...own, ...ACTIVE }), { ...IMAGE, ...image }, frame)).overlays.overlays.map(({ bits }) => [...bits]);

  test('the image’s are those of the frame, from Image Frame Origin on, across the borders of bytes', async () => {
    const image = planes(0b1_0011_0101, { '60020051': el('US', 2) });
    expect(await bitsOf({}, image, 1)).toEqual([]);
    expect(await bitsOf({}, image, 2)).toEqual([[1, 0, 1]]);
    expect(await bitsOf({}, image, 3)).toEqual([[0, 1, 1]]);
    expect(await bitsOf({}, image, 4)).toEqual([[0, 0, 1]]);
    expect(await bitsOf({}, image, 5)).toEqual([]);
  });

  test('the state’s own are for all frames alike, and stand in the place of the image’s', async () => {
    const own = { ...planes(0b010), '60020015': el('IS', 1) };
    expect(await bitsOf(own, planes(0b111), 3)).toEqual([[0, 1, 0]]);
    // Of several planes the first: a state has no frames of its own.
    expect(await bitsOf(planes(0b110_101), {}, 2)).toEqual([[1, 0, 1]]);
    // Those of another group, which nobody activates, are not shown.
    expect(
      await bitsOf(own, { '60000010': el('US', 1), '60000011': el('US', 1), '60003000': { vr: 'OB', InlineBinary: 'AQ==' } }, 1),
    ).toEqual([[0, 1, 0]]);
  });
});
