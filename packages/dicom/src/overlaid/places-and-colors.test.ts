import { describe, expect, test } from 'vitest';
import type { DicomJsonObject, DicomJsonValue } from '../types.ts';
import { colorOfLab, colorOfRgb, ownColor, type Rgb } from './color.ts';
import { type DoseGrid, doseGridOf, doseValues, washColor } from './dose.ts';
import { groupItem, pixelPlaneOf, thicknessOf, tripleOf } from './plane.ts';
import { segmentMask } from './segmentation.ts';

const of = (vr: string, ...Value: DicomJsonValue[]) => ({ vr, Value });
const lab = (l: number, a: number, b: number): DicomJsonObject => ({
  '0062000D': of(
    'US',
    Math.round((l / 100) * 65_535),
    Math.round(((a + 128) / 255) * 65_535),
    Math.round(((b + 128) / 255) * 65_535),
  ),
});

describe('a colour', () => {
  /** CIE L*a*b* (D50) of the screen's own colours, by the Bradford adaptation. */
  test.each<[string, [number, number, number], Rgb]>([
    ['white', [100, 0, 0], [255, 255, 255]],
    ['black', [0, 0, 0], [0, 0, 0]],
    ['grey', [53.585, 0, 0], [128, 128, 128]],
    ['red', [54.29, 80.8, 69.89], [255, 0, 0]],
    ['green', [87.82, -79.27, 80.99], [0, 255, 0]],
    ['blue', [29.57, 68.3, -112.03], [0, 0, 255]],
  ])('of the connection space is on a screen what it was: %s (PS3.3 C.10.7.1.1)', (_name, [l, a, b], expected) => {
    const shown = colorOfLab(lab(l, a, b), '0062000D') ?? [-99, -99, -99];
    for (const [index, value] of expected.entries())
      expect(Math.abs((shown[index] ?? 0) - value), String(shown)).toBeLessThanOrEqual(3);
  });

  test('that is none, or outside of what a screen shows', () => {
    expect(colorOfLab({}, '0062000D')).toBeUndefined();
    expect(colorOfLab({ '0062000D': of('US', 1, 2) }, '0062000D')).toBeUndefined();
    expect(colorOfRgb({ '3006002A': of('IS', 300, -5, 127.6) }, '3006002A')).toEqual([255, 0, 128]);
    expect(colorOfRgb({ '3006002A': of('IS', 1, 2) }, '3006002A')).toBeUndefined();
    for (const channel of colorOfLab(lab(100, 120, 120), '0062000D') ?? [-1]) {
      expect(channel).toBeGreaterThanOrEqual(0);
      expect(channel).toBeLessThanOrEqual(255);
    }
  });

  test('is given to what names none: eight that differ, then from the start, for any number', () => {
    expect(new Set(Array.from({ length: 8 }, (_, at) => ownColor(at).join()))).toHaveProperty('size', 8);
    expect(ownColor(8)).toEqual(ownColor(0));
    for (const odd of [-3, 2.7, 1e12]) expect(ownColor(odd)).toHaveLength(3);
  });
});

describe('the plane of a frame (PS3.3 C.7.6.2, C.7.6.16.2.3)', () => {
  const dataset: DicomJsonObject = {
    '00200032': of('DS', 1, 2, 3),
    '00200037': of('DS', 1, 0, 0, 0, 1, 0),
    '00280030': of('DS', 0.5, 0.25),
    '00180050': of('DS', 2),
  };
  const plane = (json: DicomJsonObject) => pixelPlaneOf({ dataset: json, shared: undefined, own: undefined });

  test('is the dataset’s own where it has no functional groups', () => {
    expect(plane(dataset)).toEqual({ position: [1, 2, 3], row: [1, 0, 0], column: [0, 1, 0], rowMm: 0.5, columnMm: 0.25 });
    expect(thicknessOf({ dataset, shared: undefined, own: undefined })).toBe(2);
  });

  test('is the frame’s before the shared one before the dataset’s', () => {
    const position = (z: number): DicomJsonObject => ({
      '00209113': of('SQ', { '00200032': of('DS', 0, 0, z) } as DicomJsonObject),
    });
    const [own, shared] = [position(7), position(8)];
    expect(pixelPlaneOf({ dataset, shared, own })?.position).toEqual([0, 0, 7]);
    expect(pixelPlaneOf({ dataset, shared, own: {} })?.position).toEqual([0, 0, 8]);
    expect(pixelPlaneOf({ dataset, shared: {}, own: undefined })?.position).toEqual([1, 2, 3]);
    expect(groupItem({ dataset, shared, own }, '00289110')).toBe(dataset);
  });

  test.each<[string, DicomJsonObject]>([
    ['no place', { '00200032': of('DS', 1, 2) }],
    ['a place that is no number', { '00200032': of('DS', 1, 2, 'x') }],
    ['a direction that is no unit', { '00200037': of('DS', 2, 0, 0, 0, 1, 0) }],
    ['five cosines', { '00200037': of('DS', 1, 0, 0, 0, 1) }],
    ['no spacing', { '00280030': of('DS', 0, 1) }],
    ['a negative spacing', { '00280030': of('DS', 1, -1) }],
  ])('is none with %s', (_what, change) => {
    expect(plane({ ...dataset, ...change })).toBeUndefined();
  });

  test('a triple is three numbers from where they are asked for', () => {
    expect(tripleOf([1, 2, 3, 4, 5, 6], 3)).toEqual([4, 5, 6]);
    expect(tripleOf([1, 2, 3, 4], 3)).toBeUndefined();
    expect(tripleOf(undefined)).toBeUndefined();
  });
});

