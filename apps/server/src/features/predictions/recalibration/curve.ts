import { RECALIBRATION_LEAST, type RecalibrationRefusal } from '@negatoscope/contract';

/** A film whose final diagnosis is known: what the model gave for it, as log odds of its score, and whether the patient has the disease. */
export interface Case {
  readonly logit: number;
  readonly isIll: boolean;
}

/** Log odds of the disease by the model's logit, with the covariances of both numbers, and from where to where cases were seen. */
export interface Curve {
  readonly intercept: number;
  readonly slope: number;
  readonly interceptVariance: number;
  readonly covariance: number;
  readonly slopeVariance: number;
  readonly leastLogit: number;
  readonly mostLogit: number;
}

/** A probability with its 95 % interval. */
export interface Share {
  readonly share: number;
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959963984540054;
const MOST_STEPS = 100;
const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

/** Sums of weights, of weights by place and by its square; and of what is left of the targets, and that by place. */
function sumsOf(points: readonly { at: number; target: number }[], intercept: number, slope: number) {
  const sums = { w: 0, wx: 0, wxx: 0, left: 0, leftX: 0 };
  for (const { at, target } of points) {
    const share = sigmoid(intercept + slope * at);
    const weight = share * (1 - share);
    sums.w += weight;
    sums.wx += weight * at;
    sums.wxx += weight * at * at;
    sums.left += target - share;
    sums.leftX += (target - share) * at;
  }
  return sums;
}

const loss = (points: readonly { at: number; target: number }[], intercept: number, slope: number): number =>
  points.reduce((total, { at, target }) => {
    const value = intercept + slope * at;
    // log(1 + exp(value)), which does not overflow.
    return total + Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))) - target * value;
  }, 0);

/** One step of Newton's method, halved until it is one downhill; undefined where there is none. */
function stepFrom(points: readonly { at: number; target: number }[], { a, b }: { a: number; b: number }) {
  const { w, wx, wxx, left, leftX } = sumsOf(points, a, b);
  const determinant = w * wxx - wx * wx;
  if (!(determinant > 1e-12)) return undefined;
  const [da, db] = [(wxx * left - wx * leftX) / determinant, (w * leftX - wx * left) / determinant];
  const before = loss(points, a, b);
  for (let size = 1; size > 1e-6; size /= 2) {
    const next = { a: a + da * size, b: b + db * size };
    if (loss(points, next.a, next.b) <= before) return { ...next, moved: Math.abs(da) + Math.abs(db) };
  }
  return undefined;
}

/**
 * The logistic curve through cases (Platt, Advances in Large Margin Classifiers, 1999, with his targets, which keep cases that a score parts wholly from having an
 * infinite slope), by Newton's method; its covariances are those of Fisher's information. Undefined where there is none: one kind of case alone, or one score.
 */
export function curveOf(cases: readonly Case[]): Curve | undefined {
  const ill = cases.filter(({ isIll }) => isIll).length;
  const healthy = cases.length - ill;
  if (ill === 0 || healthy === 0) return undefined;
  const [high, low] = [(ill + 1) / (ill + 2), 1 / (healthy + 2)];
  // About their middle, so that both numbers hardly depend on each other.
  const middle = cases.reduce((total, { logit }) => total + logit, 0) / cases.length;
  const points = cases.map(({ logit, isIll }) => ({ at: logit - middle, target: isIll ? high : low }));
  let found = { a: Math.log((ill + 1) / (healthy + 1)), b: 0, moved: 1 };
  for (let steps = 0; steps < MOST_STEPS && found.moved > 1e-10; steps += 1) {
    const next = stepFrom(points, found);
    if (next === undefined) break;
    found = next;
  }
  const { w, wx, wxx } = sumsOf(points, found.a, found.b);
  const determinant = w * wxx - wx * wx;
  if (!(determinant > 1e-12)) return undefined;
  const [va, vab, vb] = [wxx / determinant, -wx / determinant, w / determinant];
  const logits = cases.map(({ logit }) => logit);
  return {
    ...{ intercept: found.a - found.b * middle, slope: found.b },
    ...{ interceptVariance: va - 2 * middle * vab + middle ** 2 * vb, covariance: vab - middle * vb, slopeVariance: vb },
    ...{ leastLogit: Math.min(...logits), mostLogit: Math.max(...logits) },
  };
}

/** What a logit says at a site. Beyond the cases that were seen it says what the last of them says: nothing is known of what lies behind. */
export function shareAt(curve: Curve, logit: number): Share {
  const at = Math.min(curve.mostLogit, Math.max(curve.leastLogit, logit));
  const value = curve.intercept + curve.slope * at;
  const variance = curve.interceptVariance + 2 * at * curve.covariance + at ** 2 * curve.slopeVariance;
  const half = Z95 * Math.sqrt(Math.max(0, variance));
  return { share: sigmoid(value), low: sigmoid(value - half), high: sigmoid(value + half) };
}

/** Why cases make no percentage: too few, too few of one kind, or a score that does not surely rise with the disease at this site. */
export function refusalOf(cases: readonly Case[], curve: Curve | undefined): RecalibrationRefusal | null {
  const ill = cases.filter(({ isIll }) => isIll).length;
  const { each } = RECALIBRATION_LEAST;
  if (cases.length < RECALIBRATION_LEAST.cases) return 'TOO_FEW';
  if (ill < each || cases.length - ill < each) return 'ONE_SIDED';
  return curve === undefined || curve.slope - Z95 * Math.sqrt(curve.slopeVariance) <= 0 ? 'NOT_INFORMATIVE' : null;
}

/** Cases in ascending order of what the model gave, in so many parts of one size. */
export function partsOf<T extends Pick<Case, 'logit'>>(cases: readonly T[], count: number): T[][] {
  const ascending = cases.toSorted((a, b) => a.logit - b.logit);
  const from = (part: number): number => Math.round((part * ascending.length) / count);
  return Array.from({ length: count }, (_, part) => ascending.slice(from(part), from(part + 1)));
}
