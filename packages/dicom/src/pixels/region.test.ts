import { describe, expect, it } from 'vitest';
import type { DecodedFrame } from './frame-format.ts';
import type { ImagePoint, Region } from './region.ts';
import { spansOf } from './spans.ts';
import { regionStatistics } from './statistics.ts';

const EXTENT = { rows: 8, columns: 10 };
const polygon = (...points: ImagePoint[]): Region => ({ kind: 'polygon', points });
const rectangle = (left: number, top: number, right: number, bottom: number): Region =>
  polygon([left, top], [right, top], [right, bottom], [left, bottom]);
const ellipse = (x: number, y: number, rx: number, ry: number): Region => ({
  kind: 'ellipse',
  points: [
    [x - rx, y],
    [x + rx, y],
    [x, y - ry],
    [x, y + ry],
  ],
});
/** Columns of each row, as text. */
const drawn = (region: Region): string[] => {
  const grid = Array.from({ length: EXTENT.rows }, () => new Array(EXTENT.columns).fill('.'));
  for (const { row, from, to } of spansOf(region, EXTENT)) grid[row]?.fill('#', from, to);
  return grid.map((row) => row.join(''));
};
const size = (region: Region): number => spansOf(region, EXTENT).reduce((sum, { from, to }) => sum + to - from, 0);

describe('pixels of a region', () => {
  it('are those whose middle lies inside', () => {
    expect(drawn(rectangle(1.4, 1.4, 4.6, 3.6)).slice(0, 5)).toEqual([
      '..........',
      '.####.....',
      '.####.....',
      '.####.....',
      '..........',
    ]);
    expect(drawn(polygon([0, 0], [8, 0], [0, 8]))).toEqual([
      '#######...',
      '######....',
      '#####.....',
      '####......',
      '###.......',
      '##........',
      '#.........',
      '..........',
    ]);
  });
  it('on the outline belong to one of two regions side by side', () => {
    const [left, right] = [rectangle(0.5, 0.5, 3.5, 3.5), rectangle(3.5, 0.5, 6.5, 3.5)];
    expect([size(left), size(right), size(rectangle(0.5, 0.5, 6.5, 3.5))]).toEqual([9, 9, 18]);
  });
  it('of an ellipse', () => {
    expect(drawn(ellipse(5, 4, 4, 2.2))).toEqual([
      '..........',
      '..........',
      '..######..',
      '.########.',
      '.########.',
      '..######..',
      '..........',
      '..........',
    ]);
  });
  it('of an ellipse that is turned, of which the ends of its axes are given', () => {
    const turned: Region = {
      kind: 'ellipse',
      points: [
        [2, 1],
        [8, 7],
        [5.5, 3.5],
        [4.5, 4.5],
      ],
    };
    const inside = (column: number, row: number): boolean => {
      const [dx, dy] = [column + 0.5 - 5, row + 0.5 - 4];
      return ((dx + dy) / 6) ** 2 + (dx - dy) ** 2 <= 1;
    };
    expect(drawn(turned)).toEqual(
      Array.from({ length: 8 }, (_, row) =>
        Array.from({ length: 10 }, (_, column) => (inside(column, row) ? '#' : '.')).join(''),
      ),
    );
    expect(size(turned)).toBe(8);
  });
  it('beyond the frame do not exist, and of what has no area there are none', () => {
    expect(size(rectangle(-5, -5, 50, 50))).toBe(80);
    expect(size(ellipse(100, 100, 3, 3))).toBe(0);
    expect([size(ellipse(5, 4, 3, 0)), size(polygon([1, 1], [5, 5], [1, 1]))]).toEqual([0, 0]);
  });
  it('that a line encloses twice are outside', () => {
    // A bow tie: both halves, and not what lies between them.
    expect(drawn(polygon([0, 0], [8, 6], [8, 0], [0, 6])).slice(0, 6)).toEqual([
      '#......#..',
      '##....##..',
      '###..###..',
      '###..###..',
      '##....##..',
      '#......#..',
    ]);
  });
});

const frame = (cells: Int16Array, columns: number): DecodedFrame => ({
  rows: cells.length / columns,
  columns,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  pixels: new Uint8Array(cells.buffer),
});
const HU = { modality: { kind: 'rescale', slope: 1, intercept: -1024 }, padding: undefined } as const;

describe('statistics of a region', () => {
  it('are those of the stored values, worked out by hand', () => {
    // 2 × 2 of 1, 2, 3, 6 in a frame of other values.
    const cells = Int16Array.of(9, 9, 9, 9, 9, 1, 2, 9, 9, 3, 6, 9);
    const spans = spansOf(rectangle(1, 1, 3, 3), { rows: 3, columns: 4 });
    expect(regionStatistics(frame(cells, 4), HU, spans)).toEqual({
      count: 4,
      mean: 3 - 1024,
      // (4 + 1 + 0 + 9) / 3
      deviation: Math.sqrt(14 / 3),
      min: -1023,
      max: -1018,
    });
  });
  it('leave padding out, and are none where nothing is left', () => {
    const cells = Int16Array.of(-2000, 10, 20, -2000);
    const plan = { ...HU, padding: [-2000, -2000] } as const;
    const all = [{ row: 0, from: 0, to: 4 }];
    expect(regionStatistics(frame(cells, 4), plan, all)).toMatchObject({ count: 2, mean: 15 - 1024, min: -1014 });
    expect(regionStatistics(frame(cells, 4), plan, [{ row: 0, from: 0, to: 1 }])).toBeUndefined();
    expect(regionStatistics(frame(cells, 4), plan, [{ row: 0, from: 1, to: 2 }])).toMatchObject({ count: 1, deviation: 0 });
  });
  it('are exact over four million pixels', () => {
    const side = 2048;
    const cells = Int16Array.from({ length: side * side }, (_, at) => (at % 2 === 0 ? 32_767 : -32_768));
    const spans = spansOf(rectangle(0, 0, side, side), { rows: side, columns: side });
    const { mean, deviation, count } =
      regionStatistics(frame(cells, side), { ...HU, modality: { kind: 'rescale', slope: 1, intercept: 0 } }, spans) ?? {};
    expect([count, mean, deviation]).toEqual([side * side, -0.5, Math.sqrt((32_767.5 ** 2 * side * side) / (side * side - 1))]);
  });
});
