import { describe, expect, test } from 'vitest';
import type { DecodedFrame } from './frame-format.ts';
import { IDENTITY } from './modality.ts';
import { type Span, spansOf } from './spans.ts';
import { regionStatistics } from './statistics.ts';
import type { ValuePlan } from './values.ts';

const COLUMNS = 6;
const frameOf = (cells: readonly number[], changes: Partial<DecodedFrame> = {}): DecodedFrame => ({
  rows: Math.ceil(cells.length / COLUMNS),
  columns: COLUMNS,
  samplesPerPixel: 1,
  bitsAllocated: 16,
  bitsStored: 16,
  highBit: 15,
  pixelRepresentation: 1,
  photometricInterpretation: 'MONOCHROME2',
  planarConfiguration: 0,
  isFloat: false,
  pixels: new Uint8Array(Int16Array.from(cells).buffer),
  ...changes,
});
const doubles = (...cells: number[]): DecodedFrame =>
  frameOf([], {
    rows: 1,
    columns: cells.length,
    bitsAllocated: 64,
    isFloat: true,
    pixels: new Uint8Array(Float64Array.from(cells).buffer),
  });
const plan = (changes: Partial<ValuePlan> = {}): ValuePlan => ({ modality: IDENTITY, padding: undefined, ...changes });
const row = (count: number): Span[] => [{ row: 0, from: 0, to: count }];

describe('statistics of a part of a frame', () => {
  test('are those of a sample: the deviation is by one less than there are', () => {
    expect(
      regionStatistics(frameOf([2, 4, 4, 4, 5, 5, 7, 9]), plan(), [
        { row: 0, from: 0, to: 6 },
        { row: 1, from: 0, to: 2 },
      ]),
    ).toEqual({
      count: 8,
      mean: 5,
      deviation: Math.sqrt(32 / 7),
      min: 2,
      max: 9,
    });
  });

  test('are of modality values, below zero too (PS3.3 C.11.1)', () => {
    const modality = { kind: 'rescale', slope: -2, intercept: -1000 } as const;
    expect(regionStatistics(frameOf([-10, 0, 20]), plan({ modality }), row(3))).toMatchObject({
      min: -1040,
      max: -980,
      mean: (-980 - 1000 - 1040) / 3,
    });
  });

  test('leave padding out, whatever it would come to (C.7.5.1.1.2)', () => {
    const found = regionStatistics(frameOf([-2000, -1999, 10, 20]), plan({ padding: [-2000, -1999] }), row(4));
    expect(found).toMatchObject({ count: 2, mean: 15, min: 10, max: 20 });
  });

  test('leave out what is no number', () => {
    const found = regionStatistics(doubles(Number.NaN, 3, Number.POSITIVE_INFINITY, 5, Number.NEGATIVE_INFINITY), plan(), row(5));
    expect(found).toMatchObject({ count: 2, mean: 4, min: 3, max: 5 });
  });

  test('of nothing are none', () => {
    expect(regionStatistics(frameOf([1, 2]), plan(), [])).toBeUndefined();
    expect(regionStatistics(frameOf([1, 2]), plan({ padding: [1, 2] }), row(2))).toBeUndefined();
    expect(regionStatistics(doubles(Number.NaN), plan(), row(1))).toBeUndefined();
  });

  test('of one pixel have no deviation', () =>
    expect(regionStatistics(frameOf([7]), plan(), row(1))).toEqual({ count: 1, mean: 7, deviation: 0, min: 7, max: 7 }));

  test('of equal pixels have none either, however large they are', () => {
    const same = doubles(...new Array<number>(1000).fill(1e15 + 1));
    expect(regionStatistics(same, plan(), row(1000))).toMatchObject({ mean: 1e15 + 1, deviation: 0 });
  });

  test('lose nothing of the small beside the large', () => {
    expect(regionStatistics(doubles(1e16, 1, -1e16, 1), plan(), row(4))?.mean).toBe(0.5);
    const many = doubles(...Array.from({ length: 100_000 }, () => 0.1));
    expect(regionStatistics(many, plan(), row(100_000))?.mean).toBeCloseTo(0.1, 16);
  });

  test('are of the pixels of the region and of no other', () => {
    const cells = Array.from({ length: 36 }, (_, at) => at);
    const corners = [
      [1, 1],
      [4, 1],
      [4, 3],
      [1, 3],
    ] as const;
    const spans = spansOf({ kind: 'polygon', points: corners }, { rows: 6, columns: COLUMNS });
    const wanted = cells.filter((at) => at % COLUMNS >= 1 && at % COLUMNS < 4 && at >= COLUMNS && at < 3 * COLUMNS);
    expect(regionStatistics(frameOf(cells), plan(), spans)).toMatchObject({
      count: wanted.length,
      mean: wanted.reduce((sum, value) => sum + value, 0) / wanted.length,
      min: Math.min(...wanted),
      max: Math.max(...wanted),
    });
  });
});
