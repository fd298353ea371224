const LONGEST_MS = { soon: 10 * 60_000, late: 24 * 3_600_000 };
const FIRST_MS = { soon: 10_000, late: 60_000 };

/**
 * When an instance is asked for again after so many attempts (from 1). What did not come is asked for soon again; a file that came and could not be taken is as it
 * was the next time, unless somebody repaired it.
 */
export function retryAfterMs(attempts: number, kind: 'soon' | 'late'): number {
  return Math.min(LONGEST_MS[kind], FIRST_MS[kind] * 2 ** Math.min(attempts - 1, 20));
}
