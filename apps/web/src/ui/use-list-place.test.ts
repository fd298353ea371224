import { expect, test } from 'vitest';
import { shiftOf } from './use-list-place.ts';

test('the first visible row stays where it is when rows come in or go above it', () => {
  expect(shiftOf(['a', 'b', 'c'], ['x', 'y', 'a', 'b', 'c'], 40, 36)).toBe(72);
  expect(shiftOf(['a', 'b', 'c'], ['b', 'c'], 40, 36)).toBe(-36);
  expect(shiftOf(['a', 'b', 'c'], ['x', 'a', 'b', 'c'], 0, 36)).toBe(36);
});

test('rows below it, or the going of that very row, move nothing', () => {
  expect(shiftOf(['a', 'b', 'c'], ['a', 'b', 'x', 'c'], 40, 36)).toBe(0);
  expect(shiftOf(['a', 'b', 'c'], ['a', 'c'], 40, 36)).toBe(0);
  expect(shiftOf([], ['a'], 0, 36)).toBe(0);
});
