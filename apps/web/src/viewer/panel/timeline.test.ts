import type { Prior } from '@negatoscope/contract';
import { describe, expect, test } from 'vitest';
import { distanceOf, timelineOf } from './timeline.ts';

const prior = (rank: number, studyDate: string | null, studyTime: string | null = null): Prior => ({
  ...{ id: `${rank}`, studyInstanceUid: `1.${rank}`, groupId: null, description: null, modalities: [], bodyParts: [] },
  ...{ seriesCount: 1, status: 'TO_READ', reasons: [], isComparable: false, rank, studyDate, studyTime },
});

describe('the timeline of priors', () => {
  test('goes from the newest to the oldest, whatever the rank; undated ones come last', () => {
    const shown = timelineOf([
      prior(1, '2020-01-01'),
      prior(2, null),
      prior(3, '2026-01-01'),
      prior(4, '2026-01-01', '08:00:00'),
    ]);
    expect(shown.map(({ rank }) => rank)).toEqual([4, 3, 1, 2]);
  });

  test.each([
    ['2026-03-01', '2026-03-01', { way: 'before', unit: 'same', count: 0 }],
    ['2026-03-01', '2026-02-28', { way: 'before', unit: 'days', count: 1 }],
    ['2026-03-01', '2026-03-04', { way: 'after', unit: 'days', count: 3 }],
    ['2026-03-01', '2025-12-01', { way: 'before', unit: 'months', count: 3 }],
    ['2026-03-01', '2025-03-01', { way: 'before', unit: 'months', count: 12 }],
    ['2026-03-01', '2024-03-02', { way: 'before', unit: 'months', count: 23 }],
    ['2026-03-01', '2024-03-01', { way: 'before', unit: 'years', count: 2 }],
    ['2026-03-01', '2028-03-01', { way: 'after', unit: 'years', count: 2 }],
    ['2026-03-01', '2019-03-01', { way: 'before', unit: 'years', count: 7 }],
  ])('from %s to %s is %j', (from, to, distance) => {
    expect(distanceOf(from, to)).toEqual(distance);
  });

  test('has no distance where a date is missing or is none', () => {
    expect([distanceOf(undefined, '2026-03-01'), distanceOf('2026-03-01', undefined), distanceOf('x', '2026-03-01')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
