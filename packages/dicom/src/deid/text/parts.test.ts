import { describe, expect, test } from 'vitest';
import type { DecodedFrame } from '../../pixels/frame-format.ts';
import { type Component, componentsOf } from './components.ts';
import { type Levels, levelsOf } from './levels.ts';
import { isLetter, linesOf } from './lines.ts';
import { TILE_BITS, tilesOf } from './tiles.ts';

const [ROWS, COLUMNS] = [64, 96];
const picture = (levelAt: (x: number, y: number) => number): Levels => ({
  rows: ROWS,
  columns: COLUMNS,
  levels: Uint8Array.from({ length: ROWS * COLUMNS }, (_, at) => levelAt(at % COLUMNS, Math.floor(at / COLUMNS))),
});
const isIn = (x: number, y: number, [left, top, right, bottom]: readonly [number, number, number, number]): boolean =>
  x >= left && x < right && y >= top && y < bottom;
/** Bright bars of these boxes on a dark ground. */
const bars = (...boxes: (readonly [number, number, number, number])[]): Levels =>
  picture((x, y) => (boxes.some((box) => isIn(x, y, box)) ? 220 : 20));
const pieces = (levels: Levels, isBright = true): Component[] => componentsOf(levels, tilesOf(levels), isBright);

describe('tiles around writing', () => {
  test('are as many as cover the picture', () => {
    const { across, down } = tilesOf(picture(() => 50));
    expect([across, down]).toEqual([Math.ceil(COLUMNS / (1 << TILE_BITS)), Math.ceil(ROWS / (1 << TILE_BITS))]);
  });
  test('have no contrast where nothing stands out, nor where little does', () => {
    for (const level of [() => 50, (x: number) => 50 + (x % 2) * 20]) {
      const { bright, dark } = tilesOf(picture(level));
      expect(Math.max(...bright.contrast, ...dark.contrast)).toBe(0);
    }
  });
  test('have that of the writing, a threshold between both, and none far away', () => {
    const { bright, dark, across } = tilesOf(bars([4, 4, 6, 14], [10, 4, 12, 14]));
    expect(bright.contrast[0]).toBeGreaterThan(150);
    expect(bright.threshold[0]).toBeGreaterThan(60);
    expect(bright.threshold[0]).toBeLessThan(200);
    expect(bright.contrast[across * 3 + 5]).toBe(0);
    expect(Math.max(...dark.contrast)).toBeLessThan(24);
  });
  test('of dark writing on bright ground have the other polarity', () => {
    const { levels } = bars([4, 4, 6, 14]);
    const { dark } = tilesOf({ rows: ROWS, columns: COLUMNS, levels: levels.map((level) => 255 - level) });
    expect(dark.contrast[0]).toBeGreaterThan(150);
  });
});

describe('connected pieces', () => {
  test('have their box, area and runs', () => {
    const [one, another] = pieces(bars([10, 8, 13, 20])).concat(pieces(bars([40, 30, 42, 40])));
    expect(one).toMatchObject({ left: 10, top: 8, right: 13, bottom: 20, area: 36, runs: 12, mean: 220 });
    expect(another).toMatchObject({ left: 40, top: 30, right: 42, bottom: 40, area: 20, runs: 10 });
  });
  test('are joined where they touch, at corners too, and where an arm comes down beside another', () => {
    const steps = picture((x, y) => (y >= 10 && y < 20 && x === 20 + (y - 10) ? 220 : 20));
    expect(pieces(steps)).toHaveLength(1);
    const cup = bars([10, 10, 12, 20], [18, 10, 20, 20], [10, 18, 20, 20]);
    expect(pieces(cup)).toMatchObject([{ left: 10, top: 10, right: 20, bottom: 20, area: 20 + 20 + 12 }]);
  });
  test('are not joined over a column of ground', () => {
    expect(pieces(bars([10, 10, 12, 20], [13, 10, 15, 20]))).toHaveLength(2);
  });
  test('that are too low or too high to be read are left out', () => {
    expect(pieces(bars([10, 10, 14, 13]))).toEqual([]);
    const tall: Levels = {
      rows: 400,
      columns: 32,
      levels: Uint8Array.from({ length: 400 * 32 }, (_, at) => (at % 32 < 2 ? 220 : 20)),
    };
    expect(pieces(tall)).toEqual([]);
  });
  test('at the edges of the picture are whole', () => {
    expect(pieces(bars([0, 0, 3, 8]))).toMatchObject([{ left: 0, top: 0, right: 3, bottom: 8 }]);
    expect(pieces(bars([COLUMNS - 3, ROWS - 8, COLUMNS, ROWS]))).toMatchObject([{ right: COLUMNS, bottom: ROWS }]);
  });
});

