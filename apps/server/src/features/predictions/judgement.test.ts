import { describe, expect, test } from 'vitest';
import { heatOf, heatPicture, regionsOf } from './inference/evidence.ts';
import type { ModelAnswer } from './inference/messages.ts';
import { confidenceOf, judge, levelOf, normalShare } from './judgement.ts';

const RULE = { high: 0.95, medium: 0.8, maxSpread: 1 };
const FLAT = Array.from({ length: 144 }, () => -3);
const answer = (changes: Partial<ModelAnswer> = {}): ModelAnswer => ({
  ...{ probability: 0.9, logit: Math.log(9), spread: 0.5, area: 0.3, box: [0.1, 0.1, 0.9, 0.9], evidence: FLAT },
  ...changes,
});

describe('confidence', () => {
  test.each([
    [0, 0.5],
    [1, 0.841_345],
    [-1, 0.158_655],
    [1.644_854, 0.95],
    [3, 0.998_65],
  ])('Φ(%f) is %f', (z, share) => expect(normalShare(z)).toBeCloseTo(share, 5));

  test('is how far the score is from the threshold by the spread of the networks, on either side alike', () => {
    const at = (logit: number, spread: number) => confidenceOf({ logit, spread }, 0.5);
    expect(at(0, 0.5)).toBeCloseTo(0.5, 7);
    expect(at(0.5, 0.5)).toBeCloseTo(0.841_345, 5);
    expect(at(-0.5, 0.5)).toBeCloseTo(0.841_345, 5);
    // Networks that agree to the last digit are no proof.
    expect(at(0.1, 0)).toBeCloseTo(0.841_345, 5);
    expect(confidenceOf({ logit: Math.log(0.2906 / 0.7094), spread: 1 }, 0.2906)).toBeCloseTo(0.5, 7);
  });

  test.each([
    [0.95, 1, [], 'HIGH'],
    [0.95, 1.01, [], 'MEDIUM'],
    [0.949, 0.5, [], 'MEDIUM'],
    [0.8, 0.5, [], 'MEDIUM'],
    [0.799, 0.5, [], 'LOW'],
    [0.999, 0.2, ['AGE_UNKNOWN'], 'LOW'],
    [0.999, 0.2, ['SENT_ON'], 'LOW'],
  ] as const)('%f with a spread of %f and %j is %s', (confidence, spread, warnings, level) => {
    expect(levelOf(confidence, spread, { rule: RULE, warnings })).toBe(level);
  });
});

describe('a judgement', () => {
  test('is positive from the threshold on, and says in both languages that it is not a diagnosis', () => {
    const at = (probability: number) => judge(answer({ probability }), { threshold: 0.9, rule: RULE, warnings: [] });
    expect([at(0.9).isPositive, at(0.8999).isPositive]).toEqual([true, false]);
    for (const { recommendation } of [at(0.9), at(0.1)]) {
      expect(recommendation.fr).toContain('pas un diagnostic');
      expect(recommendation.en).toContain('not a diagnosis');
    }
    expect(at(0.1).interpretation.en).toContain('does not rule tuberculosis out');
    expect(at(0.1).features).toEqual([]);
  });

  test.each<[ModelAnswer['box'], boolean]>([
    [[0.1, 0.1, 0.9, 0.9], false],
    [[-0.019, 0, 1.019, 1], false],
    [[-0.021, 0, 1, 1], true],
    [[0, 0, 1, 1.03], true],
  ])('lungs whose box is %j are cut off: %s', (box, isCut) => {
    const { warnings, level } = judge(answer({ box, spread: 0.1 }), { threshold: 0.3, rule: RULE, warnings: [] });
    expect(warnings.includes('CUT_OFF')).toBe(isCut);
    expect(level).toBe(isCut ? 'LOW' : 'HIGH');
  });
});

describe('evidence', () => {
  /** One field of 12 × 12 speaks: column 2, row 9, on the left of the film. */
  const one = FLAT.map((value, at) => (at === 9 * 12 + 2 ? 5 : value));
  const evidence = { field: one, side: 12, box: [0.2, 0, 0.8, 1] as const };

  test('is told by the patient’s side and its third, with its place on the whole film', () => {
    const [first, ...others] = regionsOf(evidence);
    expect(first).toMatchObject({ region: 'RIGHT_LOWER' });
    expect(first?.score).toBeGreaterThan(0.99);
    expect(first?.box.map((side) => Number(side.toFixed(4)))).toEqual(
      [0.2 + (2 / 12) * 0.6, 9 / 12, 0.2 + (3 / 12) * 0.6, 10 / 12].map((side) => Number(side.toFixed(4))),
    );
    // All others are as the sixth largest: they speak for nothing.
    expect(others).toEqual([]);
    expect(regionsOf({ ...evidence, field: FLAT })).toEqual([]);
  });

  test('of the outermost ring counts for a third: its values are made by the edge', () => {
    const [corner = 1, inner = 0] = [heatOf(evidence)[0], heatOf(evidence)[13]];
    expect(corner / inner).toBeCloseTo(0.35, 10);
  });

  test('lies on the film as a picture that is transparent outside the box', () => {
    const rgba = heatPicture(evidence, 60, 48);
    const alpha = (x: number, y: number): number => rgba[(y * 60 + x) * 4 + 3] ?? -1;
    expect(rgba).toHaveLength(60 * 48 * 4);
    expect(alpha(5, 24)).toBe(0);
    expect(alpha(55, 24)).toBe(0);
    const [x, y] = [Math.floor((0.2 + (2.5 / 12) * 0.6) * 60), Math.floor((9.5 / 12) * 48)];
    expect(alpha(x, y)).toBeGreaterThan(alpha(40, 10));
  });
});
