import type { SeriesFeatures, Words } from './series-features.ts';

/** What it counts that both have the same, and that they differ. What only one says is a small difference. */
const WEIGHTS: Readonly<Record<keyof Words | 'plane' | 'bodyPart', readonly [same: number, differs: number]>> = {
  plane: [4, -8],
  weighting: [4, -8],
  view: [4, -6],
  side: [4, -8],
  bodyPart: [2, -4],
  kernel: [3, -4],
  contrast: [3, -3],
  phase: [2, -3],
};
const KINDS = Object.keys(WEIGHTS) as (keyof typeof WEIGHTS)[];
const SAID_ONCE = -0.5;

/** Different names of one thing. */
const modalityOf = ({ modality }: SeriesFeatures): string => (modality === 'CR' ? 'DX' : modality);

/** A stack of slices, or the few images of a localizer. */
const isStack = (count: number): boolean => count > 6;

/**
 * How alike two series are: the higher the more; undefined for those that are never laid beside each other. `bodyPart` is compared as it is written, which
 * costs little where two devices write it otherwise.
 */
export function likenessOf(a: SeriesFeatures, b: SeriesFeatures): number | undefined {
  if (modalityOf(a) !== modalityOf(b)) return undefined;
  let score = 1;
  for (const kind of KINDS) {
    const [same, differs] = WEIGHTS[kind];
    if (a[kind] !== undefined && b[kind] !== undefined) score += a[kind] === b[kind] ? same : differs;
    else if (a[kind] !== b[kind]) score += SAID_ONCE;
  }
  if (a.text !== undefined && a.text === b.text) score += 3;
  if (a.thicknessMm !== undefined && b.thicknessMm !== undefined)
    score += 2 * (Math.min(a.thicknessMm, b.thicknessMm) / Math.max(a.thicknessMm, b.thicknessMm, 0.01));
  if (a.count !== undefined && b.count !== undefined) {
    if (isStack(a.count) !== isStack(b.count)) score -= 6;
    score += Math.min(a.count, b.count) / Math.max(a.count, b.count, 1);
  }
  return score;
}

/** The one most like `wanted` among those left; undefined where none is like it. */
export function mostLike<T>(
  wanted: SeriesFeatures,
  candidates: readonly T[],
  featuresOf: (candidate: T) => SeriesFeatures,
): T | undefined {
  let best: { readonly candidate: T; readonly score: number } | undefined;
  for (const candidate of candidates) {
    const score = likenessOf(wanted, featuresOf(candidate));
    if (score !== undefined && score > 0 && score > (best?.score ?? 0)) best = { candidate, score };
  }
  return best?.candidate;
}
