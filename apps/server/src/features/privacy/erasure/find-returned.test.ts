import { expect, test } from 'vitest';
import { nextSince } from './find-returned.ts';

const at = (time: number): Date => new Date(time);
const made = (...times: number[]) => times.map((time) => ({ at: at(time), how: 'new' as const }));
const got = (...times: number[]) => times.map((time) => ({ at: at(time), how: 'studies' as const }));
const changed = (...times: number[]) => times.map((time) => ({ at: at(time), how: 'changed' as const }));

test('what arrived is looked at to its end: many studies of few records hide nobody behind them', () => {
  expect(nextSince([...made(1), ...got(2, 3)], at(0), 3)).toBeUndefined();
  expect(nextSince([...made(1), ...got(2, 2, 5)], at(0), 3)).toEqual(at(5));
  expect(nextSince([...made(1, 2, 9), ...got(3, 3, 7)], at(0), 3)).toEqual(at(7));
  expect(nextSince([...made(1), ...got(2), ...changed(3, 4, 8)], at(0), 3)).toEqual(at(8));
  // All of one moment: the next.
  expect(nextSince(got(5, 5, 5), at(5), 3)).toEqual(at(6));
});
