import { describe, expect, it } from 'vitest';
import { heldAt, pulled } from './bending.ts';
import type { PixelPoint } from './calibration.ts';

/** A circle of radius 10 about (50, 50), of so many corners. */
const circle = (count: number): PixelPoint[] =>
  Array.from({ length: count }, (_, at) => {
    const turn = (2 * Math.PI * at) / count;
    return [50 + 10 * Math.cos(turn), 50 + 10 * Math.sin(turn)];
  });
const areaOf = (points: readonly PixelPoint[]): number =>
  Math.abs(
    points.reduce((sum, [x, y], at) => {
      const [u, v] = points[(at + 1) % points.length] ?? [x, y];
      return sum + (x * v - u * y) / 2;
    }, 0),
  );

describe('a closed line that is pulled', () => {
  it.each([3, 8, 60, 9_990])('of %d corners comes along where it is held, less beside it, and not at all far away', (count) => {
    const line = circle(count);
    const held = heldAt(line, [61, 50], 1);
    const after = pulled(held, [6, 0]);
    const moved = after.map(([x], at) => x - (held.points[at]?.[0] ?? 0));
    expect(Math.max(...moved)).toBeCloseTo(6, 9);
    expect(moved.indexOf(Math.max(...moved))).toBe(0);
    // Along the line from the place that is held it falls, and on the other side it rises again.
    const half = moved.slice(0, Math.floor(moved.length / 2));
    expect(half.every((one, at) => one <= (half[at - 1] ?? 6) + 1e-9)).toBe(true);
    expect(moved.filter((one) => one === 0).length).toBeGreaterThan(moved.length / 5);
    expect(after.length).toBeLessThanOrEqual(10_000);
    expect(areaOf(after)).toBeGreaterThan(areaOf(line));
  });

  it('that is held and not pulled encloses what it did, however few corners it had', () => {
    for (const count of [3, 5, 200])
      expect(areaOf(heldAt(circle(count), [50, 61], 1).points)).toBeCloseTo(areaOf(circle(count)), 9);
  });

  it('of few corners gets some, so that it bends', () => {
    const { weights } = heldAt(circle(3), [60, 50], 1);
    expect(weights.filter((weight) => weight > 0).length).toBeGreaterThan(10);
    // It is felt as far in both directions.
    expect(weights[1]).toBeCloseTo(weights.at(-1) ?? 0, 1);
  });

  it('feels a pull over lengths in the patient, not in pixels', () => {
    // Twice as long as it looks: rows are four columns apart.
    const line: PixelPoint[] = [
      [0, 0],
      [40, 0],
      [40, 10],
      [0, 10],
    ];
    const { points, weights } = heldAt(line, [40, 5], 4);
    const felt = points.filter((_, at) => (weights[at] ?? 0) > 0);
    // A sixth of 160: the side of 40 is felt over 20 each way, and 6.7 of each side beside it.
    expect(Math.min(...felt.map(([x]) => x))).toBeGreaterThan(33);
    expect(new Set(felt.map(([, y]) => y)).has(0)).toBe(true);
  });

  it('of no length is left alone', () => {
    const { points, weights } = heldAt(
      [
        [1, 1],
        [1, 1],
        [1, 1],
      ],
      [1, 1],
      1,
    );
    expect(points.length).toBe(3);
    expect(weights.every(Number.isFinite)).toBe(true);
  });
});
