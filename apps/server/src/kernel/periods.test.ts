import { describe, expect, test } from 'vitest';
import { nextWeek, steppedPeriod } from './periods.ts';

const NOW = new Date('2026-11-28T10:00:00Z');

describe('steps of a period', () => {
  test('weeks begin on Monday, the first and the last may be shorter', () => {
    expect(nextWeek('2026-11-28')).toBe('2026-11-30');
    expect(nextWeek('2026-11-30')).toBe('2026-12-07');
    const { starts, bounds } = steppedPeriod({ from: '2026-11-28', to: '2026-12-08', timeZone: 'UTC' }, NOW, () => 'WEEK');
    expect(starts).toEqual(['2026-11-28', '2026-11-30', '2026-12-07']);
    expect(bounds.at(-1)?.toISOString()).toBe('2026-12-09T00:00:00.000Z');
  });

  test('days of years are refused, their months are not', () => {
    const years = { from: '2020-01-01', to: '2026-01-01', timeZone: 'UTC' };
    expect(() => steppedPeriod(years, NOW, () => 'DAY')).toThrow('At most 400');
    expect(steppedPeriod(years, NOW, () => 'MONTH').starts).toHaveLength(73);
  });
});
