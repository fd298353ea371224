import { describe, expect, test } from 'vitest';
import { progressOf, sliceAt } from './scrub.ts';

describe('the way through the landing page', () => {
  test.each([
    [{ top: 100, height: 3000 }, 0],
    [{ top: 0, height: 3000 }, 0],
    [{ top: -1000, height: 3000 }, 0.5],
    [{ top: -2000, height: 3000 }, 1],
    [{ top: -2500, height: 3000 }, 1],
  ])('of %o in a window of 1000 px is %d', (section, progress) => {
    expect(progressOf(section, 1000)).toBeCloseTo(progress);
  });
  test('of a section that is shorter than the window has no middle', () => {
    expect(progressOf({ top: -50, height: 600 }, 1000)).toBe(0);
  });
  test('leads through each slice once, from the first to the last', () => {
    const seen = Array.from({ length: 101 }, (_, percent) => sliceAt(percent / 100, 24));
    expect([...new Set(seen)]).toEqual(Array.from({ length: 24 }, (_, slice) => slice));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
  });
});
