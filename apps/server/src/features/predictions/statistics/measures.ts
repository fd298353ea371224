import type { Agreement, Rate } from '@negatoscope/contract';

/** The 97.5th percentile of the normal distribution: 95 % on both sides. */
const Z = 1.959963984540054;

interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % interval of a proportion by Wilson's score, without correction for continuity (Wilson 1927; method 3 of Newcombe, Statist. Med. 1998, 17:857).
 * `of` is at least 1.
 */
export function wilson(count: number, of: number): Interval {
  const share = count / of;
  const centre = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z / (1 + Z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  // At the ends the limit is the end itself, which rounding misses.
  return { low: count === 0 ? 0 : Math.max(0, centre - half), high: count === of ? 1 : Math.min(1, centre + half) };
}

/** A share with its interval; nothing of nothing. */
export const rateOf = (count: number, of: number): Rate => ({
  count,
  of,
  rate: of === 0 ? null : { share: count / of, ...wilson(count, of) },
});

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const clip = (value: number): number => Math.min(1, Math.max(-1, value));

/**
 * Cohen's kappa of a square table of counts (rows: the first, columns: the second) with its 95 % interval by the large-sample variance of Fleiss, Cohen and
 * Everitt (Psychol. Bull. 1969, 72:323). Where that is 0 (they agree everywhere) the limits are those of Wilson for the agreement, chance held as it is, so
 * that three cases are no certainty. Null where there are no cases, or both always say one and the same.
 */
export function cohensKappa(table: readonly (readonly number[])[]): { value: number; low: number; high: number } | null {
  const n = sum(table.map(sum));
  if (n === 0) return null;
  const share = table.map((row) => row.map((count) => count / n));
  const rows = share.map(sum);
  const columns = share.map((_, column) => sum(share.map((row) => row[column] ?? 0)));
  const observed = sum(share.map((row, at) => row[at] ?? 0));
  const byChance = sum(rows.map((row, at) => row * (columns[at] ?? 0)));
  if (1 - byChance < 1e-12) return null;
  const value = (observed - byChance) / (1 - byChance);
  const spread = (i: number, j: number): number => {
    const here = share[i]?.[j] ?? 0;
    const marginals = (columns[i] ?? 0) + (rows[j] ?? 0);
    return i === j ? here * (1 - marginals * (1 - value)) ** 2 : here * (1 - value) ** 2 * marginals ** 2;
  };
  const cells = sum(rows.flatMap((_, i) => columns.map((__, j) => spread(i, j))));
  const variance = (cells - (value - byChance * (1 - value)) ** 2) / ((1 - byChance) ** 2 * n);
  if (variance < 1e-12) {
    const { low, high } = wilson(Math.round(observed * n), n);
    return { value, low: clip((low - byChance) / (1 - byChance)), high: clip((high - byChance) / (1 - byChance)) };
  }
  const half = Z * Math.sqrt(variance);
  return { value, low: clip(value - half), high: clip(value + half) };
}

export interface TwoByTwo {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

export const agreementOf = ({ both, onlyFirst, onlySecond, neither }: TwoByTwo): Agreement => ({
  ...{ bothSuspect: both, onlyFirst, onlySecond, neither },
  agreed: rateOf(both + neither, both + onlyFirst + onlySecond + neither),
  kappa: cohensKappa([
    [both, onlyFirst],
    [onlySecond, neither],
  ]),
});

/** The value below which a share of ascending values is, between two of them by a straight line (definition 7 of Hyndman and Fan, Am. Stat. 1996, 50:361). */
export function percentile(ascending: readonly number[], share: number): number | null {
  const place = (ascending.length - 1) * share;
  const [below, above] = [ascending[Math.floor(place)], ascending[Math.ceil(place)]];
  if (below === undefined || above === undefined) return null;
  return below + (above - below) * (place - Math.floor(place));
}
