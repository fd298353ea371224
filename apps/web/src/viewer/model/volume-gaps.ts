/** What lies between the slices of a stack. Distances are along the normal, in mm, ascending. */

/** Gaps that differ by less than this share of the smaller one are the same spacing: positions are written rounded. */
const SAME_SHARE = 0.1;
const SAME_MM = 0.05;

/** So many equal gaps in a row are a spacing that was meant, and no accident. */
const ESTABLISHED = 3;

/** A gap of more than this many spacings beside it, or slice thicknesses, holds slices that are not here. */
const MISSING_FROM = 1.5;
const UNSEEN_FROM = 2.5;

export interface SliceGap {
  /** From the slice below to the one above. */
  readonly mm: number;
  /** Places of both along the normal. */
  readonly from: number;
  readonly to: number;
  /** How thick the thicker of both slices is, where they say so. */
  readonly thicknessMm: number | undefined;
  /** How far their Instance Numbers are apart, where they have them. */
  readonly numbers: number | undefined;
}

export type GapVerdict =
  | { readonly kind: 'even'; readonly leastMm: number; readonly mostMm: number }
  /** The spacing changes; nothing is missing. */
  | { readonly kind: 'uneven'; readonly leastMm: number; readonly mostMm: number }
  /** `count` slices are missing in `places` gaps, the largest of which is given. */
  | { readonly kind: 'missing'; readonly count: number; readonly places: number; readonly from: number; readonly to: number }
  /** Between slices lies more than they show. */
  | { readonly kind: 'unseen'; readonly spacingMm: number; readonly thicknessMm: number }
  /** No spacing can be made out. */
  | { readonly kind: 'irregular'; readonly leastMm: number; readonly mostMm: number };

const isSame = (a: number, b: number): boolean => Math.abs(a - b) <= Math.max(SAME_MM, SAME_SHARE * Math.min(a, b));

/** For each gap the spacing that is established where it lies; undefined for gaps of no such run. */
function establishedOf(gaps: readonly SliceGap[]): (number | undefined)[] {
  const found: (number | undefined)[] = gaps.map(() => undefined);
  for (let start = 0; start < gaps.length; ) {
    const first = gaps[start]?.mm ?? 0;
    let end = start + 1;
    while (end < gaps.length && isSame(gaps[end]?.mm ?? 0, first)) end += 1;
    if (end - start >= ESTABLISHED) found.fill(first, start, end);
    start = end;
  }
  return found;
}

/** The smaller of the established spacings before and behind a gap. */
function spacingBeside(established: readonly (number | undefined)[], index: number): number | undefined {
  const before = established.slice(0, index).findLast((mm) => mm !== undefined);
  const behind = established.slice(index + 1).find((mm) => mm !== undefined);
  const known = [before, behind].filter((mm) => mm !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Whether a wider spacing that goes on for a while is one with slices left out: thinner than their distance, or numbered past each other. */
function isThinnedOut({ mm, thicknessMm, numbers }: SliceGap, least: number): boolean {
  if (mm < MISSING_FROM * least) return false;
  const isThin = thicknessMm !== undefined && mm > MISSING_FROM * thicknessMm && thicknessMm < MISSING_FROM * least;
  return isThin || (numbers !== undefined && numbers > 1 && Math.round(mm / least) === numbers);
}

/** Slices that are missing in each gap. */
function missingIn(gaps: readonly SliceGap[], established: readonly (number | undefined)[]): number[] {
  const least = Math.min(...established.filter((mm) => mm !== undefined));
  // Where every number leaves some out, it is how they are numbered.
  const isNumbered = gaps.some(({ numbers }) => numbers === 1);
  return gaps.map((gap, index) => {
    const own = established[index];
    const gapSeen = isNumbered ? gap : { ...gap, numbers: undefined };
    if (own !== undefined) return isThinnedOut(gapSeen, least) ? Math.round(gap.mm / least) - 1 : 0;
    const beside = spacingBeside(established, index);
    return beside !== undefined && gap.mm > MISSING_FROM * beside ? Math.max(1, Math.round(gap.mm / beside) - 1) : 0;
  });
}

/** Whether slices of these gaps make a volume: what is missing, changes, or was never imaged. At least one gap. */
export function judgeGaps(gaps: readonly SliceGap[]): GapVerdict {
  const sizes = gaps.map(({ mm }) => mm);
  const [leastMm, mostMm] = [Math.min(...sizes), Math.max(...sizes)];
  const established = establishedOf(gaps);
  if (!established.some((mm) => mm !== undefined))
    return { kind: isSame(leastMm, mostMm) ? 'even' : 'irregular', leastMm, mostMm };
  const missing = missingIn(gaps, established);
  const largest = gaps[missing.indexOf(Math.max(...missing))];
  const count = missing.reduce((sum, one) => sum + one, 0);
  if (count > 0 && largest !== undefined)
    return { kind: 'missing', count, places: missing.filter((one) => one > 0).length, from: largest.from, to: largest.to };
  const unseen = gaps.find(({ mm, thicknessMm }) => thicknessMm !== undefined && mm > UNSEEN_FROM * thicknessMm);
  if (unseen?.thicknessMm !== undefined) return { kind: 'unseen', spacingMm: unseen.mm, thicknessMm: unseen.thicknessMm };
  return { kind: isSame(leastMm, mostMm) ? 'even' : 'uneven', leastMm, mostMm };
}
