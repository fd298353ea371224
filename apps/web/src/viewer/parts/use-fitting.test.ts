import { expect, test } from 'vitest';
import { fittingOf } from './use-fitting.ts';

test('every button is shown where all fit, without one for the rest', () => {
  expect(fittingOf(22, { width: 22 * 38 + 90, button: 38, fixed: 90 })).toBe(22);
});

test('where they don’t, one place is left for the button that holds the rest', () => {
  expect(fittingOf(22, { width: 22 * 38 + 89, button: 38, fixed: 90 })).toBe(20);
  expect(fittingOf(22, { width: 596, button: 46, fixed: 90 })).toBe(10);
  expect(fittingOf(22, { width: 60, button: 46, fixed: 90 })).toBe(0);
});
