import { createPrng } from '@negatoscope/testkit';
import { describe, expect, test } from 'vitest';
import { el } from '../elements-fixture.ts';
import type { DicomJsonObject } from '../types.ts';
import { coverByShutters, shuttersOf } from './shutters.ts';
import type { StateNote, StateShutter } from './types.ts';

const [ROWS, COLUMNS] = [17, 23] as const;
const prng = createPrng('shutters');

/** Whether a pixel, row and column from 1, is seen: PS3.3 C.7.6.11 pixel by pixel, without the source's rows of runs. */
function isOpen(shape: StateShutter, row: number, column: number, aspect: number): boolean {
  if (shape.kind === 'rectangle')
    return column >= shape.left && column <= shape.right && row >= shape.upper && row <= shape.lower;
  if (shape.kind === 'circle') return Math.hypot((row - shape.row) * aspect, column - shape.column) <= shape.radius + 1e-9;
  let isInside = false;
  const { points } = shape;
  points.forEach(([x, y], at) => {
    const [x2, y2] = points[(at + 1) % points.length] ?? [0, 0];
    if (y > row !== y2 > row && column < x + ((row - y) / (y2 - y)) * (x2 - x)) isInside = !isInside;
  });
  return isInside;
}

function expectCovered(shapes: readonly StateShutter[], channels: 1 | 3, aspect = 1): void {
  const pixels = new Uint8Array(ROWS * COLUMNS * channels).fill(200);
  coverByShutters({ pixels, rows: ROWS, columns: COLUMNS, channels }, { shapes, gray: 7, aspect });
  const expected = new Uint8Array(pixels.length);
  for (let at = 0; at < expected.length; at += 1) {
    const pixel = Math.floor(at / channels);
    const [row, column] = [Math.floor(pixel / COLUMNS) + 1, (pixel % COLUMNS) + 1];
    expected[at] = shapes.every((shape) => isOpen(shape, row, column, aspect)) ? 200 : 7;
  }
  expect(drawn(pixels)).toBe(drawn(expected));
}
/** A line of text for all pixels: what is seen and what is covered. */
const drawn = (pixels: Uint8Array): string =>
  String.fromCharCode(...pixels.map((gray) => (gray === 200 ? 35 : gray === 7 ? 46 : 63)));

const whole = (most: number): number => prng.integer(-3, most + 3);
const rectangle = (): StateShutter => ({
  kind: 'rectangle',
  left: whole(COLUMNS),
  right: whole(COLUMNS),
  upper: whole(ROWS),
  lower: whole(ROWS),
});
const circle = (): StateShutter => ({ kind: 'circle', row: whole(ROWS), column: whole(COLUMNS), radius: prng.integer(1, 14) });
const polygon = (): StateShutter => ({
  kind: 'polygon',
  // Beside the middles of pixels: what a corner in the middle of one does the standard leaves open.
  points: Array.from({ length: prng.integer(3, 9) }, () => [whole(COLUMNS) + 0.37, whole(ROWS) + 0.41] as const),
});

describe('what a shutter covers, pixel by pixel (PS3.3 C.7.6.11)', () => {
  test.each([
    ['rectangle', rectangle],
    ['circle', circle],
    ['polygon', polygon],
  ] as const)('fifty shutters of a %s, of gray and of colour', (_kind, make) => {
    for (let at = 0; at < 50; at += 1) expectCovered([make()], at % 2 === 0 ? 1 : 3);
  });

  test('a circle is round on what the image shows, whatever the shape of its pixels: its radius is a number of columns', () => {
    for (let at = 0; at < 40; at += 1) expectCovered([circle()], 1, [0.5, 0.8, 1.25, 2][at % 4]);
    const pixels = new Uint8Array(ROWS * COLUMNS).fill(200);
    const shape: StateShutter = { kind: 'circle', row: 9, column: 12, radius: 8 };
    coverByShutters({ pixels, rows: ROWS, columns: COLUMNS, channels: 1 }, { shapes: [shape], gray: 7, aspect: 2 });
    const seen = (at: (index: number) => number, count: number): number =>
      Array.from({ length: count }, (_, index) => pixels[at(index)]).filter((gray) => gray === 200).length;
    // Pixels twice as high as wide.
    expect([seen((column) => 8 * COLUMNS + column, COLUMNS), seen((row) => row * COLUMNS + 11, ROWS)]).toEqual([17, 9]);
  });

  test('of several only what all of them leave open is seen (C.7.6.11.1)', () => {
    for (let at = 0; at < 40; at += 1) expectCovered([circle(), polygon(), rectangle()].slice(at % 2), 1);
  });

  test('one that lies outside of the image, or is turned over, covers all of it', () => {
    expectCovered([{ kind: 'rectangle', left: 9, right: 3, upper: 1, lower: ROWS }], 1);
    expectCovered([{ kind: 'circle', row: -50, column: -50, radius: 3 }], 3);
    expectCovered([{ kind: 'rectangle', left: COLUMNS + 1, right: 999, upper: 1, lower: ROWS }], 1);
  });
});

