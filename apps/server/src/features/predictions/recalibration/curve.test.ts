import { expect, test } from 'vitest';
import { type Case, curveOf, partsOf, refusalOf, shareAt } from './curve.ts';

/** Cases whose log odds are `intercept + slope · logit`: of 1,000 at each place so many ill as that says. */
function cases(intercept: number, slope: number, each = 1_000): Case[] {
  return [-4, -3, -2, -1, 0, 1, 2].flatMap((logit) => {
    const ill = Math.round(each / (1 + Math.exp(-(intercept + slope * logit))));
    return Array.from({ length: each }, (_, n) => ({ logit, isIll: n < ill }));
  });
}
const found = (of: readonly Case[]) => {
  const curve = curveOf(of);
  if (curve === undefined) throw new Error('No curve.');
  return curve;
};

test('a curve finds what made the cases: a score that is too sure and too high becomes what it means at the site', () => {
  const curve = found(cases(-1.5, 0.6));
  expect(curve.intercept).toBeCloseTo(-1.5, 1);
  expect(curve.slope).toBeCloseTo(0.6, 1);
  const said = shareAt(curve, 0);
  expect(said.share).toBeCloseTo(1 / (1 + Math.exp(1.5)), 2);
  expect(said.low).toBeLessThan(said.share);
  expect(said.high).toBeGreaterThan(said.share);
});

test('through two places it is worked out by hand: log odds of Platt’s targets, and an interval of 1 / (n p (1 − p))', () => {
  // 2 of 10 at -1, 6 of 10 at 1: two numbers through two places leave nothing over.
  const of = [...Array(10).keys()].flatMap((n) => [
    { logit: -1, isIll: n < 2 },
    { logit: 1, isIll: n < 6 },
  ]);
  const curve = found(of);
  const [high, low] = [9 / 10, 1 / 14]; // Platt's targets of 8 and 12.
  const at = (ill: number) => (ill * high + (10 - ill) * low) / 10;
  const odds = (share: number) => Math.log(share / (1 - share));
  expect(curve.slope).toBeCloseTo((odds(at(6)) - odds(at(2))) / 2, 6);
  expect(curve.intercept).toBeCloseTo((odds(at(6)) + odds(at(2))) / 2, 6);
  // Var of the log odds at a place of a saturated model: 1 / (n p (1 - p)).
  const said = shareAt(curve, 1);
  expect(odds(said.high) - odds(said.share)).toBeCloseTo(1.959963984540054 / Math.sqrt(10 * at(6) * (1 - at(6))), 6);
});

test('the fewer the cases, the wider the interval; beyond the cases nothing more is said than at their end', () => {
  const width = (each: number) => {
    const { low, high } = shareAt(found(cases(-1, 0.8, each)), 0);
    return high - low;
  };
  expect(width(20)).toBeGreaterThan(3 * width(400));
  const curve = found(cases(-1, 0.8));
  expect(shareAt(curve, 9)).toEqual(shareAt(curve, 2));
  expect(shareAt(curve, -9)).toEqual(shareAt(curve, -4));
});

test('cases that a score parts wholly have a curve with an end, and one kind or one score alone has none', () => {
  const parted = [...Array(60).keys()].map((n) => ({ logit: n < 30 ? -2 : 2, isIll: n >= 30 }));
  const said = shareAt(found(parted), 2);
  expect(said.share).toBeGreaterThan(0.9);
  expect(said.share).toBeLessThan(0.99);
  expect(curveOf(parted.map(({ logit }) => ({ logit, isIll: false })))).toBeUndefined();
  expect(curveOf(parted.map(({ isIll }) => ({ logit: 1, isIll })))).toBeUndefined();
  expect(curveOf([])).toBeUndefined();
});

test('too few, too few of one kind, and a score that does not rise with the disease make no percentage', () => {
  const refused = (of: readonly Case[]) => refusalOf(of, curveOf(of));
  expect(refused(cases(-1, 1, 14))).toBe('TOO_FEW');
  expect(refused(cases(-6, 1, 40))).toBe('ONE_SIDED');
  expect(refused(cases(0, 0, 40))).toBe('NOT_INFORMATIVE');
  expect(refused(cases(0, -1, 40))).toBe('NOT_INFORMATIVE');
  expect(refused(cases(-1, 1, 40))).toBeNull();
});

test('parts are of one size and ascend', () => {
  const parts = partsOf(
    [5, 3, 1, 4, 2, 0, 6].map((logit) => ({ logit })),
    3,
  );
  expect(parts.map((part) => part.map(({ logit }) => logit))).toEqual([
    [0, 1],
    [2, 3, 4],
    [5, 6],
  ]);
});