const letter = (left: number, more: Partial<Component> = {}): Component => ({
  ...{ left, top: 20, right: left + 6, bottom: 30, area: 24, runs: 12, mean: 220, contrast: 200, spread: 0.02, edge: 0.95 },
  ...more,
});
const word = (count: number, more: Partial<Component> = {}): Component[] =>
  Array.from({ length: count }, (_, at) => letter(10 + at * 8, more));
const ground = picture(() => 20);

describe('what may be a letter', () => {
  test('has strokes of one level with sharp edges that leave room', () => {
    expect(isLetter(letter(0))).toBe(true);
  });
  test.each<[string, Partial<Component>]>([
    ['too low', { bottom: 24 }],
    ['as wide as a bar', { right: 200, area: 900 }],
    ['a hair', { right: 0.5, area: 5 }],
    ['of many levels', { spread: 0.3 }],
    ['without edges', { edge: 0.3 }],
    ['a few scattered pixels', { area: 6, runs: 6 }],
    ['one thick stroke', { area: 55, runs: 6 }],
  ])('is not %s', (_what, more) => {
    expect(isLetter(letter(0, more))).toBe(false);
  });
});

describe('a line of text', () => {
  test('is letters side by side, with the box around all of them', () => {
    expect(linesOf(ground, word(6))).toMatchObject([{ x: 10, y: 20, width: 46, height: 10 }]);
    expect(linesOf(ground, word(6))[0]?.score).toBeGreaterThan(0.8);
  });
  test('is surer the more letters it has', () => {
    const scores = [3, 5, 9].map((count) => linesOf(ground, word(count))[0]?.score ?? 0);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(scores[0]).toBeGreaterThan(0.4);
  });
  test.each<[string, Component[]]>([
    ['two letters', word(2)],
    ['pieces far from each other', [0, 40, 80].map((left) => letter(left))],
    ['pieces of different heights', [letter(10), letter(18, { top: 0, bottom: 60 }), letter(26)]],
    ['pieces of different levels', [0, 12, 24, 36, 48].map((left, at) => letter(left, { mean: at % 2 === 0 ? 220 : 100 }))],
    ['pieces on a slope', word(8).map((one, at) => ({ ...one, top: 20 + at * 3.5, bottom: 30 + at * 3.5 }))],
    ['bars that fill their boxes', word(6, { right: 0 }).map((one, at) => ({ ...one, right: 12 + at * 8, area: 20, runs: 10 }))],
  ])('is not made of %s', (_what, components) => {
    expect(linesOf(ground, components)).toEqual([]);
  });
  test('is not what was cut out of something larger', () => {
    const larger = picture((_x, y) => (y < 20 ? 220 : 20));
    expect(linesOf(larger, word(6))).toEqual([]);
  });
  test('stands apart from another one below it', () => {
    const below = word(6).map((one) => ({ ...one, top: one.top + 20, bottom: one.bottom + 20 }));
    expect(linesOf(ground, [...word(6), ...below])).toHaveLength(2);
  });
});

describe('brightness of a decoded frame', () => {
  const frame = (more: Partial<DecodedFrame>): DecodedFrame => ({
    ...{ rows: 1, columns: 8, samplesPerPixel: 1, bitsAllocated: 8, bitsStored: 8, highBit: 7, pixelRepresentation: 0 },
    ...{ photometricInterpretation: 'MONOCHROME2', planarConfiguration: 0, isFloat: false, pixels: new Uint8Array(8) },
    ...more,
  });
  test('of one level is one level', () => {
    expect(new Set(levelsOf(frame({ pixels: new Uint8Array(8).fill(9) }))?.levels)).toHaveProperty('size', 1);
  });
  test('of signed words rises with them, from bytes at an odd place too', () => {
    const words = Int16Array.of(-1000, -500, 0, 500, 1000, 1500, 2000, 3000);
    const odd = new Uint8Array(17);
    odd.set(new Uint8Array(words.buffer), 1);
    for (const pixels of [new Uint8Array(words.buffer), odd.subarray(1)]) {
      const levels = [
        ...(levelsOf(frame({ bitsAllocated: 16, bitsStored: 16, highBit: 15, pixelRepresentation: 1, pixels }))?.levels ?? []),
      ];
      expect(levels).toEqual([...levels].sort((a, b) => a - b));
      expect(levels[0]).toBe(0);
    }
  });
  test('of colours is their luminance', () => {
    const pixels = Uint8Array.from({ length: 24 }, (_, at) => (Math.floor(at / 3) % 2 === 0 ? 0 : 240));
    const rgb = levelsOf(frame({ samplesPerPixel: 3, photometricInterpretation: 'RGB', pixels }))?.levels;
    const ybr = levelsOf(frame({ samplesPerPixel: 3, photometricInterpretation: 'YBR_FULL', pixels }))?.levels;
    expect([...(rgb ?? [])]).toEqual([0, 255, 0, 255, 0, 255, 0, 255]);
    expect([...(ybr ?? [])]).toEqual([...(rgb ?? [])]);
  });
});
