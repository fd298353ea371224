import type { ReadingStatus } from '@negatoscope/contract';

export interface ReadingTimes {
  readonly firstOpenedAt: Date | null;
  readonly readAt: Date | null;
  readonly validatedAt: Date | null;
}

/**
 * When a study was first opened, read and validated, after its status became `to`. Going back takes the later times away;
 * archiving keeps them all; validating again keeps when it was first read.
 */
export function timesAfter(to: ReadingStatus, times: ReadingTimes, now: Date): ReadingTimes {
  switch (to) {
    case 'TO_READ':
      return { ...times, readAt: null, validatedAt: null };
    case 'IN_PROGRESS':
      return { firstOpenedAt: times.firstOpenedAt ?? now, readAt: null, validatedAt: null };
    case 'VALIDATED':
      return { firstOpenedAt: times.firstOpenedAt ?? now, readAt: times.readAt ?? now, validatedAt: now };
    case 'ARCHIVED':
      return times;
  }
}

/** Whether a status marks a study as read or validated, or takes that back: what only who validates may do. */
export const needsValidator = (before: ReadingTimes, after: ReadingTimes): boolean =>
  before.readAt !== after.readAt || before.validatedAt !== after.validatedAt;

/**
 * A patient's status is that of the least advanced study, an archived one being as good as validated, and TO_READ without any study.
 * ARCHIVED is set by a person and stays. The database applies the same rule in ng_refresh_patients; a test holds the two equal.
 */
export function patientStatusOf(current: ReadingStatus, studies: readonly ReadingStatus[]): ReadingStatus {
  if (current === 'ARCHIVED') return current;
  if (studies.length === 0 || studies.includes('TO_READ')) return 'TO_READ';
  return studies.includes('IN_PROGRESS') ? 'IN_PROGRESS' : 'VALIDATED';
}