describe('stored doses (PS3.3 C.8.8.3)', () => {
  const grid = (change: Partial<DoseGrid>): DoseGrid => ({
    ...{ sopInstanceUid: '1.2', frameOfReferenceUid: undefined, rows: 1, columns: 2, bitsAllocated: 16, isSigned: false },
    ...{ scaling: 0.5, isGray: true, planes: [] },
    ...change,
  });
  test.each<[string, Partial<DoseGrid>, number[], number[]]>([
    ['16 bits', {}, [1, 0, 255, 255], [0.5, 32_767.5]],
    ['16 bits with a sign', { isSigned: true }, [1, 0, 255, 255], [0.5, -0.5]],
    ['32 bits', { bitsAllocated: 32 }, [1, 0, 0, 0, 255, 255, 255, 255], [0.5, 2_147_483_647.5]],
    ['32 bits with a sign', { bitsAllocated: 32, isSigned: true }, [1, 0, 0, 0, 254, 255, 255, 255], [0.5, -1]],
  ])('of %s', (_what, change, bytes, expected) => {
    const values = doseValues(Uint8Array.from(bytes), grid(change));
    expect([...values]).toEqual(expected.map(Math.fround));
  });
  test('that are fewer than the grid says are as many as there are', () => {
    expect(doseValues(Uint8Array.of(1, 0, 9), grid({ rows: 10 }))).toHaveLength(1);
  });
  test('of a grid without what makes them doses are none', () => {
    expect(doseGridOf({})).toBeUndefined();
    expect(doseGridOf({ '00080018': of('UI', '1.2'), '3004000E': of('DS', 1), '00280100': of('US', 8) })).toBeUndefined();
  });
  test('have a colour that grows warmer, and none outside of the scale', () => {
    expect(washColor(-1)).toEqual(washColor(0));
    expect(washColor(2)).toEqual(washColor(1));
    const red = Array.from({ length: 101 }, (_, at) => washColor(at / 100)[0]);
    const blue = Array.from({ length: 101 }, (_, at) => washColor(at / 100)[2]);
    expect([...red].sort((a, b) => a - b)).toEqual(red);
    expect([...blue].sort((a, b) => b - a)).toEqual(blue);
  });
});

describe('what a segment fills (PS3.5 8.1.1)', () => {
  const pixels = (bitsAllocated: number, type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP', maximum = 1) =>
    ({ type, maximum, bitsAllocated, rows: 1, columns: 10 }) as const;
  test('single bits are read from the lowest', () => {
    expect([...segmentMask(Uint8Array.of(0b0000_0101, 0b0000_0010), pixels(1, 'BINARY'), 1)]).toEqual([
      255, 0, 255, 0, 0, 0, 0, 0, 0, 255,
    ]);
  });
  test('labels of 16 bits are told apart', () => {
    const bytes = Uint8Array.of(1, 0, 1, 1, 0, 1);
    expect([...segmentMask(bytes, pixels(16, 'LABELMAP'), 257)].slice(0, 3)).toEqual([0, 255, 0]);
  });
  test('fractions are parts of their maximum, and what is missing is empty', () => {
    expect([...segmentMask(Uint8Array.of(0, 100, 200), pixels(8, 'FRACTIONAL', 200), 1)]).toEqual([
      0, 128, 255, 0, 0, 0, 0, 0, 0, 0,
    ]);
  });
});
