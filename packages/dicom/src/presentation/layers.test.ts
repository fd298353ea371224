import { describe, expect, test } from 'vitest';
import { el, sq } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { colorOfLayer, grayOfLayer } from './colors.ts';
import { activatedOverlays, layersOf, type StateLayer } from './layers.ts';

const VALUES = { gray: '00700066', lab: '00700401' } as const;
/** Neutral: a* and b* of 0 are stored as 8080H (C.10.7.1.1). */
const lab = (lightness: number, a = 0x8080, b = 0x8080): DicomJsonObject => ({
  '00700401': el('US', Math.round((lightness / 100) * 65_535), a, b),
});
const gray = (value: unknown): DicomJsonObject => ({ '00700066': el('US', value as number) });

/** Gray of a lightness by CIE 15 (Y of L*) and IEC 61966-2-1 (what a screen is given for it), worked out without the source. */
function screenGray(lightness: number): number {
  const y = lightness > 8 ? ((lightness + 16) / 116) ** 3 : lightness / 903.2963;
  const linear = y <= 0.0031308 ? 12.92 * y : 1.055 * y ** (1 / 2.4) - 0.055;
  return Math.round(255 * linear);
}

describe('a Recommended Display Grayscale Value (PS3.3 C.10.7)', () => {
  test.each([
    [0, 0],
    [128, 0],
    [129, 1],
    [32_768, 128],
    [65_406, 254],
    [65_407, 255],
    [65_535, 255],
  ])('of %i is gray %i of 255', (value, shown) => {
    expect(grayOfLayer(gray(value), VALUES)).toBe(shown);
    expect(colorOfLayer(gray(value), VALUES)).toEqual([shown, shown, shown]);
  });

  test.each([-1, 65_536, 'x', null])('of %j is none', (value) => {
    expect(grayOfLayer(gray(value), VALUES)).toBeUndefined();
    expect(colorOfLayer(gray(value), VALUES)).toBeUndefined();
  });
});

describe('a Recommended Display CIELab Value (C.10.7.1.1)', () => {
  test.each([0, 3, 8, 20, 50, 77, 100])('of lightness %d without colour is the gray of that lightness', (lightness) => {
    const [red = -9, green = -9, blue = -9] = colorOfLayer(lab(lightness), VALUES) ?? [];
    for (const channel of [red, green, blue]) expect(Math.abs(channel - screenGray(lightness))).toBeLessThanOrEqual(1);
    expect(Math.abs((grayOfLayer(lab(lightness), VALUES) ?? -9) - screenGray(lightness))).toBeLessThanOrEqual(1);
  });

  test('goes before the gray where there is colour, and after it where there is none', () => {
    const both = { ...gray(0), ...lab(100) };
    expect(colorOfLayer(both, VALUES)).toEqual([255, 255, 255]);
    expect(grayOfLayer(both, VALUES)).toBe(0);
  });

  test('is as light as the eye sees it where there is no colour: green more than red, red more than blue', () => {
    const of = (l: number, a: number, b: number) =>
      grayOfLayer(lab(l, Math.round(((a + 128) / 255) * 65_535), Math.round(((b + 128) / 255) * 65_535)), VALUES) ?? -1;
    const [red, green, blue] = [of(54.29, 80.8, 69.89), of(87.82, -79.27, 80.99), of(29.57, 68.3, -112.03)];
    expect([red, green, blue].map((one) => Math.round(one / 5) * 5)).toEqual([75, 150, 30]);
  });
});

const layer = (name: string | undefined, order: number | undefined, value = 65_535): DicomJsonObject => ({
  ...(name === undefined ? {} : { '00700002': el('CS', name) }),
  ...(order === undefined ? {} : { '00700062': el('IS', order) }),
  ...gray(value),
});

describe('the layers of a state (C.10.7)', () => {
  test('are known by their names: of two of one name the first counts, one without a name is none', () => {
    const layers = layersOf({ '00700060': sq(layer('A', 5, 0), layer(undefined, 1), layer('A', 1), layer('B', undefined)) });
    expect([...layers.keys()]).toEqual(['A', 'B']);
    expect(layers.get('A')).toEqual({ order: 5, color: [0, 0, 0], gray: 0 });
    expect(layers.get('B')?.order).toBe(Number.MAX_SAFE_INTEGER);
  });

  test('may have an order below zero, written as text', () => {
    expect(layersOf({ '00700060': sq({ ...layer('A', 1), '00700062': el('IS', ' -3 ') }) }).get('A')?.order).toBe(-3);
  });

  test('are no more than two hundred', () => {
    const many = Array.from({ length: 201 }, (_, at) => layer(`L${at}`, at));
    expect(layersOf({ '00700060': sq(...many) }).size).toBe(200);
  });
});

describe('overlays on a layer (Overlay Activation, C.11.7)', () => {
  const layers = new Map<string, StateLayer>([
    ['HIGH', { order: 5, color: undefined, gray: 10 }],
    ['LOW', { order: 1, color: undefined, gray: undefined }],
  ]);
  const active = (groups: Readonly<Record<string, string>>) =>
    activatedOverlays(
      Object.fromEntries(Object.entries(groups).map(([group, name]) => [`${group}1001`, el('CS', name)])),
      layers,
    );

  test('are burned in from the lowest layer, in its gray, white where it has none; those of no layer last', () => {
    expect([...active({ '6000': 'HIGH', '6002': 'NONE', '6004': 'LOW' })]).toEqual([
      ['6004', 255],
      ['6000', 10],
      ['6002', 255],
    ]);
  });

  test('are of the sixteen groups 6000 to 601E alone (C.9.2), and none where the layer is empty', () => {
    expect([...active({ '601E': 'LOW', '6020': 'LOW', '6001': 'LOW', '5000': 'LOW', '6006': ' ' }).keys()]).toEqual(['601E']);
    expect(active({}).size).toBe(0);
  });
});
