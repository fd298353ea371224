import { describe, expect, test } from 'vitest';
import { keptDates, movedDates } from './dates.ts';

const moved = (vr: string, value: string, days: number): unknown => movedDates({ vr, Value: [value] }, days)?.Value?.[0];

describe('a date moved by whole days (PS3.15 E.3.6)', () => {
  test.each([
    ['DA', '20240301', -1, '20240229'],
    ['DA', '20230301', -1, '20230228'],
    ['DA', '20000229', 366, '20010301'],
    ['DA', '20240101', -1, '20231231'],
    ['DA', '19000301', -1, '19000228'],
    ['DA', '99991231', 1, undefined],
    ['DA', '99991231', 0, '99991231'],
    ['DA', '00010102', -1, '00010101'],
    ['DA', '00010101', -1, undefined],
    ['DA', '20230229', 0, undefined],
    ['DA', '20241301', 0, undefined],
    ['DA', ' 20240301 ', 0, '20240301'],
    ['DA', '20240301-', -1, '20240229-'],
    ['DA', '-20240301', -1, '-20240229'],
    ['DA', '20240301-20240401', -1, '20240229-20240331'],
    ['DA', '20240301-20241301', 0, undefined],
    ['DA', '-', 0, undefined],
    ['DA', '', 0, undefined],
    ['DT', '20240301', -1, '20240229'],
    ['DT', '20240301101112', -1, '20240229101112'],
    ['DT', '20240301101112.5+0100', -1, '20240229101112.5+0100'],
    ['DT', '202403', 0, undefined],
    ['DT', '2024', 0, undefined],
    ['DT', 'Dupont 20240301', 0, undefined],
    ['TM', '101112.123', -400, '101112.123'],
    ['TM', '10', 3, '10'],
    ['TM', '2560', 0, undefined],
    ['TM', 'Dupont', 0, undefined],
    ['LO', '20240301', 0, undefined],
  ])('%s %s by %i days is %s', (vr, value, days, expected) => {
    expect(moved(vr, value, days)).toBe(expected);
  });

  test('keeps how far two of one patient lie apart', () => {
    const days = (text: unknown): number => Date.parse(String(text).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3')) / 86_400_000;
    for (const by of [-1, -59, -366, -3650]) {
      const [first, second] = ['20231231', '20240301'].map((day) => days(moved('DA', day, by)));
      expect((second ?? 0) - (first ?? 0)).toBe(61);
    }
  });

  test('of several of which one is none nothing is left, since the others would change their place', () => {
    expect(movedDates({ vr: 'DA', Value: ['20240301', 'Dupont'] }, -1)).toBeUndefined();
    expect(movedDates({ vr: 'DA', Value: ['20240301', 5] }, -1)).toBeUndefined();
    expect(movedDates({ vr: 'DA', Value: ['20240301', '20240302'] }, -1)).toEqual({ vr: 'DA', Value: ['20240229', '20240301'] });
  });

  test('of none is none', () => {
    expect(movedDates({ vr: 'DA' }, -1)).toEqual({ vr: 'DA' });
    expect(keptDates({ vr: 'TM' })).toEqual({ vr: 'TM' });
  });
});
