import { expect, test } from 'vitest';
import { daysLeft } from './disk.ts';

test('a disk is full in so many days at a pace, or in no time that anybody plans for', () => {
  expect(daysLeft(100, 10)).toBe(10);
  expect(daysLeft(99, 10)).toBe(9);
  expect(daysLeft(0, 10)).toBe(0);
  expect(daysLeft(100, 0)).toBeNull();
  expect(daysLeft(1e12, 1)).toBeNull();
});
