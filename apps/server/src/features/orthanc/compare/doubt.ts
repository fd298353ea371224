import type { OrthancDoubt } from '@negatoscope/contract';

/** Of what is known there: what more is missing within a day was not deleted by somebody who looks at each. */
const MOST_MISSING = 0.1;

export interface Compared {
  /** Why, as far as its numbers tell; null where they tell nothing. */
  readonly told: OrthancDoubt | null;
  readonly recycles: boolean;
  /** Instances that were found to be missing before, about which something is to be done now. */
  readonly due: number;
  /** Instances that were known there when it was begun. */
  readonly known: number;
  /** Those of them that were not on its list. */
  readonly unlisted: number;
  /** Those that were missing already, for less than a day, without a doubt. */
  readonly lately: number;
}

/** Whether what is missing may be something else than what somebody deleted there; undefined where nothing says so. */
export function doubtOf({ told, recycles, due, known, unlisted, lately }: Compared): OrthancDoubt | undefined {
  if (unlisted === 0) return due > 0 && recycles ? 'RECYCLES' : undefined;
  if (told !== null) return told;
  if (unlisted === known) return 'EMPTIED';
  if (unlisted + lately > (known + lately) * MOST_MISSING) return 'TOO_MANY';
  return recycles ? 'RECYCLES' : undefined;
}
