import type { ReadingStatus } from '@negatoscope/contract';

/** In the order in which a study goes through them. */
export const STATUSES = ['TO_READ', 'IN_PROGRESS', 'VALIDATED', 'ARCHIVED'] as const satisfies readonly ReadingStatus[];
/** By which studies are listed: also what nobody has finished yet, to read or in progress. */
export const LISTED_STATUSES = ['OPEN', ...STATUSES] as const;
