/**
 * State of one frame in its series: what is `idle` may be asked for, what `failed` waits for a retry. Of a `preview` a picture is here, and the rest may be
 * asked for.
 */
export type FrameState = 'idle' | 'loading' | 'preview' | 'loaded' | 'failed';

/**
 * The next frame worth asking for: the idle one (or the one in another state) nearest to `focus`, the later one first on a tie, none farther than `radius`.
 * Undefined when nothing is left to ask for.
 */
export function nextToLoad(
  states: readonly FrameState[],
  focus: number,
  radius = Number.POSITIVE_INFINITY,
  wanted: 'idle' | 'preview' = 'idle',
): number | undefined {
  const farthest = Math.min(radius, Math.max(focus, states.length - 1 - focus));
  for (let distance = 0; distance <= farthest; distance += 1) {
    if (states[focus + distance] === wanted) return focus + distance;
    if (states[focus - distance] === wanted) return focus - distance;
  }
  return undefined;
}

/** Frames on either side of the shown one that fit `budgetBytes`; at least eight, so that scrolling stays smooth. */
export function prefetchRadius(budgetBytes: number, frameBytes: number, openSeries: number): number {
  const share = budgetBytes / Math.max(1, openSeries);
  return Math.max(8, Math.floor(share / Math.max(1, frameBytes) / 2));
}
