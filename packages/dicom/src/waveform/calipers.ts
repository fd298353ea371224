import type { PaperScale } from './paper.ts';

/** What lies between two points of the paper. */
export interface Calipers {
  readonly milliseconds: number;
  /** Beats a minute if the distance is one from beat to beat; undefined for none. */
  readonly perMinute: number | undefined;
  readonly millivolts: number;
}

/** Measures between two points of the paper, mm. A rate past 600 a minute is none: it is a slip of the hand. */
export function measureOnPaper(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  { mmPerSecond, mmPerMillivolt }: PaperScale,
): Calipers {
  const milliseconds = (Math.abs(x2 - x1) / mmPerSecond) * 1000;
  const rate = 60_000 / milliseconds;
  return { milliseconds, perMinute: rate <= 600 && rate >= 1 ? rate : undefined, millivolts: (y1 - y2) / mmPerMillivolt };
}
