import { it } from 'vitest';

/** What takes minutes is whole in `npm run test:long`. */
export const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/**
 * Whether one of all combinations of three lists is tried, told by its places in them: a third in `npm test`, so that each two of them still meet (a Latin
 * square), all in `npm run test:long`.
 */
export const isTried = (...places: readonly number[]): boolean =>
  isLong || places.reduce((sum, place) => sum + place, 0) % 3 === 0;

/** A test of `npm run test:long` alone: what it proves, a quicker one proves in part, or at a lower layer. In `npm test` it is not there at all, rather than left out. */
export const itInLongRun = (isLong ? it : () => undefined) as (typeof it)['only'];