describe('shutters as a state has them (C.7.6.11, C.11.12)', () => {
  const read = (dataset: DicomJsonObject) => {
    const notes: StateNote[] = [];
    return { shutters: shuttersOf(dataset, (one) => notes.push(one)), notes };
  };
  const EDGES: DicomJsonObject = {
    '00181602': el('IS', 2),
    '00181604': el('IS', 9),
    '00181606': el('IS', '3'),
    '00181608': el('IS', 8),
  };
  const CIRCLE: DicomJsonObject = { '00181610': el('IS', 4, 5), '00181612': el('IS', 6) };
  const shape = (...names: string[]): DicomJsonObject => ({ '00181600': el('CS', ...names) });

  test('are the left, right, upper and lower edge, row before column of a middle, row before column of each corner', () => {
    const polygonal = { '00181620': el('IS', 1, 2, 3, 4, 5, 6) };
    expect(
      read({ ...shape('RECTANGULAR', 'CIRCULAR', 'POLYGONAL'), ...EDGES, ...CIRCLE, ...polygonal }).shutters?.shapes,
    ).toEqual([
      { kind: 'rectangle', left: 2, right: 9, upper: 3, lower: 8 },
      { kind: 'circle', row: 4, column: 5, radius: 6 },
      {
        kind: 'polygon',
        points: [
          [2, 1],
          [4, 3],
          [6, 5],
        ],
      },
    ]);
  });

  test.each<[string, DicomJsonObject]>([
    ['a rectangle without an edge', { ...shape('RECTANGULAR'), ...EDGES, '00181606': el('IS') }],
    ['a circle without a column', { ...shape('CIRCULAR'), ...CIRCLE, '00181610': el('IS', 4) }],
    ['a circle of no radius', { ...shape('CIRCULAR'), ...CIRCLE, '00181612': el('IS', 0) }],
    ['a circle of a radius below zero', { ...shape('CIRCULAR'), ...CIRCLE, '00181612': el('IS', -6) }],
    ['a polygon of two corners', { ...shape('POLYGONAL'), '00181620': el('IS', 1, 2, 3, 4) }],
    ['a polygon of half a corner', { ...shape('POLYGONAL'), '00181620': el('IS', 1, 2, 3, 4, 5, 6, 7) }],
    ['a shape that nobody knows', shape('HEXAGONAL')],
  ])('%s covers nothing, and is told', (_what, dataset) => {
    expect(read(dataset)).toEqual({ shutters: undefined, notes: ['damaged'] });
  });

  test('a polygon has no more than two thousand corners', () => {
    const corners = (count: number) => ({ ...shape('POLYGONAL'), '00181620': el('IS', ...new Array<number>(2 * count).fill(3)) });
    expect(read(corners(2000)).shutters?.shapes).toHaveLength(1);
    expect(read(corners(2001))).toEqual({ shutters: undefined, notes: ['damaged'] });
  });

  test('one that makes no sense costs no other, and what is named beyond four is not looked at', () => {
    const names = ['BITMAP', 'CIRCULAR', 'RECTANGULAR', 'RECTANGULAR', 'HEXAGONAL'];
    expect(read({ ...shape(...names), ...CIRCLE, ...EDGES })).toMatchObject({
      shutters: { shapes: [{ kind: 'circle' }, { kind: 'rectangle' }, { kind: 'rectangle' }] },
      notes: ['bitmapShutter'],
    });
  });

  test('cover in Shutter Presentation Value, else in how light their colour is, else in black', () => {
    const value = { '00181622': el('US', 32_768) };
    const lab = { '00181624': el('US', 65_535, 0x8080, 0x8080) };
    const grayOf = (more: DicomJsonObject) => read({ ...shape('CIRCULAR'), ...CIRCLE, ...more }).shutters?.gray;
    expect([grayOf({}), grayOf(value), grayOf(lab), grayOf({ ...value, ...lab })]).toEqual([0, 128, 255, 128]);
  });
});
