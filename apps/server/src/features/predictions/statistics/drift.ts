import type { DriftVerdict, ScoreDrift } from '@negatoscope/contract';
import { percentile } from './measures.ts';

/** The films that a model version begins with at a site: what later months are held against. */
export const BASELINE = 200;
/** Fewer tell nothing: what differs may be chance. */
export const LEAST_BASELINE = 100;
export const LEAST_CURRENT = 30;

const BINS = 10;
/** The 95th percentile of chi-squared with 9 degrees of freedom. */
const CHI2_95 = 16.919;

/** How many values are in each of the parts that ascending edges make; a value on an edge is above it. */
function counts(values: readonly number[], edges: readonly number[]): number[] {
  const found = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const at = edges.filter((edge) => value >= edge).length;
    found[at] = (found[at] ?? 0) + 1;
  }
  return found;
}

/** Shares of scores in [0, 0.1), … [0.9, 1]. */
export const histogram = (scores: readonly number[]): number[] =>
  counts(
    scores,
    Array.from({ length: BINS - 1 }, (_, at) => (at + 1) / BINS),
  ).map((count) => count / scores.length);

/**
 * The population stability index over the tenths of the baseline: Σ (q − p) · ln(q / p), half a case added to each so that an empty one is no infinity.
 */
export function stabilityIndex(baseline: readonly number[], current: readonly number[]): number {
  const ascending = baseline.toSorted((a, b) => a - b);
  const edges = Array.from({ length: BINS - 1 }, (_, at) => percentile(ascending, (at + 1) / BINS) ?? 0);
  const shares = (values: readonly number[]): number[] =>
    counts(values, edges).map((count) => (count + 0.5) / (values.length + 0.5 * BINS));
  const [before, now] = [shares(baseline), shares(current)];
  return before.reduce((total, p, at) => total + ((now[at] ?? p) - p) * Math.log((now[at] ?? p) / p), 0);
}

/** What the index stays below by chance alone in 95 of 100 samples of these sizes (Yurdakul and Naranjo, J. Risk Model Valid. 2020, 14(4)). */
export const indexByChance = (baseline: number, current: number): number => CHI2_95 * (1 / baseline + 1 / current);

/** The largest distance between the two empirical distributions (Kolmogorov-Smirnov). */
export function largestDistance(one: readonly number[], other: readonly number[]): number {
  const share = (values: readonly number[], most: number): number =>
    values.filter((value) => value <= most).length / values.length;
  return Math.max(...[...new Set([...one, ...other])].map((at) => Math.abs(share(one, at) - share(other, at))));
}

/** How often chance alone gives such a distance: Kolmogorov's distribution with Stephens' correction for small samples (J. R. Stat. Soc. B 1970, 32:115). */
export function chanceOfDistance(distance: number, one: number, other: number): number {
  const root = Math.sqrt((one * other) / (one + other));
  return kolmogorov((root + 0.12 + 0.11 / root) * distance);
}

/** The chance of more than `lambda` (Smirnov's table: 1.36 → 0.049, 1.63 → 0.010). */
export function kolmogorov(lambda: number): number {
  if (lambda < 0.2) return 1;
  const terms = Array.from({ length: 100 }, (_, at) => (at % 2 === 0 ? 2 : -2) * Math.exp(-2 * ((at + 1) * lambda) ** 2));
  return Math.min(
    1,
    Math.max(
      0,
      terms.reduce((total, term) => total + term, 0),
    ),
  );
}

/** One month in twenty is WATCH by chance alone; CHANGED takes a difference that is large (an index above 0.25) and rare (one in a hundred). */
export function verdictOf(measured: { readonly psi: number; readonly psiByChance: number; readonly p: number }): DriftVerdict {
  if (measured.p < 0.01 && measured.psi > Math.max(0.25, measured.psiByChance)) return 'CHANGED';
  return measured.p < 0.05 ? 'WATCH' : 'STABLE';
}

export interface Sample {
  /** Films, whoever may see their scores. */
  readonly films: number;
  /** The scores that may be seen. */
  readonly scores: readonly number[];
}

export function driftOf(month: string, baseline: Sample, current: Sample): ScoreDrift {
  const seen = {
    ...{ month, baselineFilms: baseline.films, baseline: baseline.scores.length, current: current.scores.length },
    hidden: baseline.films - baseline.scores.length + current.films - current.scores.length,
    ...{ firstFilms: BASELINE, leastBaseline: LEAST_BASELINE, leastCurrent: LEAST_CURRENT },
  };
  if (baseline.films < BASELINE || seen.baseline < LEAST_BASELINE || seen.current < LEAST_CURRENT)
    return { ...seen, verdict: 'TOO_FEW', measured: null };
  const ks = largestDistance(baseline.scores, current.scores);
  const measured = {
    baselineShares: histogram(baseline.scores),
    currentShares: histogram(current.scores),
    psi: stabilityIndex(baseline.scores, current.scores),
    psiByChance: indexByChance(seen.baseline, seen.current),
    ...{ ks, p: chanceOfDistance(ks, seen.baseline, seen.current) },
  };
  return { ...seen, verdict: verdictOf(measured), measured };
}
