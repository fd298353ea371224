import { describe, expect, test } from 'vitest';
import { presentGray } from './gray.ts';
import { fullWindow, isWindow, storedWindow, type Window, type WindowFunction, windowFunction } from './voi.ts';
import { voiFunction } from './voi-functions.ts';

const window = (center: number, width: number, shape: WindowFunction): Window => ({ kind: 'window', center, width, shape });

/** The pseudo-code of PS3.3 C.11.2.1.2.1, with ymin = 0 and ymax = 255. */
function linear(x: number, c: number, w: number): number {
  if (x <= c - 0.5 - (w - 1) / 2) return 0;
  if (x > c - 0.5 + (w - 1) / 2) return 255;
  return ((x - (c - 0.5)) / (w - 1) + 0.5) * 255;
}
/** That of C.11.2.1.3.2. */
function linearExact(x: number, c: number, w: number): number {
  if (x <= c - w / 2) return 0;
  if (x > c + w / 2) return 255;
  return ((x - c) / w + 0.5) * 255;
}
/** The formula of C.11.2.1.3.1. */
const sigmoid = (x: number, c: number, w: number): number => 255 / (1 + Math.exp((-4 * (x - c)) / w));

const WINDOWS = [
  [40, 400],
  [2048, 4096],
  [0, 1],
  [0.5, 1],
  [127.5, 255],
  [-600, 1500],
  [1e-3, 2e-3],
  [3, 2],
] as const;
const VALUES = [
  -32_768, -1351, -160, -1, -0.5, 0, 0.0005, 0.5, 1, 1.5, 2, 2.5, 3, 39.5, 40, 127, 128, 239.5, 240, 4094.5, 4095, 65_535,
];

describe.each([
  ['LINEAR', 'linear', linear],
  ['LINEAR_EXACT', 'linear-exact', linearExact],
  ['SIGMOID', 'sigmoid', sigmoid],
] as const)('%s (PS3.3 C.11.2.1.2, C.11.2.1.3)', (name, shape, formula) => {
  test('is known by its name', () => expect(windowFunction(name)).toBe(shape));

  test.each(WINDOWS.filter(([, width]) => shape !== 'linear' || width >= 1))(
    'is its formula: centre %d, width %d',
    (center, width) => {
      const present = voiFunction(window(center, width, shape));
      for (const value of VALUES) expect(255 * present(value), `of ${value}`).toBeCloseTo(formula(value, center, width), 9);
    },
  );

  test.each(WINDOWS.filter(([, width]) => shape !== 'linear' || width >= 1))(
    'never falls: centre %d, width %d',
    (center, width) => {
      const shown = VALUES.map(voiFunction(window(center, width, shape)));
      for (let at = 1; at < shown.length; at += 1) expect(shown[at]).toBeGreaterThanOrEqual(shown[at - 1] ?? 0);
      expect([Math.min(...shown) >= 0, Math.max(...shown) <= 1]).toEqual([true, true]);
    },
  );
});

describe('windows that can be', () => {
  test.each<[string, WindowFunction, number, boolean]>([
    ['LINEAR of 1', 'linear', 1, true],
    ['LINEAR below 1', 'linear', 0.99, false],
    ['LINEAR_EXACT below 1', 'linear-exact', 0.001, true],
    ['SIGMOID below 1', 'sigmoid', 0.001, true],
    ['LINEAR_EXACT of nothing', 'linear-exact', 0, false],
    ['SIGMOID of less than nothing', 'sigmoid', -1, false],
    ['infinitely wide', 'linear', Number.POSITIVE_INFINITY, false],
    ['of no number', 'linear', Number.NaN, false],
  ])('%s', (_what, shape, width, expected) => expect(isWindow({ center: 0, width, shape })).toBe(expected));

  test('have a centre that is a number', () => {
    for (const center of [Number.NaN, Number.NEGATIVE_INFINITY])
      expect(isWindow({ center, width: 10, shape: 'linear' })).toBe(false);
  });

  test('a stored LINEAR that is narrower than it may be is meant as LINEAR_EXACT; others keep their name', () => {
    expect(storedWindow(0.5, 0.25, undefined)).toEqual(window(0.5, 0.25, 'linear-exact'));
    expect(storedWindow(0.5, 0.25, 'SIGMOID')).toEqual(window(0.5, 0.25, 'sigmoid'));
    expect(storedWindow(0.5, 1, 'LINEAR')).toEqual(window(0.5, 1, 'linear'));
    expect(storedWindow(0.5, 1, 'CURVED')).toEqual(window(0.5, 1, 'linear'));
  });

  test('need both numbers', () => {
    expect([storedWindow(undefined, 1, undefined), storedWindow(1, undefined, undefined), storedWindow(1, 0, undefined)]).toEqual(
      [undefined, undefined, undefined],
    );
  });
});

describe('a window over all values', () => {
  test.each([
    [0, 255],
    [-1024, 3071],
    [-5, -1],
    [0.25, 0.5],
  ])('from %d to %d is black at one end and white at the other', (min, max) => {
    const present = voiFunction(fullWindow(min, max));
    expect([present(min), present((min + max) / 2), present(max)]).toEqual([0, 0.5, 1]);
  });

  test('of one value has it in its middle', () => expect(voiFunction(fullWindow(7, 7))(7)).toBe(0.5));
});

describe('greys (PS3.4 N.2.1)', () => {
  const present = presentGray(window(128, 256, 'linear'), false);
  const inverted = presentGray(window(128, 256, 'linear'), true);

  test('are whole numbers from 0 to 255, inverted from 255 to 0 (C.7.6.3.1.2)', () => {
    for (let value = -3; value < 260; value += 1) {
      const grey = present(value);
      expect([grey, inverted(value)]).toEqual([Math.max(0, Math.min(255, value)), 255 - grey]);
    }
  });

  test('of what is no number are black, inverted as well', () =>
    expect([present(Number.NaN), inverted(Number.NaN)]).toEqual([0, 0]));

  test('of a table are its entries by its bits', () => {
    const table = { first: 10, values: Uint16Array.of(0, 1023, 512), bits: 10 };
    expect([9, 10, 11, 12, 99].map(presentGray({ kind: 'table', table }, false))).toEqual([0, 0, 255, 128, 128]);
  });
});
