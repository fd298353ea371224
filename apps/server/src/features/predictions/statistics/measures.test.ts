import { describe, expect, it, test } from 'vitest';
import { agreementOf, cohensKappa, percentile, rateOf, wilson } from './measures.ts';

describe('Wilson’s interval', () => {
  // Newcombe, Statist. Med. 1998, 17:857, table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i of %i is as published', (count, of, low, high) => {
    const found = wilson(count, of);
    expect(found.low).toBeCloseTo(low, 4);
    expect(found.high).toBeCloseTo(high, 4);
  });

  // The model card gives 38/58 and 59/80 with bootstraps: other limits, the same shares.
  it('is around the share, ends where all or none are, and nothing of nothing', () => {
    expect(rateOf(38, 58)).toMatchObject({ count: 38, of: 58, rate: { share: 38 / 58 } });
    expect(rateOf(5, 5).rate).toMatchObject({ share: 1, high: 1 });
    expect(rateOf(5, 5).rate?.low).toBeCloseTo(0.5655, 4);
    expect(rateOf(0, 0)).toEqual({ count: 0, of: 0, rate: null });
  });
});

describe('Cohen’s kappa', () => {
  // Fleiss, Cohen and Everitt, Psychol. Bull. 1969, 72:323: 200 cases, kappa 0.429, variance 0.002885.
  it('and its large-sample variance are as published by Fleiss, Cohen and Everitt', () => {
    const found = cohensKappa([
      [106, 10, 4],
      [22, 28, 10],
      [2, 12, 6],
    ]);
    expect(found?.value).toBeCloseTo(0.429, 3);
    expect((((found?.high ?? 0) - (found?.low ?? 0)) / 2 / 1.96) ** 2).toBeCloseTo(0.002885, 5);
  });

  // SAS/STAT User's Guide, FREQ procedure, agreement of two dermatologists on 88 patients: 0.3449 (0.2030 to 0.4868).
  it('and its interval are as the manual of SAS has them', () => {
    const found = cohensKappa([
      [10, 4, 1, 0],
      [5, 10, 12, 2],
      [2, 4, 12, 5],
      [0, 2, 6, 13],
    ]);
    expect(found?.value).toBeCloseTo(0.3449, 4);
    expect(found?.low).toBeCloseTo(0.203, 3);
    expect(found?.high).toBeCloseTo(0.4868, 4);
  });

  it('of two who agree everywhere is 1 with an interval that is as wide as the cases are few', () => {
    const three = agreementOf({ both: 1, onlyFirst: 0, onlySecond: 0, neither: 2 }).kappa;
    const many = agreementOf({ both: 100, onlyFirst: 0, onlySecond: 0, neither: 200 }).kappa;
    expect([three?.value, three?.high]).toEqual([1, 1]);
    expect(three?.low).toBeLessThan(0.1);
    expect(many?.low).toBeGreaterThan(0.9);
  });

  it('is none of nothing, nor where both always say the same one thing: never NaN', () => {
    for (const table of [
      { both: 0, onlyFirst: 0, onlySecond: 0, neither: 0 },
      { both: 7, onlyFirst: 0, onlySecond: 0, neither: 0 },
    ])
      expect(agreementOf(table).kappa).toBeNull();
    expect(agreementOf({ both: 0, onlyFirst: 4, onlySecond: 0, neither: 0 }).kappa?.value).toBe(0);
    expect(agreementOf({ both: 0, onlyFirst: 5, onlySecond: 5, neither: 0 }).kappa?.value).toBe(-1);
  });
});

// Hyndman and Fan, definition 7, as quantile() of R gives by itself.
test.each([
  [[1, 2, 3, 4], 0.5, 2.5],
  [[1, 2, 3, 4], 0.9, 3.7],
  [[15, 20, 35, 40, 50], 0.4, 29],
  [[7], 0.9, 7],
  [[], 0.5, null],
])('the percentile of %j at %d is %d', (values, share, expected) => {
  const found = percentile(values, share);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toBeCloseTo(expected, 12);
});
