import { describe, expect, test } from 'vitest';
import { forecastOf, forecastsOf } from './forecast.ts';

const NOW = new Date('2026-11-28T10:00:00Z');
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);
const of = (days: number, bytes: number, first: Date | null = daysAgo(400), freeBytes = 1_000) =>
  forecastOf(days, { freeBytes, first, now: NOW, received: () => bytes });

describe('when a disk is full', () => {
  test('is told by what came in a day on average', () => {
    expect(of(30, 300)).toEqual({
      ...{ days: 30, observedDays: 30, verdict: 'FULL', dailyBytes: 10, daysLeft: 100, fullOn: '2027-03-08' },
    });
    expect(of(30, 300, daysAgo(30), 0)).toMatchObject({ verdict: 'FULL', daysLeft: 0, fullOn: '2026-11-28' });
  });

  test('is not said of an archive that is younger than the pace asks for, nor of an empty one', () => {
    expect(of(90, 300, daysAgo(89))).toMatchObject({
      observedDays: 89,
      verdict: 'TOO_FEW_DAYS',
      dailyBytes: null,
      daysLeft: null,
    });
    expect(of(30, 0, null)).toMatchObject({ observedDays: 0, verdict: 'TOO_FEW_DAYS' });
    expect(of(30, 0, new Date(NOW.getTime() + 5_000))).toMatchObject({ observedDays: 0, verdict: 'TOO_FEW_DAYS' });
    expect(forecastsOf({ freeBytes: 1, first: daysAgo(40), now: NOW, received: () => 30 }).map(({ verdict }) => verdict)).toEqual(
      ['FULL', 'TOO_FEW_DAYS'],
    );
  });

  test('is at no time where nothing comes, and too far to be told behind ten years', () => {
    expect(of(30, 0)).toMatchObject({ verdict: 'NOTHING_COMES', dailyBytes: 0, fullOn: null });
    expect(of(30, 30, daysAgo(400), 3_650)).toMatchObject({ verdict: 'LONG', daysLeft: null });
    expect(of(30, 30, daysAgo(400), 3_649)).toMatchObject({ verdict: 'FULL', daysLeft: 3_649 });
  });
});
