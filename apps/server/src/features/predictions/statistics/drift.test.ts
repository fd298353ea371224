import { describe, expect, it, test } from 'vitest';
import { addDays, dayAt, midnight, nextMonth, periodOf } from '../../../kernel/periods.ts';
import {
  chanceOfDistance,
  driftOf,
  histogram,
  indexByChance,
  kolmogorov,
  largestDistance,
  stabilityIndex,
  verdictOf,
} from './drift.ts';

/** Numbers between 0 and 1 that are the same each time (mulberry32). */
function numbers(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  });
}
const sample = (scores: readonly number[], films = scores.length) => ({ films, scores });

describe('how much scores have changed', () => {
  // Smirnov's table (Ann. Math. Stat. 1948, 19:279).
  it.each([
    [0.83, 0.5],
    [1.36, 0.0494],
    [1.63, 0.0098],
    [1.95, 0.001],
  ])('Kolmogorov’s distribution beyond %d is %d', (lambda, p) => {
    expect(kolmogorov(lambda)).toBeCloseTo(p, 2);
  });

  it('the distance of two samples is the largest between their distributions', () => {
    expect(largestDistance([0.1, 0.2, 0.3], [0.1, 0.2, 0.3])).toBe(0);
    expect(largestDistance([0.1, 0.2], [0.8, 0.9])).toBe(1);
    expect(largestDistance([0.1, 0.2, 0.3, 0.4], [0.3, 0.4, 0.5, 0.6])).toBe(0.5);
    expect(chanceOfDistance(1, 200, 40)).toBeLessThan(1e-9);
    expect(chanceOfDistance(0, 200, 40)).toBe(1);
  });

  it('the index is 0 of the same, and what chance gives is told beside it', () => {
    const scores = numbers(1, 200);
    expect(stabilityIndex(scores, scores)).toBeCloseTo(0, 12);
    expect(indexByChance(200, 50)).toBeCloseTo(0.423, 3);
    // One tenth that is empty now and another that is double: (0 − 0.1) ln(0 / 0.1) + (0.2 − 0.1) ln 2 without the half case; finite with it.
    const shifted = [...scores].sort((a, b) => a - b).map((score, at, all) => (at < 20 ? (all[199] ?? score) : score));
    expect(stabilityIndex(scores, shifted)).toBeGreaterThan(0.3);
    expect(Number.isFinite(stabilityIndex([0.5, 0.5, 0.5], [0.1, 0.1]))).toBe(true);
  });

  it('by chance alone about one month in twenty is to be watched, and hardly one has changed', () => {
    const baseline = numbers(7, 200);
    const verdicts = Array.from(
      { length: 400 },
      (_, at) => driftOf('2026-03', sample(baseline), sample(numbers(100 + at, 60))).verdict,
    );
    const share = (verdict: string): number => verdicts.filter((one) => one === verdict).length / verdicts.length;
    expect(share('WATCH')).toBeLessThan(0.15);
    expect(share('CHANGED')).toBeLessThan(0.02);
    expect(share('STABLE')).toBeGreaterThan(0.8);
  });

  it('scores that have moved up are told as changed', () => {
    const found = driftOf('2026-03', sample(numbers(7, 200)), sample(numbers(8, 60).map((score) => score ** 0.3)));
    expect(found).toMatchObject({ verdict: 'CHANGED', baseline: 200, current: 60, hidden: 0 });
    expect(found.measured?.p).toBeLessThan(0.001);
    expect(verdictOf({ psi: 0.1, psiByChance: 0.05, p: 0.001 })).toBe('WATCH');
  });

  it.each([
    ['fewer than 200 first films', sample(numbers(1, 199)), sample(numbers(2, 60))],
    ['fewer than 100 first scores that may be seen', sample(numbers(1, 99), 200), sample(numbers(2, 60))],
    ['fewer than 30 scores of the month', sample(numbers(1, 200)), sample(numbers(2, 29), 60)],
  ])('nothing is measured with %s', (_, baseline, current) => {
    expect(driftOf('2026-03', baseline, current)).toMatchObject({ verdict: 'TOO_FEW', measured: null });
  });

  it('a histogram has a score of 1 in its last part', () => {
    expect(histogram([0, 0.05, 0.1, 1])).toEqual([0.5, 0.25, 0, 0, 0, 0, 0, 0, 0, 0.25]);
  });
});

describe('days of a time zone', () => {
  it.each([
    ['2026-03-01', 'UTC', '2026-03-01T00:00:00.000Z'],
    ['2026-03-01', 'Africa/Kinshasa', '2026-02-28T23:00:00.000Z'],
    ['2026-03-29', 'Europe/Paris', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', 'Europe/Paris', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', 'Europe/Paris', '2026-10-24T22:00:00.000Z'],
    ['2026-07-01', 'Asia/Kathmandu', '2026-06-30T18:15:00.000Z'],
    ['2026-07-01', 'Pacific/Kiritimati', '2026-06-30T10:00:00.000Z'],
    // Clocks went from 24:00 to 01:00: the day has no midnight.
    ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('%s begins in %s at %s', (day, timeZone, at) => {
    expect(midnight(day, timeZone).toISOString()).toBe(at);
    expect(dayAt(midnight(day, timeZone), timeZone)).toBe(day);
  });

  test('a period is told by day, a long one by month, its last step as long as it is asked for', () => {
    const now = new Date('2026-03-31T23:30:00Z');
    expect(periodOf({ timeZone: 'Europe/Paris' }, now)).toMatchObject({ from: '2026-03-03', to: '2026-04-01', step: 'DAY' });
    const long = periodOf({ from: '2025-12-15', to: '2026-03-10', timeZone: 'UTC' }, now);
    expect(long).toMatchObject({ step: 'MONTH', starts: ['2025-12-15', '2026-01-01', '2026-02-01', '2026-03-01'] });
    expect(long.bounds.at(-1)?.toISOString()).toBe('2026-03-11T00:00:00.000Z');
    expect(() => periodOf({ from: '2026-03-02', to: '2026-03-01', timeZone: 'UTC' }, now)).toThrow();
    expect(() => periodOf({ from: '1990-01-01', to: '2026-03-01', timeZone: 'UTC' }, now)).toThrow();
    expect([addDays('2024-02-28', 1), nextMonth('2026-12-31')]).toEqual(['2024-02-29', '2027-01-01']);
  });
});
