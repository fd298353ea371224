import { describe, expect, test } from 'vitest';
import { ellipseArea, polygonArea } from './areas.ts';
import type { PixelPoint } from './lengths.ts';
import { angleAt, cardiothoracicRatio, cobbAngle, middleOf, type Scale, type TwoLines } from './measuring.ts';
import { UCUM, ucumOf } from './ucum.ts';

const scale = (rowMm: number, columnMm: number): Scale => ({
  calibration: { kind: 'calibrated', spacing: { rowMm, columnMm } },
  pixelAspect: rowMm / columnMm,
});
const unscaled = (pixelAspect = 1): Scale => ({ calibration: { kind: 'none' }, pixelAspect });

/** A line of a length at an angle from the horizontal, in degrees, around a middle. */
function plate([x, y]: PixelPoint, degrees: number, length = 20): [PixelPoint, PixelPoint] {
  const [dx, dy] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)].map((one) => (one * length) / 2);
  return [
    [x - (dx ?? 0), y - (dy ?? 0)],
    [x + (dx ?? 0), y + (dy ?? 0)],
  ];
}
const turned = ([a, b]: [PixelPoint, PixelPoint]): [PixelPoint, PixelPoint] => [b, a];

describe('areas', () => {
  const square: PixelPoint[] = [
    [1, 1],
    [5, 1],
    [5, 4],
    [1, 4],
  ];

  test('of a closed line are the same whichever way it was drawn', () => {
    expect(polygonArea(square, scale(0.5, 0.25))).toEqual({ value: 1.5, unit: 'mm2', kind: 'calibrated' });
    expect(polygonArea([...square].reverse(), scale(0.5, 0.25)).value).toBe(1.5);
  });

  test('of a line that comes in are less than those of its hull', () => {
    const notched: PixelPoint[] = [
      [0, 0],
      [4, 0],
      [4, 4],
      [2, 1],
      [0, 4],
    ];
    expect(polygonArea(notched, unscaled())).toEqual({ value: 10, unit: 'px', kind: 'none' });
  });

  test('of an ellipse are those of its axes, also where they are aslant', () => {
    const upright: TwoLines = [
      [0, 5],
      [10, 5],
      [5, 2],
      [5, 8],
    ];
    expect(ellipseArea(upright, scale(2, 1)).value).toBeCloseTo(Math.PI * 5 * 3 * 2, 10);
    const aslant: TwoLines = [...plate([50, 50], 30, 10), ...plate([50, 50], 120, 6)];
    expect(ellipseArea(aslant, unscaled()).value).toBeCloseTo(Math.PI * 5 * 3, 10);
    expect(ellipseArea(upright, unscaled())).toMatchObject({ unit: 'px', kind: 'none' });
  });

  test('in a region of an ultrasound are by its scale, and outside of it in pixels', () => {
    const spacing = { rowMm: 0.1, columnMm: 0.2 };
    const regions: Scale = {
      calibration: { kind: 'regions', regions: [{ left: 0, top: 0, right: 5, bottom: 5, spacing }] },
      pixelAspect: 1,
    };
    expect(polygonArea(square, regions).value).toBeCloseTo(0.24, 12);
    const leaving = square.map(([x, y]): PixelPoint => [x + 4, y]);
    expect(polygonArea(leaving, regions)).toEqual({ value: 12, unit: 'px', kind: 'outside' });
  });
});

describe('Cobb’s angle', () => {
  test.each([
    [20, -25, 45],
    [0, 0, 0],
    [10, 30, 20],
    [55, -55, 110],
    [-60, 40, 100],
  ])('of plates that lean by %d° and %d° is %d°, whichever way each was drawn', (upper, lower, angle) => {
    const [first, second] = [plate([100, 50], upper), plate([100, 250], lower)];
    for (const lines of [
      [...first, ...second],
      [...turned(first), ...second],
      [...first, ...turned(second)],
      [...turned(first), ...turned(second)],
      [...second, ...first],
    ] as TwoLines[])
      expect(cobbAngle(lines, unscaled())).toBeCloseTo(angle, 8);
  });

  test('is the same in a picture that was turned on its side', () => {
    const lines: TwoLines = [...plate([50, 100], 90 + 55), ...plate([250, 100], 90 - 55)];
    expect(cobbAngle(lines, unscaled())).toBeCloseTo(110, 8);
  });

  test('is measured in the patient where pixels are not square', () => {
    // Twice as tall as wide: 45° in the picture are atan 2 in the patient.
    const lines: TwoLines = [...plate([100, 50], 45), ...plate([100, 250], 0)];
    const degrees = (Math.atan(2) * 180) / Math.PI;
    expect(cobbAngle(lines, scale(2, 1))).toBeCloseTo(degrees, 8);
    expect(cobbAngle(lines, unscaled(2))).toBeCloseTo(degrees, 8);
  });

  test('of lines that cross in their middles is the smaller one', () => {
    const lines: TwoLines = [...plate([0, 0], 0), ...plate([0, 0], 150)];
    expect(cobbAngle(lines, unscaled())).toBeCloseTo(30, 8);
  });
});

describe('the cardiothoracic ratio', () => {
  const widths: TwoLines = [
    [40, 100],
    [160, 100],
    [0, 120],
    [240, 120],
  ];

  test('needs no scale; the widths do', () => {
    const { heart, thorax, ratio } = cardiothoracicRatio(widths, unscaled());
    expect(ratio).toBe(0.5);
    expect([heart, thorax].map(({ value, unit }) => [value, unit])).toEqual([
      [120, 'px'],
      [240, 'px'],
    ]);
    expect(cardiothoracicRatio(widths, scale(0.2, 0.2)).thorax).toMatchObject({ value: 48, unit: 'mm' });
  });

  test('of lines that are aslant follows the proportions of a pixel', () => {
    const aslant: TwoLines = [
      [0, 0],
      [3, 2],
      [0, 0],
      [10, 0],
    ];
    expect(cardiothoracicRatio(aslant, unscaled(2)).ratio).toBeCloseTo(0.5, 12);
    expect(cardiothoracicRatio(aslant, scale(2, 1)).ratio).toBeCloseTo(0.5, 12);
  });

  test('of a thorax without width is none', () => {
    const [a, b, c] = widths;
    expect(cardiothoracicRatio([a, b, c, c], unscaled()).ratio).toBeUndefined();
  });
});

test('the middle of a line, and the angle at a corner', () => {
  expect(
    middleOf([
      [1, 2],
      [5, 10],
    ]),
  ).toEqual([3, 6]);
  expect(
    angleAt(
      [
        [1, 0],
        [0, 0],
        [0, 1],
      ],
      unscaled(3),
    ),
  ).toBeCloseTo(90, 10);
});

describe('units (UCUM)', () => {
  test.each([
    ['HU', "[hnsf'U]"],
    ['Bq/ml', 'Bq/ml'],
    ['Gy', 'Gy'],
    ['counts/s', '{counts}/s'],
    ['1/cm', '/cm'],
  ])('of %s is %s', (unit, code) => expect(ucumOf(unit)).toBe(code));

  test.each(['constructor', '__proto__', 'toString'])('that are called %s are words as others', (unit) => {
    expect(ucumOf(unit)).toBe(`{${unit}}`);
  });

  test('that UCUM does not know stand in braces, without braces of their own (UCUM 6)', () => {
    expect(ucumOf('OD')).toBe('{OD}');
    expect(ucumOf('a {b} é')).toBe('{a__b___}');
    expect(ucumOf(undefined)).toBe(UCUM.none);
  });
});
