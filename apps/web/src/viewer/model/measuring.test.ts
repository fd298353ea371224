import { describe, expect, it } from 'vitest';
import type { PixelPoint } from './calibration.ts';
import { angleAt, cardiothoracicRatio, cobbAngle, ellipseArea, polygonArea, type Scale, type TwoLines } from './measuring.ts';
import { nextSpineLabel, SPINE_LABELS } from './spine.ts';

const scale = (rowMm: number, columnMm: number): Scale => ({
  calibration: { kind: 'calibrated', spacing: { rowMm, columnMm } },
  pixelAspect: rowMm / columnMm,
});
const SQUARE = scale(1, 1);
const UNCALIBRATED: Scale = { calibration: { kind: 'none' }, pixelAspect: 1 };
/** A line through a middle that leans by so many degrees. */
const plate = (x: number, y: number, degrees: number): readonly [PixelPoint, PixelPoint] => {
  const [dx, dy] = [10 * Math.cos((degrees * Math.PI) / 180), 10 * Math.sin((degrees * Math.PI) / 180)];
  return [
    [x - dx, y - dy],
    [x + dx, y + dy],
  ];
};
const turned = (points: TwoLines, by: number): TwoLines => {
  const [cos, sin] = [Math.cos((by * Math.PI) / 180), Math.sin((by * Math.PI) / 180)];
  const turn = ([x, y]: PixelPoint): PixelPoint => [x * cos - y * sin, x * sin + y * cos];
  const [a, b, c, d] = points;
  return [turn(a), turn(b), turn(c), turn(d)];
};

describe('Cobb’s angle', () => {
  it.each([
    [15, -20, 35],
    [55, -55, 110],
    [0, 0, 0],
    [10, 10, 0],
    [80, -70, 150],
  ])(
    'of plates that lean by %d and %d degrees is %d, whichever way round they were drawn and the picture is turned',
    (up, down, wanted) => {
      const [a, b] = plate(50, 20, up);
      const [c, d] = plate(50, 220, down);
      for (const lines of [
        [a, b, c, d],
        [b, a, c, d],
        [a, b, d, c],
        [b, a, d, c],
        [c, d, a, b],
      ] as const)
        for (const by of [0, 90, 180, 37]) expect(cobbAngle(turned(lines, by), SQUARE)).toBeCloseTo(wanted, 9);
    },
  );
  it('is measured in millimetres where rows and columns are not as far apart', () => {
    // 45° in millimetres: 10 columns of 1 mm, 5 rows of 2 mm.
    expect(
      cobbAngle(
        [
          [0, 0],
          [10, 5],
          [0, 100],
          [10, 100],
        ],
        scale(2, 1),
      ),
    ).toBeCloseTo(45, 9);
    expect(
      cobbAngle(
        [
          [0, 0],
          [10, 5],
          [0, 100],
          [10, 100],
        ],
        { calibration: { kind: 'none' }, pixelAspect: 2 },
      ),
    ).toBeCloseTo(45, 9);
  });
  it('of lines that cross in their middles is the smaller one', () => {
    expect(cobbAngle([...plate(0, 0, 10), ...plate(0, 0, 140)] as unknown as TwoLines, SQUARE)).toBeCloseTo(50, 9);
  });
});

describe('the cardiothoracic ratio', () => {
  const chest: TwoLines = [
    [100, 50],
    [220, 50],
    [40, 80],
    [290, 80],
  ];
  it('is the width of the heart by that of the thorax', () => {
    expect(cardiothoracicRatio(chest, scale(0.5, 0.5))).toMatchObject({
      heart: { value: 60, unit: 'mm' },
      thorax: { value: 125, unit: 'mm' },
      ratio: 0.48,
    });
  });
  it('needs no scale, and is none without a thorax', () => {
    expect(cardiothoracicRatio(chest, UNCALIBRATED)).toMatchObject({ heart: { unit: 'px', kind: 'none' }, ratio: 0.48 });
    expect(
      cardiothoracicRatio(
        [
          [0, 0],
          [1, 0],
          [5, 5],
          [5, 5],
        ],
        UNCALIBRATED,
      ).ratio,
    ).toBeUndefined();
  });
});

describe('areas', () => {
  const square: PixelPoint[] = [
    [0, 0],
    [10, 0],
    [10, 20],
    [0, 20],
  ];
  it('follow the spacing of rows and of columns', () => {
    expect(polygonArea(square, scale(0.5, 0.25))).toEqual({ value: 25, unit: 'mm2', kind: 'calibrated' });
    expect(polygonArea([...square].reverse(), SQUARE).value).toBe(200);
    expect(
      ellipseArea(
        [
          [0, 5],
          [20, 5],
          [10, 0],
          [10, 10],
        ],
        scale(2, 1),
      ).value,
    ).toBeCloseTo(Math.PI * 10 * 10, 9);
  });
  it('of a turned ellipse are the same', () => {
    const upright: TwoLines = [
      [-10, 0],
      [10, 0],
      [0, -4],
      [0, 4],
    ];
    expect(ellipseArea(turned(upright, 33), SQUARE).value).toBeCloseTo(Math.PI * 40, 9);
  });
  it('are in pixels, and say so, without a scale and across regions of ultrasound', () => {
    expect(polygonArea(square, UNCALIBRATED)).toEqual({ value: 200, unit: 'px', kind: 'none' });
    const regions: Scale = {
      calibration: {
        kind: 'regions',
        regions: [{ left: 0, top: 0, right: 12, bottom: 12, spacing: { rowMm: 0.1, columnMm: 0.1 } }],
      },
      pixelAspect: 1,
    };
    expect(polygonArea(square, regions)).toEqual({ value: 200, unit: 'px', kind: 'outside' });
    const within = polygonArea(
      [
        [0, 0],
        [10, 0],
        [10, 10],
        [0, 10],
      ],
      regions,
    );
    expect([within.unit, within.kind, Number(within.value.toFixed(9))]).toEqual(['mm2', 'calibrated', 1]);
  });
});

it('an angle is measured at its vertex, in millimetres', () => {
  expect(
    angleAt(
      [
        [0, 10],
        [0, 0],
        [10, 0],
      ],
      SQUARE,
    ),
  ).toBeCloseTo(90, 9);
  expect(
    angleAt(
      [
        [10, 5],
        [0, 0],
        [10, 0],
      ],
      scale(2, 1),
    ),
  ).toBeCloseTo(45, 9);
});

describe('the next vertebra', () => {
  it.each([
    [[], 'C1'],
    [['C7'], 'T1'],
    [['T12'], 'L1'],
    [['L5', 'L4'], 'L3'],
    [['l4', ' L5 '], 'S1'],
    [['S5'], 'C1'],
    [['C2', 'C1'], 'C1'],
    [['L1', '<b>fracture</b>'], 'L2'],
  ])('after %j is %s', (given, wanted) => expect(nextSpineLabel(given)).toBe(wanted));
  it('is one of 29', () => expect(SPINE_LABELS.length).toBe(29));
});
