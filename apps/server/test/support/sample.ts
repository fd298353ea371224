/** What takes minutes is whole in `npm run test:long`. */
export const isLong = process.env.NEGATOSCOPE_LONG_TESTS === '1';

/**
 * Whether one of all combinations of three lists is tried, told by its places in them: a third in `npm test`, so that each two of them still meet (a Latin
 * square), all in `npm run test:long`.
 */
export const isTried = (...places: readonly number[]): boolean =>
  isLong || places.reduce((sum, place) => sum + place, 0) % 3 === 0;
